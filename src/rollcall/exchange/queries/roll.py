"""Everyone who was ever on a school's roll, and whom a row of a file means, by UPN or by name."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rollcall.exchange.queries.mark_file import Who
from rollcall.schools.models import ClassMembership, Enrolment, Pupil

_FIRST = "bring pupils in first"


@dataclass(frozen=True)
class Stay:
    """A pupil's time on this school's roll, with what a code may hang on."""

    enrolment: int
    pupil: int
    upn: str
    name: str
    names: frozenset[str]
    born: date
    traveller: bool
    admitted: date
    left: date | None
    seats: tuple[tuple[date, date | None, int, str, int], ...]
    """(from, to, class id, class, year group) of each class they were in."""

    def seat_on(self, day: date) -> tuple[date, date | None, int, str, int] | None:
        """The class of a day."""
        return next((seat for seat in self.seats if seat[0] <= day and (seat[1] is None or day <= seat[1])), None)


class Roll:
    """Everyone who was ever on a school's roll, found by UPN or by name."""

    def __init__(self, stays: Iterable[Stay]) -> None:
        self._by_upn: dict[str, list[Stay]] = defaultdict(list)
        self._by_name: dict[str, dict[int, list[Stay]]] = defaultdict(lambda: defaultdict(list))
        self._found: dict[Who, list[Stay]] = {}
        for stay in stays:
            self._by_upn[stay.upn].append(stay)
            for name in stay.names:
                self._by_name[name][stay.pupil].append(stay)

    def find(self, who: Who) -> list[Stay]:
        """The stays of the pupil whom a row means, in order. Raises LookupError with a sentence."""
        if who not in self._found:
            self._found[who] = self._look(who)
        return self._found[who]

    def _look(self, who: Who) -> list[Stay]:
        if who.upn:
            if who.upn not in self._by_upn:
                raise LookupError(f"No pupil with the UPN {who.upn} has been on this school's roll; {_FIRST}.")
            return self._by_upn[who.upn]
        whole = f"{who.first} {who.last}"
        found = self._by_name.get(whole.casefold(), {})
        alike = [stays for stays in found.values() if _is_meant(stays, who)]
        if len(alike) == 1:
            return alike[0]
        if not alike:
            raise LookupError(f"No pupil called {whole} has been on this school's roll; {_FIRST}.")
        raise LookupError(
            f"{len(alike)} pupils are called {whole}; a column with the UPN or date of birth tells them apart."
        )

    @staticmethod
    def on(stays: Sequence[Stay], day: date) -> Stay | None:
        """The stay that a day lies in."""
        return next((s for s in stays if s.admitted <= day and (s.left is None or day <= s.left)), None)


def _is_meant(stays: Sequence[Stay], who: Who) -> bool:
    if who.born and stays[0].born != who.born:
        return False
    classes = {seat[3].casefold() for stay in stays for seat in stay.seats}
    return not who.school_class or not classes or who.school_class.casefold() in classes


def stays_of(school: int) -> list[Stay]:
    """Everyone who was ever on a school's roll, in two queries."""
    seats: dict[int, list] = defaultdict(list)
    for row in ClassMembership.objects.filter(enrolment__school=school).values_list(
        "enrolment_id", "begins", "ends", "school_class_id", "school_class__name", "year_group"
    ):
        seats[row[0]].append(tuple(row[1:]))
    found = Enrolment.objects.filter(school=school).select_related("pupil").order_by("admitted", "id")
    return [_stay(one, seats[one.pk]) for one in found]


def _stay(enrolment: Enrolment, seats: Sequence) -> Stay:
    pupil = enrolment.pupil
    names = {f"{first} {last}".casefold() for first, last in _names(pupil)}
    return Stay(
        enrolment=enrolment.pk,
        pupil=pupil.pk,
        upn=pupil.upn,
        name=pupil.known_name,
        names=frozenset(names),
        born=pupil.born,
        traveller=pupil.traveller,
        admitted=enrolment.admitted,
        left=enrolment.left,
        seats=tuple(seats),
    )


def _names(pupil: Pupil) -> list[tuple[str, str]]:
    return [
        (first, last)
        for first in (pupil.known_first, pupil.legal_first)
        for last in (pupil.known_last, pupil.legal_last)
    ]
