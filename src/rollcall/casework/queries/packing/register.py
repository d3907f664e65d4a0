"""The register extract of a pack: every session with its code and meaning, and what became of changed marks (4.1-c)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from rollcall.casework.queries.packing.blocks import Block, day, exhibit, facts, heading, moment, table, text, who
from rollcall.casework.queries.packing.subject import Enrolled, Subject
from rollcall.registers.models import Entry
from rollcall.registers.queries.figures import YearFigures, year_figures
from rollcall.registers.queries.pupil import pupil_year
from rollcall.registers.queries.standing import TAKEN
from rollcall.rules.codes import MISSING, UNEXPLAINED, UnknownCode, find
from rollcall.rules.pupil_year import Cell
from rollcall.rules.sessions import Half, half_of
from rollcall.rules.stages import percent_down
from rollcall.rules.words import counted
from rollcall.schools.queries import year_of

Session = tuple[date, Half]
HEAD = ("Day", "Morning", "Afternoon")
NO_MARK = "No mark"
AT_REGISTER = "Changed while the register was being taken"


@dataclass(frozen=True)
class Counts:
    """What a span of an enrolment counts to."""

    possible: int = 0
    attended: int = 0
    authorised: int = 0
    unauthorised: int = 0
    missing: int = 0
    late: int = 0
    late_after_close: int = 0
    minutes_late: int = 0

    def plus(self, one: YearFigures) -> "Counts":
        """With the figures of another year."""
        names = [field.name for field in fields(self)]
        return Counts(**{name: getattr(self, name) + getattr(one, name) for name in names})


@dataclass(frozen=True)
class Extract:
    """One enrolment's part of the period: its sessions in order, what they count to, every entry of each."""

    enrolled: Enrolled
    cells: tuple[Cell, ...]
    counts: Counts
    entries: dict[Session, list[Entry]]

    @property
    def missing(self) -> list[Cell]:
        """Sessions without a mark."""
        return [cell for cell in self.cells if cell.is_missing]

    @property
    def unexplained(self) -> list[Cell]:
        """Sessions of which nobody has said why."""
        return [cell for cell in self.cells if cell.code == UNEXPLAINED]


def extracts(about: Subject) -> list[Extract]:
    """An extract for each enrolment that the period touches, in order."""
    return [found for one in about.enrolled if (found := _extract(one, about)).cells]


def _extract(one: Enrolled, about: Subject) -> Extract:
    cells: list[Cell] = []
    counts, stay = Counts(), one.stay
    for start in range(year_of(about.since), year_of(about.at.date()) + 1):
        year = pupil_year([stay], start, about.at)
        if year is None:
            continue
        cells += [cell for cell in year.counted if cell.day >= about.since]
        since = about.since if year_of(about.since) == start else None
        found = year_figures(stay.facts.school, [stay.enrolment], start, about.at, since=since)
        counts = counts.plus(found[stay.enrolment])
    return Extract(one, tuple(cells), counts, _entries(stay.enrolment, about.since))


def _entries(enrolment: int, since: date) -> dict[Session, list[Entry]]:
    rows = Entry.objects.filter(enrolment=enrolment, day__gte=since).select_related("deed").order_by("number")
    found: dict[Session, list[Entry]] = {}
    for row in rows:
        found.setdefault((row.day, half_of(row.half)), []).append(row)
    return found


def exhibits(found: Sequence[Extract], about: Subject) -> Iterator[dict[str, Any]]:
    """The exhibits of the extracts, one for each enrolment."""
    for one in found:
        school = one.enrolled.school
        blocks = [
            certificate(one, about),
            facts(*_figures(one, about)),
            heading("Codes that stand in this extract"),
            table(("Code", "Meaning", "Counts as", "Where the law says so"), (1, 5, 3, 5), _key(one)),
            heading("Marks that were changed"),
            *_amended(one, about),
            heading("Every session"),
            *_sessions(one, about),
        ]
        yield exhibit(f"Register of {school.name}", blocks, _span_words(one, about))


def certificate(one: Extract, about: Subject) -> Block:
    """Who certifies an extract and in which words; or that nobody has, and who may."""
    school, by = one.enrolled.school, about.certified
    if by is None or school.pk not in by.schools:
        words = f"This extract is not certified. The head of school of {school.name} or the executive headteacher may."
        return {"kind": "certificate", "heading": "Not certified", "words": words, "by": "", "signed": False}
    words = (
        f"I certify that this is a true extract of the attendance register of {school.name} about "
        f"{about.pupil.legal_name}, born {day(about.pupil.born)}: every session from {day(one.cells[0].day)} to "
        f"{day(one.cells[-1].day)}, as the register stood on {moment(about.at)}, with every mark that was changed."
    )
    named = f"{by.name}, {by.position}"
    return {"kind": "certificate", "heading": "Certificate", "words": words, "by": named, "signed": True}


def _span_words(one: Extract, about: Subject) -> str:
    stay = one.enrolled.stay
    left = f", left on {day(stay.left)}" if stay.left else ""
    return f"On roll since {day(stay.admitted)}{left}. The extract begins with {about.why_since}."


def _figures(one: Extract, about: Subject) -> Iterator[tuple[str, str]]:
    n = one.counts
    share = f"{percent_down(n.attended, n.possible)}%: " if n.possible else ""
    yield "From", day(one.cells[0].day)
    yield "To", day(one.cells[-1].day)
    yield "Attended", f"{share}{n.attended} of {counted(n.possible, 'possible session')}"
    yield "Absent with leave", counted(n.authorised, "session")
    yield "Absent without leave", counted(n.unauthorised, "session")
    yield "Late", f"{n.late} before the register closed, {n.late_after_close} after; {n.minutes_late} minutes in all"
    yield "Without a mark", counted(n.missing, "session")


def _key(one: Extract) -> Iterator[tuple[str, str, str, str]]:
    seen: dict[tuple[str, str], None] = {}
    for cell in one.cells:
        seen.setdefault((cell.code, one.enrolled.stay.facts.edition_on(cell.day)))
    for code, edition in sorted(seen):
        if code == MISSING:
            yield code, NO_MARK, "nothing: it is missing", ""
            continue
        try:
            known = find(code, edition)
        except UnknownCode:
            yield code, "A code of the other edition of the law", "as it was entered", ""
            continue
        yield code, known.meaning, known.counts_as.label.replace("_", " "), known.source.partition(";")[0]


def _amended(one: Extract, about: Subject) -> list[Block]:
    rows = [row for cell in one.cells for row in _changes(cell, one.entries.get((cell.day, cell.half), []), about)]
    if not rows:
        return [text("No mark in this extract was changed.")]
    head = ("Session", "Original", "Amended", "Reason", "By", "When")
    return [table(head, (7, 3, 3, 8, 6, 6), rows)]


def _changes(cell: Cell, entries: Sequence[Entry], about: Subject) -> Iterator[tuple[str, ...]]:
    half = "morning" if cell.half == "AM" else "afternoon"
    for before, after in zip(entries, entries[1:], strict=False):
        if (before.code, before.minutes_late) == (after.code, after.minutes_late):
            continue
        reason = about.typed(after.deed.reason) or (AT_REGISTER if after.deed.kind == TAKEN else "None was given")
        yield f"{day(cell.day)}, {half}", _mark(before), _mark(after), reason, who(after.deed), moment(after.deed.at)


def _mark(entry: Entry) -> str:
    late = f" ({entry.minutes_late} min)" if entry.minutes_late else ""
    return NO_MARK if entry.code == MISSING else f"{entry.code}{late}"


def _sessions(one: Extract, about: Subject) -> Iterator[Block]:
    """The days by month, so that a reader finds one."""
    months: dict[str, dict[date, dict[str, Cell]]] = {}
    for cell in one.cells:
        months.setdefault(f"{cell.day:%B %Y}", {}).setdefault(cell.day, {})[cell.half] = cell
    told = [
        [month, [_day(when, halves, one, about) for when, halves in days.items()]] for month, days in months.items()
    ]
    yield {"kind": "register", "head": list(HEAD), "months": told}


def _day(when: date, halves: Mapping[str, Cell], one: Extract, about: Subject) -> list[Any]:
    return [_short(when), _said(halves.get("AM"), one, about), _said(halves.get("PM"), one, about)]


def _short(when: date) -> str:
    return f"{when:%a} {when.day} {when:%b}"


def _said(cell: Cell | None, one: Extract, about: Subject) -> list[str]:
    """A session as its code, what it means, and how it is set off."""
    if cell is None:
        return ["", "", ""]
    if cell.is_missing:
        return [MISSING, NO_MARK, "none"]
    try:
        meaning = find(cell.code, one.enrolled.stay.facts.edition_on(cell.day)).meaning
    except UnknownCode:
        meaning = "A code of the other edition"
    entries = one.entries.get((cell.day, cell.half), [])
    ground = about.typed(entries[-1].ground) if entries else ""
    late = f", {cell.minutes} minutes" if cell.minutes else ""
    changed = " (changed)" if len({entry.code for entry in entries}) > 1 else ""
    tone = "away" if cell.is_unauthorised else "leave" if cell.is_absent else ""
    return [cell.code, f"{meaning}{late}{': ' + ground if ground else ''}{changed}", tone]
