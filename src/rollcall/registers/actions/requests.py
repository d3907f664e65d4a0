"""A teacher's wish to change a mark after closing, and the office's answer to it (4.1-c)."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.actions.giving import judge_of
from rollcall.registers.actions.marking import (
    NotSaved,
    about_register,
    amend_marks,
    check_session,
)
from rollcall.registers.actions.marks import NewMark, entry_of, problem_with
from rollcall.registers.models import ChangeRequest
from rollcall.registers.queries.standing import lock_and_read, with_leave
from rollcall.rules.giving import Giver
from rollcall.rules.sessions import Half, half_of
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import facts_of

_OFFICE = Giver(may_decide=True, gives_reason=True)
"""Who answers a wish: what they could not give either is not asked for."""


@transaction.atomic
def ask_for_change(
    school_class: SchoolClass,
    day: date,
    half: Half,
    mark: NewMark,
    *,
    by: Actor,
    at: datetime,
    key: str,
    reason: str,
) -> ChangeRequest:
    """Ask the office to change a standing mark; the reason is the ground too, where the code needs one.

    Raises NotSaved without a reason, for a mark that can't be true or that no amendment gives, or where it stands so.
    """
    if len(reason.strip()) < journal.LEAST_REASON:
        raise NotSaved(whole="Say why the mark should change: the office decides on the reason.")
    facts = facts_of(school_class.school_id)
    check_session(facts, day, half, at, school_class.pk)
    try:
        deed = journal.begin(
            "change.asked",
            by=by,
            at=at,
            key=key,
            reason=reason.strip(),
            school=school_class.school_id,
            about=about_register(school_class, day, half),
        )
    except journal.AlreadyDone as done:
        if (asked := done.deed.change_requests.first()) is None:
            raise NotSaved(whole="This wish carries a key that was used for something else; ask again.") from done
        return asked
    seat = lock_and_read(school_class.school_id, [mark.enrolment], day, half).get(mark.enrolment)
    if seat is None or seat.school_class != school_class.pk:
        raise NotSaved(whole=f"This pupil is not in {school_class} on {day:%-d %B %Y}.")
    granted = mark.enrolment in with_leave([mark.enrolment], day, half, facts.closes_at(day, half))
    if problem := problem_with(replace(mark, ground=reason), seat, facts, day, half, granted):
        raise NotSaved(refused={mark.enrolment: problem})
    judge = judge_of({seat.enrolment: mark.code}, {seat.enrolment: seat}, facts, (day, half), _OFFICE, at)
    if why := judge.why_not(entry_of(mark, seat, day, half, facts.edition_on(day)), seat.code):
        raise NotSaved(refused={mark.enrolment: why})
    if seat.code == mark.code and (seat.minutes or None) == mark.minutes_late:
        raise NotSaved(whole=f"{seat.name} is marked {seat.code} already.")
    return ChangeRequest.objects.create(
        enrolment_id=mark.enrolment,
        day=day,
        half=half,
        standing=seat.code,
        wanted=mark.code,
        minutes_late=mark.minutes_late,
        deed=deed,
    )


@transaction.atomic
def decide_change(
    request: ChangeRequest,
    school_class: SchoolClass,
    *,
    accept: bool,
    by: Actor,
    at: datetime,
    key: str,
    reason: str = "",
    may_decide: bool = False,
) -> ChangeRequest:
    """Accept a teacher's wish (which amends the mark, with the teacher's reason) or decline it with one.

    may_decide: as in `amend_marks`. Raises NotSaved where it was decided before, the mark has changed since, the code
    may not be given, or a refusal has no reason.
    """
    # The row is read again under the lock, so that two people can't both decide it.
    request = ChangeRequest.objects.select_for_update(of=("self",)).select_related("deed").get(pk=request.pk)
    if request.decided_id:
        raise NotSaved(whole="Somebody has decided this wish already; reload the page.")
    if not accept and len(reason.strip()) < journal.LEAST_REASON:
        raise NotSaved(whole="Say why the mark stays as it is: the teacher sees the reason.")
    if accept:
        why = f"Asked by {request.deed.name}: {request.deed.reason}"
        ground = request.deed.reason[:200]
        mark = NewMark(request.enrolment_id, request.wanted, request.minutes_late, request.standing, ground)
        half = half_of(request.half)
        saved = amend_marks(
            school_class, request.day, half, [mark], by=by, at=at, key=key, reason=why, may_decide=may_decide
        )
        request.decided = saved.deed
    else:
        request.decided = journal.begin(
            "change.declined", by=by, at=at, key=key, reason=reason.strip(), school=school_class.school_id
        )
    request.accepted = accept
    request.save(update_fields=["decided", "accepted"])
    return request
