"""The call list of a school's day: who is not accounted for, whom to call next, what was tried, which step is due.

Highest risk first, then whose time has run longest. A slip that waits at the door takes nobody off it; a message from a
family's own number, or a caller handed on, sets a child apart, to be looked into before anybody is rung.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from rollcall.absence.models import HandOver
from rollcall.absence.queries.accounted import Missing, begun, not_accounted, open_count, waiting_slips
from rollcall.absence.queries.found import ClosedRoom, FoundLine, closed_rooms, found_since
from rollcall.absence.queries.placed import Unconfirmed, unconfirmed
from rollcall.absence.queries.report_known import in_no_class, words_for
from rollcall.absence.queries.report_values import Sibling
from rollcall.absence.queries.siblings import siblings_now
from rollcall.absence.queries.times import times_on
from rollcall.absence.queries.tried import Sent, Told, Tried, alerts_of, calls_of, messages_of
from rollcall.absence.queries.words import LeftWord, uncleared
from rollcall.letters.queries.written_to import holds_on
from rollcall.rules.ladder import Adult, Ladder, Times, ladder
from rollcall.rules.phones import dialled
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.families import ContactFact, contacts_of_all

RISKS = ("red", "amber", "green")


@dataclass(frozen=True)
class Row:
    """One child on the list. slip: when one that waits at the door was filled in. word: the message in the inbox from
    one of the family's numbers. handed_on: the caller who waits for the head of school. held: why nothing is sent.
    """

    missing: Missing
    ladder: Ladder
    contacts: tuple[ContactFact, ...]
    tried: tuple[Tried, ...]
    sent: tuple[Sent, ...]
    alerts: tuple[Told, ...]
    siblings: tuple[Sibling, ...]
    slip: datetime | None
    word: str
    handed_on: str
    held: str

    @property
    def enrolment(self) -> int:
        """Whose row it is."""
        return self.missing.standing.enrolment

    @property
    def name(self) -> str:
        """The child."""
        return self.missing.standing.name

    @property
    def is_set_apart(self) -> bool:
        """Whether the family has left word, so that it is looked into before anybody is rung."""
        return bool(self.word or self.handed_on)

    @property
    def last_reached(self) -> Tried | None:
        """The last call that reached somebody."""
        return next((one for one in reversed(self.tried) if one.outcome == "reached"), None)

    @property
    def next_contact(self) -> ContactFact | None:
        """Who is to be called next."""
        wanted = self.ladder.next_call
        return next((one for one in self.contacts if wanted and one.link == wanted[0]), None)

    @property
    def next_number(self) -> str:
        """On which number."""
        return self.ladder.next_call[1] if self.ladder.next_call else ""

    @property
    def lines(self) -> list["Line"]:
        """The contacts in order with their numbers, and how the last try at each ended."""
        return [
            Line(one, tuple(Number(n, kind, self._last(n), n == self.next_number) for n, kind in one.phones))
            for one in self.contacts
        ]

    def _last(self, number: str) -> str:
        tries = [one for one in self.tried if one.number == number]
        return tries[-1].outcome_words if tries else ""

    @property
    def seen(self) -> int:
        """The number of the last call shown, 0 for none: a tap says what its page had shown."""
        return self.tried[-1].id if self.tried else 0


@dataclass(frozen=True)
class Number:
    """One number of a contact: how the last try ended, and whether it is to be called next."""

    number: str
    kind: str
    last: str
    is_next: bool


@dataclass(frozen=True)
class Line:
    """One contact on a row."""

    contact: ContactFact
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class CallList:
    """A school's list at a moment. untouched: classes whose register nobody has taken, with how many children of low
    risk are behind each; those at risk have rows of their own. apart: rows whose family has left word. trips: those
    whose leader has not said who is there and is to be rung before any family. loose: who is on the roll and in no
    class, so that no register says where they are. closed: the classes closed before anybody in them was marked; found:
    who was said to be somewhere since.
    """

    day: date
    calls_from: datetime
    rows: tuple[Row, ...]
    apart: tuple[Row, ...]
    untouched: tuple[tuple[str, int], ...]
    inbox: tuple[LeftWord, ...]
    trips: tuple["Trip", ...] = ()
    loose: tuple[str, ...] = ()
    closed: tuple[ClosedRoom, ...] = ()
    found: tuple[FoundLine, ...] = ()

    @property
    def n(self) -> int:
        """How many children are not accounted for."""
        behind = sum(n for _, n in self.untouched) + sum(len(room.children) for room in self.closed)
        behind += sum(len(trip.rows) for trip in self.trips)
        return len(self.rows) + len(self.apart) + behind


@dataclass(frozen=True)
class Trip:
    """A trip or activity that nobody has confirmed for some of its children, though the register has closed.

    n: how many those are, whatever their mark; `rows` are those of low risk who are not accounted for.
    """

    unconfirmed: Unconfirmed
    rows: tuple[Row, ...]


def call_list(facts: SchoolFacts, at: datetime) -> CallList:
    """The list of the day of a moment, in a fixed number of queries."""
    day = at.astimezone(LONDON).date()
    missing = not_accounted(facts, day, at)
    own = [one for one in missing if is_followed(one) or one.waits]
    inbox = uncleared(facts.school, at)
    rows = sorted(_rows(own, facts, day, at, inbox), key=lambda row: _order(row.missing))
    behind = [one for one in missing if not (is_followed(one) or one.waits)]
    hidden = [one.standing.class_name for one in behind if not one.closed]
    followed = [row for row in rows if is_followed(row.missing)]
    return CallList(
        day,
        facts.moment(day, times_on(facts, day)["calls_from"]),
        tuple(row for row in followed if not row.is_set_apart),
        tuple(row for row in followed if row.is_set_apart),
        tuple((name, hidden.count(name)) for name in sorted(set(hidden))),
        tuple(inbox),
        tuple(_trips(facts, [row for row in rows if not is_followed(row.missing)], day, at)),
        tuple(name for _, _, name, _ in in_no_class(facts.school, day)) if begun(facts, day, at) else (),
        tuple(closed_rooms(one for one in behind if one.closed)),
        tuple(found_since(facts, day)),
    )


def _trips(facts: SchoolFacts, waiting: Sequence[Row], day: date, at: datetime) -> Iterable[Trip]:
    """The activities that nobody has confirmed, with the rows behind each; of two sessions the later one speaks."""
    on = begun(facts, day, at)
    halves = [half for half in on if at >= facts.closes_at(day, half) or facts.when_begun(day, half) is not facts]
    found = unconfirmed(facts, day, halves[-1]) if halves else []
    for one in found:
        placed = [(row, row.missing.placed) for row in waiting]
        yield Trip(one, tuple(row for row, place in placed if place and place.activity == one.activity))


def is_followed(one: Missing) -> bool:
    """Whether a child is looked for one by one: all but those of low risk whose whole class has not been marked, or
    whose trip has not been confirmed.
    """
    return one.standing.risk != "green" or not (one.is_untouched or one.waits)


def _order(one: Missing) -> tuple[int, datetime, str, str]:
    return RISKS.index(one.standing.risk), one.began, one.standing.class_name, one.standing.name


@dataclass(frozen=True)
class Around:
    """What ladders are made of, by pupil (contacts) and by enrolment, read once."""

    contacts: Mapping[int, list[ContactFact]]
    tried: Mapping[int, list[Tried]]
    told: Mapping[int, list[Told]]


def around(missing: Iterable[Missing], day: date) -> Around:
    """The contacts, calls and alerts of a day of some children, in three queries."""
    wanted = list(missing)
    enrolments = [one.standing.enrolment for one in wanted]
    contacts = contacts_of_all([one.standing.pupil for one in wanted])
    return Around(contacts, calls_of(enrolments, day), alerts_of(enrolments, day))


def _rows(missing: list[Missing], facts: SchoolFacts, day: date, at: datetime, inbox: list[LeftWord]) -> Iterable[Row]:
    if not missing:
        return []
    enrolments, pupils = [one.standing.enrolment for one in missing], [one.standing.pupil for one in missing]
    known = around(missing, day)
    ladders = ladders_of(facts, missing, known, day, at)
    sent = messages_of(enrolments, facts.moment(day, facts.times_on(day).gate))
    last_half: Half = "PM" if any(one.half == "PM" for one in missing) else "AM"
    siblings, slips = siblings_now(facts, pupils, day, last_half), waiting_slips(enrolments, day)
    words = words_for(pupils, [(f"{one.channel_words}, {clock_of(one.received_at)}", one.number) for one in inbox])
    handed, held = _handed_on(enrolments, facts.moment(day, time(0))), holds_on(pupils, day)
    return [
        Row(
            missing=one,
            ladder=ladders[one.standing.enrolment],
            contacts=tuple(known.contacts[one.standing.pupil]),
            tried=tuple(known.tried.get(one.standing.enrolment, ())),
            sent=tuple(sent.get(one.standing.enrolment, ())),
            alerts=tuple(known.told.get(one.standing.enrolment, ())),
            siblings=siblings.get(one.standing.pupil, ()),
            slip=slips.get(one.standing.enrolment),
            word=words.get(one.standing.pupil, ""),
            handed_on=handed.get(one.standing.enrolment, ""),
            held=held.get(one.standing.pupil, ""),
        )
        for one in missing
    ]


def clock_of(moment: datetime) -> str:
    """A moment as "9.22" in the school's time."""
    return time_words(moment.astimezone(LONDON))


def _handed_on(enrolments: Iterable[int], since: datetime) -> dict[int, str]:
    """Who rang about each of these today and waits for the head of school: a call of last week says nothing of now."""
    rows = HandOver.objects.filter(enrolment__in=list(enrolments), done__isnull=True, deed__at__gte=since).order_by(
        "id"
    )
    return {one: caller for one, caller in rows.values_list("enrolment_id", "caller") if one}


def ladders_of(
    facts: SchoolFacts, missing: Iterable[Missing], known: Around, day: date, at: datetime
) -> dict[int, Ladder]:
    """Where the ladder of each of these stands, by enrolment; no query."""
    policy, calls_from = facts.policy_on(day), facts.moment(day, times_on(facts, day)["calls_from"])
    return {
        one.standing.enrolment: ladder(
            step_times(policy, one.standing.risk),
            began=one.began,
            calls_from=calls_from if one.began < calls_from else None,
            adults=_adults(known.contacts[one.standing.pupil]),
            attempts=[call.attempt for call in known.tried.get(one.standing.enrolment, ())],
            told_at=_first(known.told, one.standing.enrolment),
            at=at,
        )
        for one in missing
    }


def _adults(contacts: Iterable[ContactFact]) -> list[Adult]:
    """The contacts as the ladder sees them: a number that is also that of somebody barred is never the next."""
    wanted = list(contacts)
    barred = {dialled(number) for one in wanted if one.barred for number, _ in one.phones}
    return [
        Adult(one.link, tuple(n for n, _ in one.phones if one.barred or dialled(n) not in barred), one.barred)
        for one in wanted
    ]


def step_times(policy: Policy, risk: str) -> Times:
    """The policy's minutes for a colour of risk."""
    of = policy.risk_of(risk)
    return Times(of.first_call_after_minutes, of.all_contacts_after_minutes, of.dsl_told_after_minutes)


def _first(told: Mapping[int, list[Told]], enrolment: int) -> datetime | None:
    return next((one.at for one in told.get(enrolment, ()) if not one.is_over), None)


__all__ = ["CallList", "Around", "Row", "around", "call_list", "is_followed", "ladders_of", "open_count", "step_times"]
