"""Checks of pupils and families: in no class or in two, brothers and sisters with reasons that contradict each other,
and contacts who can't be rung (3.7-b).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from rollcall.absence.queries import check_contacts as contacts
from rollcall.absence.queries import check_rows as rows
from rollcall.absence.queries.check_rows import Expected, Seat, Window
from rollcall.absence.queries.check_values import Finding, Read, when
from rollcall.absence.queries.report_known import in_no_class, sibling_pairs
from rollcall.rules import soundness
from rollcall.rules.codes import BYTE, MISSING, TEXT
from rollcall.rules.sessions import HALVES
from rollcall.rules.words import counted, day_words, listed


def in_no_class_or_two(read: Read) -> Iterator[Finding]:
    """Pupils on roll whom no register has, or two have."""
    link = ("office:record", "Put it right", "pupil:record")
    for _, pupil, name, _ in in_no_class(read.facts.school, read.day):
        words = f"{name} is on the roll and in no class, so that no register has them."
        yield Finding("classes", name, words, link[0], (pupil,), *link[1:])
    today: dict[int, list[Seat]] = defaultdict(list)
    for seat in read.seats[0] if read.seats else ():
        if seat.first <= read.day <= seat.last:
            today[seat.pupil].append(seat)
    for pupil, seats in today.items():
        if len(seats) > 1:
            words = f"{seats[0].name} is in {listed(seat.class_name for seat in seats)} at once."
            yield Finding("classes", seats[0].name, words, link[0], (pupil,), *link[1:])


def contradicting_siblings(read: Read) -> Iterator[Finding]:
    """Brothers and sisters, at any school, whose reasons for the same session can't both be true."""
    for n, (window, seats) in enumerate(zip(read.windows, read.seats, strict=True)):
        own = _by_pupil(seats, window, read.expected if n == 0 else [], read.day)
        pairs = sibling_pairs(pupil for pupil, seat in own.items() if soundness.has_reason(seat.strip))
        others = {sibling for found in pairs.values() for sibling in found} - set(own)
        elsewhere = rows.seats_between(window, pupils=others) if others else []
        told = rows.expected_between(window.first, read.day, pupils=others) if others and n == 0 else []
        yield from _contradictions(pairs, _by_pupil(elsewhere, window, told, read.day) | own, window)


def _by_pupil(seats: Iterable[Seat], window: Window, expected: Iterable[Expected], day: date) -> dict[int, Seat]:
    """Seats by pupil, with what is expected of them today where no mark stands yet."""
    found = {seat.pupil: seat for seat in seats}
    for one in expected:
        if (seat := found.get(one.pupil)) and seat.enrolment == one.enrolment and window.holds(day):
            strip = bytearray(seat.strip)
            for half in HALVES:
                place = window.place((day, half))
                if strip[place] == BYTE[MISSING] and one.covers((day, half)):
                    strip[place] = BYTE[one.code]
            found[one.pupil] = replace(seat, strip=bytes(strip))
    return found


def _contradictions(pairs: dict[int, set[int]], seats: dict[int, Seat], window: Window) -> Iterator[Finding]:
    done: set[frozenset[int]] = set()
    for pupil, siblings in sorted(pairs.items()):
        for sibling in sorted(siblings & set(seats)):
            pair = frozenset((pupil, sibling))
            one, other = seats[pupil], seats[sibling]
            places = soundness.contradicting_at(one.strip, other.strip, range(window.n))
            if places and pair not in done:
                done.add(pair)
                sessions = [window.sessions[place] for place in places]
                codes = f"{one.name} has {TEXT[one.strip[places[0]]]} and {other.name} {TEXT[other.strip[places[0]]]}"
                words = f"{codes}, {when(sessions)}: both can't be the reason."
                half = sessions[0][1].lower()
                args = (one.enrolment, sessions[0][0], half)
                yield Finding(
                    "siblings", one.name, words, "registers:history", args, "Look at the mark", "mark:history"
                )


def nobody_to_ring(read: Read) -> Iterator[Finding]:
    """Contacts without a working number, and pupils with fewer numbers than the policy asks for (3.7-b)."""
    least = read.facts.policy_on(read.day).absence.least_contact_numbers.value
    families, adults = contacts.families_of(read.facts.school, read.day)
    wrong = contacts.wrong_numbers(read.facts.school, read.day)
    for adult in adults:
        yield from _adult(adult, wrong)
    for family in families:
        n = len(contacts.to_ring(family, wrong))
        if n < least:
            has = counted(n, "number") if n else "no number"
            words = f"{family.name} has {has} to ring; the policy asks for {least}."
            yield Finding(
                "numbers", family.name, words, "office:record", (family.pupil,), "Add a number", "pupil:record"
            )


def _adult(adult: contacts.Adult, wrong: contacts.Wrong) -> Iterator[Finding]:
    place, act = (adult.pupil, adult.id), "Put the number right"
    if not adult.numbers:
        words = f"{adult.words} has no number."
        yield Finding("numbers", adult.name, words, "office:contact_change", place, act, "pupil:edit")
    for number, on in contacts.still_wrong(adult, wrong):
        words = f"{number} of {adult.words} was a wrong number on {day_words(on)}, and is still there."
        yield Finding("numbers", adult.name, words, "office:contact_change", place, act, "pupil:edit")
