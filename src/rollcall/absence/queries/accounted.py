"""Who is not accounted for, in the second that it is asked: by the ledger, what is expected, reports and outings.

The call list, the alerts and every message about an absence ask here and nowhere else, so that a child who is in, on a
trip or explained meanwhile is never called about, and never reported absent to a family.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from rollcall.absence.models import Slip
from rollcall.absence.queries.explained import explained_by, said_where
from rollcall.absence.queries.not_back import Due, not_back
from rollcall.absence.queries.placed import Placed, placed_at
from rollcall.registers.queries.footing import undecided
from rollcall.registers.queries.missing import RegisterState, register_states
from rollcall.registers.queries.standing import read_standing
from rollcall.registers.queries.today import Standing, marks_now
from rollcall.rules.codes import MISSING, UNEXPLAINED, find
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.words import time_words
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON, ClosureFact

OPEN_CODES = (UNEXPLAINED, MISSING)
NO_SCHOOL = "There is no school in this session."
PASSED = ("in", "in late", "late")


@dataclass(frozen=True)
class Missing:
    """One child who is not accounted for. half: the session asked about; began: when its register, or the morning's
    before it, closed.

    is_untouched: nobody in the class has a mark, so that the register is missing rather than the child. placed: the
    trip or activity they are expected at, which nobody has confirmed, or at which they were missed. due: the return
    from an outing or appointment whose time has passed; `began` is that time then. closed: the closure that was
    announced when nobody had accounted for the child, who is not found by it.
    """

    standing: Standing
    half: Half
    began: datetime
    is_untouched: bool
    placed: Placed | None = None
    due: Due | None = None
    closed: ClosureFact | None = None

    @property
    def closed_words(self) -> str:
        """That the school has closed since, at what time and why, in a sentence; empty where it has not."""
        return closed_words(self.closed, self.standing.class_name) if self.closed else ""

    @property
    def waits(self) -> bool:
        """Whether whoever leads an activity is to be rung first, for they have not said who is there."""
        return self.placed is not None and self.placed.waits

    @property
    def is_unmarked(self) -> bool:
        """Whether the child has no mark: somebody should look in class first."""
        return self.standing.is_unmarked


def closed_words(closed: ClosureFact, class_name: str) -> str:
    """That a class was closed after its session had begun, in a sentence."""
    whom, at = class_name if closed.classes else "The school", closed.announced.astimezone(LONDON)
    return f"{whom} was closed at {time_words(at)}: {closed.ground.rstrip('.')}."


def not_accounted(facts: SchoolFacts, day: date, at: datetime) -> list[Missing]:
    """The children of a school whom nobody has accounted for on a day, as things stand at a moment, by class and name.

    N, or no mark where the register is in or has closed, or a G or O that nobody decided; without a report, an
    expectation, an outing or an exclusion that covers the session. A trip that nobody has confirmed is no such
    expectation. Of two sessions the later one speaks, once it has a mark or its register has closed. Whoever was to be
    back by now is among them, whatever their mark. A closure announced after a session had begun finds nobody: its
    register is over as it stands, and who was not accounted for then stays until somebody says where they are.
    """
    found: dict[int, Missing] = {}
    seats: dict[int, _Seat] = {}
    for half in begun(facts, day, at):
        states = {one.school_class: one for one in register_states(_schools(facts, day, half), day, half, at)}
        closed = closed_since(facts, day, half, states)
        marks = [one for one in marks_now([facts.school], day, half) if one.school_class in states]
        passed = {room for room, state in states.items() if state.state in PASSED or room in closed}
        speaks = [one for one in marks if not one.is_unmarked or one.school_class in passed]
        before, found = found, _without(found, {one.enrolment for one in speaks})
        for closure in (None, *dict.fromkeys(closed.values())):
            those = [one for one in speaks if closed.get(one.school_class) == closure]
            found |= _missing(those, before, states, facts, (day, half), at, closure)
        seats |= {one.enrolment: _Seat(one, half, closed.get(one.school_class)) for one in marks}
    found |= _overdue(facts, day, at, seats, found)
    return sorted(found.values(), key=lambda one: (one.standing.class_name, one.standing.name))


class _Seat(NamedTuple):
    """Where a child sits in the last session that has begun, and the closure that ended it."""

    standing: Standing
    half: Half
    closed: ClosureFact | None


def closed_since(facts: SchoolFacts, day: date, half: Half, classes: Iterable[int]) -> dict[int, ClosureFact]:
    """The closure that ended a session after it had begun, by class (id), of those where there was one."""
    if facts.when_begun(day, half) is facts:
        return {}
    found = {room: facts.closed_since(day, half, room) for room in classes}
    return {room: closure for room, closure in found.items() if closure}


def closed_for(enrolment: Enrolment, day: date, half: Half) -> ClosureFact | None:
    """The closure that ended a session for a child after it had begun; no statement where there was none."""
    facts = facts_of(enrolment.school_id)
    if facts.when_begun(day, half) is facts:
        return None
    seat = read_standing(facts.school, [enrolment.pk], day, half).get(enrolment.pk)
    return facts.closed_since(day, half, seat.school_class) if seat else None


def _schools(facts: SchoolFacts, day: date, half: Half) -> dict[int, SchoolFacts]:
    """The school as it stood when a session began, for what is asked of several."""
    return {facts.school: facts.when_begun(day, half)}


def _overdue(
    facts: SchoolFacts,
    day: date,
    at: datetime,
    seats: Mapping[int, _Seat],
    found: Mapping[int, Missing],
) -> dict[int, Missing]:
    """Who was to be back by now and is not, those who are missed anyway among them: their time runs from then."""
    overdue = {}
    for due in not_back(facts, day, at, {pk: seat.standing.code for pk, seat in seats.items()}):
        seat = seats.get(due.enrolment)
        if seat is None or (seat.closed and due.at > seat.closed.announced):
            continue
        if one := found.get(due.enrolment):
            overdue[due.enrolment] = replace(one, due=due, began=min(one.began, due.at))
        elif due.is_open and not (seat.closed and said_where([due.enrolment], day, seat.closed.announced)):
            overdue[due.enrolment] = Missing(seat.standing, seat.half, due.at, False, due=due, closed=seat.closed)
    return overdue


def _without(found: dict[int, Missing], enrolments: set[int]) -> dict[int, Missing]:
    return {enrolment: one for enrolment, one in found.items() if enrolment not in enrolments}


def _missing(
    speaks: Sequence[Standing],
    before: dict[int, Missing],
    states: dict[int, RegisterState],
    facts: SchoolFacts,
    session: tuple[date, Half],
    at: datetime,
    closed: ClosureFact | None,
) -> dict[int, Missing]:
    """Those of a session who are not accounted for; their time runs from the session before, if it did there."""
    guessed = undecided({one.enrolment: one.code for one in speaks}, *session)
    open_ones = [one for one in speaks if one.code in OPEN_CODES or one.enrolment in guessed]
    marked_n = {one.enrolment for one in open_ones if not one.is_unmarked}
    placed = placed_at([one.enrolment for one in open_ones], *session) if open_ones else {}
    explained = explained_by([one.enrolment for one in open_ones], facts, *session, at, marked_n, placed, closed=closed)
    touched = {one.school_class for one in speaks if not one.is_unmarked}
    followed = {pk for pk, one in before.items() if not (one.is_untouched or one.waits)}
    closes = facts.closes_at(*session)
    return {
        one.enrolment: Missing(
            one,
            session[1],
            before[one.enrolment].began if one.enrolment in before else closes,
            one.enrolment not in followed
            and one.school_class not in touched
            and (closed is not None or states[one.school_class].state == "late"),
            _place(placed.get(one.enrolment), one.enrolment in followed),
            closed=closed,
        )
        for one in open_ones
        if one.enrolment not in explained
    }


def _place(placed: Placed | None, is_followed: bool) -> Placed | None:
    """Where somebody is expected; who was missed before it is not put behind a trip that nobody has confirmed."""
    return None if is_followed and placed and placed.waits else placed


def open_count(school: int, day: date, at: datetime) -> int:
    """How many children of a school (by id) are not accounted for, those of registers that nobody has taken too."""
    return len(not_accounted(facts_of(school), day, at))


def waiting_slips(enrolments: Iterable[int], day: date) -> dict[int, datetime]:
    """When those of these arrived whose slip at the door nobody has confirmed, by enrolment."""
    rows = Slip.objects.filter(enrolment__in=list(enrolments), day=day, confirmed__isnull=True, withdrawn__isnull=True)
    return dict(rows.order_by("id").values_list("enrolment_id", "arrived_at"))


def why_accounted(enrolment: Enrolment, day: date, half: Half, at: datetime) -> str:
    """Why a family must not be told that a child is away without a reason, in a sentence; empty where that is so.

    Besides `explained_by` it looks at the mark of that second, at closures (one that ended the session does not account
    for anybody who was missing in it), at a slip that waits at the door and at a
    trip that nobody has confirmed: who may stand in the entrance, or sit in the coach, is not reported absent.
    """
    facts = facts_of(enrolment.school_id)
    seat = read_standing(facts.school, [enrolment.pk], day, half).get(enrolment.pk)
    name = enrolment.pupil.known_name
    if seat is None:
        return f"{name} is in no class on this day."
    closed = facts.closed_since(day, half, seat.school_class)
    if closed is None and not facts.is_open(day, half, seat.school_class):
        return NO_SCHOOL
    if seat.code not in OPEN_CODES and not undecided({enrolment.pk: seat.code}, day, half):
        return f"{name} is marked {seat.code}: {find(seat.code, facts.edition_on(day)).meaning}."
    explained = explained_by([enrolment.pk], facts, day, half, at, unconfirmed=True, closed=closed)
    if enrolment.pk in explained:
        return explained[enrolment.pk]
    slip = waiting_slips([enrolment.pk], day).get(enrolment.pk)
    placed = placed_at([enrolment.pk], day, half).get(enrolment.pk)
    if placed and placed.waits:
        return placed.words
    if slip:
        local = slip.astimezone(LONDON)
        return f"Entered at the door at {local.hour}.{local:%M}; nobody has confirmed it yet."
    return ""


def why_accounted_by_now(enrolment: Enrolment, day: date, half: Half, at: datetime) -> str:
    """As `why_accounted`, for who has waited: of a session and those that have begun since, so that a child who came
    for the afternoon is not reported away in the morning. A later session that was none for the child says nothing.
    """
    facts = facts_of(enrolment.school_id)
    later = [one for one in HALVES[HALVES.index(half) + 1 :] if one in begun(facts, day, at)]
    first = why_accounted(enrolment, day, half, at)
    since = (why_accounted(enrolment, day, one, at) for one in later)
    return first or next((why for why in since if why and why != NO_SCHOOL), "")


def begun(facts: SchoolFacts, day: date, at: datetime) -> list[Half]:
    """The sessions of a day that have begun by now, those among them that the school was closed in afterwards."""
    return [half for half in HALVES if _was_on(facts, day, half) and facts.has_begun(day, half, at)]


def _was_on(facts: SchoolFacts, day: date, half: Half) -> bool:
    return facts.when_begun(day, half).is_open(day, half)


def accounted_words(enrolment: Enrolment, facts: SchoolFacts, day: date, half: Half, at: datetime) -> str:
    """How a child who was looked for is accounted for, in a sentence: by the session, or the one before it."""
    halves = HALVES[: HALVES.index(half) + 1][::-1]
    found = [why for one in halves if _was_on(facts, day, one) and (why := why_accounted(enrolment, day, one, at))]
    says = [why for why in found if why != NO_SCHOOL] or found
    return f"Accounted for: {says[0]}" if says else "Accounted for."
