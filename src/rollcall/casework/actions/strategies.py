"""Strategies for a pupil or a group (7.2-b): begun with what they are meant to change, joined and left, ended with why.

Nothing is changed later: who left has a last day, and an ended strategy stays with its pupils.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from rollcall.casework.models import Intervention, InterventionPupil
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.policy import Policy
from rollcall.rules.words import counted, day_words
from rollcall.schools.queries.roll import seats_of_school

LONGEST_AGO = timedelta(days=366)


class NotFollowed(ValueError):
    """A strategy of which nothing was written; the message is a sentence for who entered it."""


@dataclass(frozen=True)
class Strategy:
    """A strategy as it is wanted: kind is one of the policy's kinds of support, tier a number of the policy's tiers."""

    name: str
    kind: str
    aim: str
    begins: date
    planned_end: date | None = None
    led_by: str = ""
    tier: int | None = None


def start_strategy(
    wanted: Strategy, pupils: Iterable[int], *, school: int, policy: Policy, by: Actor, at: datetime, key: str
) -> Intervention:
    """Begin a strategy at a school (by id) for pupils (by id) on its roll, who join on its first day.

    The same key gives the same strategy. Raises NotFollowed: no name or aim, a kind that the policy has not or has for
    single pupils only, an end before the beginning, nobody in it, somebody who is not on roll.
    """
    joining = list(dict.fromkeys(pupils))
    _check(wanted, len(joining), policy, at)
    with transaction.atomic():
        try:
            deed = journal.begin("strategy.begun", by=by, at=at, key=key, school=school, about=wanted.name.strip())
        except journal.AlreadyDone as done:
            return Intervention.objects.get(deed=done.deed)
        _check_on_roll(joining, school, at.date())
        made = Intervention.objects.create(
            school_id=school,
            name=wanted.name.strip(),
            kind=wanted.kind,
            aim=wanted.aim.strip(),
            tier=wanted.tier,
            led_by=wanted.led_by.strip(),
            begins=wanted.begins,
            planned_end=wanted.planned_end,
            deed=deed,
        )
        _join(made, joining, wanted.begins, deed)
        return made


def add_pupils(
    strategy: Intervention, pupils: Iterable[int], *, from_day: date, by: Actor, at: datetime, key: str
) -> int:
    """Let pupils (by id) join a strategy from a day; who is in it already is passed over. Gives how many joined.

    Raises NotFollowed: ended already, a day before it began or after today, somebody who is not on the school's roll.
    """
    with transaction.atomic():
        try:
            deed = journal.begin("strategy.joined", by=by, at=at, key=key, school=strategy.school_id)
        except journal.AlreadyDone as done:
            return InterventionPupil.objects.filter(deed=done.deed).count()
        held = _open(strategy)
        if not held.begins <= from_day <= at.date():
            raise NotFollowed(f"Give a day from {day_words(held.begins)}, when it began, to today.")
        new = _not_in(held, pupils, from_day)
        if not new:
            raise NotFollowed("Choose pupils who are not in it yet.")
        _check_on_roll(new, strategy.school_id, at.date())
        _join(held, new, from_day, deed)
        return len(new)


def leave_strategy(member: InterventionPupil, *, last_day: date, by: Actor, at: datetime, key: str) -> None:
    """Say that a pupil's part in a strategy is over, with its last day. Raises NotFollowed where it was before."""
    with transaction.atomic():
        strategy = member.intervention
        try:
            deed = journal.begin("strategy.left", by=by, at=at, key=key, school=strategy.school_id)
        except journal.AlreadyDone:
            return
        if not member.begins <= last_day <= at.date():
            raise NotFollowed(f"Give a day from {day_words(member.begins)}, when they joined, to today.")
        rows = InterventionPupil.objects.filter(pk=member.pk, ended__isnull=True)
        if rows.update(ended=last_day, end_deed=deed) == 0:
            raise NotFollowed("They left it before.")


def end_strategy(strategy: Intervention, *, last_day: date, why: str, by: Actor, at: datetime, key: str) -> None:
    """End a strategy, with its last day and why; whoever is still in it leaves with it.

    Raises NotFollowed: no reason, a day before it began or after today, ended before.
    """
    if len(why.strip()) < journal.LEAST_REASON:
        raise NotFollowed("Say in a few words why it ends: whoever looks back at it needs the reason.")
    with transaction.atomic():
        try:
            deed = journal.begin(
                "strategy.ended", by=by, at=at, key=key, reason=why.strip(), school=strategy.school_id,
                about=strategy.name,
            )  # fmt: skip
        except journal.AlreadyDone:
            return
        held = _open(strategy)
        if not held.begins <= last_day <= at.date():
            raise NotFollowed(f"Give a day from {day_words(held.begins)}, when it began, to today.")
        Intervention.objects.filter(pk=held.pk).update(ended=last_day, ended_why=why.strip(), end_deed=deed)
        still = InterventionPupil.objects.filter(intervention=held, ended__isnull=True)
        for member in still:
            still.filter(pk=member.pk).update(ended=max(member.begins, last_day), end_deed=deed)


def _check(wanted: Strategy, n: int, policy: Policy, at: datetime) -> None:
    if len(wanted.name.strip()) < journal.LEAST_REASON or len(wanted.aim.strip()) < journal.LEAST_REASON:
        raise NotFollowed("A strategy has a name, and says in a few words what it is meant to change.")
    try:
        kind = policy.support_kind(wanted.kind)
    except LookupError as error:
        raise NotFollowed("Choose what kind of strategy it is.") from error
    if n == 0:
        raise NotFollowed("Choose who is in it: at least one pupil.")
    if n > 1 and not kind.for_groups:
        raise NotFollowed(f"“{kind.name}” is for one pupil: choose another kind, or one pupil.")
    if wanted.tier is not None and wanted.tier not in [tier.number for tier in policy.tiers]:
        raise NotFollowed("Choose a tier of the policy, or none.")
    if not at.date() - LONGEST_AGO <= wanted.begins <= at.date() + LONGEST_AGO:
        raise NotFollowed("It begins at most a year ago, or a year ahead.")
    if wanted.planned_end is not None and wanted.planned_end < wanted.begins:
        raise NotFollowed("It can't end before it begins.")


def _check_on_roll(pupils: Sequence[int], school: int, day: date) -> None:
    here = {seat.pupil for seat in seats_of_school(school, day)}
    if missing := set(pupils) - here:
        raise NotFollowed(f"{counted(len(missing), 'pupil is,pupils are')} not on this school's roll: look again.")


def _open(strategy: Intervention) -> Intervention:
    held = Intervention.objects.select_for_update().get(pk=strategy.pk)
    if held.ended is not None:
        raise NotFollowed(f"It ended on {day_words(held.ended)}.")
    return held


def _not_in(strategy: Intervention, pupils: Iterable[int], day: date) -> list[int]:
    rows = InterventionPupil.objects.filter(intervention=strategy)
    inside = {one.pupil_id for one in rows if one.ended is None or one.ended >= day}
    return [one for one in dict.fromkeys(pupils) if one not in inside]


def _join(strategy: Intervention, pupils: Iterable[int], day: date, deed: Deed) -> None:
    InterventionPupil.objects.bulk_create(
        [InterventionPupil(intervention=strategy, pupil_id=one, begins=day, deed=deed) for one in pupils]
    )
