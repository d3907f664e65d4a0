"""Every pupil of a demo school, exported: `rollcall figures` says of two years what the pages say, column by column."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rollcall.demo.actions import build
from rollcall.exchange.queries.going_out import MARK_HEADINGS, enrolled_in, lines, mark_rows
from rollcall.registers.queries.figures import year_figures
from rollcall.schools.models import School
from tests.rooms.exchange.test_out import SAME, figures_of, told

TODAY = date(2026, 11, 24)
WALL = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
THIS, LAST = 2026, 2025


@pytest.mark.policy("7.1-c")
def test_every_demo_pupil_has_the_same_figures_in_a_file_and_on_the_pages(db, tmp_path: Path) -> None:
    at = build(TODAY, wall=WALL, slugs=("plumpton",)).shown
    school = School.objects.get()
    texts = {year: list(lines(MARK_HEADINGS, mark_rows(school, year, at))) for year in (LAST, THIS)}
    both = figures_of(tmp_path, "".join(texts[LAST] + texts[THIS][1:]))
    windows = 0
    for year in (LAST, THIS):
        files = figures_of(tmp_path, "".join(texts[year]))
        upns = dict(enrolled_in(school, year))
        assert len(files) == len(upns) > 80
        for enrolment, own in year_figures(school.pk, upns, year, at).items():
            key = (upns[enrolment], school.slug)
            assert {name: files[key][name] for name in SAME} == {name: told(getattr(own, name)) for name in SAME}, key
            if year == THIS:
                assert both[key]["unauthorised_in_10_weeks"] == told(own.worst_window), key
                assert both[key]["threshold_reached_on"] == told(own.threshold_reached_on), key
                windows += own.worst_window > 0
    assert windows > 10
