"""The picture of a year as markup. Built here and not in a template for the cost: four hundred cells in a millisecond.

The faces are those of `_partials/mark.html`, so that a mark looks the same everywhere.
"""

from collections.abc import Callable, Sequence
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rollcall.accounts.templatetags.marks import face, meaning
from rollcall.insight.queries.picture import Slot, Week
from rollcall.rules.codes import MISSING
from rollcall.rules.pupil_year import Cell

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
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
    title = f"{slot.day:%a} {slot.day.day} {slot.day:%b} {slot.half.lower()}: {_words(cell.code)}"
    late = f", {cell.minutes} minutes" if cell.minutes else ""
    shown = f'class="mark {_face(cell.code)}" data-code="{_shown(cell.code)}" title="{title}{late}"'
    if link is None:
        return f"<span {shown}>{_inside(cell.code)}</span>"
    return f'<a href="{link(cell)}" {shown}>{_inside(cell.code)}</a>'


@cache
def _face(code: str) -> str:
    return f"mark--{face(code)}" + (" mark--wide" if len(code) > 1 else "")


@cache
def _words(code: str) -> str:
    return str(escape(meaning(code)))


@cache
def _shown(code: str) -> str:
    return str(escape(code))


@cache
def _inside(code: str) -> str:
    return '<span class="govuk-visually-hidden">no mark</span>' if code == MISSING else str(escape(code))
