"""The pupils that somebody may see, with their figures: searched, filtered, lowest attendance first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from rollcall.accounts.queries import Place, Standing
from rollcall.insight.queries.group import PupilLine
from rollcall.insight.queries.pupil import stage_words
from rollcall.registers.queries.reading import read_year
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.queries.facts import SchoolFacts, facts_of_all
from rollcall.schools.queries.roll import Member, members_of_year

ROW = "pupil:see"
Span = tuple[date, date]


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; an empty value narrows nothing."""

    words: str = ""
    school: str = ""
    school_class: int = 0
    stage: int | None = None
    only_missing: bool = False


@dataclass(frozen=True)
class PupilList:
    """The pupils found, and the schools and classes that can be chosen. `span` is what the figures answer for."""

    found: tuple[PupilLine, ...]
    n_all: int
    schools: tuple[tuple[str, str], ...]
    classes: tuple[tuple[int, str], ...]
    stages: tuple[tuple[int, str], ...]
    span: Span | None


def pupil_list(may: Standing, wanted: Wanted, at: datetime) -> PupilList:
    """The pupils on roll at the schools and in the classes of a person, lowest attendance first."""
    day = at.date()
    schools = facts_of_all(may.schools(ROW))
    members = _theirs(may, members_of_year(schools, SchoolYear.of(day).start, day), day)
    listed, spans = [], []
    for school, here in members.items():
        facts = schools[school]
        if wanted.school in ("", facts.slug):
            found, span = _listed(facts, [m for m in here if _is_meant(m, wanted)], at)
            listed += found
            spans += [span] if span else []
    kept = [one for one in listed if _passes(one, wanted)]
    policies = [facts.policy_on(day) for facts in schools.values()]
    return PupilList(
        found=tuple(sorted(kept, key=_order)),
        n_all=sum(len(here) for here in members.values()),
        schools=tuple((facts.slug, facts.name) for facts in schools.values()),
        classes=_classes(members, schools),
        stages=tuple((s.number, stage_words(policies[0], s.number)) for s in policies[0].stages) if policies else (),
        span=(min(first for first, _ in spans), max(last for _, last in spans)) if spans else None,
    )


def _theirs(may: Standing, members: dict[int, list[Member]], day: date) -> dict[int, list[Member]]:
    """Those on roll today; at a school where a person holds classes alone, those in them."""
    rooms = may.classes(ROW)
    found = {}
    for school, here in members.items():
        everyone = may.can(ROW, Place(school))
        found[school] = [m for m in here if m.is_on_roll(day) and (everyone or m.school_class in rooms)]
    return found


def _is_meant(member: Member, wanted: Wanted) -> bool:
    words = wanted.words.casefold().split()
    named = member.name.casefold()
    return all(word in named for word in words) and wanted.school_class in (0, member.school_class)


def _passes(one: PupilLine, wanted: Wanted) -> bool:
    if wanted.stage is not None and one.figures.stage != wanted.stage:
        return False
    return bool(one.figures.missing) or not wanted.only_missing


def _listed(
    facts: SchoolFacts, here: Sequence[Member], at: datetime
) -> tuple[list[PupilLine], tuple[date, date] | None]:
    if not here:
        return [], None
    reading = read_year(facts, [m.enrolment for m in here], SchoolYear.of(at.date()).start, at)
    listed = []
    for member in here:
        figures = reading.figures[member.enrolment]
        stage = "" if figures.stage is None else stage_words(reading.policy, figures.stage)
        listed.append(PupilLine(member, figures, stage, facts.name))
    return listed, reading.span


def _order(one: PupilLine) -> tuple[Fraction, str]:
    possible = one.figures.possible
    return (Fraction(one.figures.attended, possible) if possible else Fraction(2), one.member.sort_name)


def _classes(members: dict[int, list[Member]], schools: dict[int, SchoolFacts]) -> tuple[tuple[int, str], ...]:
    several = len(schools) > 1
    rooms = {}
    for school, here in members.items():
        for m in here:
            if m.school_class:
                rooms[m.school_class] = f"{m.class_name}, {schools[school].name}" if several else m.class_name
    return tuple(sorted(rooms.items(), key=lambda pair: pair[1]))
