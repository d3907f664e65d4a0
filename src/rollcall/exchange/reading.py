"""From the bytes of a file to its headings and rows, wherever in the sheet the headings stand.

Files from other systems open with titles and dates above the headings, repeat a heading, or have days over sessions in
two rows; all of that is told apart here. What a cell means is no question of this file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rollcall.exchange.fields import BY_KIND, bare
from rollcall.rules.tables import Cells, Limits, UnreadableTable
from rollcall.rules.tables.cells import csv_rows, gather
from rollcall.rules.tables.workbook import is_workbook, workbook_rows

PAGE_LIMITS = Limits(n_columns=1000)
COMMAND_LIMITS = Limits(n_bytes=1_000_000_000, n_bytes_unzipped=2_000_000_000, n_rows=5_000_000, n_columns=1000)
N_LOOKED_AT = 15

Rows = Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True)
class Grid:
    """The rows of a file that are not blank, each with its number as a spreadsheet shows it."""

    rows: Rows
    limits: Limits

    def cells(self, heading_row: int, heading_rows: int = 1) -> Cells:
        """Headings and rows under them. Raises UnreadableTable where the row of headings is not there."""
        under = [(number, list(row)) for number, row in self.rows if number >= heading_row]
        if not under or under[0][0] != heading_row:
            raise UnreadableTable(f"Row {heading_row} is blank or not there; choose the row that holds the headings.")
        if heading_rows == 2:
            if len(under) < 2:
                raise UnreadableTable("The file ends with its first row of headings.")
            under[1:2] = []
            under[0] = (heading_row, _joined(under[0][1], dict(self.rows)[_second(self.rows, heading_row)]))
        cells = gather(under, self.limits)
        return replace(cells, headings=tuple(_apart(cells.headings)))


def read_grid(content: bytes, limits: Limits = PAGE_LIMITS) -> Grid:
    """The rows of a CSV file or workbook. Raises UnreadableTable with one sentence for what is no table."""
    if len(content) > limits.n_bytes:
        raise UnreadableTable(too_large(limits))
    source = workbook_rows(content, limits) if is_workbook(content) else csv_rows(content)
    rows: list[tuple[int, Sequence[str]]] = []
    for number, row in source:
        if any(cell.strip() for cell in row):
            rows.append((number, [_plain(cell.strip()) for cell in row]))
        if len(rows) > limits.n_rows + N_LOOKED_AT:
            raise UnreadableTable(f"The table has more than {limits.n_rows:,} rows; split it into smaller files.")
    if not rows:
        raise UnreadableTable("The file is empty; it must hold a row of headings and rows under it.")
    return Grid(rows, limits)


def too_large(limits: Limits) -> str:
    """What is said of a file over the limit."""
    return (
        f"The file is larger than {limits.n_bytes // 1_000_000} MB, more than this page takes; split it into smaller "
        "files, or have it brought in on the server with rollcall import."
    )


def heading_row_of(grid: Grid, kind: str) -> int:
    """The likeliest row of headings among the first rows: the one with most headings that we know."""
    known = {name for field in BY_KIND[kind] for name in field.known_by}
    best, most = grid.rows[0][0], -1
    for number, row in grid.rows[:N_LOOKED_AT]:
        filled = [cell for cell in row if cell]
        score = 10 * sum(bare(cell) in known for cell in filled) + (len(filled) > 1)
        if score > most:
            best, most = number, score
    return best


def _second(rows: Rows, heading_row: int) -> int:
    numbers = [number for number, _ in rows]
    return numbers[numbers.index(heading_row) + 1]


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Two rows of headings as one: a cell above stands over the blank cells to its right."""
    found, over = [], ""
    for place in range(max(len(above), len(below))):
        over = (above[place] if place < len(above) else "") or over
        under = below[place] if place < len(below) else ""
        found.append(f"{over} {under}".strip() if under else (above[place] if place < len(above) else ""))
    return found


def _apart(headings: Iterable[str]) -> Iterable[str]:
    """Headings that differ: the second of a name is called "name (2)"."""
    seen: dict[str, int] = {}
    for heading in headings:
        n = seen[heading.casefold()] = seen.get(heading.casefold(), 0) + 1
        yield heading if n == 1 or not heading else f"{heading} ({n})"


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if len(cell) > 2 and cell[0] == "'" and cell[1] in "=+-@" else cell
