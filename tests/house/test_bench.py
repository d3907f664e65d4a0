"""The bench runs, small, on SQLite, and says of each number whether it is within its promise. Nothing is timed."""

import json
from collections import Counter

import pytest
from bench.__main__ import main, table, within
from bench.losses import differing


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


def test_it_plays_a_morning_in_which_nothing_fails_and_nothing_is_lost(ran: dict) -> None:
    played = [row for row in ran["rows"] if row["name"].startswith("a morning at pace")]
    found = {row["unit"]: row for row in played if row["unit"] != "ms"}
    assert (found["errors"]["value"], found["losses"]["value"]) == (0, 0), [found["errors"], found["losses"]]
    assert (found["errors"]["limit"], found["losses"]["limit"]) == (0, 0)
    kinds = " ".join(row["name"] for row in played)
    for kind in ("save marks", "hand a register in", "save a late slip", "reported absence of two", "unanswered call"):
        assert kind in kinds
    assert "14 slips" in found["requests"]["note"]


def test_it_measures_what_the_office_saves_many_times_a_morning(ran: dict) -> None:
    found = {row["name"].split(",")[0]: row for row in ran["rows"]}
    assert found["a late slip saved"]["limit"] == 30
    assert {"an unanswered call saved", "a reported absence of two siblings saved"} <= set(found)


def test_what_was_told_is_saved_and_is_not_there_is_a_loss() -> None:
    told, there = Counter(["kept", "lost"]), Counter(["kept", "kept"])
    assert [line.rsplit(": ")[1] for line in differing(told, there, "mark")] == ["lost.", "kept."]


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
