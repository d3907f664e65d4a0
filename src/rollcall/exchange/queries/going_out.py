"""What goes out: marks in the long form that `rollcall figures` reads, figures as the pages have them, and pupils.

Every table is told row by row, so that no file is ever whole in memory.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rollcall.exchange.fields import N_CONTACTS, N_PHONES, PUPIL_FIELDS, SENSITIVE, SPANS, Field
from rollcall.exchange.queries.span_file import COLUMNS
from rollcall.exchange.values import year_group_words
from rollcall.registers.queries.figures import editions_of, stored_rows, year_figures
from rollcall.rules.codes import WITH_MINUTES
from rollcall.rules.listing import listed
from rollcall.rules.overlay import overlay
from rollcall.rules.sessions import HALVES, SchoolYear
from rollcall.rules.tables.cells import safe_cell
from rollcall.schools.models import Enrolment, Pupil, School
from rollcall.schools.queries import facts_of

MARK_HEADINGS = ("pupil", "date", "session", "code", "minutes_late", "school", "edition")
FIGURE_HEADINGS = (
    "pupil", "school", "name", "class", "possible", "attended", "authorised", "unauthorised", "missing", "late",
    "late_after_close", "minutes_late", "attendance_percent_down", "persistent", "severe", "stage", "tier",
    "unauthorised_in_10_weeks", "threshold_reached_on", "longest_absence",
)  # fmt: skip
Row = Sequence[Any]


class _Line:
    """What csv writes to: it hands each line back."""

    def write(self, text: str) -> str:
        """The line as it is."""
        return text


def lines(headings: Row, rows: Iterable[Row]) -> Iterator[str]:
    """A table as lines of CSV, its headings first."""
    writer = csv.writer(_Line(), lineterminator="\n")
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow(row)


def enrolled_in(school: School, year_start: int) -> list[tuple[int, str]]:
    """(enrolment, UPN) of everyone on a school's roll in a year, by UPN."""
    year = SchoolYear(year_start)
    rows = Enrolment.objects.filter(school=school, admitted__lte=year.last).exclude(left__lt=year.first)
    return list(rows.order_by("pupil__upn", "admitted").values_list("id", "pupil__upn"))


def mark_rows(school: School, year_start: int, at: datetime) -> Iterator[Row]:
    """Every session of a year at a school up to a moment, pupil by pupil; `-` where there is no mark.

    Sessions on which the school was closed are left out. The edition is that of the policy in force on the day.
    """
    facts, year = facts_of(school.pk), SchoolYear(year_start)
    upns = dict(enrolled_in(school, year_start))
    rows = stored_rows(upns, year_start, facts)
    if not rows:
        return
    laid = overlay(rows, facts.calendar(year_start), facts.last_columns(year_start, at))
    editions = editions_of(facts, year_start)
    days = [f"{day:%Y-%m-%d}" for day in year.days()]
    names = [upns[row.enrolment] for row in rows]
    for row, column, code, minutes in listed(laid):
        late = minutes or "" if code in WITH_MINUTES else ""
        yield names[row], days[column // 2], HALVES[column % 2], code, late, school.slug, editions[column]


def figure_rows(school: School, year_start: int, at: datetime) -> Iterator[Row]:
    """A row of figures for each pupil of a year at a school, as the pages have them."""
    upns = dict(enrolled_in(school, year_start))
    called = _called(upns, year_start)
    found = year_figures(school.pk, upns, year_start, at)
    for enrolment, upn in upns.items():
        one = found[enrolment]
        name, own = called.get(enrolment, ("", ""))
        yield (
            upn, school.slug, safe_cell(name), safe_cell(own), one.possible, one.attended, one.authorised,
            one.unauthorised,
            one.missing, one.late, one.late_after_close, one.minutes_late, one.percent, _yes(one.persistent),
            _yes(one.severe), _or_blank(one.stage), _or_blank(one.tier), one.worst_window,
            _or_blank(one.threshold_reached_on), one.longest_absence,
        )  # fmt: skip


def _yes(value: bool) -> str:
    return "1" if value else "0"


def _or_blank(value: object) -> object:
    return "" if value is None else value


def _called(enrolments: Iterable[int], year_start: int) -> dict[int, tuple[str, str]]:
    found = {}
    rows = Enrolment.objects.filter(id__in=list(enrolments)).select_related("pupil")
    for one in rows.prefetch_related("memberships__school_class"):
        classes = [m.school_class.name for m in one.memberships.all() if m.school_class.year_start == year_start]
        found[one.pk] = (one.pupil.known_name, classes[-1] if classes else "")
    return found


@dataclass(frozen=True)
class Sight:
    """What of a pupil's record somebody may take out: safeguarding facts, whom to call, and what holds for a time."""

    sensitive: bool
    contacts: bool
    spans: bool = False

    def fields(self) -> list[Field]:
        """The columns of a file of pupils; names stand in two columns each, so that they come back in unchanged."""
        return [one for one in PUPIL_FIELDS if self._shows(one)]

    def _shows(self, one: Field) -> bool:
        if one.key.startswith("contact_"):
            return self.contacts and not one.key.endswith("_name")
        held = {SENSITIVE: self.sensitive, SPANS: self.spans}
        return one.key != "name" and held.get(one.needs, True)


def pupil_rows(school: School, year_start: int, sight: Sight) -> Iterator[Row]:
    """A row for each pupil on a school's roll in a year, and one more for each further span of a kind."""
    keys = [one.key for one in sight.fields()]
    year = SchoolYear(year_start)
    rows = (
        Enrolment.objects.filter(school=school, admitted__lte=year.last)
        .exclude(left__lt=year.first)
        .select_related("pupil")
        .prefetch_related("memberships__school_class", "pupil__contacts__contact__phones")
        .order_by("pupil__upn", "admitted")
    )
    if sight.spans:
        rows = rows.prefetch_related("part_time", "exclusions", "pupil__holds")
    # Who left and came back within the year has one row, of the latest time.
    for one in {row.pupil_id: row for row in rows}.values():
        values = _pupil_values(one.pupil) | _seat_values(one, year_start) | _contact_values(one.pupil)
        spans = _span_values(one) if sight.spans else []
        values |= spans[0] if spans else {}
        yield [_written(key, values.get(key)) for key in keys]
        for more in spans[1:]:
            yield [_written(key, {"upn": one.pupil.upn, **more}.get(key)) for key in keys]


def _written(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else safe_cell(str(value))


def _pupil_values(pupil: Pupil) -> dict[str, object]:
    return {name: getattr(pupil, name) for name in (one.key for one in PUPIL_FIELDS) if hasattr(pupil, name)}


def _seat_values(enrolment: Enrolment, year_start: int) -> dict[str, object]:
    seats = [one for one in enrolment.memberships.all() if one.school_class.year_start == year_start]
    values: dict[str, object] = {"admitted": enrolment.admitted, "left": enrolment.left}
    if seats:
        values["school_class"] = seats[-1].school_class.name
        values["year_group"] = year_group_words(seats[-1].year_group)
    return values


def _span_values(enrolment: Enrolment) -> list[dict[str, object]]:
    """What holds of a pupil for a time, a row for as many of each kind as there are."""
    kinds: dict[str, list[Any]] = {
        "hold": list(enrolment.pupil.holds.all()),
        "part_time": list(enrolment.part_time.all()),
        "exclusion": [one for one in enrolment.exclusions.all() if not one.withdrawn_id],
    }
    rows: list[dict[str, object]] = [{} for _ in range(max(len(spans) for spans in kinds.values()))]
    for kind, spans in kinds.items():
        for row, span in zip(rows, sorted(spans, key=lambda span: (span.begins, span.pk)), strict=False):
            row |= {f"{kind}_{column}": getattr(span, column) for column in COLUMNS[kind]}
            if kind == "exclusion":
                row["exclusion_permanent"] = "permanent" if span.permanent else "suspension"
    return rows


def _contact_values(pupil: Pupil) -> dict[str, object]:
    values: dict[str, object] = {}
    links = sorted(pupil.contacts.all(), key=lambda link: (link.order, link.pk))
    for n, link in enumerate(links[:N_CONTACTS], 1):
        contact = link.contact
        own: dict[str, object] = {
            "title": contact.title,
            "first": contact.first,
            "last": contact.last,
            "relationship": link.relationship,
            "responsible": link.parental_responsibility,
            "lives_with": link.lives_with,
            "email": contact.email,
            "address": contact.address,
            "language": contact.language,
            "barred": link.barred,
            "barred_do": link.barred_do,
        }
        phones = [phone.number for phone in contact.phones.all()][:N_PHONES]
        own |= {f"phone_{place}": number for place, number in enumerate(phones, 1)}
        values |= {f"contact_{n}_{key}": value for key, value in own.items()}
    return values
