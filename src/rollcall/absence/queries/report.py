"""The absentee report: every pupil who is not in, by class, with what is known and what is still to do (A6-b).

A class whose register is not in, and a pupil whom nobody has marked, stand in it as UNKNOWN. One set of statements,
whatever the size of the school.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from rollcall.absence.queries.accounted import begun, closed_since, closed_words, not_accounted
from rollcall.absence.queries.report_known import (
    Known,
    known_of,
    said,
    words_for,
)
from rollcall.absence.queries.report_marks import UNSAID, Made, made_by, place_of
from rollcall.absence.queries.report_values import AbsenteeReport, Away, ClassPart, Elsewhere, Sibling
from rollcall.absence.queries.returns import overdue
from rollcall.absence.queries.siblings import siblings_now
from rollcall.accounts.queries import takers
from rollcall.registers.queries.missing import RegisterState, register_states
from rollcall.registers.queries.today import Standing, counts_now, marks_now
from rollcall.rules.absentees import Case, Where, still_to_do, where_of
from rollcall.rules.codes import BYTE, MISSING, find
from rollcall.rules.sessions import Half
from rollcall.rules.words import day_words
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import ClosureFact

NO_CLASS = "In no class"
NOT_HERE = frozenset(code for code in BYTE if where_of(code) is not Where.HERE)
"""The marks of pupils who are not in, no mark at all among them."""

Siblings = dict[int, tuple[Sibling, ...]]
Counts = dict[int, dict[str, int]]
"""How many pupils stand at each code, by class."""


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
    return "PM" if facts.times and "PM" in begun(facts, day, at) else "AM"


def absentee_report(facts: SchoolFacts, day: date, at: datetime, half: Half | None = None) -> AbsenteeReport:
    """Who is not in at a school on a day, as it stands at a moment; `half` where the session is not the one then on.

    How many are in is counted by the database; only who is not is read. Inside the transaction that holds the school's
    lock all of it is one state of the ledger. Of a class that was closed after the session had begun, those stand in it
    who were not accounted for then and are not yet.
    """
    half = half or half_at(facts, day, at)
    states, closed = _states(facts, day, half, at)
    counts = counts_now([facts.school], day, half)
    rooms, untouched, known = set(counts), _untouched(counts), known_of(facts, day, half)
    shown = _not_here(facts, states, known, day, half) if states else []
    if closed:
        known.closed.update(closed)
        missing = {one.standing.enrolment for one in not_accounted(facts, day, at) if one.closed}
        shown = [s for s in shown if s.school_class not in closed or s.enrolment in missing]
        kept = {s.school_class for s in shown}
        states = [one for one in states if one.school_class not in closed or one.school_class in kept]
        counts |= {room: dict(Counter(s.code for s in shown if s.school_class == room)) for room in closed}
    lines = _lines(facts, shown, known, untouched, day, half)
    return AbsenteeReport(
        school=facts.name,
        slug=facts.slug,
        day=day,
        half=half,
        at=at,
        due=report_due(facts, day),
        number=None,
        policy=facts.policy_id_on(day),
        classes=tuple(_classes(states, shown, lines, known, counts, day, facts)),
        closed=tuple(_closed(facts, rooms - {one.school_class for one in states} | set(closed), day, half)),
        inbox=tuple(words for words, _ in known.inbox),
    )


def _states(
    facts: SchoolFacts, day: date, half: Half, at: datetime
) -> tuple[list[RegisterState], dict[int, ClosureFact]]:
    """The registers of a session, and the closures by which some of them ended after it had begun."""
    if not facts.has_begun(day, half, at):
        return register_states({facts.school: facts}, day, half, at), {}
    found = register_states({facts.school: facts.when_begun(day, half)}, day, half, at)
    closed = closed_since(facts, day, half, [one.school_class for one in found])
    return [replace(one, state="closed") if one.school_class in closed else one for one in found], closed


def _not_here(
    facts: SchoolFacts, states: Iterable[RegisterState], known: Known, day: date, half: Half
) -> list[Standing]:
    """Whoever is not in, of the classes that meet, and of no class; who is in two by mistake in the first alone."""
    meets = {state.school_class for state in states}
    rows = [s for s in marks_now([facts.school], day, half, NOT_HERE) if s.school_class in meets]
    once = {s.enrolment: s for s in reversed(rows)}
    loose = (Standing(facts.school, 0, NO_CLASS, *row, MISSING) for row in sorted(known.loose, key=itemgetter(2)))
    return [*(s for s in rows if once[s.enrolment] is s), *loose]


def _untouched(counts: Counts) -> set[int]:
    """The classes in which nobody at all is marked."""
    return {room for room, codes in counts.items() if set(codes) == {MISSING}}


def _closed(facts: SchoolFacts, rooms: set[int], day: date, half: Half) -> Iterable[str]:
    """The classes with pupils that do not meet in the session, with why; no statement where all meet."""
    if rooms:
        for room in SchoolClass.objects.filter(pk__in=rooms).order_by("name"):
            closure = facts.closure_on(day, half, room.pk)
            yield f"{room.name}: {closure.ground}" if closure else room.name


def _lines(
    facts: SchoolFacts, shown: Sequence[Standing], known: Known, untouched: set[int], day: date, half: Half
) -> dict[int, Away]:
    """A line for each pupil who is not in and of whom there is something to say, by enrolment."""
    edition = facts.edition_on(day)
    untold = (s.enrolment for s in shown if s.enrolment not in known.told and where_of(s.code) is not Where.ELSEWHERE)
    late = overdue(facts, untold, day, half)
    wanted = [s for s in shown if _has_line(s, known, untouched) or s.enrolment in late]
    made = made_by(wanted, known.told, day, half, edition)
    places = {s.enrolment: place_of(s, made.get(s.enrolment, UNSAID)) for s in wanted}
    nowhere = [s.pupil for s in wanted if places[s.enrolment] in (Where.UNEXPLAINED, Where.UNKNOWN)]
    words, siblings = words_for(nowhere, known.inbox), siblings_now(facts, [s.pupil for s in wanted], day, half)
    risks: dict[str, str] = {risk.mark: risk.name for risk in facts.policy_on(day).risk}
    found = {}
    for s in wanted:
        one = Line(s, places[s.enrolment], made.get(s.enrolment, UNSAID), words.get(s.pupil, ""),
                   _day_words(late.get(s.enrolment), day))  # fmt: skip
        found[s.enrolment] = _away(one, known, siblings, edition, risks)
    return found


def _day_words(back: date | None, day: date) -> str:
    return "" if back is None else "today" if back == day else day_words(back)


def _has_line(s: Standing, known: Known, untouched: set[int]) -> bool:
    """Whether a pupil has a line; of a class nobody has marked, only those of whom something is known."""
    where = where_of(s.code)
    if where is Where.ELSEWHERE:
        return False
    if where is not Where.UNKNOWN or s.school_class not in untouched:
        return True
    return s.enrolment in known.told or s.enrolment in known.slips or s.enrolment in known.alerts


class Line(NamedTuple):
    """What one pupil's line is made of. word: a message of the family's; back: when they were to be back."""

    standing: Standing
    where: Where
    made: Made
    word: str
    back: str


def _away(one: Line, known: Known, siblings: Siblings, edition: str, risks: dict[str, str]) -> Away:
    s, told = one.standing, known.told.get(one.standing.enrolment)
    return Away(
        enrolment=s.enrolment,
        pupil=s.pupil,
        name=s.name,
        risk=s.risk,
        risk_words=risks.get(s.risk, s.risk),
        code=s.code,
        where=one.where.value,
        expected=told.code if told and told.code != s.code else "",
        reason=(told.reason if told else "") or one.made.ground or _meaning(s.code, one.where, edition),
        told=told.by if told else one.made.by,
        back=told.back if told else f"was expected back {one.back}" if one.back else "",
        siblings=siblings.get(s.pupil, ()),
        to_do=_to_do(one, known),
    )


def _meaning(code: str, where: Where, edition: str) -> str:
    return find(code, edition).meaning if where is Where.AWAY else ""


def _to_do(line: Line, known: Known) -> tuple[str, ...]:
    one = line.standing.enrolment
    told, (outcome, called) = known.told.get(one), known.called.get(one, ("", ""))
    evidence, until = known.doubts.get(one, ("", ""))
    case = Case(
        where=line.where,
        told=told is not None,
        word=line.word,
        handed_on=known.handed_on.get(one, ""),
        slip=known.slips.get(one, ""),
        called=outcome,
        called_words=called,
        alert=known.alerts.get(one, ""),
        evidence=until if evidence == "wait" else "",
        answered=evidence == "decide",
        must_tell=evidence == "tell",
        question=told.question if told else "",
        confirms=told.confirms if told else "",
        closed=line.standing.school_class in known.closed,
        due_back=line.back,
    )
    return still_to_do(case)


def _classes(
    states: Sequence[RegisterState],
    shown: Iterable[Standing],
    lines: dict[int, Away],
    known: Known,
    counts: Counts,
    day: date,
    facts: SchoolFacts,
) -> Iterable[ClassPart]:
    of_class: dict[int, list[Standing]] = defaultdict(list)
    for s in shown:
        of_class[s.school_class].append(s)
    held = takers([state.school_class for state in states], day)
    edition, away = facts.edition_on(day), {s.enrolment for s in shown}
    out = [out for enrolment, out in known.outings.items() if enrolment not in away]
    for state in states:
        own, codes = of_class[state.school_class], counts.get(state.school_class, {})
        names = " and ".join(taker.name for taker in held.get(state.school_class, []))
        handed = f"{said(state.handed_at, day)}, {state.by}" if state.handed_at else ""
        is_closed = state.state == "closed"
        gone = () if is_closed else tuple(one.words for one in out if one.school_class == state.school_class)
        n_in = sum(n for code, n in codes.items() if where_of(code) is Where.HERE) - len(gone)
        part = ClassPart(state.school_class, state.class_name, state.state, handed, names, sum(codes.values()), n_in)
        closure = facts.closed_since(day, state.half, state.school_class) if is_closed else None
        closed = closed_words(closure, state.class_name) if closure else ""
        yield replace(_filled(part, own, lines, known, edition), signed_out=gone, closed=closed)
    if of_class[0]:
        yield _filled(ClassPart(0, NO_CLASS, "none", "", "", len(of_class[0]), 0), of_class[0], lines, known, edition)


def _filled(part: ClassPart, own: Sequence[Standing], lines: dict[int, Away], known: Known, edition: str) -> ClassPart:
    return replace(
        part,
        away=tuple(lines[s.enrolment] for s in own if s.enrolment in lines),
        unknown=tuple(s.name for s in own if s.is_unmarked and s.enrolment not in lines),
        elsewhere=tuple(_elsewhere(own, known, edition)),
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
