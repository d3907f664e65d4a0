"""When two postal addresses lead to the same door, however they were written down.

The rule: the first line says the same, and the postcodes are the same or one of them is missing. The first line is what
stands before the first comma or line end that is more than the number of a flat or house, in plain small letters, with
"St" and its like written out. It errs towards the same door: who asks is about to send what must not be read there.
"""

import re
import unicodedata
from typing import NamedTuple

_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)
_LONG = {
    "st": "street", "rd": "road", "ave": "avenue", "av": "avenue", "cl": "close", "ln": "lane", "la": "lane",
    "dr": "drive", "ct": "court", "crt": "court", "gdns": "gardens", "gdn": "gardens", "cres": "crescent",
    "pl": "place", "sq": "square", "terr": "terrace", "tce": "terrace", "apartment": "flat", "apt": "flat",
    "unit": "flat", "pk": "park", "gr": "grove", "gn": "green",
}  # fmt: skip
_PASSED_OVER = frozenset(["the", "no", "number", "c", "o"])
_NUMBERING = frozenset(["flat", "floor", "ground", "first", "second", "third", "top", "basement", "house"])


class Door(NamedTuple):
    """An address as it is compared: the first line in plain words, and the postcode without spaces."""

    line: str
    postcode: str


def door_of(address: str) -> Door:
    """The door that an address leads to; an empty line for an address that says nothing."""
    found = _POSTCODE.search(address)
    postcode = (found[1] + found[2]).upper() if found else ""
    parts = [_words(part) for part in re.split(r"[\n\r,;]+", _POSTCODE.sub(" ", address))]
    line: list[str] = []
    for part in (one for one in parts if one):
        line += part
        if any(_is_name(word) for word in part):
            break
    return Door(" ".join(line), postcode)


def same_door(one: str, other: str) -> bool:
    """Whether two addresses lead to the same door, or may; an address that says nothing leads nowhere."""
    first, second = door_of(one), door_of(other)
    if not first.line or first.line != second.line:
        return False
    return first.postcode == second.postcode or not (first.postcode and second.postcode)


def _is_name(word: str) -> bool:
    """Whether a word is part of a street's or house's name, and no number of one."""
    return len(word) > 1 and not word[0].isdigit() and word not in _NUMBERING


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    found = re.findall(r"[^\W_]+", plain.replace("\u2019", "").replace("'", ""))
    return [_LONG.get(word, word) for word in found if word not in _PASSED_OVER]
