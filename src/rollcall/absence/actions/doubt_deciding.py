"""The decision on a reason that was in doubt: the marks stay, or are written anew, and never before the parents know.

No mark turns unauthorised before the notice is accepted, printed and posted, or was said by a named person (4.2-c).
"""

from datetime import datetime

from django.db import transaction

from rollcall.absence.actions.doubt_sending import NotDone
from rollcall.absence.actions.doubts import begin_step, still_open
from rollcall.absence.models import Doubt, Report
from rollcall.absence.queries.doubts import doubt, marks_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark, NotSaved, mark_within
from rollcall.rules import codes
from rollcall.rules.codes import Counts, UnknownCode
from rollcall.rules.doubting import may_turn_unauthorised
from rollcall.schools.queries import SchoolFacts, facts_of

UNAUTHORISED = {"holiday": "G"}
"""The unauthorised code of a kind of doubt; O for every other."""


@transaction.atomic
def decide(row: Doubt, *, code: str, because: str, by: Actor, at: datetime, key: str) -> int:
    """Decide on a doubt: no code keeps the marks as they are; a code is written over the sessions missed (4.2-c).

    Sessions in which the child was there are left alone. What was expected of the sessions goes with the decision.
    Returns how many marks were written. Raises NotDone: no reason, an unauthorised code before the parents were told,
    N with no code given, a code that can't be true. AlreadyDone for a used key.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotDone("Say why it is decided so: the register keeps the reason.")
    facts = facts_of(row.enrolment.school_id)
    deed = begin_step("doubt.decided", row, because, by, at, key)
    _check_code(row, code, facts, at)
    if code:
        _let_go(row, code, deed, by, at)
    n = _write(row, code, because, facts, deed, at)
    still_open(row).update(decided=deed, code=code)
    registers.settle_question(row.deed, deed=deed, code=code)
    Report.objects.filter(doubts=row, decided__isnull=True).exclude(question="").update(decided=deed, code=code)
    return n


def _check_code(row: Doubt, code: str, facts: SchoolFacts, at: datetime) -> None:
    if not code:
        if any(mark.code in ("N", "-") for mark in marks_of(row, facts, at)):
            raise NotDone("N still stands in some of these sessions: give the code that they are to have.")
        return
    try:
        found = codes.find(code, facts.edition_on(row.first_day))
    except UnknownCode as unknown:
        raise NotDone(str(unknown)) from unknown
    if code in ("N", "U") or found.counts_as not in (Counts.AUTHORISED, Counts.UNAUTHORISED, Counts.NOT_POSSIBLE):
        raise NotDone(f"{code} ({found.meaning}) is no decision on an absence.")
    told_first = facts.policy_on(row.first_day).absence.told_before_unauthorised.value
    if found.counts_as == Counts.UNAUTHORISED and told_first:
        _check_told(row, at)


def _check_told(row: Doubt, at: datetime) -> None:
    state = doubt(row.pk, at).state
    if may_turn_unauthorised(state):
        return
    said = {
        "satisfied": "The answer settles it: the absence stays authorised.",
        "telling": "The message to the parents has not gone yet: it turns unauthorised once it is accepted.",
        "untold": "No message has reached the parents: tell them another way first.",
    }
    raise NotDone(said.get(state, "Tell the parents first that it turns unauthorised; then decide."))


def _let_go(row: Doubt, code: str, deed: Deed, by: Actor, at: datetime) -> None:
    expected = row.report.expectation if row.report else None
    if expected is not None and expected.code != code:
        registers.withdraw(expected, by=by, at=at, reason=deed.reason, deed=deed)


def _write(row: Doubt, code: str, because: str, facts: SchoolFacts, deed: Deed, at: datetime) -> int:
    if not code:
        return 0
    missed = [mark for mark in marks_of(row, facts, at) if mark.is_away and mark.code != code]
    new = [
        (*mark.session, NewMark(row.enrolment_id, code, seen=mark.code, ground=because.strip()[:200]))
        for mark in missed
    ]
    try:
        return mark_within(deed, facts.school, new, at=at, facts=facts) if new else 0
    except NotSaved as refused:
        raise NotDone(f"{row.enrolment.pupil}: {refused}") from refused
