"""A first guess at how an unseen file is laid out, by its headings and by what stands under them.

A guess is what the mapping page starts with; a person looks at it before anything is read by it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from rollcall.exchange.fields import NEEDED, Field, bare, fields_of
from rollcall.exchange.layouts import Layout
from rollcall.exchange.reading import Grid, heading_row_of
from rollcall.exchange.values import day_of, half_of, heading_session, split_name
from rollcall.rules.codes import BYTE
from rollcall.rules.identifiers import check_upn
from rollcall.rules.tables import Cells

N_SAMPLED = 200
LEAST_ALIKE = 0.86
LEAST_SESSIONS = 2
MOST_STRANGE = 40
_DAYS = ("date", "born", "admitted", "left")


def guess(
    grid: Grid, kind: str, year_start: int, rows: Collection[str] = NEEDED, heading_row: int | None = None
) -> Layout:
    """The likeliest layout of a file, for who holds some rows of the permission table.

    year_start: the school year that its days lie in where they name no year. heading_row: the row of headings, where
    somebody has said so. Raises UnreadableTable where that row is not there.
    """
    row = heading_row or heading_row_of(grid, kind)
    cells = grid.cells(row)
    layout = Layout(kind=kind, heading_row=row)
    if kind == "marks":
        layout, cells = _shape(grid, layout, cells, year_start)
    columns = _columns(cells, layout, fields_of(kind, rows), year_start)
    layout = replace(layout, columns=columns)
    return replace(
        layout,
        days=_days(cells, layout, year_start),
        name_order=_name_order(cells, layout),
        either_present=kind == "marks" and _either_present(cells, layout, year_start),
    )


def fit(layout: Layout, grid: Grid) -> Layout:
    """A kept layout laid over a file: the row of headings is found anew, headings not there are let go."""
    row = next((n for n, cells in grid.rows[:15] if _n_shared(cells, layout) >= max(1, len(layout.columns) // 2)), None)
    layout = replace(layout, heading_row=row or heading_row_of(grid, layout.kind))
    by_name = {heading.casefold(): heading for heading in grid.cells(layout.heading_row, layout.heading_rows).headings}
    kept = {key: by_name[theirs.casefold()] for key, theirs in layout.columns.items() if theirs.casefold() in by_name}
    return replace(layout, columns=kept)


def _n_shared(row: Sequence[str], layout: Layout) -> int:
    names = {cell.casefold() for cell in row if cell}
    return sum(theirs.casefold() in names for theirs in layout.columns.values())


def sample(cells: Cells, place: int, n: int = N_SAMPLED) -> list[str]:
    """The first cells of a column that are not blank."""
    found = (row[place] for _, row in cells.rows if place < len(row) and row[place])
    return [text for text, _ in zip(found, range(n), strict=False)]


def session_places(cells: Cells, layout: Layout, year_start: int) -> dict[int, tuple]:
    """The columns of a wide file that are sessions or days: place to (day, half or None)."""
    taken = {theirs.casefold() for theirs in layout.columns.values()}
    found = {}
    for place, heading in enumerate(cells.headings):
        if heading and heading.casefold() not in taken:
            what = heading_session(re.sub(r" \(\d+\)$", "", heading), layout.days, year_start, layout.sessions)
            if what is not None:
                found[place] = what
    return found


def strange_words(cells: Cells, layout: Layout, year_start: int) -> tuple[list[str], list[str]]:
    """(sessions, codes) of a file of marks that neither we nor the layout know, commonest first."""
    places = {heading: place for place, heading in enumerate(cells.headings)}
    sessions: dict[str, int] = {}
    if layout.shape == "long" and (place := places.get(layout.columns.get("session", ""))) is not None:
        for word in _every(cells, [place]):
            if half_of(word, layout.sessions) is None:
                sessions[word] = sessions.get(word, 0) + 1
    codes: dict[str, int] = {}
    for word in _code_words(cells, layout, places, year_start):
        if word not in layout.codes and word not in BYTE and word.upper() not in BYTE:
            codes[word] = codes.get(word, 0) + 1
    return sorted(sessions, key=lambda w: -sessions[w]), sorted(codes, key=lambda w: -codes[w])


def _code_words(cells: Cells, layout: Layout, places: dict[str, int], year_start: int) -> Iterable[str]:
    if layout.shape == "long":
        place = places.get(layout.columns.get("code", ""))
        yield from _every(cells, [] if place is None else [place])
        return
    found = session_places(cells, layout, year_start)
    yield from _every(cells, [place for place, (_, half) in found.items() if half])
    for text in _every(cells, [place for place, (_, half) in found.items() if not half]):
        yield from pair_of(text, layout) or [text]


def pair_of(text: str, layout: Layout) -> list[str] | None:
    """The two marks of a day that stand in one cell, "/ I" or "/I"; None where they are not two."""
    parts = re.split(r"[\s,;|]+", text.strip())
    if len(parts) == 2:
        return parts
    if len(parts) == 1 and len(text) == 2 and text not in layout.codes:
        return list(text)
    return None


def _every(cells: Cells, places: Sequence[int]) -> Iterable[str]:
    for _, row in cells.rows:
        for place in places:
            if place < len(row) and row[place]:
                yield row[place]


def _shape(grid: Grid, layout: Layout, cells: Cells, year_start: int) -> tuple[Layout, Cells]:
    """Whether the file is wide, and whether its sessions stand in a row of their own under the days."""
    ways = [(layout, cells)]
    if len(grid.rows) > 2:
        numbers = [number for number, _ in grid.rows[:15]]
        above = [number for number in numbers if number < layout.heading_row][-1:]
        for row in (layout.heading_row, *above):
            two = replace(layout, heading_row=row, heading_rows=2)
            ways.append((two, grid.cells(row, 2)))
    best = max(ways, key=lambda way: _n_halves(way, year_start))
    if _n_halves(best, year_start) > 2 * LEAST_SESSIONS:
        return replace(best[0], shape="wide"), best[1]
    if len(session_places(cells, layout, year_start)) >= LEAST_SESSIONS:
        return replace(layout, shape="wide"), cells
    return layout, cells


def _n_halves(way: tuple[Layout, Cells], year_start: int) -> int:
    """How well a way of reading the headings finds sessions: those with a half count double."""
    found = session_places(way[1], way[0], year_start)
    return sum(2 if half else 1 for _, half in found.values())


def _columns(cells: Cells, layout: Layout, fields: Sequence[Field], year_start: int) -> dict[str, str]:
    sessions = session_places(cells, layout, year_start) if layout.shape == "wide" else {}
    wide_only = {"date", "session", "code", "minutes"} if layout.shape == "wide" else set()
    free = [heading for place, heading in enumerate(cells.headings) if heading and place not in sessions]
    wanted = [field for field in fields if field.key not in wide_only]
    found = _by_heading(free, wanted)
    _by_content(cells, free, wanted, found)
    if "first" in found and "last" in found or "legal_first" in found and "legal_last" in found:
        found.pop("name", None)
    return found


def _by_heading(headings: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    scored = sorted(
        (
            (_alike(heading, field), -place, field.key, heading)
            for place, field in enumerate(fields)
            for heading in headings
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for score, _, key, heading in scored:
        if score >= LEAST_ALIKE and key not in found and heading not in found.values():
            found[key] = heading
    return found


def _alike(heading: str, field: Field) -> float:
    """1.0 for the same words, a little less for a later name of the field, else how alike the letters are."""
    name = bare(heading)
    names = field.known_by
    if name in names:
        return 1.2 - 0.001 * names.index(name)
    if len(name) < 4:
        return 0.0
    # Contact 1 is not contact 2, however alike the letters.
    numbered = [known for known in names if re.findall(r"\d", known) == re.findall(r"\d", name)]
    return max((SequenceMatcher(None, name, known).ratio() for known in numbered), default=0.0)


def _by_content(cells: Cells, free: Sequence[str], fields: Sequence[Field], found: dict[str, str]) -> None:
    """Fill in what headings did not tell: a column of UPNs, of days, of sessions, of codes."""
    tests: list[tuple[str, Callable[[str], object]]] = [
        ("upn", check_upn),
        ("date", _a_day),
        ("session", lambda text: _must(half_of(text, {}) is not None)),
        ("code", lambda text: _must(text in BYTE and not text.isdigit())),
    ]
    keys = {field.key for field in fields}
    for key, test in tests:
        if key in found or key not in keys:
            continue
        for place, heading in enumerate(cells.headings):
            if heading in free and heading not in found.values() and _all_pass(test, sample(cells, place)):
                found[key] = heading
                break


def _a_day(text: str) -> None:
    _must(any(_passes(lambda one: day_of(one, style), text) for style in ("dmy", "mdy")))  # noqa: B023


def _must(holds: bool) -> None:
    if not holds:
        raise ValueError


def _all_pass(test: Callable[[str], object], texts: Sequence[str]) -> bool:
    """Whether nine in ten of some cells pass a test, so that one bad cell does not hide a column."""
    return bool(texts) and 10 * sum(_passes(test, text) for text in texts) >= 9 * len(texts)


def _passes(test: Callable[[str], object], text: str) -> bool:
    try:
        test(text)
    except ValueError:
        return False
    return True


def _days(cells: Cells, layout: Layout, year_start: int) -> str:
    """The style in which most of the file's days can be read; day first where two do as well."""
    texts = []
    for key in layout.columns:
        if key in _DAYS or key.endswith(("_begins", "_ends", "_from")):
            texts += sample(cells, cells.headings.index(layout.columns[key]))
    if not texts:
        return "dmy"
    scores = {
        style: sum(_passes(lambda text, style=style: day_of(text, style, year_start), text) for text in texts)  # type: ignore[misc]
        for style in ("dmy", "iso", "excel", "mdy")
    }
    most = max(scores.values())
    if scores["iso"] == most and scores["dmy"] == most:
        return "iso"
    return next(style for style in scores if scores[style] == most)


def _name_order(cells: Cells, layout: Layout) -> str:
    if "name" not in layout.columns:
        return "last_first"
    texts = sample(cells, cells.headings.index(layout.columns["name"]))
    commas = sum("," in text and _passes(lambda one: split_name(one, "last_first"), text) for text in texts)
    return "last_first" if 2 * commas > len(texts) else "first_last"


def _either_present(cells: Cells, layout: Layout, year_start: int) -> bool:
    """Whether a file of marks writes / for afternoons too, and never \\."""
    places = {heading: place for place, heading in enumerate(cells.headings)}
    words = set(_code_words(cells, layout, places, year_start))
    return "/" in words and "\\" not in words and len(cells.rows) > 1
