"""Questions that are open about some sessions: while one is, no register turns them unauthorised (4.2-c)."""

from rollcall.journal.models import Deed
from rollcall.registers.models import Question
from rollcall.registers.queries.expected import Session
from rollcall.schools.models import Enrolment


def put_in_question(enrolment: Enrolment, first: Session, last: Session, *, deed: Deed) -> Question:
    """Note, inside the caller's deed, that evidence is asked for about the sessions from one to another."""
    return Question.objects.create(
        enrolment=enrolment,
        first_day=first[0],
        first_half=first[1],
        last_day=last[0],
        last_half=last[1],
        deed=deed,
    )


def settle_question(asked: Deed, *, deed: Deed, code: str = "") -> int:
    """Settle, inside the caller's deed, what a deed put in question; returns how many stood open until now.

    code: what was decided on, where it was a code.
    """
    return Question.objects.filter(deed=asked, settled__isnull=True).update(settled=deed, code=code)
