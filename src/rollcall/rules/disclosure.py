"""Hide small numbers before they leave the building.

A count of a few pupils in a table for governors can name a child. The limit is the school's setting, for no source sets
one; zero stays. Where totals stand beside, one hidden number alone could be subtracted out, so a second is hidden.
"""

from collections.abc import Sequence

Cell = tuple[int, int]


def is_small(n: int, limit: int) -> bool:
    """Whether a count of pupils is above 0 and below the limit. Raises ValueError where either cannot be."""
    if n < 0 or limit < 1:
        raise ValueError(f"A count of {n} with a limit of {limit} cannot be: counts start at 0, limits at 1.")
    return 0 < n < limit


def hide_count(n: int, limit: int) -> int | None:
    """The count, or None where it is small."""
    return None if is_small(n, limit) else n


def can_show_group(n_pupils: int, limit: int) -> bool:
    """Whether figures of a group may be shown at all: a share of a few pupils tells about each of them."""
    return n_pupils >= limit


def hide_row(counts: Sequence[int], limit: int) -> tuple[list[int | None], int | None]:
    """Counts that add up to a total which stands beside them: (counts, total), None where hidden.

    A lone small count takes the next smallest above 0 with it; a small total is hidden like any other number.
    """
    line = [*counts, sum(counts)]
    hidden = {place for place, n in enumerate(line) if is_small(n, limit)}
    while _tells(line, hidden, limit):
        still_shown = [place for place, n in enumerate(line) if place not in hidden and n > 0]
        hidden.add(min(still_shown, key=lambda place: (place == len(counts), line[place])))
    shown = [None if place in hidden else n for place, n in enumerate(line)]
    return shown[:-1], shown[-1]


def hide_grid(
    grid: Sequence[Sequence[int]], limit: int
) -> tuple[list[list[int | None]], list[int | None], list[int | None], int | None]:
    """A table of counts with totals: (cells, row totals, column totals, grand total), None where hidden.

    grid: rows of equal length. More is hidden until no hidden number can be worked out from those shown, and until
    those hidden under a total that is shown make up at least the limit. Raises ValueError for rows of unequal length.
    """
    if len({len(row) for row in grid}) > 1:
        raise ValueError("The rows of a table must have the same length.")
    full = [[*row, sum(row)] for row in grid]
    full.append([sum(column) for column in zip(*full, strict=True)])
    hidden = {(r, c) for r, row in enumerate(full) for c, n in enumerate(row) if is_small(n, limit)}
    while (line := _line_that_tells(full, hidden, limit)) is not None:
        hidden.add(_next_in(line, full, hidden))
    shown = [[None if (r, c) in hidden else n for c, n in enumerate(row)] for r, row in enumerate(full)]
    return [row[:-1] for row in shown[:-1]], [row[-1] for row in shown[:-1]], shown[-1][:-1], shown[-1][-1]


def _tells(line: Sequence[int], hidden: set[int], limit: int) -> bool:
    """Whether a line, its total last, gives a hidden number away: only one is hidden, or those hidden come to few."""
    total_is_shown = len(line) - 1 not in hidden
    return len(hidden) == 1 or (total_is_shown and 0 < sum(line[place] for place in hidden) < limit)


def _line_that_tells(full: list[list[int]], hidden: set[Cell], limit: int) -> list[Cell] | None:
    """A row or column that needs one more hidden: those that tell alone, then together."""
    rows = [[(r, c) for c in range(len(full[0]))] for r in range(len(full))]
    lines = [*rows, *(list(column) for column in zip(*rows, strict=True))]
    for line in lines:
        within = {place for place, cell in enumerate(line) if cell in hidden}
        if _tells([full[r][c] for r, c in line], within, limit):
            return line
    for line in lines:
        if any(_comes_out(cell, hidden) for cell in line if cell in hidden) and _open_cells(line, full, hidden):
            return line
    return None


def _open_cells(line: list[Cell], full: list[list[int]], hidden: set[Cell]) -> list[Cell]:
    return [(r, c) for r, c in line if (r, c) not in hidden and full[r][c] > 0]


def _next_in(line: list[Cell], full: list[list[int]], hidden: set[Cell]) -> Cell:
    """The number to hide next: one whose crossing line hides something already, else the smallest; a total last."""

    def cost(cell: Cell) -> tuple[bool, bool, int, Cell]:
        crosses_hidden = any((cell[0] == other[0] or cell[1] == other[1]) and other not in line for other in hidden)
        return (not crosses_hidden, cell == line[-1], full[cell[0]][cell[1]], cell)

    return min(_open_cells(line, full, hidden), key=cost)


def _comes_out(cell: Cell, hidden: set[Cell]) -> bool:
    """Whether the totals fix a hidden number: its row and column are tied together by no other hidden numbers."""
    others = hidden - {cell}
    rows, columns = {cell[0]}, set[int]()
    while True:
        reached = {c for r, c in others if r in rows}
        if cell[1] in reached:
            return False
        if reached == columns:
            return True
        columns = reached
        rows |= {r for r, c in others if c in columns}
