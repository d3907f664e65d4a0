"""What the tests of leave begin with: a day on which somebody asks, and requests for Ben of Kestrels."""

from datetime import date

from rollcall.absence.actions.leave import Entered, Wish, enter_leave
from rollcall.absence.actions.leave_answering import Answer
from rollcall.absence.actions.leave_deciding import decide_leave
from rollcall.absence.models import LeaveDecision, LeaveRequest
from rollcall.schools.models import PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import Cast, moment

FIRST, SECOND, THIRD = date(2024, 6, 12), date(2024, 6, 13), date(2024, 6, 14)
"""A Wednesday to a Friday, four weeks after the cast's day, across half-term."""


def link(cast: Cast, name: str = "Ben") -> PupilContact:
    """The parent of a pupil, by first name."""
    return PupilContact.objects.get(pupil=cast.pupil(name))


def ask(cast: Cast, *names: str, key: str = "asked", at=None, **other) -> Entered:
    """A wedding, three days, asked for by Pat; `other` changes it."""
    told = {
        "reason": "wedding",
        "first": FIRST,
        "last": THIRD,
        "asked_on": cast.at.date(),
        "asker": link(cast, (names or ("Ben",))[0]).pk,
    }
    pupils = [cast.enrolments[name] for name in names or ("Ben",)]
    wish = Wish(**{**told, **other})
    return enter_leave(facts_of(cast.hamsey.pk), pupils, wish, by=cast.actor("secretary"), at=at or cast.at, key=key)


def asked(cast: Cast, **other) -> LeaveRequest:
    """The request that `ask` makes."""
    made = ask(cast, **other).requests[0]
    return LeaveRequest.objects.select_related("enrolment__pupil", "enrolment__school", "asked_by").get(pk=made)


def answer(cast: Cast, *codes: str, days=(FIRST, SECOND, THIRD), **other) -> Answer:
    """A decision on each of the days, by e-mail to Pat unless told otherwise."""
    told = {"why": "A wedding in the close family", "how": "email", "to": link(cast).contact_id}
    return Answer(days=dict(zip(days, codes, strict=True)), **{**told, **other})


def decided(cast: Cast, row: LeaveRequest, *codes: str, at=None, key: str = "decided", **other) -> LeaveDecision:
    """The request decided so by the head."""
    at = at or moment(10, 0)
    return decide_leave(row, answer(cast, *codes, **other), by=cast.actor("head"), at=at, key=key)
