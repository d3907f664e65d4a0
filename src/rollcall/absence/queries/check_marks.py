"""Checks of marks: present though reported ill, sessions without a mark, marks where nobody met or after leaving, and
registers that two people took.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rollcall.absence.queries import check_rows as rows
from rollcall.absence.queries.check_rows import Seat, Session, Window
from rollcall.absence.queries.check_values import Finding, Read, names_of, when
from rollcall.registers.actions.marking import about_register
from rollcall.rules import soundness
from rollcall.rules.words import counted, day_words, listed
from rollcall.schools.models import SchoolClass


def marked_though_ill(read: Read) -> Iterator[Finding]:
    """Marked present in a session of a standing report of illness."""
    ill = [one for one in read.expected if one.code == "I"]
    for window, seats in zip(read.windows, read.seats, strict=True):
        of_pupil: dict[int, list[Seat]] = defaultdict(list)
        for seat in seats:
            of_pupil[seat.enrolment].append(seat)
        for one, seat in [(report, seat) for report in ill for seat in of_pupil[report.enrolment]]:
            spanned = [place for place in window.places_of(seat) if one.covers(window.sessions[place])]
            if present := soundness.present_at(seat.strip, spanned):
                sessions = [window.sessions[place] for place in present]
                told = f" by {one.told_by}" if one.told_by else ""
                words = f"{seat.name} was marked present {when(sessions)}, and was reported ill{told}: {one.ground}."
                yield _on_register("illness", seat.name, words, seat.school_class, sessions[0], "Look at the register")


def _on_register(kind: str, about: str, words: str, room: int, session: Session, act: str) -> Finding:
    return Finding(kind, about, words, "registers:register", (room, *session), act, "register:see")


def without_mark(read: Read) -> Iterator[Finding]:
    """Sessions of the last ten school days left unmarked, by class: how many, and of whom."""
    first = rows.first_entry_on(read.facts.school)
    for window, seats in zip(read.windows, read.seats, strict=True):
        found = _without_mark(read, window, seats, first)
        for session in _nobody_marked(found, {seat.school_class for seat in seats}):
            words = f"Nobody in the school was marked {when([session])}. If it was closed, say so."
            yield _on_closures("unmarked", "The school", words, read)
            found = {key: group for key, group in found.items() if key[0] != session}
        for (session, room), group in sorted(found.items(), key=lambda one: (one[0][0][0], one[0][0][1], one[1].named)):
            yield _on_register("unmarked", group.named, group.sentence(session), room, session, "Mark them")


def _on_closures(kind: str, about: str, words: str, read: Read) -> Finding:
    return Finding(kind, about, words, "office:years", (read.facts.slug,), "See closures", "setup:see")


@dataclass
class Group:
    """The pupils of one class without a mark in one session, of how many."""

    named: str
    n: int
    names: list[str]

    @property
    def is_whole(self) -> bool:
        """Whether nobody of the class was marked."""
        return len(self.names) == self.n

    def sentence(self, session: Session) -> str:
        """What is missing, of how many, and of whom."""
        if self.is_whole:
            return f"The register of {self.named} was never taken {when([session])}: {counted(self.n, 'pupil')}."
        have = "has" if len(self.names) == 1 else "have"
        of_whom = f"{len(self.names)} of {self.n} pupils in {self.named} {have} no mark"
        return f"{of_whom} {when([session])}: {names_of(self.names)}."


def _nobody_marked(found: dict[tuple[Session, int], Group], rooms: set[int]) -> list[Session]:
    """The sessions in which no class of several has a single mark."""
    whole = Counter(session for (session, _), group in found.items() if group.is_whole)
    return [session for session, n in whole.items() if n == len(rooms) > 1]


def _without_mark(
    read: Read, window: Window, seats: Iterable[Seat], since: date | None
) -> dict[tuple[Session, int], Group]:
    """The gaps of a window by session and class, before today and not before the school's first mark."""
    if since is None:
        return {}
    places: dict[int, list[int]] = {}
    missing: dict[tuple[int, int], list[str]] = defaultdict(list)
    whole: Counter[int] = Counter()
    partly: Counter[tuple[int, int]] = Counter()
    for seat in seats:
        room = seat.school_class
        if room not in places:
            past = read.places(window, room, is_open=True)
            places[room] = [place for place in past if since <= window.sessions[place][0] < read.day]
        own = places[room]
        if seat.first == window.first and seat.last == window.last:
            whole[room] += 1
        else:
            own = [place for place in own if seat.first <= window.sessions[place][0] <= seat.last]
            partly.update((place, room) for place in own)
        for place in soundness.unmarked_at(seat.strip, own):
            missing[place, room].append(seat.name)
    return {
        (window.sessions[place], room): Group(read.rooms[room], whole[room] + partly[place, room], names)
        for (place, room), names in missing.items()
    }


def marked_when_closed(read: Read) -> Iterator[Finding]:
    """Marks in sessions that were known not to take place, by class."""
    for window, seats in zip(read.windows, read.seats, strict=True):
        places: dict[int, list[int]] = {}
        marked: Counter[tuple[int, int]] = Counter()
        for seat in seats:
            room = seat.school_class
            if room not in places:
                places[room] = [
                    p for p in read.places(window, room, is_open=False) if _is_closed_ahead(read, window, p, room)
                ]
            marked.update((place, room) for place in soundness.marked_closed_at(seat.strip, places[room]))
        for (place, room), n in sorted(marked.items()):
            session = window.sessions[place]
            closure = read.facts.closure_on(*session, room)
            why = f"closed: {closure.ground}" if closure else "outside the school's days"
            who = f"{counted(n, 'pupil')} of {read.rooms[room]} {'has' if n == 1 else 'have'} a mark"
            words = f"{who} {when([session])}, which was {why}."
            yield _on_closures("closed", read.rooms[room], words, read)


def _is_closed_ahead(read: Read, window: Window, place: int, room: int) -> bool:
    """Whether a session was known not to take place: where a closure came unplanned, marks lie beneath it rightly."""
    closure = read.facts.closure_on(*window.sessions[place], room)
    return closure is None or closure.kind != "unplanned"


def marked_after_leaving(read: Read) -> Iterator[Finding]:
    """Pupils whose last day lies behind, with marks after it."""
    for year in {window.year for window in read.windows}:
        for one in rows.leavers_of(read.facts.school, year, read.day):
            n = soundness.marks_from(one.marks, year.column(one.left, "PM") + 1)
            if n:
                left = day_words(one.left)
                words = f"{one.name} left after {left} and has {counted(n, 'mark')} since. Is the last day right?"
                yield Finding(
                    "leavers", one.name, words, "office:record", (one.pupil,), "Look at the record", "pupil:record"
                )


def taken_by_two(read: Read) -> Iterator[Finding]:
    """Registers of the last school day and today in which two people saved marks."""
    if not read.windows:
        return
    window = read.windows[0]
    since = max((on for on, _ in window.sessions if on < read.day and read.facts.is_open(on, "AM")), default=read.day)
    known = rows.takers_since(read.facts.school, since)
    sessions = [session for session in window.sessions if session[0] >= since]
    for room, named in read.rooms.items():
        for session in sessions:
            people = known.get(about_register(SchoolClass(pk=room, name=named), *session), [])
            if len(people) > 1:
                saved = f"{listed(people)} each saved marks in the register of {named}"
                words = f"{saved} {when([session])}. Do they agree?"
                yield _on_register("takers", named, words, room, session, "Look at the register")
