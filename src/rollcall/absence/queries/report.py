"""The absentee report: every pupil who is not in, by class, with what is known and what is still to do (A6-b).

A class whose register is not in, and a pupil whom nobody has marked, stand in it as UNKNOWN. One set of statements,
whatever the size of the school.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from rollcall.absence.queries.report_known import (
    Known,
    in_no_class,
    known_of,
    said,
    siblings_now,
    words_for,
)
from rollcall.absence.queries.report_values import AbsenteeReport, Away, ClassPart, Elsewhere, Sibling
from rollcall.accounts.queries import takers
from rollcall.registers.queries.missing import RegisterState, register_states
from rollcall.registers.queries.standing import last_grounds
from rollcall.registers.queries.today import Standing, marks_now
from rollcall.rules.absentees import Case, Where, still_to_do, where_of
from rollcall.rules.codes import MISSING, find, needs_ground
from rollcall.rules.sessions import Half
from rollcall.schools.queries import SchoolFacts

NO_CLASS = "In no class"
Siblings = dict[int, tuple[Sibling, ...]]


def report_due(facts: SchoolFacts, day: date) -> datetime | None:
    """When the policy wants a school's absentee report; None for a day on which no morning register is taken."""
    if not facts.times or not facts.policies or not facts.is_open(day, "AM"):
        return None
    try:
        wanted = facts.policy_on(day).school(facts.slug).absentee_report.value
    except LookupError:
        # A school that the policy does not name has it when its register closes.
        wanted = facts.times_on(day).am_closes
    return facts.moment(day, wanted)


def half_at(facts: SchoolFacts, day: date, at: datetime) -> Half:
    """The session that a report at a moment is about: the afternoon once its register may be taken."""
    return "PM" if facts.times and facts.is_open(day, "PM") and facts.has_begun(day, "PM", at) else "AM"


def absentee_report(facts: SchoolFacts, day: date, at: datetime, half: Half | None = None) -> AbsenteeReport:
    """Who is not in at a school on a day, as it stands at a moment; `half` where the session is not the one then on."""
    half = half or half_at(facts, day, at)
    states = register_states({facts.school: facts}, day, half, at)
    open_classes = {state.school_class for state in states}
    standing = _once(marks_now([facts.school], day, half))
    known, loose = known_of(facts, day, half), in_no_class(facts.school, day)
    marked = [*standing, *(_loose(facts.school, *row) for row in loose)] if states else []
    shown = [s for s in marked if s.school_class in open_classes or not s.school_class]
    lines = _lines(facts, shown, known, day, half)
    return AbsenteeReport(
        school=facts.name,
        slug=facts.slug,
        day=day,
        half=half,
        at=at,
        due=report_due(facts, day),
        number=None,
        policy=facts.policy_id_on(day),
        classes=tuple(_classes(states, shown, lines, known, day, facts)),
        closed=tuple(_closed(facts, standing, open_classes, day, half)),
        inbox=tuple(words for words, _ in known.inbox),
    )


def _once(standing: Iterable[Standing]) -> list[Standing]:
    """Each pupil once: who is in two classes by mistake is shown in the first."""
    seen: set[int] = set()
    return [s for s in standing if s.enrolment not in seen and not seen.add(s.enrolment)]  # type: ignore[func-returns-value]


def _loose(school: int, enrolment: int, pupil: int, name: str, risk: str) -> Standing:
    return Standing(school, 0, NO_CLASS, enrolment, pupil, name, risk, MISSING)


def _closed(
    facts: SchoolFacts, standing: Iterable[Standing], open_classes: set[int], day: date, half: Half
) -> Iterable[str]:
    """The classes with pupils that do not meet in the session, with why."""
    shut = {s.school_class: s.class_name for s in standing if s.school_class not in open_classes}
    for room, name in shut.items():
        closure = facts.closure_on(day, half, room)
        yield f"{name}: {closure.ground}" if closure else name


def _lines(facts: SchoolFacts, shown: Sequence[Standing], known: Known, day: date, half: Half) -> dict[int, Away]:
    """A line for each pupil who is not in and of whom there is something to say, by enrolment."""
    untouched = _untouched(shown)
    wanted = [s for s in shown if _has_line(s, known, untouched)]
    pupils = [s.pupil for s in wanted]
    words = words_for([s.pupil for s in wanted if where_of(s.code) in (Where.UNEXPLAINED, Where.UNKNOWN)], known.inbox)
    siblings = siblings_now(facts, pupils, day, half)
    edition = facts.edition_on(day)
    grounds = last_grounds([s.enrolment for s in wanted if needs_ground(s.code, edition)], day, half)
    risks: dict[str, str] = {risk.mark: risk.name for risk in facts.policy_on(day).risk}
    return {
        s.enrolment: _away(s, known, words.get(s.pupil, ""), grounds.get(s.enrolment, ""), siblings, edition, risks)
        for s in wanted
    }


def _untouched(shown: Iterable[Standing]) -> set[int]:
    """The classes in which nobody at all is marked."""
    marked: dict[int, bool] = {}
    for s in shown:
        marked[s.school_class] = marked.get(s.school_class, False) or not s.is_unmarked
    return {room for room, any_mark in marked.items() if room and not any_mark}


def _has_line(s: Standing, known: Known, untouched: set[int]) -> bool:
    """Whether a pupil has a line; of a class nobody has marked, only those of whom something is known."""
    where = where_of(s.code)
    if where in (Where.HERE, Where.ELSEWHERE):
        return False
    if where is not Where.UNKNOWN or s.school_class not in untouched:
        return True
    return s.enrolment in known.told or s.enrolment in known.slips or s.enrolment in known.alerts


def _away(
    s: Standing, known: Known, word: str, ground: str, siblings: Siblings, edition: str, risks: dict[str, str]
) -> Away:
    told, where = known.told.get(s.enrolment), where_of(s.code)
    return Away(
        enrolment=s.enrolment,
        pupil=s.pupil,
        name=s.name,
        risk=s.risk,
        risk_words=risks.get(s.risk, s.risk),
        code=s.code,
        where=where.value,
        expected=told.code if told and told.code != s.code else "",
        reason=(told.reason if told else "") or ground or _meaning(s.code, where, edition),
        told=told.by if told else "",
        back=told.back if told else "",
        siblings=siblings.get(s.pupil, ()),
        to_do=_to_do(s, known, word),
    )


def _meaning(code: str, where: Where, edition: str) -> str:
    return find(code, edition).meaning if where is Where.AWAY else ""


def _to_do(s: Standing, known: Known, word: str) -> tuple[str, ...]:
    one = s.enrolment
    told, (outcome, called) = known.told.get(one), known.called.get(one, ("", ""))
    evidence, answered, must_tell = known.doubts.get(one, ("", False, False))
    case = Case(
        where=where_of(s.code),
        told=told is not None,
        word=word,
        handed_on=known.handed_on.get(one, ""),
        slip=known.slips.get(one, ""),
        called=outcome,
        called_words=called,
        alert=known.alerts.get(one, ""),
        evidence=evidence,
        answered=answered,
        must_tell=must_tell,
        question=told.question if told else "",
    )
    return still_to_do(case)


def _classes(
    states: Iterable[RegisterState],
    shown: Iterable[Standing],
    lines: dict[int, Away],
    known: Known,
    day: date,
    facts: SchoolFacts,
) -> Iterable[ClassPart]:
    states = list(states)
    of_class: dict[int, list[Standing]] = defaultdict(list)
    for s in shown:
        of_class[s.school_class].append(s)
    held = takers([state.school_class for state in states], day)
    edition = facts.edition_on(day)
    for state in states:
        own = of_class[state.school_class]
        names = " and ".join(taker.name for taker in held.get(state.school_class, []))
        handed = f"{said(state.handed_at, day)}, {state.by}" if state.handed_at else ""
        part = ClassPart(state.school_class, state.class_name, state.state, handed, names, len(own), 0)
        yield _filled(part, own, lines, known, edition)
    if of_class[0]:
        yield _filled(ClassPart(0, NO_CLASS, "none", "", "", len(of_class[0]), 0), of_class[0], lines, known, edition)


def _filled(part: ClassPart, own: Sequence[Standing], lines: dict[int, Away], known: Known, edition: str) -> ClassPart:
    here = [s for s in own if where_of(s.code) is Where.HERE]
    out = [f"{s.name}: {known.outings[s.enrolment]}" for s in here if s.enrolment in known.outings]
    return replace(
        part,
        n_in=len(here) - len(out),
        away=tuple(lines[s.enrolment] for s in own if s.enrolment in lines),
        unknown=tuple(s.name for s in own if s.is_unmarked and s.enrolment not in lines),
        elsewhere=tuple(_elsewhere(own, known, edition)),
        signed_out=tuple(out),
    )


def _elsewhere(own: Iterable[Standing], known: Known, edition: str) -> Iterable[Elsewhere]:
    """Who of a class is at an approved activity, together by what it is; an unconfirmed one says who is to confirm."""
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for s in own:
        if where_of(s.code) is Where.ELSEWHERE:
            told = known.told.get(s.enrolment)
            own_told = told if told and told.code == s.code else None
            key = (s.code, own_told.ground if own_told else "", own_told.confirms if own_told else "")
            groups[key].append(s.name)
    for (code, ground, confirms), names in groups.items():
        to_do = still_to_do(Case(Where.ELSEWHERE, confirms=confirms))
        yield Elsewhere(code, find(code, edition).meaning, ground, tuple(names), "; ".join(to_do))


def days_before(facts: SchoolFacts, day: date, n: int) -> list[date]:
    """The last `n` days before a day on which a school took a morning register, newest first, in its own years."""
    found: list[date] = []
    while len(found) < n and any((day := day - timedelta(days=1)) >= first for first in _firsts(facts)):
        if facts.is_open(day, "AM"):
            found.append(day)
    return found


def _firsts(facts: SchoolFacts) -> list[date]:
    return [first for terms in facts.terms.values() for _, first, _ in terms]
