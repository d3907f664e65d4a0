"""Finding a child by the first letters of any of their names, or by the number that somebody rang from."""

import unicodedata
from collections.abc import Sequence
from datetime import date

from rollcall.rules.phones import dialled
from rollcall.schools.models import ContactPhone
from rollcall.schools.queries.roll import Seat, seats_of_school

LEAST_LETTERS = 2
MOST = 12


def children_called(school: int, words: str, day: date) -> list[Seat]:
    """Who is on a school's roll (by id) and has names beginning with these words, at most twelve, in two letters up.

    Each word must begin one of the names: "be ca" finds Ben Carter. Accents and hyphens are passed over.
    """
    wanted = parts_of(words)
    if sum(len(part) for part in wanted) < LEAST_LETTERS:
        return []
    found = [seat for seat in seats_of_school(school, day) if _fits(wanted, parts_of(seat.name))]
    return sorted(found, key=lambda seat: parts_of(seat.name)[0] != wanted[0])[:MOST]


def _fits(wanted: Sequence[str], names: Sequence[str]) -> bool:
    return all(any(name.startswith(part) for name in names) for part in wanted)


def parts_of(words: str) -> list[str]:
    """The words of a name in plain small letters: accents are dropped, and hyphens part words."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    kept = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return kept.split()


def children_of_number(school: int, number: str, day: date) -> list[Seat]:
    """The children of a school whose contacts have a telephone number, however it is spaced, by name."""
    digits = dialled(number)
    if len(digits) < 9:
        return []
    rows = ContactPhone.objects.filter(contact__pupils__pupil__enrolments__school=school)
    known = rows.values_list("contact__pupils__pupil", "number")
    pupils = {pupil for pupil, other in known if dialled(other) == digits}
    return [seat for seat in seats_of_school(school, day) if seat.pupil in pupils] if pupils else []
