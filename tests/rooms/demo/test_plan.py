"""The demo's plan, without a database: absence as in the national bands, the mix of reasons, the same everywhere."""

import csv
import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from rollcall.demo.absences import REASONS, open_sessions, year_at
from rollcall.demo.bands import EDGES
from rollcall.demo.families import BY_SLUG, PLACES
from rollcall.demo.roster import classes_in, is_here, roster_of
from rollcall.demo.terms import latest_school_day, school_days, terms_of

ROOT = Path(__file__).resolve().parents[3]
BANDS = ROOT.parent / "shared" / "data" / "dfe" / "absence_bands_primary.csv"
COLUMNS = [f"pct{n}_OARate" for n in range(5, 55, 5)] + ["pct50plus_OARate"]
START = 2026
AWAY = "IOGCMUHRT"
# A year group has about 60 pupils, so that one pupil is 1.7 points: a band may be out by less than two of them.
TOLERANCE = 3.0


def tallies(start: int) -> list[tuple[int, Counter[str]]]:
    """For each pupil at each school in a year: the year group and how many sessions hold each code."""
    found = []
    for place in PLACES:
        year, groups = year_at(place.slug, start, START), classes_in(BY_SLUG[place.slug], roster_of(START), start)
        for child in roster_of(START).of_year(place.slug, start):
            sessions = open_sessions(place.slug, start, groups[child.upn])
            cells = year[child.upn]
            here = [s for s in sessions if is_here(child, place.slug, s[0])]
            found.append((child.year_group(start), Counter(cells[s].code if s in cells else "/" for s in here)))
    return found


def band_of(tally: Counter[str]) -> int:
    """The place in EDGES of a pupil's share of possible sessions missed."""
    possible = tally.total() - tally["-"]
    return next(n for n, (low, high) in enumerate(EDGES) if low <= 100 * absent(tally) / possible < high)


def absent(tally: Counter[str]) -> int:
    """How many sessions were missed."""
    return sum(tally[code] for code in AWAY)


def national() -> dict[int, Counter[int]]:
    """Pupils by band for each year group: state-funded primary, England, 2022/23."""
    if not BANDS.exists():
        pytest.skip("the Department's file of absence bands is not beside the repository")
    found: dict[int, Counter[int]] = {}
    with BANDS.open(newline="") as file:
        for row in csv.DictReader(file):
            if row["time_period"] == "202223" and row["geographic_level"] == "National":
                bands = found.setdefault(int(row["NCyearActual"]), Counter())
                bands.update({n: int(row[name] or 0) for n, name in enumerate(COLUMNS)})
    return found


@pytest.mark.parametrize("start", [START - 1, START])
def test_absence_spreads_over_each_year_group_as_over_the_nation(start: int) -> None:
    nation = national()
    for group in range(1, 7):
        ours = Counter(band_of(tally) for year, tally in tallies(start) if year == group and tally.total())
        for band in range(len(EDGES)):
            here = 100 * ours[band] / ours.total()
            there = 100 * nation[group][band] / nation[group].total()
            assert abs(here - there) <= TOLERANCE, (group, EDGES[band], here, there)


def test_a_few_are_away_most_of_the_time() -> None:
    severe = [tally for _, tally in tallies(START - 1) if tally.total() and band_of(tally) == 10]
    assert 2 <= len(severe) <= 6


def test_reasons_stand_to_each_other_as_in_primary_schools() -> None:
    total: Counter[str] = sum((tally for _, tally in tallies(START - 1)), Counter())
    missed = sum(total[code] for code in REASONS)
    for code, share in REASONS.items():
        assert abs(total[code] / missed - share / sum(REASONS.values())) < 0.05, code
    possible = total.total() - total["-"]
    assert 0.008 < total["L"] / possible < 0.015
    assert 0.006 < total["V"] / possible < 0.014
    assert 0 < total["-"] / possible < 0.005
    assert set(total) <= {*AWAY, "/", "L", "V", "B", "-"}


def test_mondays_and_fridays_are_worse_than_the_days_between() -> None:
    days: Counter[int] = Counter()
    for place in PLACES:
        for cells in year_at(place.slug, START - 1, START).values():
            days.update(day.weekday() for (day, _), cell in cells.items() if cell.code in AWAY)
    assert min(days[0], days[4]) > max(days[1], days[2], days[3])


def test_brothers_and_sisters_are_alike() -> None:
    roster = roster_of(START)
    missed = {}
    for place in PLACES:
        year = year_at(place.slug, START - 1, START)
        missed.update({upn: sum(cell.code in AWAY for cell in cells.values()) for upn, cells in year.items()})
    ranks = {upn: n for n, upn in enumerate(sorted(missed, key=lambda upn: missed[upn]))}
    children = [c for c in roster.children if c.upn in ranks]
    pairs = [
        abs(ranks[a.upn] - ranks[b.upn]) for a in children for b in children if a.upn < b.upn and a.family == b.family
    ]
    # Two ranks drawn at random lie a third of the whole apart on average.
    assert sum(pairs) / len(pairs) < 0.28 * len(ranks)


def test_holidays_lie_beside_the_breaks() -> None:
    taken = Counter()
    for place in PLACES:
        days = school_days(START - 1, place.slug)
        edges = terms_of(START - 1).breaks
        near = {d for d in days if any(-16 <= (d - monday).days <= 30 for monday in edges)}
        for cells in year_at(place.slug, START - 1, START).values():
            taken.update(day in near for (day, _), cell in cells.items() if cell.code in "GH")
    assert taken[True] > 0 and taken[False] == 0


@pytest.mark.parametrize("start", range(2020, 2035))
def test_every_year_has_its_190_days(start: int) -> None:
    assert len(school_days(start, "hamsey")) in (190, 191)
    assert terms_of(start).spans[-1][2] <= date(start + 1, 7, 31)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 29), date(2026, 11, 27)),
        (date(2026, 8, 15), date(2026, 7, 17)),
        (date(2026, 12, 31), date(2026, 12, 18)),
    ],
)
def test_it_stands_on_the_latest_day_on_which_every_school_is_open(today: date, day: date) -> None:
    assert latest_school_day(today) == day


def test_numbers_of_people_and_classes_are_those_of_village_schools() -> None:
    roster, day = roster_of(START), date(2026, 11, 24)
    sizes = Counter(
        (place.slug, classes_in(place, roster, START)[child.upn])
        for place in PLACES
        for child in roster.on_roll(place.slug, START, day)
    )
    assert 410 <= sizes.total() <= 430
    assert all(20 <= n <= 30 for n in sizes.values())
    assert len({child.upn for child in roster.children}) == len(roster.children)


DIGEST = """
import hashlib
from rollcall.demo.absences import year_at
from rollcall.demo.families import PLACES
seen = [sorted((u, sorted(y.items())) for u, y in year_at(p.slug, 2025, 2026).items()) for p in PLACES]
print(hashlib.sha256(repr(seen).encode()).hexdigest())
"""


def test_it_is_the_same_whatever_the_order_of_sets_is() -> None:
    digests = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2
