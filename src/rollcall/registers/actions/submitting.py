"""Handing a register in."""

from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.actions.marking import NotSaved, about_register, check_session
from rollcall.registers.models import Submission
from rollcall.registers.queries.standing import unmarked
from rollcall.rules.sessions import Half
from rollcall.schools.actions import next_numbers
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import facts_of


def submit_register(
    school_class: SchoolClass,
    day: date,
    half: Half,
    *,
    by: Actor,
    at: datetime,
    key: str,
    taken_at: datetime | None = None,
) -> Submission:
    """Hand a register in. `taken_at` is when it was taken on paper, if it was; both times are kept.

    A register that is in already stays in as it was first handed in. Raises NotSaved naming who has no mark yet.
    """
    facts = facts_of(school_class.school_id)
    check_session(facts, day, half, at, school_class.pk)
    if taken_at is not None and not facts.moment(day, facts.times_on(day).opens(half)) <= taken_at <= at:
        raise NotSaved(whole="The time on the paper must lie between the opening of this register and now.")
    with transaction.atomic():
        try:
            deed = journal.begin(
                "register.submit",
                by=by,
                at=at,
                key=key,
                school=facts.school,
                about=about_register(school_class, day, half),
            )
        except journal.AlreadyDone as done:
            if (handed := done.deed.submissions.first()) is None:
                raise NotSaved(whole="This carries a key that was used for something else; hand it in again.") from done
            return handed
        number = next_numbers(facts.school, 1)[0]
        before = Submission.objects.filter(school_class=school_class, day=day, half=half).first()
        if before is not None:
            transaction.set_rollback(True)
            return before
        if names := unmarked(school_class.pk, day, half):
            raise NotSaved(whole=_left(names))
        closes = facts.moment(day, facts.times_on(day).closes(half))
        return Submission.objects.create(
            school_id=facts.school,
            number=number,
            deed=deed,
            school_class=school_class,
            day=day,
            half=half,
            late=(taken_at or at) >= closes,
            taken_at=taken_at or at,
        )


def _left(names: list[str]) -> str:
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    have = "has" if len(names) == 1 else "have"
    return f"{shown} {have} no mark yet; mark everyone, then submit."
