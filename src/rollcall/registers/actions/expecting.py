"""Expectations: what is known ahead about a pupil, for the taker to confirm or contradict (design law 4)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.models import Expectation
from rollcall.registers.queries.expected import Known, Session, span_of, standing_between, standing_of
from rollcall.registers.queries.footing import is_in_question
from rollcall.registers.queries.standing import lock
from rollcall.rules import codes
from rollcall.rules.sessions import HALVES, Half
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of


class KnownAlready(ValueError):
    """The same is expected of the pupil already; the sentence says who entered it and when. `expectation` is its id."""

    def __init__(self, sentence: str, expectation: int) -> None:
        super().__init__(sentence)
        self.expectation = expectation


class ToldFirst(ValueError):
    """Sessions can't be expected to be unauthorised: the parents are told first (4.2-c); the sentence says where."""


@transaction.atomic
def expect(
    enrolment: Enrolment,
    *,
    first: tuple[date, Half],
    last: tuple[date, Half],
    code: str,
    ground: str,
    by: Actor,
    at: datetime,
    told_by: str = "",
    back_on: date | None = None,
    leave_granted: bool = False,
    key: str = "",
    deed: Deed | None = None,
) -> Expectation:
    """Expect a code for a pupil from one session to another, both included.

    Another code may be expected of some of the same sessions: the register shows the one entered last.
    Raises UnknownCode for a code that the first day's edition has not, ValueError for a span that ends before it
    begins or lies outside the pupil's time on roll, ToldFirst for an unauthorised code where an authorised one is known
    or evidence was asked for (4.2-c), KnownAlready (a ValueError) where all of these sessions have
    that code expected already, AlreadyDone for a key used before. deed: the act that it belongs to, where that has
    begun already in the caller's transaction; else it is a deed of its own.
    """
    found = codes.find(code, facts_of(enrolment.school_id).edition_on(first[0]))
    _check_span(first, last)
    if first[0] < enrolment.admitted or (enrolment.left and last[0] > enrolment.left):
        raise ValueError(f"{enrolment.pupil} is not on roll for all of these days.")
    school = enrolment.school_id
    deed = deed or journal.begin("expectation.made", by=by, at=at, key=key, reason=ground, school=school)
    lock(enrolment.school_id)
    standing = standing_between(enrolment.pk, first, last)
    _check_is_new(standing, first, last, found, leave_granted, at)
    _check_told_first(enrolment, standing, first, last, code, at)
    given = {"code": code, "ground": ground, "told_by": told_by, "back_on": back_on, "leave_granted": leave_granted}
    made = _row(enrolment, first, last, **given, deed=deed)
    made.save(force_insert=True)
    return made


def expect_all(
    enrolments: Sequence[Enrolment],
    *,
    first: Session,
    last: Session,
    code: str,
    ground: str,
    at: datetime,
    deed: Deed,
    told_by: str = "",
    leave_granted: bool = False,
) -> tuple[list[Expectation], dict[int, str]]:
    """Expect a code for many pupils of one school from one session to another, inside the caller's deed.

    Whoever joins later or leaves sooner is expected for their own days. Returns what was made, and for each enrolment
    that was passed over (not on roll on any of the days, known already) a sentence. Raises UnknownCode, and ValueError
    for a span that ends before it begins. A handful of statements, however many they are.
    """
    if not enrolments:
        return [], {}
    school = enrolments[0].school_id
    found = codes.find(code, facts_of(school).edition_on(first[0]))
    _check_span(first, last)
    lock(school)
    known, made, passed = standing_of([one.pk for one in enrolments], first, last), [], {}
    for enrolment in enrolments:
        begins, ends = max(first, (enrolment.admitted, "AM")), min(last, (enrolment.left or last[0], "PM"))
        if begins > ends:
            passed[enrolment.pk] = f"{enrolment.pupil} is not on roll on these days."
            continue
        try:
            _check_is_new(known.get(enrolment.pk, []), begins, ends, found, leave_granted, at)
        except KnownAlready as already:
            passed[enrolment.pk] = str(already)
            continue
        given = {"code": code, "ground": ground, "told_by": told_by, "leave_granted": leave_granted, "deed": deed}
        made.append(_row(enrolment, begins, ends, **given))
    return Expectation.objects.bulk_create(made), passed


def _row(enrolment: Enrolment, first: Session, last: Session, **given: Any) -> Expectation:
    return Expectation(
        enrolment=enrolment, first_day=first[0], first_half=first[1], last_day=last[0], last_half=last[1], **given
    )


def _check_span(first: Session, last: Session) -> None:
    if (last[0], HALVES.index(last[1])) < (first[0], HALVES.index(first[1])):
        raise ValueError(f"The absence ends on {last[0]:%-d %B %Y}, before it begins on {first[0]:%-d %B %Y}.")


def _check_is_new(
    standing: Iterable[Known], first: Session, last: Session, code: codes.Code, leave_granted: bool, at: datetime
) -> None:
    """Refuse what is known already. Leave that has been granted since is news, for some codes stand on it alone."""
    for known in standing:
        if known.code == code.code and known.covers(first, last) and (known.leave_granted or not leave_granted):
            what = f"{known.name}: {code.code} ({code.meaning}) {span_of(first, last)}"
            sentence = f"{what} is known already, entered by {known.entered(at)}. Withdraw that one to change it."
            raise KnownAlready(sentence, known.id)


def _check_told_first(
    enrolment: Enrolment, standing: Iterable[Known], first: Session, last: Session, code: str, at: datetime
) -> None:
    """Refuse to expect an unauthorised code of sessions whose reason is authorised or in question (4.2-c)."""
    if code not in codes.DECISIONS:
        return
    way = f"Before it turns to {code} it is decided under The day, Evidence, once the parents have been told."
    if is_in_question(enrolment.pk, first, last):
        raise ToldFirst(f"Evidence of the reason was asked for. {way}")
    for known in standing:
        if codes.COUNTS[known.code] is codes.Counts.AUTHORISED:
            raise ToldFirst(f"{known.code} is known already, entered by {known.entered(at)}. {way}")


@transaction.atomic
def withdraw(expectation: Expectation, *, by: Actor, at: datetime, reason: str, deed: Deed | None = None) -> None:
    """Withdraw an expectation; it stays on record. A second withdrawal changes nothing. deed: as in `expect`."""
    if expectation.withdrawn_id:
        return
    school = expectation.enrolment.school_id
    expectation.withdrawn = deed or journal.begin("expectation.withdrawn", by=by, at=at, reason=reason, school=school)
    expectation.save(update_fields=["withdrawn"])


def withdraw_all(expectations: Iterable[int], *, deed: Deed) -> int:
    """Withdraw expectations by id inside the caller's deed; returns how many stood until now."""
    return Expectation.objects.filter(pk__in=list(expectations), withdrawn__isnull=True).update(withdrawn=deed)
