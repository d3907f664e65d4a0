"""Draws the classes of the absentee report and their lines, each kept in memory: few change from minute to minute.

In Python for the cost (docs/adr/0012): every value is escaped by `format_html`.
"""

from datetime import date
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rollcall.absence.queries.report_sheet import notes_of, state_words
from rollcall.absence.queries.report_values import Away, ClassPart
from rollcall.accounts.templatetags.marks import meaning
from rollcall.registers.views.faces import face

TONES = {"red": "urgent", "amber": "attention"}
_NOTHING = SafeString("")
_LINE = (
    '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">'
    '<a class="govuk-link" href="/pupils/{}/">{}</a>{}</th>'
    '<td class="govuk-table__cell" data-label="Mark">{}</td>'
    '<td class="govuk-table__cell" data-label="Reason">{}{}</td>'
    '<td class="govuk-table__cell" data-label="Who told us">{}</td>'
    '<td class="govuk-table__cell" data-label="Back">{}</td>'
    '<td class="govuk-table__cell" data-label="Brothers and sisters">{}</td>'
    '<td class="govuk-table__cell" data-label="Still to do">{}</td></tr>'
)


@lru_cache(maxsize=4096)
def draw_line(one: Away) -> SafeString:
    """One pupil's line."""
    return format_html(
        _LINE,
        one.pupil,
        one.name,
        _risk(one.risk, one.risk_words),
        SafeString("<strong>UNKNOWN</strong>") if one.is_unknown else face(one.code, meaning(one.code)),
        f"expected {one.expected}: " if one.expected else "",
        one.reason,
        one.told,
        one.back,
        "; ".join(map(str, one.siblings)),
        format_html("<strong>{}</strong>", "; ".join(one.to_do)) if one.to_do else _NOTHING,
    )


@lru_cache(maxsize=16)
def _risk(risk: str, words: str) -> SafeString:
    if risk == "green":
        return _NOTHING
    return format_html(' <strong class="status status--{}">{} risk</strong>', TONES.get(risk, "attention"), words)


_CLASS = (
    '<section class="absentees" aria-labelledby="class-{}">'
    '<h2 class="govuk-heading-m absentees__class" id="class-{}">{}</h2>'
    '<p class="absentees__state{}">{}</p>{}{}</section>'
)
_REGISTER = '<a class="govuk-link" href="/registers/{}/{}/{}/">{}</a>'
_HEADS = ("Pupil", "Mark", "Reason", "Who told us", "Back", "Brothers and sisters", "Still to do")
_TABLE = (
    '<div class="scroll" tabindex="0" role="region" aria-label="Not in, {}">'
    '<table class="govuk-table dense stack absentees__list">'
    '<thead class="govuk-table__head"><tr class="govuk-table__row">'
    + "".join(f'<th scope="col" class="govuk-table__header">{head}</th>' for head in _HEADS)
    + '</tr></thead><tbody class="govuk-table__body">{}</tbody></table></div>'
)


@lru_cache(maxsize=512)
def draw_class(part: ClassPart, day: date, half: str) -> SafeString:
    """One class with its register, of a day and half, and whoever of it is not in."""
    room = part.school_class
    lines = format_html_join("", "{}", ((draw_line(one),) for one in part.away))
    return format_html(
        _CLASS,
        room,
        room,
        format_html(_REGISTER, room, day.isoformat(), half.lower(), part.name) if room else part.name,
        " absentees__state--missing" if part.is_missing else "",
        state_words(part),
        format_html(_TABLE, part.name, lines) if part.away else _NOTHING,
        format_html_join("", "<p>{}</p>", ((note,) for note in notes_of(part))),
    )
