"""Who is not accounted for, in the second that it is asked: by the ledger, what is expected, reports and outings.

The call list, the alerts and every message about an absence ask here and nowhere else, so that a child who is in, on a
trip or explained meanwhile is never called about, and never reported absent to a family.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import ActivityCheck, Outing, Report, Slip
from rollcall.registers.models import Expectation
from rollcall.registers.queries.missing import RegisterState, register_states
from rollcall.registers.queries.standing import covering, read_standing
from rollcall.registers.queries.today import Standing, marks_now
from rollcall.rules.codes import MISSING, find
from rollcall.rules.episodes import UNEXPLAINED
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.whereabouts import Where, where
from rollcall.schools.models import Enrolment, Exclusion
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import in_force

OPEN_CODES = (UNEXPLAINED, MISSING)
PASSED = ("in", "in late", "late")
_THERE = (Where.ON_SITE, Where.ELSEWHERE)


@dataclass(frozen=True)
class Missing:
    """One child who is not accounted for. half: the session asked about; began: when its register, or the morning's
    before it, closed.

    is_untouched: nobody in the class has a mark, so that the register is missing rather than the child.
    """

    standing: Standing
    half: Half
    began: datetime
    is_untouched: bool

    @property
    def is_unmarked(self) -> bool:
        """Whether the child has no mark: somebody should look in class first."""
        return self.standing.is_unmarked


def not_accounted(facts: SchoolFacts, day: date, at: datetime) -> list[Missing]:
    """The children of a school whom nobody has accounted for on a day, as things stand at a moment, by class and name.

    N, or no mark where the register is in or has closed; without a report, an expectation, an outing or an exclusion
    that covers the session. Of two sessions the later one speaks, once it has a mark or its register has closed.
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
    explained = explained_by([one.enrolment for one in open_ones], facts, *session, at, contradicted=marked_n)
    touched = {one.school_class for one in speaks if not one.is_unmarked}
    closes = facts.closes_at(*session)
    return {
        one.enrolment: Missing(
            one,
            session[1],
            before[one.enrolment].began if one.enrolment in before else closes,
            one.school_class not in touched and states[one.school_class].state == "late",
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
) -> dict[int, str]:
    """Why each of these (by enrolment) is accounted for in a session though no mark says so, in a sentence each.

    Left out is who is not. A report without a code explains too; an activity whose leader said that the child is not
    there does not, nor an appointment within the day once its return has passed. contradicted: who was marked N, so
    that an activity they are expected at no longer says where they are.
    """
    wanted = list(enrolments)
    if not wanted:
        return {}
    found = _excluded(wanted, day) | _expected(wanted, day, half, contradicted)
    return found | _reported(wanted, facts, day, half, at) | _signed_out(wanted, facts, day, half)


def _expected(enrolments: list[int], day: date, half: Half, contradicted: Container[int]) -> dict[int, str]:
    said = ActivityCheck.objects.filter(place__expectation__enrolment__in=enrolments, day=day, half=half).order_by("id")
    there = dict(said.values_list("place__expectation_id", "there"))
    rows = Expectation.objects.filter(covering(day, half), enrolment__in=enrolments).order_by("id")
    return {
        enrolment: f"{code} is expected: {ground}."
        for pk, enrolment, code, ground in rows.values_list("id", "enrolment_id", "code", "ground")
        if there.get(pk, True) and code != UNEXPLAINED and not (enrolment in contradicted and where(code) in _THERE)
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


def _excluded(enrolments: list[int], day: date) -> dict[int, str]:
    rows = Exclusion.objects.filter(in_force(day), enrolment__in=enrolments)
    return dict.fromkeys(rows.values_list("enrolment_id", flat=True), "Excluded or suspended on this day.")


def waiting_slips(enrolments: Iterable[int], day: date) -> dict[int, datetime]:
    """When those of these arrived whose slip at the door nobody has confirmed, by enrolment."""
    rows = Slip.objects.filter(enrolment__in=list(enrolments), day=day, confirmed__isnull=True, withdrawn__isnull=True)
    return dict(rows.order_by("id").values_list("enrolment_id", "arrived_at"))


def why_accounted(enrolment: Enrolment, day: date, half: Half, at: datetime) -> str:
    """Why a family must not be told that a child is away without a reason, in a sentence; empty where that is so.

    Besides `explained_by` it looks at the mark of that second, at closures, and at a slip that waits at the door: who
    may be standing in the entrance is called about, and not reported absent.
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
