"""What the tests of the casework share: a school with months of marks, its review, and the outbox in memory."""

from collections.abc import Callable

import pytest

from rollcall.casework import actions
from rollcall.casework.models import Review, ReviewRow
from tests.cast import Cast, moment
from tests.rooms.casework.marking import fill, missed, phone


@pytest.fixture
def marked(cast: Cast) -> Cast:
    """Aisha a little below 95%, Ben below 90%, Chloe between 95% and 97%, everyone else always there."""
    phone(cast)
    fill(cast, {"Aisha": missed(20), "Ben": missed(60), "Chloe": missed(12)})
    return cast


@pytest.fixture
def reviewed(marked: Cast) -> Review:
    """Hamsey's review on 14 May at 9.05."""
    return actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5), key="r1")


@pytest.fixture
def row(marked: Cast, reviewed: Review) -> Callable[[str], ReviewRow]:
    """A pupil's row of the review, by first name."""
    return lambda name: reviewed.rows.get(pupil=marked.pupil(name))


@pytest.fixture
def post(settings) -> None:
    """E-mail that goes no further than memory."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
