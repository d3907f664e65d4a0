"""What is prepared for a targeting support meeting (A5-e): trends, data, cohorts, pupils by tier and what was tried.

Everything is copied into plain JSON, counts and no shares, so that the pack reads the same whenever it is opened.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from rollcall.casework.models import Intervention, Meeting, StepTaken
from rollcall.casework.queries.groups import groups_of
from rollcall.casework.queries.meetings import FAMILY
from rollcall.casework.queries.place import end_of_last_day
from rollcall.casework.queries.strategies import followed, strategies_of_pupils
from rollcall.casework.queries.support import offers_of_pupils
from rollcall.casework.queries.tiers import TierGroup, TierLine, tiers_page
from rollcall.casework.queries.with_authority import authority_page
from rollcall.casework.queries.written import last_day_before
from rollcall.registers.queries.figures import YearFigures
from rollcall.registers.queries.reading import Reading, read_year
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.shares import Share
from rollcall.rules.spans import Span, share_within
from rollcall.rules.stages import is_below_target
from rollcall.rules.words import day_words
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import Seat, members_of_year, seats_of_school

Json = dict[str, Any]


def targeting_contents(facts: SchoolFacts, at: datetime) -> Json:
    """The pack of a school at a moment, up to the last whole school day, in plain JSON."""
    day, as_of = at.date(), end_of_last_day(facts, at)
    policy, last, year = facts.policy_on(day), last_day_before(facts, as_of), SchoolYear.of(day).start
    now = _reading(facts, year, as_of, last)
    then = _reading(facts, year - 1, as_of, _year_before(last)) if year - 1 in facts.years else None
    whole_then = _reading(facts, year - 1, as_of, None) if then else None
    seats = seats_of_school(facts.school, day)
    page = authority_page(facts, at)
    return {
        "school": facts.name,
        "day": day.isoformat(),
        "through": last.isoformat(),
        "policy": policy.name,
        "contact": page.contact.name if page.contact else "",
        "standing": page.standing.words if page.standing else "",
        "whole": _data(now, seats, policy),
        "before": _data_before(then, facts, _year_before(last), policy) if then else None,
        "trends": _trends(facts, year, now, whole_then, last),
        "groups": _groups(now, seats, facts, policy, at),
        "cohorts": _cohorts(facts, policy, at),
        "tiers": _tiers(facts, policy, at),
        "actions": [_action_words(one) for one in page.actions],
    }


def _reading(facts: SchoolFacts, year: int, as_of: datetime, through: date | None) -> Reading:
    """A year of everybody who was on roll in it up to a day (None: to its end)."""
    upto = min(through or SchoolYear(year).last, SchoolYear(year).last)
    members = members_of_year([facts.school], year, upto)[facts.school]
    return read_year(facts, [one.enrolment for one in members], year, as_of, through=max(upto, SchoolYear(year).first))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _pair(share: Share) -> list[int]:
    return [share.attended, share.possible]


def _data(reading: Reading, seats: Iterable[Seat], policy: Policy) -> Json:
    """The school together, and how many of those on roll stand where."""
    found = [reading.figures[seat.enrolment] for seat in seats if seat.enrolment in reading.figures]
    return {"share": _pair(reading.whole), **_counts(found, policy)}


def _data_before(reading: Reading, facts: SchoolFacts, day: date, policy: Policy) -> Json:
    """The same a year before, of those on roll then."""
    members = members_of_year([facts.school], reading.year.start, day)[facts.school]
    found = [reading.figures[one.enrolment] for one in members if one.is_on_roll(day)]
    return {"share": _pair(reading.whole), **_counts(found, policy)}


def _counts(found: Sequence[YearFigures], policy: Policy) -> Json:
    known = [one for one in found if one.possible]
    return {
        "pupils": len(known),
        "below": sum(is_below_target(one.attended, one.possible, policy) for one in known),
        "persistent": sum(one.persistent for one in known),
        "severe": sum(one.severe for one in known),
        "missing": sum(one.missing for one in known),
    }


def _trends(facts: SchoolFacts, year: int, now: Reading, then: Reading | None, last: date) -> list[Json]:
    """Each term of the year so far, beside the term of the same name a year before, as many school days of it."""
    found, before = [], {name: (first, end) for name, first, end in facts.terms.get(year - 1, ())}
    for name, first, end in facts.terms.get(year, ()):
        if first > last:
            continue
        span, n = (first, min(end, last)), _n_days(facts, year, (first, min(end, last)))
        like = _first_days(facts, year - 1, before[name], n if end > last else None) if name in before else None
        share = share_within(then.laid, then.kinds, like) if then and like else None
        found.append(
            {
                "term": name,
                "from": first.isoformat(),
                "to": span[1].isoformat(),
                "runs": end > last,
                "share": _pair(share_within(now.laid, now.kinds, span)),
                "before": _pair(share) if share and share.possible else None,
            }
        )
    return found


def _n_days(facts: SchoolFacts, year: int, span: Span) -> int:
    return sum(span[0] <= day <= span[1] for day in facts.calendar(year).school_days())


def _first_days(facts: SchoolFacts, year: int, span: Span, n: int | None) -> Span | None:
    """A span cut to its first `n` school days; None where it has none."""
    days = [day for day in facts.calendar(year).school_days() if span[0] <= day <= span[1]][:n]
    return (days[0], days[-1]) if days else None


def _groups(reading: Reading, seats: Sequence[Seat], facts: SchoolFacts, policy: Policy, at: datetime) -> list[Json]:
    """Classes, years and the groups of the record, each with its share and how many are absent how much."""
    by_pupil = {seat.pupil: seat.enrolment for seat in seats}
    found = []
    for group in groups_of(seats, facts, policy, at):
        if group.id.startswith("tier") or group.id in ("persistent", "severe"):
            continue
        own = [by_pupil[pupil] for pupil in group.pupils]
        share = reading.by_group(dict.fromkeys(own, group.id)).get(group.id, Share())
        figures = [reading.figures[one] for one in own if one in reading.figures]
        found.append({"name": group.words, "share": _pair(share), **_counts(figures, policy)})
    return found


def _cohorts(facts: SchoolFacts, policy: Policy, at: datetime) -> list[Json]:
    """The strategies that run, with what was counted before and since."""
    rows = Intervention.objects.filter(school=facts.school, ended__isnull=True).order_by("-begins", "-id")
    found = []
    for row in rows:
        one = followed(row, policy, facts, at)
        found.append(
            {
                "name": row.name,
                "kind": one.line.kind_words,
                "aim": row.aim,
                "from": row.begins.isoformat(),
                "pupils": one.line.pupils,
                "counted": one.counted,
                "before": _pair(one.before),
                "since": _pair(one.since),
            }
        )
    return found


def _tiers(facts: SchoolFacts, policy: Policy, at: datetime) -> list[Json]:
    groups = tiers_page(facts, at).groups
    pupils = [line.seat.pupil for group in groups for line in group.lines]
    tried = _tried(pupils, policy, SchoolYear.of(at.date()).first)
    return [_tier(group, tried) for group in groups]


def _tier(group: TierGroup, tried: Callable[[int], list[str]]) -> Json:
    low, high = group.tier.from_percent, group.tier.to_percent
    pupils = [_pupil(line, tried(line.seat.pupil)) for line in group.lines]
    return {"name": group.tier.name, "band": f"{low}% to {high}%", "n": group.n, "pupils": pupils}


def _pupil(line: TierLine, tried: list[str]) -> Json:
    process = line.process
    state = process.current.state.name if process and process.current else process.last.step if process else ""
    return {
        "name": line.seat.name,
        "class": line.seat.class_name,
        "share": [line.figures.attended, line.figures.possible],
        "state": state,
        "next": line.proposed,
        "tried": tried,
    }


def _tried(pupils: Sequence[int], policy: Policy, since: date) -> Callable[[int], list[str]]:
    """What was tried for each pupil since a day: steps, meetings, support with its answer, strategies."""
    found: dict[int, list[str]] = {pupil: [] for pupil in pupils}
    names = {one.id: one.name for one in policy.path.steps}
    names |= {one.id: one.name for one in policy.authority_path.steps}
    steps = StepTaken.objects.filter(pupil__in=pupils, withdrawn__isnull=True, day__gte=since).order_by("day", "id")
    for pupil, step, day in steps.values_list("pupil_id", "step", "day"):
        found[pupil].append(f"{names.get(step, step)}, {day_words(day)}")
    held = Meeting.objects.filter(pupil__in=pupils, kind__in=FAMILY, outcome__how="held", at__date__gte=since)
    for pupil, when in held.order_by("at").values_list("pupil_id", "at"):
        found[pupil or 0].append(f"Met the family, {day_words(when.astimezone(LONDON).date())}")
    for pupil, offers in offers_of_pupils(pupils, policy, since).items():
        found[pupil] += [f"{one.what}: {one.stands[:1].lower()}{one.stands[1:]}" for one in offers]
    for pupil, strategies in strategies_of_pupils(pupils, since).items():
        found[pupil] += strategies
    return lambda pupil: found[pupil]


def _action_words(one: Any) -> str:
    about = f", about {one.pupil.known_name}" if one.pupil else ""
    due = f", by {day_words(one.due)}" if one.due else ""
    return f"{one.owner} ({one.get_side_display().lower()}): {one.what.rstrip('.')}{about}{due}"
