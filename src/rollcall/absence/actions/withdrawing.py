"""Reports taken back, and reports whose reason has no code of its own decided (3.7-a, 4.5-b).

A report that is withdrawn stays on record; what it made the register expect goes with it, and its marks turn back to
N, so that the child is at once among those who are not accounted for. Who may not amend asks for that instead.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from rollcall.absence.actions.explaining import explain, sessions_of, unexplain
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Report, Word
from rollcall.absence.queries.reports import reason_name
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers import actions as registers
from rollcall.registers.actions import KnownAlready, NewMark
from rollcall.registers.actions.marking import problem_with
from rollcall.registers.queries.standing import lock, read_standing
from rollcall.rules import codes
from rollcall.rules.codes import UNEXPLAINED, Counts, UnknownCode
from rollcall.schools.queries import SchoolFacts, facts_of

DECIDABLE = (Counts.AUTHORISED, Counts.EDUCATIONAL, Counts.NOT_POSSIBLE)
"""What a code may count as that is decided without telling the parents first (4.2-c)."""


@transaction.atomic
def withdraw_reports(
    reports: Sequence[Report], *, reason: str, by: Actor, at: datetime, key: str, may_amend: bool = False
) -> tuple[str, ...]:
    """Withdraw reports of one school, such as the wrong twin's, with a reason; a word left without any waits again.

    may_amend: whether `by` may change marks after closing; where not, who may is asked to put N back. Returns sentences
    about marks that stand until then. Raises NotLogged without a reason or where one was withdrawn before (the sentence
    says by whom), AlreadyDone.
    """
    if not reports:
        raise NotLogged("Choose which report to withdraw.")
    if len(reason.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say why it is withdrawn: the report stays on record with the reason.")
    facts = facts_of(reports[0].enrolment.school_id)
    names = ", ".join(str(one.enrolment.pupil) for one in reports)
    deed = journal.begin(
        "report.withdrawn", by=by, at=at, key=key, reason=reason.strip(), school=facts.school, about=names
    )
    lock(facts.school)
    said = [sentence for one in reports if (sentence := _withdraw(one, facts, deed, by, at, may_amend))]
    for word in {one.word_id for one in reports}:
        _reopen(word)
    return tuple(said)


def _withdraw(report: Report, facts: SchoolFacts, deed: Deed, by: Actor, at: datetime, may_amend: bool) -> str:
    if Report.objects.filter(pk=report.pk, withdrawn__isnull=True).update(withdrawn=deed) == 0:
        first = Report.objects.select_related("withdrawn").get(pk=report.pk)
        assert first.withdrawn is not None
        raise NotLogged(f"{first.withdrawn.name} has withdrawn this report already: {first.withdrawn.reason}.")
    if report.expectation is not None:
        registers.withdraw(report.expectation, by=by, at=at, reason=deed.reason, deed=deed)
    if not report.code:
        return ""
    left = unexplain(report, facts, deed=deed, by=by, at=at, may=may_amend)
    if not left:
        return ""
    return f"{report.enrolment.pupil}: {report.code} still stands {left}; the office is asked to change it to N."


def _reopen(word: int) -> None:
    """A word whose every report is withdrawn waits again: somebody did ring, and it is not dealt with."""
    if not Report.objects.filter(word=word, withdrawn__isnull=True).exists():
        Word.objects.filter(pk=word, outcome="reported").update(cleared=None, outcome="")


@transaction.atomic
def decide_code(report: Report, code: str, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Decide the code of a report that has none of its own; an N that stands gets it, and the register expects it.

    Raises NotLogged with a sentence: no reason, decided or withdrawn before, a code that can't be true, one that is
    unauthorised (the parents are told first, by a doubt: 4.2-c), one that needs leave granted (5.1). AlreadyDone.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say why this is the code: the register keeps the reason.")
    facts = facts_of(report.enrolment.school_id)
    deed = journal.begin(
        "report.decided", by=by, at=at, key=key, reason=because.strip(), school=facts.school, about=str(report)
    )
    lock(facts.school)
    ground = f"{reason_name(facts.policy_on(report.first_day), report.reason)}: {because.strip()}"[:200]
    _check_code(report, code, ground, facts)
    open_still = Report.objects.filter(pk=report.pk, withdrawn__isnull=True, decided__isnull=True).exclude(question="")
    if open_still.update(decided=deed, code=code) == 0:
        raise NotLogged("This report was decided or withdrawn meanwhile: look again.")
    report.code = code
    _expect(report, ground, by, at, deed)
    explain(report, facts, ground=ground, deed=deed, at=at, may=True)


def _check_code(report: Report, code: str, ground: str, facts: SchoolFacts) -> None:
    first = sessions_of(report, report.first_day)[0]
    try:
        found = codes.find(code, facts.edition_on(first[0]))
    except UnknownCode as unknown:
        raise NotLogged(str(unknown)) from unknown
    if found.counts_as == Counts.UNAUTHORISED and code != UNEXPLAINED:
        raise NotLogged("Before it turns unauthorised the parents are told: ask for evidence first.")
    if found.counts_as not in DECIDABLE or code in codes.WITH_LEAVE:
        raise NotLogged(f"{code} ({found.meaning}) is not decided here; leave is, under Leave.")
    seat = read_standing(facts.school, [report.enrolment_id], *first).get(report.enrolment_id)
    if seat is None:
        raise NotLogged(f"{report.enrolment.pupil} was in no class on that day.")
    if problem := problem_with(NewMark(seat.enrolment, code, ground=ground), seat, facts, *first, granted=False):
        raise NotLogged(problem)


def _expect(report: Report, ground: str, by: Actor, at: datetime, deed: Deed) -> None:
    """Expect the code in the place of the N that the register has shown until now."""
    if report.expectation is not None:
        registers.withdraw(report.expectation, by=by, at=at, reason=deed.reason, deed=deed)
    sessions = sessions_of(report, report.last_day)
    try:
        made = registers.expect(
            report.enrolment,
            first=sessions[0],
            last=sessions[-1],
            code=report.code,
            ground=ground,
            told_by=report.word.caller,
            back_on=report.back_on,
            by=by,
            at=at,
            deed=deed,
        )
    except KnownAlready:
        return
    Report.objects.filter(pk=report.pk).update(expectation=made)
