"""The bench runs, small, on SQLite, and says of each number whether it is within its promise. Nothing is timed."""

import json

import pytest
from bench.__main__ import main, table, within


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> dict:
    """What a bench of a small part of the school wrote."""
    file = tmp_path_factory.mktemp("bench") / "rows.json"
    assert main(["--only", "pages", "--database", "sqlite", "--scale", "0.05", "--json", str(file)]) == 0
    return json.loads(file.read_text())


def test_it_measures_every_page_that_has_a_promise(ran: dict) -> None:
    promised = {(row["name"].split(",")[0], row["unit"]) for row in ran["rows"] if row["limit"] is not None}
    for name in ("open a register", "save a register", "who has not registered", "a pupil's year"):
        assert {(name, "ms"), (name, "KB")} <= promised
    assert {("whole-school figures for the year", "ms"), ("consecutive absences", "ms")} <= promised
    assert {("open a register", "statements"), ("save a register", "statements")} <= promised


def test_it_measures_the_size_of_the_pages_of_every_room(ran: dict) -> None:
    rooms = {row["name"].removeprefix("page ").split(":")[0] for row in ran["rows"] if row["name"].startswith("page ")}
    assert {"insight", "registers", "casework"} <= rooms


def test_it_measures_the_day_at_two_sizes_and_with_many_screens_open(ran: dict) -> None:
    found = {row["name"]: row for row in ran["rows"]}
    pages = [name for name in found if name.startswith("the day page") and "drawn" in name]
    assert len(pages) == 2
    screens = [row for name, row in found.items() if "open day pages" in name]
    assert {row["unit"] for row in screens} == {"s", "errors"}
    assert [row["value"] for row in screens if row["unit"] == "errors"] == [0]
    assert all(row["value"] < 60 for row in screens)


def test_statements_do_not_grow_with_the_class(ran: dict) -> None:
    counted = [row["value"] for row in ran["rows"] if row["unit"] == "statements" and "a register" in row["name"]]
    assert len(counted) == 4
    assert max(counted) <= 10


def test_it_says_over_and_goes_on() -> None:
    row = {"name": "a page", "value": 31.0, "unit": "ms", "limit": 30, "note": "p95 40 ms"}
    assert within(row) == "over"
    assert within({**row, "value": 30}) == "yes"
    assert within({**row, "limit": None}) == ""
    assert within({**row, "value": 6, "unit": "million marks a second", "limit": 5}) == "yes"
    assert table([row]).splitlines()[-1].split() == ["a", "page", "31", "ms", "30", "over", "p95", "40", "ms"]
