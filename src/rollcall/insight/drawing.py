"""Pictures as markup: a pupil's year, shares week by week, and the rows of long lists.

They are built here and not in a template for the cost: four hundred cells, or as many pupils, in a few milliseconds.
The faces are those of `_partials/mark.html`, so that a mark looks the same everywhere.
"""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rollcall.accounts.templatetags.marks import face, meaning
from rollcall.documents.charts import Point, Series, share_chart
from rollcall.insight.queries.group import PupilLine
from rollcall.insight.queries.picture import Slot, Week
from rollcall.rules.codes import MISSING
from rollcall.rules.pupil_year import Cell
from rollcall.rules.shares import Share

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
LABELS_APART = 3
NO_FIGURE = "no marked session yet"
Link = Callable[[Cell], str]


_HEAD = (
    '<thead><tr><td class="year__corner"></td>'
    + "".join(f'<th scope="colgroup" colspan="2">{day[:3]}</th>' for day in DAYS)
    + '<th scope="col" rowspan="2" class="year__total">Attended</th></tr><tr><th scope="col">Week of</th>'
    + "".join(f'<th scope="col" aria-label="{day} {half}">{half[:1]}</th>' for day in DAYS for half in ("am", "pm"))
    + "</tr></thead>"
)


def year_table(weeks: Sequence[Week], caption: str, link: Link | None) -> SafeString:
    """The table of a year: a row a week, ten cells a week. `link` gives the address behind a cell; None: no links."""
    rows = "".join(_row(week, link) for week in weeks)
    return mark_safe(f'<table class="year"><caption>{escape(caption)}</caption>{_HEAD}<tbody>{rows}</tbody></table>')


def _row(week: Week, link: Link | None) -> str:
    term = f'<tr class="year__term"><th colspan="12">{escape(week.term)}</th></tr>' if week.term else ""
    cells = "".join(f"<td>{_slot(slot, link)}</td>" for slot in week.slots)
    total = f"{week.attended} of {week.possible}" if week.possible else ""
    day = f"{week.monday.day} {week.monday:%b}"
    return f'{term}<tr><th scope="row">{day}</th>{cells}<td class="year__total">{total}</td></tr>'


def _slot(slot: Slot, link: Link | None) -> str:
    if slot.cell is None:
        return f'<span class="year__empty year__shut" title="{escape(slot.why)}"></span>' if slot.why else ""
    cell = slot.cell
    if not cell.counted:
        if cell.code == MISSING:
            return '<span class="year__empty"></span>'
        return f'<span class="mark {_face(cell.code)} year__apart" title="not counted">{escape(cell.code)}</span>'
    shown, words, inside = _drawn(cell.code)
    late = f", {cell.minutes} minutes" if cell.minutes else ""
    title = f"{_day(slot.day)} {slot.half.lower()}: {words}{late}"
    if link is None:
        return f'<span {shown} title="{title}">{inside}</span>'
    return f'<a href="{link(cell)}" {shown} title="{title}">{inside}</a>'


def trend(title: str, weeks: Sequence[tuple[date, Share]], target: Fraction | None) -> SafeString:
    """Attendance week by week as a drawing, the target as a line; empty where no week has passed."""
    if not weeks:
        return mark_safe("")
    points, marked = [], -LABELS_APART
    for n, (monday, share) in enumerate(weeks):
        new = n == 0 or monday.month != weeks[n - 1][0].month
        marked = n if new and n - marked >= LABELS_APART else marked
        points.append(Point(f"{monday.day} {monday:%b}", share.tenths, marked == n))
    known = [(share.tenths, point.label) for (_, share), point in zip(weeks, points, strict=True) if share.tenths]
    low, high = min(known, default=(0, "")), max(known, default=(0, ""))
    spread = f"Lowest {low[0] / 10:.1f}% in the week of {low[1]}, highest {high[0] / 10:.1f}% in that of {high[1]}."
    said = f"{len(weeks)} week{'' if len(weeks) == 1 else 's'}. {spread}"
    tenths = None if target is None else int(10 * target)
    return mark_safe(share_chart(title, said, [Series("this year", points)], tenths))


def year_in_words(weeks: Sequence[Week]) -> SafeString:
    """The rows of the table that says the year in words: each week's absences, lateness and missing marks."""
    return mark_safe("".join(_week_in_words(week) for week in weeks if week.cells))


def _week_in_words(week: Week) -> str:
    said = "; ".join(_cell_in_words(cell) for cell in week.notable) or "nothing"
    day = f"{week.monday.day} {week.monday:%b}"
    return (
        f'<tr class="govuk-table__row"><th scope="row">{day}</th>'
        f"<td>{week.attended} of {week.possible}</td><td>{said}</td></tr>"
    )


def _cell_in_words(cell: Cell) -> str:
    late = f", {cell.minutes} minute{'' if cell.minutes == 1 else 's'}" if cell.minutes else ""
    return f"{DAYS[cell.day.weekday()]} {'morning' if cell.half == 'AM' else 'afternoon'}: {_words(cell.code)}{late}"


def pupil_rows(lines: Sequence[PupilLine], *, with_school: bool = False) -> SafeString:
    """The rows of a list of pupils with their figures: name, class, school where asked, attendance, stage, no mark."""
    address = reverse("insight:pupil", args=[0]).replace("/0/", "/{}/")
    return mark_safe("".join(_pupil_row(line, address, with_school) for line in lines))


def _pupil_row(line: PupilLine, address: str, with_school: bool) -> str:
    member, figures = line.member, line.figures
    counts = f'<span class="figure__counts">{figures.attended} of {figures.possible}</span>'
    shown = f'<span><span class="figure">{figures.percent}%</span> {counts}</span>' if figures.possible else NO_FIGURE
    school = f'<td data-label="School">{escape(line.school_name)}</td>' if with_school else ""
    link = f'<a class="govuk-link" href="{address.format(member.pupil)}">{escape(member.name)}</a>'
    return (
        f'<tr class="govuk-table__row"><th scope="row">{link}</th>'
        f'<td data-label="Class">{escape(member.class_name)}</td>{school}'
        f'<td data-label="Attendance">{shown}</td><td data-label="Stage">{escape(line.stage_name)}</td>'
        f'<td data-label="No mark" class="numeric">{figures.missing}</td></tr>'
    )


@lru_cache(maxsize=1000)
def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


@cache
def _face(code: str) -> str:
    return f"mark--{face(code)}" + (" mark--wide" if len(code) > 1 else "")


@cache
def _words(code: str) -> str:
    return str(escape(meaning(code)))


@cache
def _drawn(code: str) -> tuple[str, str, str]:
    """Of a code's mark, the same in every cell: its attributes, the words of its title, and what stands in it."""
    shown = escape(code)
    inside = '<span class="govuk-visually-hidden">no mark</span>' if code == MISSING else shown
    return f'class="mark {_face(code)}" data-code="{shown}"', _words(code), str(inside)
