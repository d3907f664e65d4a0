"""What the spans of a file would add and change: each held against those that stand, and against the time on roll.

A span is known again by its kind and its first day (a pattern by its sessions too). A blank cell says nothing of one
that stands; what was recorded of an exclusion stays as it was recorded, as on the pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rollcall.exchange.queries.pupil_file import ToldPupil
from rollcall.exchange.queries.seating import Seat
from rollcall.exchange.queries.span_file import COLUMNS, ToldSpan
from rollcall.rules.tables import BadCell
from rollcall.schools.actions.bringing import SPANS, BroughtSpan
from rollcall.schools.actions.spans import part_time_faults
from rollcall.schools.models import Enrolment, Hold, Pupil, School

Change = tuple[str, object, object]
"""What changes of a span, in words: what, before, after."""
_KNOWN_BY = {"hold": ("kind", "begins"), "part_time": ("away", "begins"), "exclusion": ("permanent", "begins")}
_NAMES = {"hold": "hold", "part_time": "part-time pattern", "exclusion": "exclusion"}


@dataclass
class _Known:
    """A span that stands, by its id, or one that the file has told of in a row."""

    values: dict[str, Any]
    id: int | None = None
    row: int | None = None


@dataclass
class SpanNews:
    """What there is to write of one pupil's spans, the same in words, and every cell that can't be."""

    brings: list[BroughtSpan] = field(default_factory=list)
    words: list[Change] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)


class Spans:
    """The spans that stand of the pupils of a file who have any in it, in one query for each kind."""

    def __init__(self, told: Iterable[ToldPupil], school: School, headings: Mapping[str, str]) -> None:
        self._headings = headings
        self._stand: dict[tuple[str, int], list[_Known]] = defaultdict(list)
        upns = [one.upn for one in told if one.spans]
        if not upns:
            return
        for kind, model in SPANS.items():
            whose: dict[str, Any] = {"pupil__upn__in": upns} if kind == "hold" else {
                "enrolment__pupil__upn__in": upns, "enrolment__school": school,
            }  # fmt: skip
            if kind == "exclusion":
                whose["withdrawn"] = None
            owner = "pupil_id" if kind == "hold" else "enrolment_id"
            for row in model.objects.filter(**whose).order_by("begins", "id").values("id", owner, *COLUMNS[kind]):
                values = {column: row[column] for column in COLUMNS[kind]}
                self._stand[kind, row[owner]].append(_Known(values, row["id"]))

    def bring(self, told: ToldPupil, pupil: Pupil | None, stay: Enrolment | None, seat: Seat) -> SpanNews:
        """What a pupil's spans would do; stay: the time on roll that stands, None where the seat is a new one."""
        news = SpanNews()
        fresh: dict[str, list[_Known]] = {kind: [] for kind in SPANS}
        for span in told.spans:
            owner = (pupil.pk if pupil else None) if span.kind == "hold" else (stay.pk if stay else None)
            known = (self._stand[span.kind, owner] if owner else []) + fresh[span.kind]
            alike = next((one for one in known if _is_same(span, one)), None)
            if alike is not None:
                self._change(span, alike, known, news)
                continue
            fresh[span.kind].append(_Known(dict(span.values), row=span.row))
            self._add(span, known, _time_on_roll(stay, seat), news)
        return news

    def _add(
        self, span: ToldSpan, known: list[_Known], on_roll: tuple[date | None, date | None], news: SpanNews
    ) -> None:
        self._hold_apart(span, span.values["begins"], span.values.get("ends"), known, news)
        first, last = on_roll
        begins = span.values["begins"]
        if span.kind != "hold" and first and begins < first:
            words = f"Joins on {first:%-d %B %Y}; {begins:%-d %B %Y} is before that."
            news.bad.append(span.cell("begins", self._headings, words))
        if span.kind != "hold" and last and begins > last:
            words = f"Left on {last:%-d %B %Y}; {begins:%-d %B %Y} is after that."
            news.bad.append(span.cell("begins", self._headings, words))
        news.brings.append(BroughtSpan(span.kind, dict(span.values)))
        news.words.append((_NAMES[span.kind], "", described(span.kind, span.values)))

    def _change(self, span: ToldSpan, alike: _Known, known: list[_Known], news: SpanNews) -> None:
        """What a row says otherwise of a span that stands, or that an earlier row has told of."""
        differs = {key: value for key, value in span.values.items() if alike.values.get(key) != value}
        for column, value in differs.items():
            if alike.row is not None:
                words = f"Row {alike.row} says something else of the same {_NAMES[span.kind]}."
            elif span.kind == "exclusion":
                stands = alike.values[column]
                words = f"The register has {_day(stands) if stands else 'no day'} here; it stays as it was recorded."
            else:
                news.words.append((f"{_NAMES[span.kind]}: {_word(column)}", alike.values[column], value))
                continue
            news.bad.append(span.cell(column, self._headings, words))
        alike.row = alike.row or span.row
        if differs and alike.id is not None:
            alike.values |= differs
            self._hold_apart(
                span, span.values["begins"], alike.values["ends"], [o for o in known if o is not alike], news
            )
            news.brings.append(BroughtSpan(span.kind, differs, alike.id))

    def _hold_apart(
        self, span: ToldSpan, begins: date, ends: date | None, known: Iterable[_Known], news: SpanNews
    ) -> None:
        """Two part-time patterns never hold on one day."""
        if span.kind != "part_time" or ends is None:
            return
        others = [(one.values["away"], one.values["begins"], one.values["ends"]) for one in known]
        for fault in part_time_faults(span.values["away"], begins, ends, others):
            news.bad.append(span.cell(fault.field, self._headings, str(fault)))


def _is_same(span: ToldSpan, one: _Known) -> bool:
    return all(span.values[key] == one.values[key] for key in _KNOWN_BY[span.kind])


def _time_on_roll(stay: Enrolment | None, seat: Seat) -> tuple[date | None, date | None]:
    """The first day on this roll and the last, as far as they are known."""
    first, last = seat.values.get("admitted"), seat.values.get("left")
    return (stay.admitted, last or stay.left) if stay else (first, last)


def described(kind: str, values: Mapping[str, Any]) -> str:
    """A span in words."""
    begins, ends = _day(values["begins"]), values.get("ends")
    if kind == "part_time":
        return f"{values['away']} not attended from {begins} to {_day(ends)}"
    if kind == "hold":
        return f"{dict(Hold._meta.get_field('kind').flatchoices)[values['kind']]} from {begins} to " + (
            _day(ends) if ends else "further notice"
        )
    return f"Excluded for good from {begins}" if values["permanent"] else f"Suspended from {begins} to {_day(ends)}"


def _word(column: str) -> str:
    return "last day" if column == "ends" else column


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""
