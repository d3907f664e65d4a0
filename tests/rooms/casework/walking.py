"""A pupil carried along the authority's process: forms answered, support and pack on record, days that pass."""

from datetime import datetime, timedelta
from typing import Any

from rollcall.casework.actions.authority import take
from rollcall.casework.actions.forms import fill_form
from rollcall.casework.models import Case, FormFilled, Pack, StepTaken, SupportAnswer, SupportOffered
from rollcall.casework.queries.authority import standing_steps
from rollcall.casework.queries.judged import policy_of
from rollcall.journal.actions import begin, new_key
from rollcall.rules.policy import Form
from tests.cast import Cast


def answers(form: Form, **own: Any) -> dict[str, Any]:
    """Something in every field of a form; yes to every yes-or-no."""
    given = {"yes_no": "yes", "date": "2024-06-04", "percent": "95", "number": "3", "people": ["Pat Carter"]}
    return {
        field.id: field.choices[0] if field.choices else given.get(field.kind, "Words") for field in form.fields
    } | own


def filled(cast: Cast, case: Case, form: str, at: datetime, who: str = "head", **own: Any) -> FormFilled:
    """A form of the case's policy filled in."""
    policy = policy_of(case)
    return fill_form(
        policy.form(form), answers(policy.form(form), **own), copied=[], policy=policy, school=cast.hamsey.pk,
        pupil=case.pupil_id, case=case, by=cast.actor(who), at=at, key=new_key(),
    )  # fmt: skip


def supported(cast: Cast, pupil: int, at: datetime, answer: str = "taken_up") -> SupportOffered:
    """Support on record, with what became of it."""
    deed = begin("test.support", by=cast.by, at=at, school=cast.hamsey.pk)
    offer = SupportOffered.objects.create(
        pupil_id=pupil, school=cast.hamsey, kind="mentoring", what="A mentor", day=at.date(), deed=deed
    )
    if answer:
        answered(cast, offer, at, answer)
    return offer


def answered(cast: Cast, offer: SupportOffered, at: datetime, answer: str) -> SupportAnswer:
    """What became of support."""
    deed = begin("test.answer", by=cast.by, at=at, school=cast.hamsey.pk)
    return SupportAnswer.objects.create(offer=offer, answer=answer, day=at.date(), deed=deed)


def packed(cast: Cast, pupil: int, at: datetime) -> Pack:
    """An evidence pack on record."""
    deed = begin("test.pack", by=cast.by, at=at, school=cast.hamsey.pk)
    return Pack.objects.create(pupil_id=pupil, school=cast.hamsey, contents={}, digest="0" * 64, deed=deed)


def step(cast: Cast, case: Case, answer: str, at: datetime, **more: Any) -> StepTaken:
    """An exit taken by the head of school."""
    given = {"because": "", "key": new_key(), "school": cast.hamsey.pk, "by": cast.actor("head")} | more
    return take(case, answer, at=at, **given)


def everything_in(cast: Cast, case: Case, answer: str, at: datetime) -> None:
    """All that an exit needs: its forms filled in where the case stands now."""
    now = policy_of(case).state(standing_steps(case.pk)[-1].step)
    for form in dict.fromkeys(now.exit(answer).all_forms):
        filled(cast, case, form, at)


def weeks_on(at: datetime, weeks: int) -> datetime:
    """The same time of day some weeks later."""
    return at + timedelta(weeks=weeks)
