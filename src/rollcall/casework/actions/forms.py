"""Filling in a form of the policy: kept with the form as it was and the facts that were copied onto it (A5, law 7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from rollcall.casework.models import Case, FormFilled
from rollcall.casework.queries.authority import forms_of_case, is_all_yes, standing_steps
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules.filling import Answers, review_of
from rollcall.rules.policy import Form, Policy


class NotFilled(ValueError):
    """A form of which nothing was written; the message is a sentence for who filled it in."""


def fill_form(
    form: Form,
    answers: Answers,
    *,
    copied: Sequence[Mapping[str, Any]],
    policy: Policy,
    school: int,
    by: Actor,
    at: datetime,
    key: str,
    pupil: int | None = None,
    case: Case | None = None,
) -> FormFilled:
    """Keep a form about a pupil (id) or a school (id) as it was filled in, a new row each time.

    answers: as `rules.filling.answered` gives them. copied: facts known already, each {"label", "text", "row"}, row
    being the right that is needed to see it. case: the pupil's open case, at whose state the form is kept. The same
    key again gives the same row. Raises NotFilled for a form that another one must come before.
    """
    if lacks := form_lacks(form, policy, case):
        raise NotFilled(lacks)
    with transaction.atomic():
        try:
            deed = journal.begin("form.filled", by=by, at=at, key=key, school=school, about=form.name)
        except journal.AlreadyDone as done:
            return FormFilled.objects.get(deed=done.deed)
        steps = standing_steps(case.pk) if case else []
        return FormFilled.objects.create(
            pupil_id=pupil,
            school_id=school,
            case=case,
            step=steps[-1] if steps else None,
            form=form.id,
            definition={"form": form.model_dump(mode="json"), "copied": [dict(one) for one in copied]},
            answers=dict(answers),
            review_due=review_of(form, answers),
            deed=deed,
        )


def form_lacks(form: Form, policy: Policy, case: Case | None) -> str:
    """Why a form can't be filled in yet, as a sentence; empty where it can."""
    if form.after_all_yes is None:
        return ""
    first = policy.form(form.after_all_yes)
    done = next((row for row in (forms_of_case(case.pk) if case else []) if row.form == first.id), None)
    if done is None:
        return f"Fill in “{first.name}” first: every criterion must be met."
    return "" if is_all_yes(done) else f"Not every answer on “{first.name}” is yes: a referral can't be made."
