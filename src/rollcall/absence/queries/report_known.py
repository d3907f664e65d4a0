"""What is known of a school's pupils who are not in, read for the absentee report: a fixed number of statements.

Who told us and what they said, calls and alerts, evidence, slips at the door, who was signed out, and where brothers
and sisters are. Nothing is judged here; `rules.absentees` says what is still to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import BinaryField, Exists, FilteredRelation, OuterRef, Q
from django.db.models.functions import Substr

from rollcall.absence.models import ActivityCheck, Alert, Call, Doubt, HandOver, Outing, Report, Slip, Telling, Word
from rollcall.absence.queries.report_values import Sibling
from rollcall.accounts.templatetags.words import clock
from rollcall.accounts.templatetags.words import day as day_words
from rollcall.registers.models import Expectation
from rollcall.registers.queries.standing import covering
from rollcall.rules.absentees import Where, where_of
from rollcall.rules.codes import MISSING, TEXT
from rollcall.rules.phones import dialled
from rollcall.rules.sessions import Half, SchoolYear
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


@dataclass(frozen=True)
class Known:
    """All that is known, by enrolment, except `inbox`: the messages that nobody has answered, as (words, number)."""

    told: dict[int, Told] = field(default_factory=dict)
    called: dict[int, tuple[str, str]] = field(default_factory=dict)
    alerts: dict[int, str] = field(default_factory=dict)
    doubts: dict[int, tuple[str, bool, bool]] = field(default_factory=dict)
    handed_on: dict[int, str] = field(default_factory=dict)
    slips: dict[int, str] = field(default_factory=dict)
    outings: dict[int, str] = field(default_factory=dict)
    inbox: tuple[tuple[str, str], ...] = ()


def known_of(facts: SchoolFacts, day: date, half: Half) -> Known:
    """What is known of a school's pupils in a session, in nine statements."""
    told = _expected(facts, day, half)
    told.update({one: report for one, report in _reported(facts, day, half).items() if _says_more(told.get(one))})
    return Known(
        told=told,
        called=_calls(facts.school, day),
        alerts=_alerts(facts, day),
        doubts=_doubts(facts.school, day),
        handed_on=_handed_on(facts.school),
        slips=_slips(facts.school, day, half),
        outings=_outings(facts, day),
        inbox=_inbox(facts.school),
    )


def _says_more(told: Told | None) -> bool:
    """Whether a report is to be shown instead: what an activity's leader confirms stays as it is."""
    return told is None or not told.confirms


def said(at: datetime, day: date) -> str:
    """A moment as "8.12am", with its day where that is another."""
    local = at.astimezone(LONDON)
    return clock(local) if local.date() == day else f"{day_words(local.date())}, {clock(local)}"


def _expected(facts: SchoolFacts, day: date, half: Half) -> dict[int, Told]:
    checked = ActivityCheck.objects.filter(place=OuterRef("activity_place"), day=day, half=half)
    rows = (
        Expectation.objects.filter(covering(day, half), enrolment__school=facts.school)
        .annotate(checked=Exists(checked))
        .order_by("id")
        .values_list("enrolment_id", "code", "ground", "told_by", "back_on", "deed__at", "deed__name", "checked",
                     "activity_place__activity__title", "activity_place__activity__leader_name")
    )  # fmt: skip
    found = {}
    for enrolment, code, ground, by, back, at, entered, was_checked, title, leader in rows:
        who = f"{by or f'entered by {entered}'}, {said(at, day)}"
        waits = leader if title and not was_checked else ""
        found[enrolment] = Told(code, ground, who, day_words(back) if back else "", title or ground, waits)
    return found


_CHANNELS = {"phone": "by phone", "voicemail": "voicemail", "email": "e-mail", "note": "a note", "person": "in person"}


def _reported(facts: SchoolFacts, day: date, half: Half) -> dict[int, Told]:
    rows = (
        Report.objects.filter(covering(day, half), enrolment__school=facts.school)
        .order_by("id")
        .values_list("enrolment_id", "reason", "note", "back_on", "code", "question", "decided_id", "word__channel",
                     "word__caller", "word__received_at", "contact__contact__first", "contact__contact__last",
                     "contact__relationship")
    )  # fmt: skip
    names = {reason.id: reason.name for reason in facts.policy_on(day).reasons}
    found = {}
    for enrolment, reason, note, back, code, question, decided, channel, caller, at, first, last, relation in rows:
        who = f"{first} {last}, {relation}" if first else caller or "somebody"
        why = names.get(reason, reason) + (f": {note}" if note else "")
        by = f"{who} ({_CHANNELS[channel]}, {said(at, day)})"
        asks = "" if decided else question
        found[enrolment] = Told(code, why, by, day_words(back) if back else "", question=asks)
    return found


def _calls(school: int, day: date) -> dict[int, tuple[str, str]]:
    """The outcome of each pupil's last call of the day, with whom and when."""
    rows = Call.objects.filter(day=day, enrolment__school=school).order_by("id")
    outcomes = dict(Call.OUTCOMES)
    found = rows.values_list("enrolment_id", "outcome", "name", "deed__at")
    return {one: (outcome, f"{name}, {said(at, day)}: {outcomes[outcome].lower()}") for one, outcome, name, at in found}


def _alerts(facts: SchoolFacts, day: date) -> dict[int, str]:
    """Who must still acknowledge an alert of the day, by enrolment."""
    rows = Alert.objects.filter(day=day, enrolment__school=facts.school, acknowledged__isnull=True, closed__isnull=True)
    roles = {role.id: role.name for role in facts.policy_on(day).roles}
    found = rows.order_by("id").values_list("enrolment_id", "to_role")
    return {enrolment: roles.get(role, role) for enrolment, role in found}


def _doubts(school: int, day: date) -> dict[int, tuple[str, bool, bool]]:
    """Evidence asked for and not decided on: by when, whether to decide, whether the parents are to be told first."""
    rows = (
        Doubt.objects.filter(enrolment__school=school, first_day__lte=day, decided__isnull=True, withdrawn__isnull=True)
        .annotate(is_told=Exists(Telling.objects.filter(doubt=OuterRef("pk"))))
        .order_by("id")
        .values_list("enrolment_id", "due", "answered_id", "satisfied", "is_told")
    )
    found = {}
    for enrolment, due, answered, satisfied, is_told in rows:
        must_tell = satisfied is False and not is_told
        found[enrolment] = (day_words(due), answered is not None and not must_tell, must_tell)
    return found


def _handed_on(school: int) -> dict[int, str]:
    rows = HandOver.objects.filter(school=school, done__isnull=True, enrolment__isnull=False).order_by("id")
    return {enrolment: caller for enrolment, caller in rows.values_list("enrolment_id", "caller") if enrolment}


def _slips(school: int, day: date, half: Half) -> dict[int, str]:
    """When the slips were filled in that no adult has confirmed yet."""
    rows = Slip.objects.filter(
        enrolment__school=school, day=day, half=half, confirmed__isnull=True, withdrawn__isnull=True
    )
    found = rows.order_by("id").values_list("enrolment_id", "arrived_at")
    return {enrolment: said(at, day) for enrolment, at in found}


def _outings(facts: SchoolFacts, day: date) -> dict[int, str]:
    """Who was signed out and is not back: when, why, with whom, and when they are to be back."""
    rows = Outing.objects.filter(enrolment__school=facts.school, day=day, back__isnull=True, withdrawn__isnull=True)
    names = {reason.id: reason.name for reason in facts.policy_on(day).reasons}
    found = {}
    for enrolment, at, reason, words, collector, due in rows.order_by("id").values_list(
        "enrolment_id", "out_at", "reason", "words", "collector", "back_due"
    ):
        why = names.get(reason, reason) + (f": {words}" if words else "")
        found[enrolment] = f"signed out {said(at, day)} with {collector} ({why}){_due_back(due)}"
    return found


def _due_back(due: time | None) -> str:
    return f", back by {clock(due)}" if due else ""


def _inbox(school: int) -> tuple[tuple[str, str], ...]:
    """Messages that nobody has cleared, the oldest first: in words, and the number or address they came from."""
    rows = Word.objects.filter(school=school, cleared__isnull=True).order_by("received_at", "id")
    found = []
    for channel, caller, number, at in rows.values_list("channel", "caller", "number", "received_at"):
        what = {"phone": "the call", "email": "the e-mail", "note": "the note"}.get(channel, "the voicemail")
        what = "what was said in person" if channel == "person" else what
        whom = f" from {caller or number}" if caller or number else ""
        found.append((f"{what}{whom}, {clock(at.astimezone(LONDON))}", number))
    return tuple(found)


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


def siblings_now(facts: SchoolFacts, pupils: Iterable[int], day: date, half: Half) -> dict[int, tuple[Sibling, ...]]:
    """The brothers and sisters of some pupils (by id), at any school, with where they are, in two statements.

    Where somebody's presence is confidential it is not said at another school.
    """
    pairs = sibling_pairs(pupils)
    others = {sibling for found in pairs.values() for sibling in found}
    placed = _placed(facts, others, day, half) if others else {}
    return {
        pupil: tuple(sorted((placed[one] for one in found if one in placed), key=lambda s: s.name))
        for pupil, found in pairs.items()
    }


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


def _placed(facts: SchoolFacts, pupils: set[int], day: date, half: Half) -> dict[int, Sibling]:
    year = SchoolYear.of(day)
    rows: Iterable[tuple[Any, ...]] = (
        ClassMembership.objects.filter(on_roll(day), enrolment__pupil__in=pupils)
        .annotate(row=FilteredRelation("enrolment__rows", condition=Q(enrolment__rows__year_start=year.start)))
        .annotate(mark=Substr("row__marks", year.column(day, half) + 1, 1, output_field=BinaryField()))
        .values_list("enrolment__pupil_id", "enrolment__pupil__known_first", "enrolment__pupil__known_last",
                     "enrolment__pupil__confidential", "school_class__name", "enrolment__school_id",
                     "enrolment__school__name", "mark")
    )  # fmt: skip
    found = {}
    for pupil, first, last, confidential, room, school, school_name, mark in rows:
        here = school == facts.school
        code = TEXT[bytes(mark)[0]] if mark else MISSING
        where = "ask the safeguarding lead" if confidential and not here else _where_words(code)
        found[pupil] = Sibling(pupil, f"{first} {last}", room, "" if here else school_name, where)
    return found


def _where_words(code: str) -> str:
    where = where_of(code)
    if where in (Where.HERE, Where.UNKNOWN):
        return "in" if where is Where.HERE else "not marked"
    return f"{where.value} ({code})"


def in_no_class(school: int, day: date) -> list[tuple[int, int, str, str]]:
    """Pupils on a school's roll on a day who are in no class: (enrolment, pupil, name, risk), in one statement."""
    placed = ClassMembership.objects.filter(on_roll(day), enrolment=OuterRef("pk"))
    rows = Enrolment.objects.filter(in_force(day, "admitted", "left"), ~Exists(placed), school=school)
    found = rows.order_by("pupil__known_first", "pupil__known_last", "id").values_list(
        "id", "pupil_id", "pupil__known_first", "pupil__known_last", "pupil__risk"
    )
    return [(pk, pupil, f"{first} {last}", risk) for pk, pupil, first, last, risk in found]
