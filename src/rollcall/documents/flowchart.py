"""A path of steps drawn from its table as SVG: a box for each step, its question, and where yes and no lead.

Nothing is decided here. The next step lies below; any other way runs along a lane at the right, one for each step that
is led to. Words are wrapped to the boxes by their measured width, so that long names make them taller.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from rollcall.documents.lettering import LINE as LINE_HEIGHT
from rollcall.documents.lettering import wrapped

WIDTH = 360
MARGIN, LANE, GAP, ARROW = 8, 14, 54, 28
INK, QUIET, RULE, BRAND, TINT = "#0b0c0c", "#505a5f", "#505a5f", "#0b4f5c", "#e6f0f2"
NAME, SMALL, EXIT = 16, 14, 14
LABELS = {"yes": "Yes", "no": "No", "either": "Either"}


@dataclass(frozen=True)
class Box:
    """One step: its name, who sees to it, what is asked then, the ids to which yes and no lead.

    notes: lines that stand in the box, such as the day and figure on which a pupil came to it. here: the pupil is at
    this step. walked: the answer by which the pupil went on from it, "" for none.
    """

    id: str
    name: str
    owners: str
    question: str
    yes: str
    no: str
    notes: tuple[str, ...] = ()
    here: bool = False
    walked: Literal["", "yes", "no"] = ""


@dataclass(frozen=True)
class _Exit:
    """One way out of a step: its answer ("either" where both lead there) and to which box, by place."""

    answer: str
    to: int
    walked: bool


@dataclass(frozen=True)
class _Laid:
    """A box with its place on the paper: from y down to `foot`, its question below that down to `end`."""

    box: Box
    y: float
    foot: float
    end: float
    exits: tuple[_Exit, ...]
    asked: tuple[str, ...]


def flow_chart(boxes: Sequence[Box], *, title: str) -> str:
    """The chart of some steps, the first on top. `title` says what it is; every way is told in words for who needs it.

    Raises ValueError for no step, and KeyError for a way that leads to none of the steps.
    """
    if not boxes:
        raise ValueError("There is no step to draw.")
    ways = [_exits(boxes, n) for n in range(len(boxes))]
    lanes = _lanes(ways)
    right = WIDTH - MARGIN - LANE * max(len(lanes) - 1, 0) - (GAP if lanes else 0)
    laid = list(_laid(boxes, ways, right))
    height = laid[-1].end + MARGIN
    at: dict[int, float] = {to: right + GAP + LANE * n for n, to in enumerate(lanes)}
    drawn = [*(_box(one, right) for one in laid), *_ways(laid, at, right)]
    told = f"<title>{escape(title)}</title><desc>{escape(' '.join(in_words(boxes)))}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" '
        f'role="img" font-family="Atkinson Hyperlegible Next, sans-serif" fill="{INK}">{told}{"".join(drawn)}</svg>'
    )


def in_words(boxes: Sequence[Box]) -> tuple[str, ...]:
    """The same chart as an ordered list reads it, a text for each step."""
    names = {box.id: box.name for box in boxes}
    return tuple(" ".join(_told(box, boxes, n, names)) for n, box in enumerate(boxes))


def _told(box: Box, boxes: Sequence[Box], n: int, names: dict[str, str]) -> Iterator[str]:
    yield f"{box.name}." if not box.owners else f"{box.name}: {box.owners}."
    yield from (note if note.endswith(".") else f"{note}." for note in box.notes)
    if box.here:
        yield "The pupil is here now."
    yield box.question
    for one in _exits(boxes, n):
        where = "stay here" if one.to == n else f"go to “{names[boxes[one.to].id]}”"
        yield f"{'Either way' if one.answer == 'either' else LABELS[one.answer]}: {where}."


def _exits(boxes: Sequence[Box], n: int) -> tuple[_Exit, ...]:
    place = {box.id: at for at, box in enumerate(boxes)}
    box = boxes[n]
    if box.yes == box.no:
        return (_Exit("either", place[box.yes], bool(box.walked)),)
    return tuple(_Exit(answer, place[to], box.walked == answer) for answer, to in (("yes", box.yes), ("no", box.no)))


def _lanes(ways: Sequence[Sequence[_Exit]]) -> list[int]:
    """The steps that are led to from elsewhere than the step before, the one that most ways lead to last, outermost."""
    far = [one.to for n, some in enumerate(ways) for one in some if one.to not in (n, n + 1)]
    return sorted(set(far), key=lambda to: (far.count(to), -to))


def _laid(boxes: Sequence[Box], ways: Sequence[tuple[_Exit, ...]], right: float) -> Iterator[_Laid]:
    y = float(MARGIN)
    for n, (box, exits) in enumerate(zip(boxes, ways, strict=True)):
        foot = y + 16 + sum(size * LINE_HEIGHT for _, size, _ in _words(box, right))
        asked = tuple(_asked(box, n, exits, right))
        n_far = sum(one.to not in (n, n + 1) for one in exits)
        end = foot + 8 + max(len(asked) * SMALL * LINE_HEIGHT + 12, 24.0 * n_far)
        yield _Laid(box, y, foot, end, exits, asked)
        y = end + ARROW


def _asked(box: Box, n: int, exits: Sequence[_Exit], right: float) -> Iterator[str]:
    """The question in lines, and the answer that leads nowhere else."""
    yield from wrapped(box.question, SMALL, right - MARGIN - 36)
    yield from (f"{LABELS[one.answer]}: stays here." for one in exits if one.to == n)


def _words(box: Box, right: float) -> list[tuple[str, int, str]]:
    """The lines of a box: text, size, and how they are set."""
    width = right - MARGIN - 20
    lines = [(line, NAME, "name") for line in wrapped(box.name, NAME, width, bold=True)]
    lines += [(line, SMALL, "quiet") for line in wrapped(box.owners, SMALL, width)]
    lines += [(line, SMALL, "plain") for note in box.notes for line in wrapped(note, SMALL, width)]
    return lines + ([("Here now", NAME, "here")] if box.here else [])


SET = {
    "name": f'font-weight="700" font-size="{NAME}"',
    "quiet": f'font-size="{SMALL}" fill="{QUIET}"',
    "plain": f'font-size="{SMALL}"',
    "here": f'font-weight="700" font-size="{NAME}" fill="{BRAND}"',
}


def _box(one: _Laid, right: float) -> str:
    box, width = one.box, right - MARGIN
    stroke = f'stroke="{BRAND}" stroke-width="4" fill="{TINT}"' if box.here else _edge(bool(box.notes))
    parts = [f'<rect x="{MARGIN}" y="{one.y:g}" width="{width:g}" height="{one.foot - one.y:g}" rx="6" {stroke}/>']
    parts += _lines(((text, size, SET[how]) for text, size, how in _words(box, right)), MARGIN + 10, one.y + 8)
    top = one.foot + 8
    parts.append(f'<path d="M{MARGIN + 20} {one.foot:g}V{top:g}" stroke="{RULE}" fill="none"/>')
    parts.append(
        f'<rect x="{MARGIN + 10}" y="{top:g}" width="{width - 10:g}" height="{one.end - top:g}" rx="12" '
        f'fill="none" stroke="{RULE}" stroke-dasharray="4 3"/>'
    )
    parts += _lines(((text, SMALL, SET["plain"]) for text in one.asked), MARGIN + 20, top + 4)
    return "".join(parts)


def _edge(passed: bool) -> str:
    return f'stroke="{BRAND if passed else INK}" stroke-width="{2 if passed else 1}" fill="#ffffff"'


def _lines(lines: Iterable[tuple[str, int, str]], x: float, y: float) -> list[str]:
    parts = []
    for text, size, how in lines:
        y += size * LINE_HEIGHT
        parts.append(f'<text x="{x:g}" y="{y - size * 0.3:g}" {how}>{escape(text)}</text>')
    return parts


def _ways(laid: Sequence[_Laid], lanes: dict[int, float], right: float) -> Iterator[str]:
    for n, one in enumerate(laid):
        far = [way for way in one.exits if way.to not in (n, n + 1)]
        for k, way in enumerate(far):
            y = one.foot + 8 + (one.end - one.foot - 8) * (k + 1) / (len(far) + 1)
            yield _far(way, y, lanes[way.to], laid[way.to], right)
        yield from (_down(way, one, laid[n + 1]) for way in one.exits if way.to == n + 1)


def _far(way: _Exit, y: float, lane: float, to: _Laid, right: float) -> str:
    """Along a lane to the right side of a box."""
    into = (to.y + to.foot) / 2
    line = f"M{right:g} {y:g}H{lane:g}V{into:g}H{right + 2:g}"
    label = f'<text x="{right + 5:g}" y="{y - 4:g}" font-size="{EXIT}" font-weight="700">{LABELS[way.answer]}</text>'
    return _path(line, way.walked) + _head(right + 1, into, "left", way.walked) + label


def _down(way: _Exit, one: _Laid, to: _Laid) -> str:
    x = MARGIN + 40
    line = f"M{x} {one.end:g}V{to.y - 2:g}"
    label = f'<text x="{x + 10}" y="{one.end + 18:g}" font-size="{EXIT}" font-weight="700">{LABELS[way.answer]}</text>'
    return _path(line, way.walked) + _head(x, to.y - 1, "down", way.walked) + label


def _path(line: str, walked: bool) -> str:
    pen = f'stroke="{BRAND}" stroke-width="4"' if walked else f'stroke="{RULE}" stroke-width="1.5"'
    return f'<path d="{line}" fill="none" {pen}/>'


def _head(x: float, y: float, way: str, walked: bool) -> str:
    points = f"M{x:g} {y:g}l8 -5v10z" if way == "left" else f"M{x:g} {y:g}l-5 -8h10z"
    return f'<path d="{points}" fill="{BRAND if walked else RULE}"/>'
