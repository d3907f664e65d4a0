"""Small numbers: hidden, and never to be worked out from what is shown beside them."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.rules.disclosure import can_show_group, hide_count, hide_grid, hide_row, is_small

grids = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=3)
)


def test_small_is_above_nothing_and_below_the_limit() -> None:
    assert [n for n in range(8) if is_small(n, 5)] == [1, 2, 3, 4]
    assert [hide_count(n, 5) for n in (0, 4, 5)] == [0, None, 5]
    assert not any(is_small(n, 1) for n in range(5))


@pytest.mark.parametrize(("n", "limit"), [(-1, 5), (3, 0)])
def test_numbers_that_cannot_be_are_refused(n: int, limit: int) -> None:
    with pytest.raises(ValueError, match="counts start at 0, limits at 1"):
        is_small(n, limit)


def test_a_share_of_a_few_pupils_is_not_shown() -> None:
    assert can_show_group(5, 5) and not can_show_group(4, 5)


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ([12, 20, 0, 40], [12, 20, 0, 40], 72),
        ([3, 20, 0, 40], [None, None, 0, 40], 63),
        ([1, 1, 30, 40], [None, None, None, 40], 72),
        ([3, 4, 30], [None, None, 30], 37),
        ([3, 0], [None, 0], None),
        ([0, 0], [0, 0], 0),
        ([], [], 0),
    ],
)
def test_a_lone_small_count_does_not_come_out_of_the_total(
    counts: list[int], shown: list[int | None], total: int | None
) -> None:
    assert hide_row(counts, 5) == (shown, total)


def test_a_table_closes_the_ring() -> None:
    cells, rows, columns, total = hide_grid([[3, 20, 30], [40, 20, 10]], 5)
    assert cells == [[None, None, 30], [None, None, 10]]
    assert (rows, columns, total) == ([53, 70], [43, 40, 40], 123)


def test_unequal_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="same length"):
        hide_grid([[1, 2], [3]], 5)


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_no_row_has_a_single_reading(counts: list[int]) -> None:
    shown, total = hide_row(counts, 4)
    hidden = [place for place, n in enumerate(shown) if n is None]
    readings = []
    for guess in product(range(1, sum(counts) + 5), repeat=len(hidden)) if len(hidden) < 4 else []:
        filled = list(shown)
        for place, n in zip(hidden, guess, strict=True):
            filled[place] = n
        if total is None or sum(n or 0 for n in filled) == total:
            readings.append(guess)
    for position, place in enumerate(hidden if readings else []):
        assert len({guess[position] for guess in readings}) > 1, place


@settings(deadline=None)
@given(grids)
def test_no_number_of_a_table_comes_out_by_subtraction(grid: list[list[int]]) -> None:
    cells, rows, columns, total = hide_grid(grid, 4)
    full = [[*row, end] for row, end in zip(cells, rows, strict=True)] + [[*columns, total]]
    for row, column in product(range(len(full)), range(len(full[0]))):
        assert full[row][column] is not None or not settled(full, row, column)


def settled(full: list[list[int | None]], row: int, column: int) -> bool:
    """Whether a hidden number is fixed: putting it up by one leaves no way to put others right."""
    unknown = [(r, c) for r, line in enumerate(full) for c, n in enumerate(line) if n is None]
    last_row, last_column = len(full) - 1, len(full[0]) - 1
    equations = [
        {(r, c): (-1 if c == last_column else 1) for c in range(last_column + 1)} for r in range(last_row + 1)
    ] + [{(r, c): (-1 if r == last_row else 1) for r in range(last_row + 1)} for c in range(last_column + 1)]
    matrix = [[equation.get(cell, 0) for cell in unknown] for equation in equations]
    target = [1 if cell == (row, column) else 0 for cell in unknown]
    return rank([*matrix, target]) == rank(matrix)


def rank(matrix: list[list[int]]) -> int:
    """The rank of a small matrix of whole numbers, by elimination without division."""
    lines = [list(line) for line in matrix if any(line)]
    found = 0
    while lines:
        pivot = lines.pop()
        place = next(place for place, n in enumerate(pivot) if n)
        found += 1
        lines = [[pivot[place] * n - line[place] * p for n, p in zip(line, pivot, strict=True)] for line in lines]
        lines = [line for line in lines if any(line)]
    return found
