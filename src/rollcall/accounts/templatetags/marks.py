"""Which face a mark has on a page, from its code: the same under both editions of the law, as the codes' table says.

`{{ code|face }}` is the class of `_partials/mark.html`; `{{ code|meaning }}` the words of the law for it.
"""

from django import template

from rollcall.rules.codes import EDITIONS, MISSING, table

register = template.Library()

_CODES = {code.code: code for edition in EDITIONS for code in table(edition).values()}


@register.filter
def face(code: str) -> str:
    """How a code counts, in the codes' own word (attending, authorised, ...); no code at all is missing."""
    return _CODES[code].counts_as.label if code and code != MISSING else "missing"


@register.filter
def meaning(code: str) -> str:
    """What a code means, as the newest edition that has it says; no code at all is "no mark"."""
    return _CODES[code].meaning if code and code != MISSING else "no mark"
