"""Who is not accounted for, in the second that it is asked: by the ledger, what is expected, reports and outings.

The call list, the alerts and every message about an absence ask here and nowhere else, so that a child who is in, on a
trip or explained meanwhile is never called about, and never reported absent to a family.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rollcall.absence.models import Outing, Report, Slip
from rollcall.absence.queries.not_back import Due, not_back
from rollcall.absence.queries.placed import Placed, placed_at
from rollcall.registers.models import Entry, Expectation
from rollcall.registers.queries.known_ahead import facts_now
from rollcall.registers.queries.missing import RegisterState, register_states
from rollcall.registers.queries.standing import TAKEN, covering, read_standing
from rollcall.registers.queries.today import Standing, marks_now
from rollcall.rules.codes import MISSING, UNEXPLAINED, find
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.whereabouts import Where, where
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON

OPEN_CODES = (UNEXPLAINED, MISSING)
UNKNOWN_CIRCUMSTANCES = "O"
PASSED = ("in", "in late", "late")
_THERE = (Where.ON_SITE, Where.ELSEWHERE)


@dataclass(frozen=True)
class Missing:
    """One child who is not accounted for. half: the session asked about; began: when its register, or the morning's
    before it, closed.

    is_untouched: nobody in the class has a mark, so that the register is missing rather than the child. placed: the
    trip or activity they are expected at, which nobody has confirmed, or at which they were missed. due: the return
    from an outing or appointment whose time has passed; `began` is that time then.
    """

    standing: Standing
    half: Half
    began: datetime
    is_untouched: bool
    placed: Placed | None = None
    due: Due | None = None

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

    N, or no mark where the register is in or has closed, or O as whoever took the register gave it; without a report,
    an expectation, an outing or an exclusion that covers the session. A trip that nobody has confirmed is no such
    expectation. Of two sessions the later one speaks, once it has a mark or its register has closed. Whoever was to be
    back by now is among them, whatever their mark.
    """
    found: dict[int, Missing] = {}
    seats: dict[int, tuple[Standing, Half]] = {}
    for half in begun(facts, day, at):
        states = {state.school_class: state for state in register_states({facts.school: facts}, day, half, at)}
        marks = [one for one in marks_now([facts.school], day, half) if one.school_class in states]
        passed = {room for room, state in states.items() if state.state in PASSED}
        speaks = [one for one in marks if not one.is_unmarked or one.school_class in passed]
        before, found = found, _without(found, {one.enrolment for one in speaks})
        found |= _missing(speaks, before, states, facts, (day, half), at)
        seats |= {one.enrolment: (one, half) for one in marks}
    found |= _overdue(facts, day, at, seats, found)
    return sorted(found.values(), key=lambda one: (one.standing.class_name, one.standing.name))


def _overdue(
    facts: SchoolFacts,
    day: date,
    at: datetime,
    seats: Mapping[int, tuple[Standing, Half]],
    found: Mapping[int, Missing],
) -> dict[int, Missing]:
    """Who was to be back by now and is not, those who are missed anyway among them: their time runs from then."""
    overdue = {}
    for due in not_back(facts, day, at, {pk: seat.code for pk, (seat, _) in seats.items()}):
        if one := found.get(due.enrolment):
            overdue[due.enrolment] = replace(one, due=due, began=min(one.began, due.at))
        elif due.enrolment in seats and due.is_open:
            overdue[due.enrolment] = Missing(*seats[due.enrolment], due.at, False, due=due)
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
) -> dict[int, Missing]:
    """Those of a session who are not accounted for; their time runs from the session before, if it did there."""
    guessed = _guessed([one.enrolment for one in speaks if one.code == UNKNOWN_CIRCUMSTANCES], *session)
    open_ones = [one for one in speaks if one.code in OPEN_CODES or one.enrolment in guessed]
    marked_n = {one.enrolment for one in open_ones if not one.is_unmarked}
    placed = placed_at([one.enrolment for one in open_ones], *session) if open_ones else {}
    explained = explained_by([one.enrolment for one in open_ones], facts, *session, at, marked_n, placed)
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
            and states[one.school_class].state == "late",
            _place(placed.get(one.enrolment), one.enrolment in followed),
        )
        for one in open_ones
        if one.enrolment not in explained
    }


def _place(placed: Placed | None, is_followed: bool) -> Placed | None:
    """Where somebody is expected; who was missed before it is not put behind a trip that nobody has confirmed."""
    return None if is_followed and placed and placed.waits else placed


def _guessed(enrolments: list[int], day: date, half: Half) -> set[int]:
    """Those of some who are marked O whose O nobody decided: it was given by taking the register."""
    if not enrolments:
        return set()
    rows = Entry.objects.filter(enrolment__in=enrolments, day=day, half=half).order_by("number")
    last = dict(rows.values_list("enrolment_id", "deed__kind"))
    return {enrolment for enrolment, kind in last.items() if kind == TAKEN}


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
    *,
    unconfirmed: bool = False,
) -> dict[int, str]:
    """Why each of these (by enrolment) is accounted for in a session though no mark says so, in a sentence each.

    Left out is who is not. A report without a code explains too; an activity does only once its leader has said that
    the child is there, an appointment within the day until its return has passed. contradicted: who was marked N, so
    that an activity they are expected at no longer says where they are. placed: `placed_at`, where it has been read.
    unconfirmed: whether being expected elsewhere, which nobody has confirmed, is enough, as before a family is told.
    """
    wanted = list(enrolments)
    if not wanted:
        return {}
    if placed is None:
        placed = placed_at(wanted, day, half)
    expected = _expected(wanted, facts, day, half, at)
    said = {pk: one.words for pk, one in expected.items() if _says(one, contradicted, placed, unconfirmed)}
    found = _by_fact(wanted, facts, day, half) | said
    return found | _reported(wanted, facts, day, half, at) | _signed_out(wanted, facts, day, half, at)


@dataclass(frozen=True)
class _Expected:
    """What is expected of one child in a session, by somebody's entry. place: in an activity."""

    enrolment: int
    code: str
    place: int | None
    words: str


def _expected(enrolments: list[int], facts: SchoolFacts, day: date, half: Half, at: datetime) -> dict[int, _Expected]:
    """What was entered last of each; what an outing made of a session lasts until its return has passed."""
    rows = Expectation.objects.filter(covering(day, half), enrolment__in=enrolments).exclude(code=UNEXPLAINED)
    found = {}
    for pk, code, ground, place, due, back in rows.order_by("id").values_list(
        "enrolment_id", "code", "ground", "activity_place__id", "outing__back_due", "outing__back_at"
    ):
        if due is None or back or at < facts.moment(day, due):
            found[pk] = _Expected(pk, code, place, f"{code} is expected: {ground}.")
    return found


def _says(one: _Expected, contradicted: Container[int], placed: Mapping[int, Placed], unconfirmed: bool) -> bool:
    """Whether an expectation says where a child is: to be present or elsewhere, only where somebody has seen it."""
    if where(one.code) not in _THERE:
        return True
    if one.enrolment in contradicted:
        return False
    if one.place is None:
        return unconfirmed
    return any(other.place == one.place and other.there for other in placed.values())


def _reported(enrolments: list[int], facts: SchoolFacts, day: date, half: Half, at: datetime) -> dict[int, str]:
    """Who gave a reason. The word of somebody barred counts once the head of school has decided on it."""
    rows = Report.objects.filter(covering(day, half), enrolment__in=enrolments).select_related(
        "word", "deed", "contact"
    )
    found = {}
    for row in rows.order_by("id"):
        if _is_appointment_apart(row, facts, day, half, at) or (
            row.contact and row.contact.barred and not row.decided_id
        ):
            continue
        when = row.deed.at.astimezone(LONDON)
        found[row.enrolment_id] = f"{row.word.caller or 'Somebody'} gave a reason, entered at {when.hour}.{when:%M}."
    return found


def _is_appointment_apart(row: Report, facts: SchoolFacts, day: date, half: Half, at: datetime) -> bool:
    """Whether a report of an appointment that costs no session says nothing of it: over, or after the register."""
    if row.code or row.last_day != day:
        return False
    is_over = row.back_at is not None and at >= facts.moment(day, row.back_at)
    return is_over or (row.out_at is not None and facts.moment(day, row.out_at) >= facts.closes_at(day, half))


def _signed_out(enrolments: list[int], facts: SchoolFacts, day: date, half: Half, at: datetime) -> dict[int, str]:
    """Who was signed out before the session's register closed, is not back, and was not to be back by now."""
    rows = Outing.objects.filter(enrolment__in=enrolments, day=day, back__isnull=True, withdrawn__isnull=True)
    rows = rows.filter(out_at__lt=facts.closes_at(day, half))
    return {
        one: f"Signed out with {who}."
        for one, who, due in rows.values_list("enrolment_id", "collector", "back_due")
        if due is None or at < facts.moment(day, due)
    }


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
    explained = explained_by([enrolment.pk], facts, day, half, at, unconfirmed=True).get(enrolment.pk, "")
    slip = waiting_slips([enrolment.pk], day).get(enrolment.pk)
    placed = placed_at([enrolment.pk], day, half).get(enrolment.pk)
    if placed and placed.waits and not explained:
        return placed.words
    if slip and not explained:
        local = slip.astimezone(LONDON)
        return f"Entered at the door at {local.hour}.{local:%M}; nobody has confirmed it yet."
    return explained


def why_accounted_by_now(enrolment: Enrolment, day: date, half: Half, at: datetime) -> str:
    """As `why_accounted`, for who has waited: of a session and those that have begun since, so that a child who came
    for the afternoon is not reported away in the morning.
    """
    facts = facts_of(enrolment.school_id)
    later = [one for one in HALVES[HALVES.index(half) + 1 :] if one in begun(facts, day, at)]
    return next((why for one in (half, *later) if (why := why_accounted(enrolment, day, one, at))), "")


def begun(facts: SchoolFacts, day: date, at: datetime) -> list[Half]:
    """The sessions of a day whose register may be taken by now."""
    return [half for half in HALVES if facts.is_open(day, half) and facts.has_begun(day, half, at)]


def accounted_words(enrolment: Enrolment, facts: SchoolFacts, day: date, half: Half, at: datetime) -> str:
    """How a child who was looked for is accounted for, in a sentence: by the session, or the one before it."""
    halves = HALVES[: HALVES.index(half) + 1][::-1]
    found = [why for one in halves if facts.is_open(day, one) and (why := why_accounted(enrolment, day, one, at))]
    return f"Accounted for: {found[0]}" if found else "Accounted for."
