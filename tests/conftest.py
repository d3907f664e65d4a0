"""What every test may ask for: the cast, signed-in clients, the clock, and databases that can be emptied.

The demo's clock row is how tests set the time too: `clock(moment)` makes the pages show it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.core.management.commands import flush
from django.db import connection
from django.test import Client

from rollcall.absence.views.live import forget_drawn
from rollcall.demo import middleware
from rollcall.registers import triggers
from rollcall.schools.queries import forget_facts
from tests.again import cast_again
from tests.cast import Cast


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory) -> None:
    """SQLite in a file: in memory the browser's server threads would share one connection and its transactions."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite" and not settings["TEST"]["NAME"]:
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _fresh_facts() -> Iterator[None]:
    """What is kept in memory of a school, and of its live pages, belongs to one test's database."""
    forget_facts()
    forget_drawn()
    yield
    forget_facts()


@pytest.fixture(autouse=True)
def _fast_passwords(settings) -> None:
    """Sign-in is tested with the real hasher in its own test; elsewhere a quick one spares seconds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ROLLCALL_DEMO = True


@pytest.fixture(autouse=True, scope="session")
def _emptied_past_the_triggers() -> Iterator[None]:
    """A test with real commits empties the database afterwards, which the ledger's triggers rightly refuse.

    For the whole run, because the database is emptied after the fixtures of a single test are gone.
    """
    real = flush.Command.handle

    def handle(self, **options):
        triggers.drop(connection)
        try:
            return real(self, **options)
        finally:
            triggers.create(connection)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flush.Command, "handle", handle)
        yield


@pytest.fixture
def cast(db) -> Cast:
    """The federation of `tests/cast.py`, with nothing marked."""
    return cast_again()


@pytest.fixture
def clock(db) -> Callable[[datetime], None]:
    """Set the time that pages see; it stands still."""


    original = middleware.time_shown
    yield lambda at: setattr(middleware, "time_shown", lambda row, wall: at)
    middleware.time_shown = original


@pytest.fixture
def signed_in(cast: Cast, clock) -> Callable[[str], Client]:
    """A browser signed in as one of the cast, by short name, at 9.05 on the cast's day."""
    clock(cast.at)

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
