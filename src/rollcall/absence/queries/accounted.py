"""Who is not accounted for, in the second that it is asked: by the ledger, what is expected, reports and outings.

The call list, the alerts and every message about an absence ask here and nowhere else, so that a child who is in, on a
trip or explained meanwhile is never called about, and never reported absent to a family.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import Outing, Report, Slip
from rollcall.absence.queries.placed import Placed, placed_at
from rollcall.registers.models import Expectation
from rollcall.registers.queries.known_ahead import facts_now
from rollcall.registers.queries.missing import RegisterState, register_states
from rollcall.registers.queries.standing import covering, read_standing
from rollcall.registers.queries.today import Standing, marks_now
from rollcall.rules.codes import MISSING, find
from rollcall.rules.episodes import UNEXPLAINED
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.whereabouts import Where, where
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON

OPEN_CODES = (UNEXPLAINED, MISSING)
PASSED = ("in", "in late", "late")
_THERE = (Where.ON_SITE, Where.ELSEWHERE)


@dataclass(frozen=True)
class Missing:
    """One child who is not accounted for. half: the session asked about; began: when its register, or the morning's
    before it, closed.

    is_untouched: nobody in the class has a mark, so that the register is missing rather than the child. placed: the
    trip or activity they are expected at, which nobody has confirmed, or at which they were missed.
    """

    standing: Standing
    half: Half
    began: datetime
    is_untouched: bool
    placed: Placed | None = None

    @property
    def waits(self) -> bool:
        """Whether whoever leads an activity is to be rung first, for they have not said who is there."""
        return self.placed is not None and self.placed.waits

    @property
    def is_unmarked(self) -> bool:
        """Whether the child has no mark: somebody should look in class first."""
        return self.standing.is_unmarked


def not_accounted(facts: SchoolFacts, day: date, at: datetime) -> list[Missing]:
    """The children of a school whom nobody has accounted for on a day, as things stand at a moment, by class and name.

    N, or no mark where the register is in or has closed; without a report, an expectation, an outing or an exclusion
    that covers the session. A trip that nobody has confirmed is no such expectation. Of two sessions the later one
    speaks, once it has a mark or its register has closed.
    """
    found: dict[int, Missing] = {}
    for half in begun(facts, day, at):
        states = {state.school_class: state for state in register_states({facts.school: facts}, day, half, at)}
        marks = [one for one in marks_now([facts.school], day, half) if one.school_class in states]
        passed = {room for room, state in states.items() if state.state in PASSED}
        speaks = [one for one in marks if not one.is_unmarked or one.school_class in passed]
        before, found = found, _without(found, {one.enrolment for one in speaks})
        found |= _missing(speaks, before, states, facts, (day, half), at)
    return sorted(found.values(), key=lambda one: (one.standing.class_name, one.standing.name))


def _without(found: dict[int, Missing], enrolments: set[int]) -> dict[int, Missing]:
    return {enrolment: one for enrolment, one in found.items() if enrolment not in enrolments}


def _missing(
    speaks: Sequence[Standing],
    before: dict[int, Missing],
    states: dict[int, RegisterState],
    facts: SchoolFacts,
    session: tuple[date, Half],
    at: datetime,
) -> dict[int, Missing]:
    """Those of a session who are not accounted for; their time runs from the session before, if it did there."""
    open_ones = [one for one in speaks if one.code in OPEN_CODES]
    marked_n = {one.enrolment for one in open_ones if one.is_unexplained}
    placed = placed_at([one.enrolment for one in open_ones], *session) if open_ones else {}
    explained = explained_by([one.enrolment for one in open_ones], facts, *session, at, marked_n, placed)
    touched = {one.school_class for one in speaks if not one.is_unmarked}
    closes = facts.closes_at(*session)
    return {
        one.enrolment: Missing(
            one,
            session[1],
            before[one.enrolment].began if one.enrolment in before else closes,
            one.school_class not in touched and states[one.school_class].state == "late",
            placed.get(one.enrolment),
        )
        for one in open_ones
        if one.enrolment not in explained
    }


def open_count(school: int, day: date, at: datetime) -> int:
    """How many children of a school (by id) are not accounted for, those of registers that nobody has taken too."""
    return len(not_accounted(facts_of(school), day, at))


def explained_by(
    enrolments: Iterable[int],
    facts: SchoolFacts,
    day: date,
    half: Half,
    at: datetime,
    contradicted: Container[int] = (),
    placed: Mapping[int, Placed] | None = None,
) -> dict[int, str]:
    """Why each of these (by enrolment) is accounted for in a session though no mark says so, in a sentence each.

    Left out is who is not. A report without a code explains too; an activity does only once its leader has said that
    the child is there, an appointment within the day until its return has passed. contradicted: who was marked N, so
    that an activity they are expected at no longer says where they are. placed: `placed_at`, where it has been read.
    """
    wanted = list(enrolments)
    if not wanted:
        return {}
    if placed is None:
        placed = placed_at(wanted, day, half)
    found = _by_fact(wanted, facts, day, half) | _expected(wanted, day, half, contradicted, placed)
    return found | _reported(wanted, facts, day, half, at) | _signed_out(wanted, facts, day, half)


def _expected(
    enrolments: list[int], day: date, half: Half, contradicted: Container[int], placed: Mapping[int, Placed]
) -> dict[int, str]:
    rows = Expectation.objects.filter(covering(day, half), enrolment__in=enrolments).order_by("id")
    there = {one.place for one in placed.values() if one.there}
    return {
        enrolment: f"{code} is expected: {ground}."
        for enrolment, code, ground, place in rows.values_list("enrolment_id", "code", "ground", "activity_place__id")
        if (place is None or place in there)
        and code != UNEXPLAINED
        and not (enrolment in contradicted and where(code) in _THERE)
    }


def _reported(enrolments: list[int], facts: SchoolFacts, day: date, half: Half, at: datetime) -> dict[int, str]:
    rows = Report.objects.filter(covering(day, half), enrolment__in=enrolments).select_related("word", "deed")
    found = {}
    for row in rows.order_by("id"):
        back = facts.moment(day, row.back_at) if row.back_at else None
        if back and not row.code and at >= back and row.last_day == day:
            continue
        when = row.deed.at.astimezone(LONDON)
        found[row.enrolment_id] = f"{row.word.caller or 'Somebody'} gave a reason, entered at {when.hour}.{when:%M}."
    return found


def _signed_out(enrolments: list[int], facts: SchoolFacts, day: date, half: Half) -> dict[int, str]:
    """Who was signed out before the session's register closed and is not back."""
    rows = Outing.objects.filter(enrolment__in=enrolments, day=day, back__isnull=True, withdrawn__isnull=True)
    rows = rows.filter(out_at__lt=facts.closes_at(day, half))
    return {one: f"Signed out with {who}." for one, who in rows.values_list("enrolment_id", "collector")}


def _by_fact(enrolments: list[int], facts: SchoolFacts, day: date, half: Half) -> dict[int, str]:
    """Who is excluded, or away by a part-time timetable; education elsewhere must be confirmed by a mark (K, B, D)."""
    found = facts_now(enrolments, day, half, facts)
    return {pk: f"{one.code} is expected: {one.ground}." for pk, one in found.items() if where(one.code) not in _THERE}


def waiting_slips(enrolments: Iterable[int], day: date) -> dict[int, datetime]:
    """When those of these arrived whose slip at the door nobody has confirmed, by enrolment."""
    rows = Slip.objects.filter(enrolment__in=list(enrolments), day=day, confirmed__isnull=True, withdrawn__isnull=True)
    return dict(rows.order_by("id").values_list("enrolment_id", "arrived_at"))


def why_accounted(enrolment: Enrolment, day: date, half: Half, at: datetime) -> str:
    """Why a family must not be told that a child is away without a reason, in a sentence; empty where that is so.

    Besides `explained_by` it looks at the mark of that second, at closures, at a slip that waits at the door and at a
    trip that nobody has confirmed: who may stand in the entrance, or sit in the coach, is not reported absent.
    """
    facts = facts_of(enrolment.school_id)
    seat = read_standing(facts.school, [enrolment.pk], day, half).get(enrolment.pk)
    name = enrolment.pupil.known_name
    if seat is None:
        return f"{name} is in no class on this day."
    if not facts.is_open(day, half, seat.school_class):
        return "There is no school in this session."
    if seat.code not in OPEN_CODES:
        return f"{name} is marked {seat.code}: {find(seat.code, facts.edition_on(day)).meaning}."
    explained = explained_by([enrolment.pk], facts, day, half, at).get(enrolment.pk, "")
    slip = waiting_slips([enrolment.pk], day).get(enrolment.pk)
    placed = placed_at([enrolment.pk], day, half).get(enrolment.pk)
    if placed and placed.waits and not explained:
        return placed.words
    if slip and not explained:
        local = slip.astimezone(LONDON)
        return f"Entered at the door at {local.hour}.{local:%M}; nobody has confirmed it yet."
    return explained


def still_unexplained(enrolment: Enrolment, day: date, half: Half, at: datetime) -> bool:
    """Whether nobody knows, in this second, why a child is not in: see `why_accounted`."""
    return not why_accounted(enrolment, day, half, at)


def begun(facts: SchoolFacts, day: date, at: datetime) -> list[Half]:
    """The sessions of a day whose register may be taken by now."""
    return [half for half in HALVES if facts.is_open(day, half) and facts.has_begun(day, half, at)]


def accounted_words(enrolment: Enrolment, facts: SchoolFacts, day: date, half: Half, at: datetime) -> str:
    """How a child who was looked for is accounted for, in a sentence: by the session, or the one before it."""
    halves = HALVES[: HALVES.index(half) + 1][::-1]
    found = [why for one in halves if facts.is_open(day, one) and (why := why_accounted(enrolment, day, one, at))]
    return f"Accounted for: {found[0]}" if found else "Accounted for."
