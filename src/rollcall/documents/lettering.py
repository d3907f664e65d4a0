"""How wide words are in print, well enough to wrap them: nothing here is drawn narrower than it is taken to be.

SVG wraps no text of its own. Widths are in parts of the size of the type, for a wide typeface, so that ours fits.
"""

from unicodedata import east_asian_width

LINE = 1.35
"""The height of a line, in sizes of the type."""

_NARROW, _WIDE = set("iljtfrI.,:;'|!()[]/ -"), set("mwMWQO@%&—")


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the unit of its size."""
    return size * sum(_share(one) for one in text) * (1.06 if bold else 1)


def wrapped(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """A text in lines no wider than `width`, broken between words, and inside one that is wider by itself."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, size, bold=bold) <= width:
            lines[-1] = joined
            continue
        lines += _broken(word, size, width, bold)
    return lines


def _broken(word: str, size: float, width: float, bold: bool) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and width_of(parts[-1] + letter, size, bold=bold) > width:
            parts.append("")
        parts[-1] += letter
    return parts


def _share(letter: str) -> float:
    if letter in _NARROW:
        return 0.38
    if letter in _WIDE or east_asian_width(letter) in ("W", "F"):
        return 1.0
    return 0.72 if letter.isupper() else 0.6
