"""The targets agreed with families since a step, with what was counted in their days: what "improved?" asks then."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

from rollcall.casework.models import StepTaken, Target
from rollcall.casework.queries.taken import Standing
from rollcall.registers.queries.windows import windows
from rollcall.rules.improving import Agreed
from rollcall.schools.queries import SchoolFacts


def agreed_since(
    standings: Mapping[int, Standing], facts: SchoolFacts, year_start: int, as_of: datetime
) -> dict[int, tuple[Agreed, ...]]:
    """The targets of the step at which pupils are, by enrolment; `standings` is by enrolment.

    A target belongs to the step that it was agreed with or after. Sessions up to `as_of` count.
    """
    asked = {enrolment: one for enrolment, one in standings.items() if one.last and _sets(one)}
    found: dict[int, list[Target]] = {enrolment: [] for enrolment in asked}
    for enrolment, target in _targets(asked):
        found[enrolment].append(target)
    agreed: dict[int, list[Agreed]] = {enrolment: [] for enrolment in asked}
    for n in range(max(map(len, found.values()), default=0)):
        some = {enrolment: rows[n] for enrolment, rows in found.items() if len(rows) > n}
        for enrolment, one in _counted(some, asked, facts, year_start, as_of).items():
            agreed[enrolment].append(one)
    return {enrolment: tuple(rows) for enrolment, rows in agreed.items()}


def _sets(one: Standing) -> bool:
    return one.is_on_path and one.policy.step(one.step).sets_targets


def _targets(asked: Mapping[int, Standing]) -> list[tuple[int, Target]]:
    """The standing targets of each pupil's step, by enrolment."""
    by_case = {one.case or 0: (enrolment, one) for enrolment, one in asked.items()}
    if not by_case:
        return []
    steps = [one.last.id for one in asked.values() if one.last]
    taken_at = {case or 0: at for case, at in StepTaken.objects.filter(pk__in=steps).values_list("case", "deed__at")}
    rows = Target.objects.filter(case__in=list(by_case), withdrawn__isnull=True).select_related("deed", "meeting")
    found = []
    for target in rows.order_by("id"):
        case = target.case_id or 0
        enrolment, one = by_case[case]
        of_meeting = target.meeting is not None and target.meeting.step == one.step
        if of_meeting or target.deed.at >= taken_at[case]:
            found.append((enrolment, target))
    return found


def _counted(
    targets: Mapping[int, Target], asked: Mapping[int, Standing], facts: SchoolFacts, year_start: int, as_of: datetime
) -> dict[int, Agreed]:
    """What was counted in the days of one target a pupil."""
    found: dict[int, Agreed] = {}
    for policy_id in {asked[enrolment].policy_id for enrolment in targets}:
        some = {e: target for e, target in targets.items() if asked[e].policy_id == policy_id}
        policy = next(asked[enrolment].policy for enrolment in some)
        begins = {enrolment: target.begins for enrolment, target in some.items()}
        ends = {enrolment: target.ends for enrolment, target in some.items()}
        seen = windows(facts.school, begins, year_start, as_of, policy, ends)
        for enrolment, target in some.items():
            if enrolment in seen:
                percent = None if target.percent is None else Fraction(target.percent)
                found[enrolment] = Agreed(percent, target.ends, _is_over(target.ends, as_of, facts), seen[enrolment])
    return found


def _is_over(day: date, as_of: datetime, facts: SchoolFacts) -> bool:
    """Whether all of a day's sessions lie behind a moment: the next midnight, or the end of school on it."""
    if as_of.date() == day and facts.is_school_day(day):
        return as_of.time() >= facts.times_on(day).day_ends
    return as_of.date() > day - timedelta(days=0 if facts.is_school_day(day) else 1)
