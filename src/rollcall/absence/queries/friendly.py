"""Who was away today and is called at half past three, with the reason, tomorrow's plan, and what was logged (A6-d).

Who has no mark may be away or here: they are listed apart, to be settled in the register before anybody rings.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import FriendlyCall
from rollcall.letters.queries.written_to import holds_on
from rollcall.registers.queries.known_ahead import Expected, expected_now
from rollcall.registers.queries.today import Standing, marks_now
from rollcall.rules.codes import MISSING, find
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.whereabouts import is_away
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.families import ContactFact, contacts_of_all


@dataclass(frozen=True)
class Logged:
    """One call as it was logged."""

    at: datetime
    who: str
    outcome: str
    spoke_to: str
    words: str
    tomorrow: str
    back_on: date | None

    @property
    def reached(self) -> bool:
        """Whether somebody was spoken to."""
        return self.outcome == "reached"

    @property
    def outcome_words(self) -> str:
        """The outcome in words."""
        return dict(FriendlyCall.OUTCOMES)[self.outcome]


@dataclass(frozen=True)
class Away:
    """One child who was away: why, who said so, when they are expected, whom to call. `held`: why to ask first."""

    enrolment: int
    pupil: int
    name: str
    school_class: int
    class_name: str
    code: str
    reason: str
    told_by: str
    back_on: date | None
    held: str
    contacts: tuple[ContactFact, ...]
    calls: tuple[Logged, ...]

    @property
    def is_done(self) -> bool:
        """Whether somebody was spoken to, or a message was left."""
        return any(call.outcome != "no_answer" for call in self.calls)


@dataclass(frozen=True)
class NotMarked:
    """The children of one class of whom the session's register says nothing, by name."""

    school_class: int
    class_name: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Friendly:
    """The list of a day. half: the session it is of, None before the first; not_marked: to be settled first."""

    half: Half | None
    away: tuple[Away, ...] = ()
    not_marked: tuple[NotMarked, ...] = ()

    @property
    def n_not_marked(self) -> int:
        """How many have no mark."""
        return sum(len(one.names) for one in self.not_marked)


def friendly_list(facts: SchoolFacts, day: date, at: datetime, classes: Collection[int] | None = None) -> Friendly:
    """The children of a school (of some classes by id; None is all) away, or not marked, in the last session begun, by
    class: in a handful of queries, however many they are.
    """
    half = next((h for h in reversed(HALVES) if facts.is_open(day, h) and facts.has_begun(day, h, at)), None)
    if half is None:
        return Friendly(None)
    here = marks_now([facts.school], day, half)
    found = [one for one in here if classes is None or one.school_class in classes]
    away = [one for one in found if is_away(one.code)]
    enrolments, pupils = [one.enrolment for one in away], [one.pupil for one in away]
    expected = expected_now(enrolments, day, half, facts)
    contacts, held, calls = contacts_of_all(pupils), holds_on(pupils, day), calls_of(enrolments, day)
    edition = facts.edition_on(day)
    called = (_away(one, expected.get(one.enrolment), contacts[one.pupil], held, calls, edition) for one in away)
    open_now = (one for one in found if facts.is_open(day, half, one.school_class))
    return Friendly(half, tuple(called), _not_marked(open_now))


def _not_marked(found: Iterable[Standing]) -> tuple[NotMarked, ...]:
    rooms: dict[tuple[int, str], list[str]] = {}
    for one in found:
        if one.code == MISSING:
            rooms.setdefault((one.school_class, one.class_name), []).append(one.name)
    return tuple(NotMarked(*room, tuple(names)) for room, names in rooms.items())


def _away(
    one: Standing,
    expected: Expected | None,
    contacts: list[ContactFact],
    held: dict[int, str],
    calls: dict[int, list[Logged]],
    edition: str,
) -> Away:
    return Away(
        enrolment=one.enrolment,
        pupil=one.pupil,
        name=one.name,
        school_class=one.school_class,
        class_name=one.class_name,
        code=one.code,
        reason=expected.ground if expected else find(one.code, edition).meaning,
        told_by=expected.told_by if expected else "",
        back_on=expected.back_on if expected else None,
        held=held.get(one.pupil, ""),
        contacts=tuple(contacts),
        calls=tuple(calls.get(one.enrolment, ())),
    )


def calls_of(enrolments: Iterable[int], day: date) -> dict[int, list[Logged]]:
    """The friendly calls of a day by enrolment, oldest first."""
    rows = FriendlyCall.objects.filter(enrolment__in=list(enrolments), day=day).select_related("deed").order_by("id")
    found: dict[int, list[Logged]] = {}
    for call in rows:
        said = (call.outcome, call.spoke_to, call.words, call.tomorrow, call.back_on)
        found.setdefault(call.enrolment_id, []).append(Logged(call.deed.at, call.deed.name, *said))
    return found
