"""Whether a name as somebody typed it may mean an adult: with a title or an initial, turned round, or as "his dad"."""

import re
import unicodedata

_FILLING = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "his", "her", "their", "the", "a", "mister"])
_KIN = {"dad": "father", "daddy": "father", "papa": "father", "mum": "mother", "mummy": "mother", "mam": "mother"}


def may_mean(typed: str, first: str, last: str, relationship: str) -> bool:
    """Whether what was typed may mean the adult of these names, who is `relationship` to the child.

    Both names in any order, the surname alone or with an initial, the first name alone, or what they are to the child
    and nothing else. A surname with another first name is somebody else.
    """
    said = _words(typed) - _FILLING
    if not said:
        return False
    firsts, lasts = _words(first), _words(last)
    if _kin(said) == _kin(_words(relationship)):
        return True
    if lasts and lasts <= said:
        others = said - lasts
        return bool(others & firsts) or all(len(one) == 1 and first[:1].casefold() == one for one in others)
    return said <= firsts


def after_with(said: str) -> str:
    """The adult in a sentence about where a child is: what follows the last "with", "by" or "to"; else all of it."""
    return re.split(r"\b(?:with|by|to)\b", said, flags=re.IGNORECASE)[-1].strip() or said


def without(typed: str, child: str) -> str:
    """What was typed without the child's first name, so that "Ben's dad" is "dad"; as it was where nothing is left."""
    own = {form for name in _words(child) for form in (name, f"{name}s")}
    left = sorted(_words(typed) - own)
    return " ".join(left) if left else typed


def _kin(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_KIN.get(one, one) for one in words)


def _words(text: str) -> frozenset[str]:
    """The words of a name in plain letters, whatever stands between them."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return frozenset(re.findall(r"[^\W\d_]+", plain.replace("\u2019", "").replace("'", "")))
