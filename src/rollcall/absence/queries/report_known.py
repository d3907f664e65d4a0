"""What is known of a school's pupils who are not in, read for the absentee report: a fixed number of statements.

Who told us and what they said, calls and alerts, evidence, slips at the door, who was signed out, and where brothers
and sisters are. Nothing is judged here; `rules.absentees` says what is still to do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef

from rollcall.absence.models import Call
from rollcall.absence.queries.report_rows import Row, on_record
from rollcall.accounts.templatetags.words import clock
from rollcall.registers.queries.known_ahead import facts_now
from rollcall.rules.ahead import gives_way
from rollcall.rules.phones import dialled
from rollcall.rules.sessions import Half
from rollcall.rules.words import day_words
from rollcall.schools.models import ClassMembership, Enrolment, PupilContact
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import in_force, on_roll


@dataclass(frozen=True)
class Told:
    """What is expected of a pupil in the session, on whose word.

    ground: of an activity. confirms: the leader who has not yet confirmed. question: why the code must be decided.
    """

    code: str
    reason: str
    by: str
    back: str
    ground: str = ""
    confirms: str = ""
    question: str = ""
    is_report: bool = False


@dataclass(frozen=True)
class Out:
    """Somebody who was signed out and is not back, in a sentence; `school_class` is where they are on the register."""

    school_class: int
    words: str


@dataclass(frozen=True)
class Known:
    """All that is known, by enrolment, except `inbox`: the messages that nobody has answered, as (words, number).

    loose: who is on roll and in no class, as (enrolment, pupil, name, risk). closed: the classes, by id, that were
    closed after the session had begun.
    called: the last call's outcome, and with whom and when. doubts: "wait", "decide" or "tell", and until when.
    """

    told: dict[int, Told] = field(default_factory=dict)
    called: dict[int, tuple[str, str]] = field(default_factory=dict)
    alerts: dict[int, str] = field(default_factory=dict)
    doubts: dict[int, tuple[str, str]] = field(default_factory=dict)
    handed_on: dict[int, str] = field(default_factory=dict)
    slips: dict[int, str] = field(default_factory=dict)
    outings: dict[int, Out] = field(default_factory=dict)
    inbox: list[tuple[str, str]] = field(default_factory=list)
    loose: list[tuple[int, int, str, str]] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)


def known_of(facts: SchoolFacts, day: date, half: Half) -> Known:
    """What is known of a school's pupils in a session, in two statements."""
    known, policy = Known(), facts.policy_on(day)
    reasons = {reason.id: reason.name for reason in policy.reasons}
    roles = {role.id: role.name for role in policy.roles}
    for row in on_record(facts.school, day, half):
        _FILED[row.kind](known, row, _Words(day, reasons, roles))
    for enrolment, fact in facts_now(None, day, half, facts).items():
        # An exclusion or a timetable outweighs a report, except where the child is taught or taken elsewhere.
        if not (enrolment in known.told and gives_way(fact.code, known.told[enrolment].code or fact.code)):
            by = f"entered by {fact.taken_by}, {said(fact.said_at, day)}"
            known.told[enrolment] = Told(fact.code, f"{fact.ground}. {fact.question}".strip(" ."), by, "")
    return known


@dataclass(frozen=True)
class _Words:
    """What rows are put into words with."""

    day: date
    reasons: dict[str, str]
    roles: dict[str, str]

    def reason(self, reason: str, note: str) -> str:
        return self.reasons.get(reason, reason) + (f": {note}" if note else "")

    def time(self, at: datetime | None) -> str:
        return said(at, self.day) if at else ""


def said(at: datetime, day: date) -> str:
    """A moment as "8.12am", with its day where that is another."""
    local = at.astimezone(LONDON)
    return clock(local) if local.date() == day else f"{day_words(local.date())}, {clock(local)}"


def _back(row: Row) -> str:
    return day_words(row.day) if row.day else ""


_CHANNELS = {"phone": "by phone", "voicemail": "voicemail", "email": "e-mail", "note": "a note", "person": "in person"}


def _reported(known: Known, row: Row, words: _Words) -> None:
    """What was reported says more than the expectation it became; what an activity's leader confirms stays."""
    reason, note, code, question, channel, who = row.texts
    if row.enrolment in known.told and known.told[row.enrolment].confirms:
        return
    by = f"{who or 'somebody'} ({_CHANNELS[channel]}, {words.time(row.at)})"
    known.told[row.enrolment] = Told(
        code, words.reason(reason, note), by, _back(row), question=question, is_report=True
    )


def _expected(known: Known, row: Row, words: _Words) -> None:
    code, ground, by, entered, title, confirms = row.texts
    if row.enrolment in known.told and known.told[row.enrolment].is_report and not confirms:
        return
    who = f"{by or f'entered by {entered}'}, {words.time(row.at)}"
    known.told[row.enrolment] = Told(code, ground, who, _back(row), title or ground, confirms)


_OUTCOMES = dict(Call.OUTCOMES)


def _called(known: Known, row: Row, words: _Words) -> None:
    outcome, name, *_ = row.texts
    known.called[row.enrolment] = (outcome, f"{name}, {words.time(row.at)}: {_OUTCOMES[outcome].lower()}")


def _alert(known: Known, row: Row, words: _Words) -> None:
    known.alerts[row.enrolment] = words.roles.get(row.texts[0], row.texts[0])


def _doubt(known: Known, row: Row, words: _Words) -> None:
    known.doubts[row.enrolment] = (row.texts[0], _back(row))


def _handed_on(known: Known, row: Row, words: _Words) -> None:
    known.handed_on[row.enrolment] = row.texts[0]


def _slip(known: Known, row: Row, words: _Words) -> None:
    known.slips[row.enrolment] = words.time(row.at)


def _out(known: Known, row: Row, words: _Words) -> None:
    reason, note, collector, due, name, room = row.texts
    until = f", back by {clock(time.fromisoformat(due))}" if due else ""
    told = f"{name}: signed out {words.time(row.at)} with {collector} ({words.reason(reason, note)}){until}"
    known.outings[row.enrolment] = Out(int(room), told)


_LEFT = {
    "phone": "the call",
    "voicemail": "the voicemail",
    "email": "the e-mail",
    "note": "the note",
    "person": "what was said in person",
}


def _word(known: Known, row: Row, words: _Words) -> None:
    channel, caller, number, *_ = row.texts
    whom = f" from {caller or number}" if caller or number else ""
    known.inbox.append((f"{_LEFT[channel]}{whom}, {words.time(row.at)}", number))


def _loose(known: Known, row: Row, words: _Words) -> None:
    name, risk, pupil, *_ = row.texts
    known.loose.append((row.enrolment, int(pupil), name, risk))


_FILED: dict[str, Callable[[Known, Row, _Words], None]] = {
    "reported": _reported,
    "expected": _expected,
    "called": _called,
    "alert": _alert,
    "doubt": _doubt,
    "handed on": _handed_on,
    "slip": _slip,
    "out": _out,
    "word": _word,
    "loose": _loose,
}


def words_for(pupils: Iterable[int], inbox: Iterable[tuple[str, str]]) -> dict[int, str]:
    """The message in the inbox that came from a number or address of each pupil's family, by pupil.

    One statement, and none where nothing waits.
    """
    sent = {_from(number): words for words, number in inbox if _from(number)}
    if not sent:
        return {}
    rows = PupilContact.objects.filter(pupil__in=list(pupils), barred=False)
    found: dict[int, str] = {}
    for pupil, number, address in rows.values_list("pupil_id", "contact__phones__number", "contact__email"):
        for one in (_from(number or ""), _from(address)):
            if one in sent:
                found[pupil] = sent[one]
    return found


def _from(text: str) -> str:
    return text.strip().lower() if "@" in text else dialled(text)


def sibling_pairs(pupils: Iterable[int]) -> dict[int, set[int]]:
    """Whom each of some pupils shares an adult with, both living there, in one statement."""
    wanted = set(pupils)
    if not wanted:
        return {}
    homes = PupilContact.objects.filter(pupil__in=wanted, lives_with=True).values("contact")
    rows = PupilContact.objects.filter(contact__in=homes, lives_with=True).values_list("contact_id", "pupil_id")
    at_home: dict[int, set[int]] = {}
    for contact, pupil in rows:
        at_home.setdefault(contact, set()).add(pupil)
    found: dict[int, set[int]] = {}
    for together in at_home.values():
        for pupil in together & wanted:
            if len(together) > 1:
                found.setdefault(pupil, set()).update(together - {pupil})
    return found


def in_no_class(school: int, day: date) -> list[tuple[int, int, str, str]]:
    """Pupils on a school's roll on a day who are in no class: (enrolment, pupil, name, risk), in one statement."""
    placed = ClassMembership.objects.filter(on_roll(day), enrolment=OuterRef("pk"))
    rows = Enrolment.objects.filter(in_force(day, "admitted", "left"), ~Exists(placed), school=school)
    found = rows.order_by("pupil__known_first", "pupil__known_last", "id").values_list(
        "id", "pupil_id", "pupil__known_first", "pupil__known_last", "pupil__risk"
    )
    return [(pk, pupil, f"{first} {last}", risk) for pk, pupil, first, last, risk in found]
