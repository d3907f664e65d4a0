"""An evidence pack as PDF: cover, contents with page numbers, numbered exhibits; A4, tagged as PDF/UA-1.

It decides nothing: every word on it is in what it is given, and the same given is the same bytes on any day.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from rollcall.documents.letter import CannotSet, typeset

MOST_SIGNS = 40
NO_SIGN = "\N{WHITE SQUARE}"


def pack_pdf(contents: Mapping[str, Any]) -> bytes:
    """A pack as PDF, from `contents` alone (`casework.queries.packing` says what stands in them).

    A sign that none of our typefaces has, such as one drawn on a telephone, is set as an empty square, for the rest of
    the evidence must not wait for it. Raises NoFont where the typeface is not built.
    """
    year, month, day = contents["dated"]
    given: Any = deepcopy(dict(contents))
    for _ in range(MOST_SIGNS):
        try:
            return typeset("pack.typ", given, dated=date(year, month, day))
        except CannotSet as error:
            if not error.sign:
                raise
            given = _without(given, error.sign)
    raise CannotSet("The pack can't be set: too many of its signs are in none of our typefaces.")


def _without(given: Any, sign: str) -> Any:
    if isinstance(given, str):
        for one in sign:
            given = given.replace(one, NO_SIGN)
        return given
    if isinstance(given, dict):
        return {name: _without(value, sign) for name, value in given.items()}
    return [_without(one, sign) for one in given] if isinstance(given, list) else given
