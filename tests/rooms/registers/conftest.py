"""What tests of registers share: addresses, a save as the page sends it, and a count of statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rollcall.registers.queries.history import mark_history
from tests.cast import DAY, Cast

FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def address(cast: Cast, what: str = "", school_class: str = "Kestrels", day: object = DAY, half: str = "am") -> str:
    """The address of a register, or of something beneath it."""
    return f"/registers/{cast.classes[school_class].pk}/{day}/{half}/{what}"


def stands(cast: Cast, name: str) -> str:
    """The mark that stands for a pupil on the cast's morning."""
    return mark_history(cast.enrolments[name].pk, DAY, "AM").code


def form(client: Client, url: str, **fields: str) -> Any:
    """Post the page's own form with the hidden fields that the page has."""
    page = client.get(url).context
    hidden = {"key": page["key"]} | {f"seen-{r.line.enrolment}": r.code for r in page["rows"]}
    return client.post(url, hidden | fields)


@pytest.fixture
def send(cast: Cast) -> Callable[..., Any]:
    """Save marks as the page's script does: `send(client, {"Aisha": "/"})`; `seen` is what all were seen to be."""

    def save(client: Client, marks: dict[str, str], key: str = "key-0001", seen: str = "-", **more: Any) -> Any:
        where = {k: more.pop(k) for k in ("school_class", "day", "half") if k in more}
        body = {
            "key": key,
            "marks": [
                {"enrolment": cast.enrolments[name].pk, "code": code, "seen": seen} for name, code in marks.items()
            ],
            **more,
        }
        headers = {"Accept": "application/json"}
        return client.post(address(cast, "save/", **where), body, content_type="application/json", headers=headers)

    return save


@pytest.fixture
def counted(settings) -> Callable[[], Any]:
    """Count the data statements of a whole request of a real installation; what frames a transaction stands apart."""
    settings.ROLLCALL_DEMO = False

    @contextmanager
    def count() -> Iterator[list[str]]:
        statements: list[str] = []
        with CaptureQueriesContext(connection) as caught:
            yield statements
        statements.extend(q["sql"] for q in caught if not q["sql"].lstrip().upper().startswith(FRAME))

    return count
