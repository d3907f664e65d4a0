"""Walking a pupil of the cast along the school's path, step by step, through the room's own actions."""

from datetime import date, datetime, timedelta

from rollcall.casework import actions
from rollcall.casework.actions.steps import open_case
from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.counts import Counts
from rollcall.journal import actions as journal
from rollcall.schools.queries import facts_of
from tests.cast import Cast, moment

BEGAN = date(2024, 4, 16)
LOW = Counts(180, 200, (180, 200))


def begin_case(cast: Cast, name: str, *, day: date = BEGAN, counts: Counts = LOW) -> Case:
    """A case opened with the first step of the policy in force."""
    facts, at = facts_of(cast.hamsey.pk), moment(9, 30, day)
    policy = facts.policy_on(day)
    deed = journal.begin("review.decided", by=cast.actor("head"), at=at, school=cast.hamsey.pk)
    case = open_case(cast.pupil(name).pk, cast.hamsey.pk, facts.policy_id_on(day), policy, deed)
    actions.take_step(case, policy.path.steps[0].yes, deed=deed, school=cast.hamsey.pk, at=at, counts=counts)
    return case


def take(cast: Cast, case: Case, step: str, *, at: datetime | None = None, **more) -> StepTaken:
    """A step taken inside a deed of its own, as a meeting or a notice does it."""
    at = at or moment(9, 30, BEGAN + timedelta(days=14))
    deed = journal.begin("test.step", by=cast.actor("head"), at=at, school=cast.hamsey.pk)
    return actions.take_step(case, step, deed=deed, school=cast.hamsey.pk, at=at, **more)
