"""From the sessions under each reason, our codes give the department's totals, row by row, all over England."""

from collections import defaultdict

import pytest
from tests.spec import national

from rollcall.rules.codes import Counts, table

pytestmark = pytest.mark.skipif(not national.SOURCE.is_dir(), reason="the files are not beside the repository")
YEARS = list(national.EDITION_OF)


@pytest.mark.parametrize("year", YEARS)
def test_every_row_is_compared_or_withheld(year: str) -> None:
    rows = national.rows(year)
    assert len(rows) == 494
    assert len(list(national.lines(year))) == len(rows) - sum(map(national.is_withheld, rows))
    assert sum(map(national.is_withheld, rows)) <= 4


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("total", ["present", "approved activity", "unauthorised"])
def test_three_totals_agree_to_the_session_in_every_row(year: str, total: str) -> None:
    assert [line for line in national.lines(year) if total in line.differences] == []


@pytest.mark.parametrize("year", YEARS)
def test_authorised_and_possible_differ_only_by_sessions_without_a_listed_reason(year: str) -> None:
    off = [line.differences for line in national.lines(year) if line.differences]
    assert off
    for differences in off:
        assert differences.keys() == {"authorised", "possible"}
        assert differences["authorised"] == differences["possible"] > 0


@pytest.mark.parametrize(("year", "sessions"), [("2023-24", 1005), ("2024-25", 908)])
def test_what_is_left_over_in_england_is_what_its_regions_have_left_over(year: str, sessions: int) -> None:
    left = defaultdict(int)
    for line in national.lines(year):
        left[line.place, line.phase] += line.differences.get("authorised", 0)
    assert left["England", "Total"] == sessions
    regions = {row["region_name"] for row in national.rows(year) if row["geographic_level"] == "Regional"}
    assert len(regions) == 9
    # the rows are weighted for schools that did not report and then rounded, each by itself
    assert abs(sum(left[region, "Total"] for region in regions) - sessions) <= 1


@pytest.mark.parametrize("year", YEARS)
def test_dual_registration_would_break_the_totals(year: str) -> None:
    assert table(national.EDITION_OF[year])["D"].counts_as == Counts.NOT_POSSIBLE
    if year == "2023-24":
        england = next(row for row in national.rows(year) if row["school_type"] == "Total" and not row["region_name"])
        assert int(england["reason_d_aea_dual_registration"]) > 5_000_000


@pytest.mark.parametrize("year", YEARS)
def test_every_code_that_is_possible_has_its_column(year: str) -> None:
    edition = national.EDITION_OF[year]
    found = {code.code for column in national.rows(year)[0] if (code := national.code_of(column, edition))}
    possible = {code.code for code in table(edition).values() if code.counts_as != Counts.NOT_POSSIBLE}
    assert possible - {"/", "\\"} <= found


def test_the_page_says_what_the_files_give() -> None:
    assert national.PAGE.read_text(encoding="utf-8") == national.page()
