"""Recording marks: while a register is taken, and amending what stands. Each save is whole or not at all.

A save that can't be written whole raises NotSaved, which says for each pupil what is wrong or what changed meanwhile;
nothing of it is written, so that the page can send the rest again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions.giving import Judge, judge_of
from rollcall.registers.actions.marks import NewMark, entry_of, problem_with, stands, was_changed
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.registers.queries.standing import (
    TAKEN,
    Standing,
    last_grounds,
    lock_and_read,
    taken_since,
    was_in,
    with_leave,
)
from rollcall.rules import codes
from rollcall.rules.codes import MISSING
from rollcall.rules.giving import Giver
from rollcall.rules.sessions import Half, SchoolYear
from rollcall.rules.words import time_words
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.facts import LONDON

MOST_MARKS = 200
AMENDED = "register.amend"
"""The kind of deed by which the office enters or changes marks, with a reason."""


@dataclass(frozen=True)
class Saved:
    """A save that is done: the deed, how many entries it made, and whether it had been done before."""

    deed: Deed
    written: int
    repeated: bool = False


@dataclass
class NotSaved(Exception):  # noqa: N818 - it says what happened
    """A save of which nothing was written.

    refused: enrolment -> a sentence. changed: enrolment -> the code that stands now, where it is not the one seen.
    whole: a sentence about the save as a whole.
    """

    refused: dict[int, str] = field(default_factory=dict)
    changed: dict[int, str] = field(default_factory=dict)
    whole: str = ""

    def __str__(self) -> str:
        return self.whole or " ".join(self.refused.values()) or "Some marks were changed meanwhile by somebody else."


def record_marks(
    school_class: SchoolClass,
    day: date,
    half: Half,
    marks: Sequence[NewMark],
    *,
    by: Actor,
    at: datetime,
    key: str,
    facts: SchoolFacts | None = None,
    may_decide: bool = False,
) -> Saved:
    """Save marks of one class's register while it is taken; `key` is the request's own, so a repeat writes nothing.

    facts: the school's, where the caller has just read them. may_decide: whether `by` may decide on absences; who may
    not gives no code that rests on a record or a decision where there is none (`rules.giving`). A mark that stands when
    the register has closed is not changed here (4.1-c): raises NotSaved saying so, and for codes that can't be true
    (A1-b), marks changed meanwhile, a closed or future session.
    """
    giver = Giver(may_decide, gives_reason=False)
    return _save(school_class, day, half, marks, by=by, at=at, key=key, reason="", giver=giver, facts=facts)


def amend_marks(
    school_class: SchoolClass,
    day: date,
    half: Half,
    marks: Sequence[NewMark],
    *,
    by: Actor,
    at: datetime,
    key: str,
    reason: str,
    facts: SchoolFacts | None = None,
    may_decide: bool = False,
) -> Saved:
    """Enter or change marks of any session back to the start of the year, for the office; the reason is kept (4.1-c).

    may_decide: as in `record_marks`. No absence turns unauthorised here: that is decided where the parents are told
    first (4.2-c). Raises NotSaved as `record_marks`, and where no reason is given.
    """
    if len(reason.strip()) < journal.LEAST_REASON:
        raise NotSaved(whole="Say why the marks are entered or changed: the register keeps the reason.")
    giver, why = Giver(may_decide, gives_reason=True), reason.strip()
    return _save(school_class, day, half, marks, by=by, at=at, key=key, reason=why, giver=giver, facts=facts)


def _save(
    school_class: SchoolClass,
    day: date,
    half: Half,
    marks: Sequence[NewMark],
    *,
    by: Actor,
    at: datetime,
    key: str,
    reason: str,
    giver: Giver,
    facts: SchoolFacts | None,
) -> Saved:
    kind = AMENDED if giver.gives_reason else TAKEN
    facts = facts or facts_of(school_class.school_id)
    if len(marks) > MOST_MARKS:
        raise NotSaved(whole=f"A register has at most {MOST_MARKS} marks; this save has {len(marks)}.")
    check_session(facts, day, half, at, school_class.pk)
    with transaction.atomic():
        try:
            deed = journal.begin(
                kind,
                by=by,
                at=at,
                key=key,
                reason=reason,
                school=facts.school,
                about=about_register(school_class, day, half),
            )
        except journal.AlreadyDone as done:
            return _repeated(done.deed, kind, by)
        standing = lock_and_read(facts.school, [m.enrolment for m in marks], day, half)
        locked = _locked(kind, facts, school_class.pk, day, half, at)
        judge = judge_of({m.enrolment: m.code for m in marks}, standing, facts, (day, half), giver, at)
        entries = _checked(marks, standing, facts, school_class.pk, day, half, locked, judge)
        rows = {(s.enrolment, s.year_start): s.row for s in standing.values() if s.row}
        write_entries(facts.school, entries, deed, rows)
    return Saved(deed, len(entries))


def about_register(school_class: SchoolClass, day: date, half: Half) -> str:
    """What a deed on a register is about, in words."""
    return f"{school_class}, {'morning' if half == 'AM' else 'afternoon'} of {day.day} {day:%B %Y}"


def _repeated(deed: Deed, kind: str, by: Actor) -> Saved:
    """What a repeat answers; a key that was used for another deed must not pass for a save."""
    if (deed.kind, deed.actor) != (kind, by.id):
        raise NotSaved(whole="This save carries a key that was used for something else; save again.")
    return Saved(deed, deed.entries.count(), repeated=True)


def check_session(facts: SchoolFacts, day: date, half: Half, at: datetime, school_class: int | None = None) -> None:
    """Raise NotSaved, with a sentence, for a session that has no register: closed, outside the years, or to come."""
    words = f"{'morning' if half == 'AM' else 'afternoon'} of {day:%A} {day.day} {day:%B %Y}"
    if SchoolYear.of(day).start not in facts.years:
        raise NotSaved(whole=f"The {words} is in no school year of {facts.name}.")
    if not facts.is_open(day, half, school_class):
        closure = facts.closure_on(day, half, school_class)
        why = f" ({closure.ground})" if closure else ""
        raise NotSaved(whole=f"{facts.name} is closed on the {words}{why}; there is no register to mark.")
    if not facts.has_begun(day, half, at):
        opens = facts.times_on(day).opens(half)
        raise NotSaved(whole=f"The register for the {words} opens at {time_words(opens)}; nothing is marked ahead.")


def _locked(kind: str, facts: SchoolFacts, school_class: int, day: date, half: Half, at: datetime) -> datetime | None:
    """From when on marks may still be changed by the taker: None means all may, else those taken since then."""
    closes = facts.closes_at(day, half)
    if kind == AMENDED or at < closes:
        return None
    later_day = at.astimezone(LONDON).date() > day
    return at if later_day or was_in(school_class, day, half) else closes


def _checked(
    marks: Iterable[NewMark],
    standing: dict[int, Standing],
    facts: SchoolFacts,
    school_class: int,
    day: date,
    half: Half,
    locked: datetime | None,
    judge: Judge,
) -> list[NewEntry]:
    wrong = NotSaved()
    entries: dict[int, NewEntry] = {}
    marks = list(marks)
    asked = [m.enrolment for m in marks if m.code in codes.WITH_LEAVE]
    granted = with_leave(asked, day, half, facts.closes_at(day, half))
    edition = facts.edition_on(day)
    grounds = last_grounds([m.enrolment for m in marks if codes.needs_ground(m.code, edition)], day, half)
    fresh = taken_since([s.enrolment for s in standing.values() if s.code != MISSING], day, half, locked)
    for mark in marks:
        seat = standing.get(mark.enrolment)
        if seat is None or seat.school_class != school_class:
            wrong.refused[mark.enrolment] = f"This pupil is not in the class on {day:%-d %B %Y}; reload the register."
        elif mark.enrolment in entries:
            wrong.refused[mark.enrolment] = f"{seat.name} has two marks in one save; send one."
        elif problem := problem_with(mark, seat, facts, day, half, mark.enrolment in granted):
            wrong.refused[mark.enrolment] = problem
        elif stands(entry := entry_of(mark, seat, day, half, edition), seat, grounds):
            continue
        elif mark.seen is not None and was_changed(mark, seat, entry):
            wrong.changed[mark.enrolment] = seat.code
        elif locked and seat.code != MISSING and mark.enrolment not in fresh:
            wrong.refused[mark.enrolment] = (
                f"The register has closed with {seat.code} for {seat.name}: ask the office to change it, and say why."
            )
        elif why := judge.why_not(entry, seat.code):
            wrong.refused[mark.enrolment] = why
        else:
            entries[mark.enrolment] = entry
    if wrong.refused or wrong.changed:
        raise wrong
    return list(entries.values())


__all__ = [
    "NewMark",
    "NotSaved",
    "Saved",
    "about_register",
    "amend_marks",
    "check_session",
    "problem_with",
    "record_marks",
]
