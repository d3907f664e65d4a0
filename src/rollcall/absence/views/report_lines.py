"""Draws the lines of the absentee report, each kept in memory: of two hundred lines few change from minute to minute.

In Python for the cost (docs/adr/0012): every value is escaped by `format_html`.
"""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from rollcall.absence.queries.report_values import Away
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
