"""A call taken: who left word, what was reported of which children, and what it becomes (3.6-a, 3.7-a, 4.2-a, 4.3-a).

One save is one deed: the word cleared, a report for each child, and what the register expects of the sessions. Marks
that say "present" are never touched; an N that stands is given its reason at once by who may amend (4.5-b).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from rollcall.absence.actions.barred import say_otherwise, stop_barred
from rollcall.absence.actions.explaining import explain
from rollcall.absence.actions.told import Absence, Caller, Known, Logged, PerhapsKnown, logged_before, same_times
from rollcall.absence.actions.words import NotLogged, clear
from rollcall.absence.models import Report, Word
from rollcall.absence.queries.barred import Spoken
from rollcall.absence.queries.reports import standing_reports
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions import KnownAlready, NewMark, expect
from rollcall.registers.actions.marking import problem_with
from rollcall.registers.models import Expectation
from rollcall.registers.queries.expected import Session
from rollcall.registers.queries.standing import Standing, lock, read_standing
from rollcall.rules.appointments import MEDICAL, RegisterTime, check_times, is_ahead, sessions_missed
from rollcall.rules.codes import UNEXPLAINED
from rollcall.rules.policy import Policy, parts
from rollcall.rules.reporting import Part, stands_for
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.words import day_words
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import SchoolFacts

TO_DECIDE = "; code to be decided"
SAME_CALL = timedelta(minutes=10)
"""Within which a second report of the same child by the same caller is taken for the same call."""


@dataclass
class _Save:
    """What the reports of one save share."""

    facts: SchoolFacts
    policy: Policy
    reason: parts.Reason
    absence: Absence
    who: str
    contacts: dict[int, PupilContact]
    received_at: datetime
    deed: Deed
    by: Actor
    at: datetime
    may_amend: bool
    beside: bool
    said: list[str] = field(default_factory=list)


def log_report(
    facts: SchoolFacts,
    pupils: Sequence[Enrolment],
    absence: Absence,
    caller: Caller,
    *,
    by: Actor,
    at: datetime,
    key: str,
    word: Word | None = None,
    may_amend: bool = False,
    beside: bool = False,
) -> Logged:
    """Log one call about one or several children of a school, all by one deed.

    word: the one in the inbox that it clears; without one the call itself is kept as a word. may_amend: whether `by`
    may change marks after closing, so that a standing N gets its code. beside: enter it though the same caller was
    logged minutes ago with another reason. What is known already is not entered twice, and `said` says so.
    Raises Stopped for a caller who is barred from one of the children or may be: what they said is kept, explains
    nothing, and the safeguarding lead is told. Raises NotLogged with a sentence (no child, a return in the past, a day
    without school, a word cleared meanwhile), Known where nothing is new, PerhapsKnown, AlreadyDone for a used key.
    """
    reason = _checked(facts, pupils, absence)
    contacts = _links(pupils, caller)
    who = _who(pupils, caller, contacts)
    ground, number = _ground(reason, absence), word.number if word and word.number else caller.number
    spoken = Spoken("call", caller.name, number, caller.link, _heard(ground, word), caller.otherwise)
    passed = stop_barred(pupils, spoken, facts=facts, by=by, at=at, key=key, word=word)
    with transaction.atomic():
        names = ", ".join(str(one.pupil) for one in pupils)
        deed = journal.begin("report.made", by=by, at=at, key=key, reason=ground, school=facts.school, about=names)
        say_otherwise(passed, caller.otherwise, by=by, at=at, school=facts.school)
        lock(facts.school)
        received_at = word.received_at if word else at
        policy = facts.policy_on(absence.day)
        save = _Save(facts, policy, reason, absence, who, contacts, received_at, deed, by, at, may_amend, beside)
        return _saved(save, pupils, caller, word)


def _saved(save: _Save, pupils: Sequence[Enrolment], caller: Caller, word: Word | None) -> Logged:
    word = _word(word, caller, save)
    seats = _seats(save, pupils)
    reports = [made for one in pupils if (made := _report(save, one, seats[one.pk], word)) is not None]
    if not reports and word.deed_id == save.deed.pk:
        raise Known(" ".join(save.said))
    return Logged(word.pk, tuple(one.pk for one in reports), tuple(save.said))


def _heard(ground: str, word: Word | None) -> str:
    """What was said, for the record of a stop."""
    return f"{ground}. {word.words}" if word and word.words and word.words not in ground else ground


def _checked(facts: SchoolFacts, pupils: Sequence[Enrolment], absence: Absence) -> parts.Reason:
    """The policy's reason, where all of it can be true. Raises NotLogged."""
    if not pupils:
        raise NotLogged("Choose the child who is away.")
    if any(one.school_id != facts.school for one in pupils):
        raise NotLogged(f"Log the children of {facts.name} here, and those of another school there.")
    try:
        reason = facts.policy_on(absence.day).reason(absence.reason)
        stands_for(absence.day, absence.part, absence.back_on, reason.agreed_span)
        check_times(absence.out_at, absence.back_at)
    except LookupError:
        raise NotLogged("Choose one of the reasons: tap why the child is away.") from None
    except ValueError as wrong:
        raise NotLogged(str(wrong)) from None
    return reason


def _ground(reason: parts.Reason, absence: Absence) -> str:
    return (f"{reason.name}: {absence.note.strip()}" if absence.note.strip() else reason.name)[:200]


def _links(pupils: Sequence[Enrolment], caller: Caller) -> dict[int, PupilContact]:
    """What the adult who rang is to each of the children, by pupil, where they are a contact of theirs."""
    if caller.link is None:
        return {}
    adult = PupilContact.objects.filter(pk=caller.link).values("contact")
    rows = PupilContact.objects.filter(contact__in=adult, pupil__in=[one.pupil_id for one in pupils])
    return {row.pupil_id: row for row in rows.select_related("contact")}


def _who(pupils: Sequence[Enrolment], caller: Caller, contacts: dict[int, PupilContact]) -> str:
    link = next((contacts[one.pupil_id] for one in pupils if one.pupil_id in contacts), None)
    if link is not None:
        return f"{link.contact}, {link.relationship.lower()}"[:120]
    if not caller.name.strip():
        raise NotLogged("Say who rang: tap one of the contacts, or give the name of somebody else.")
    return caller.name.strip()[:120]


def _word(word: Word | None, caller: Caller, save: _Save) -> Word:
    if word is not None:
        clear(word, save.deed, "reported")
        return word
    return Word.objects.create(
        school_id=save.facts.school,
        channel=caller.channel,
        received_at=save.at,
        caller=save.who,
        number=caller.number.strip()[:120],
        words=save.absence.note.strip(),
        deed=save.deed,
        cleared=save.deed,
        outcome="reported",
    )


def _seats(save: _Save, pupils: Sequence[Enrolment]) -> dict[int, Standing]:
    """Where each child sits on the day. Raises NotLogged for one in no class then, and for a day without school."""
    day = save.absence.day
    seats = read_standing(save.facts.school, [one.pk for one in pupils], day, "AM")
    for one in pupils:
        if one.pk not in seats:
            raise NotLogged(f"{one.pupil} is in no class on {day_words(day)}.")
        room, halves = seats[one.pk].school_class, _halves(save.absence.part)
        # A school that closed after the session had begun is still to be told why a child was not there.
        if not any(save.facts.when_begun(day, half).is_open(day, half, room) for half in halves):
            raise NotLogged(f"There is no school for {one.pupil} on {day_words(day)}: give another day.")
    return seats


def _halves(part: Part) -> tuple[Half, ...]:
    return HALVES if part == "day" else (part,)


def _report(save: _Save, enrolment: Enrolment, seat: Standing, word: Word) -> Report | None:
    """One child's report, with what it becomes; None, with a sentence said, where it is known already."""
    span, missed = _span(save, enrolment)
    if known := _known(save, enrolment, span):
        save.said.append(known)
        return None
    contact = save.contacts.get(enrolment.pupil_id)
    question = _question(save, seat, span[0])
    code = save.reason.code if missed and not question else ""
    try:
        expectation = _expect(save, enrolment, span, code) if missed else None
    except KnownAlready as known_already:
        save.said.append(str(known_already))
        return None
    made = Report.objects.create(
        word=word,
        enrolment=enrolment,
        contact=contact,
        reason=save.reason.id,
        note=save.absence.note.strip()[:200],
        first_day=span[0][0],
        first_half=span[0][1],
        last_day=span[1][0],
        last_half=span[1][1],
        back_on=save.absence.back_on,
        out_at=save.absence.out_at,
        back_at=save.absence.back_at,
        evidence_seen=save.absence.evidence_seen,
        code=code,
        question=question if missed else "",
        expectation=expectation,
        deed=save.deed,
    )
    _say_what_is_open(save, made, missed)
    if code:
        _explain(save, made)
    return made


def _span(save: _Save, enrolment: Enrolment) -> tuple[tuple[Session, Session], bool]:
    """The sessions that the report stands for, and whether any is missed: a short appointment may miss none."""
    absence = save.absence
    first, last = stands_for(absence.day, absence.part, absence.back_on, save.reason.agreed_span)
    if enrolment.left and last[0] > enrolment.left:
        last = (enrolment.left, "PM")
    if save.reason.code != MEDICAL or first[0] != last[0] or not (absence.out_at or absence.back_at):
        return (first, last), True
    times = save.facts.times_on(absence.day)
    registers = [RegisterTime(half, times.due(half), times.closes(half)) for half in HALVES]
    missed = sessions_missed(absence.out_at, absence.back_at, registers)
    half: Half = "AM" if (absence.out_at or times.gate) < times.pm_due else "PM"
    touched = missed or (half,)
    return ((first[0], touched[0]), (first[0], touched[-1])), bool(missed)


def _known(save: _Save, enrolment: Enrolment, span: tuple[Session, Session]) -> str:
    """A sentence where the same was logged already; raises PerhapsKnown where the same caller rang minutes ago."""
    for one in standing_reports(enrolment.pk, *span):
        is_same = one.reason == save.reason.id and same_times(one, save.absence)
        if is_same and one.covers(*span[0]) and one.covers(*span[1]):
            return f"{logged_before(one, save.at)} Nothing was entered twice."
        same_caller = one.caller.casefold() == save.who.casefold()
        if same_caller and save.at - one.logged_at <= SAME_CALL and not save.beside:
            raise PerhapsKnown(
                f"{logged_before(one, save.at)} If this is another absence, enter it beside that one; if that one "
                "was wrong, withdraw it."
            )
    return ""


def _question(save: _Save, seat: Standing, first: Session) -> str:
    """Why somebody must decide the code first; empty where the reason has one that can be true."""
    reason, absence = save.reason, save.absence
    if not reason.code:
        return reason.note or "The reason has no code of its own"
    if reason.code == MEDICAL and not absence.evidence_seen and not _was_ahead(save, first):
        return "An appointment that was not told ahead, and nothing seen of it: ask for evidence"
    mark = NewMark(seat.enrolment, reason.code, ground=_ground(reason, absence))
    return problem_with(mark, seat, save.facts, *first, granted=False)[:200]


def _was_ahead(save: _Save, first: Session) -> bool:
    begins = save.absence.out_at or save.facts.times_on(first[0]).due(first[1])
    return is_ahead(save.received_at, save.facts.moment(first[0], begins))


def _expect(save: _Save, enrolment: Enrolment, span: tuple[Session, Session], code: str) -> Expectation:
    """What the register shows its taker: the code, or N with what was said where the code is to be decided."""
    ground = _ground(save.reason, save.absence)
    return expect(
        enrolment,
        first=span[0],
        last=span[1],
        code=code or UNEXPLAINED,
        ground=ground if code else f"{ground[: 200 - len(TO_DECIDE)]}{TO_DECIDE}",
        told_by=save.who,
        back_on=save.absence.back_on,
        by=save.by,
        at=save.at,
        deed=save.deed,
    )


def _say_what_is_open(save: _Save, made: Report, missed: bool) -> None:
    name = made.enrolment.pupil.known_name
    if made.question:
        save.said.append(f"{name}: N stands until the code is decided. {made.question}.".replace("..", "."))
    elif not missed:
        save.said.append(f"{name} misses no session by this appointment; it is counted.")


def _explain(save: _Save, made: Report) -> None:
    """Give sessions of the report in which N stands their code, where `by` may; else say that it still stands."""
    left = explain(
        made, save.facts, ground=_ground(save.reason, save.absence), deed=save.deed, at=save.at, may=save.may_amend
    )
    if left:
        save.said.append(f"{made.enrolment.pupil}: N still stands {left}; the office can change it.")


__all__ = ["Absence", "Caller", "Known", "Logged", "PerhapsKnown", "log_report"]
