"""The figures on the pages are those of the slow judge, whatever the registers hold."""

import re
from datetime import date

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.accounts.queries import standing
from rollcall.insight.queries.group import school_page
from rollcall.insight.queries.pupil import pupil_page
from rollcall.insight.queries.who import known_pupil
from rollcall.schools.queries import facts_of
from tests import slow
from tests.cast import DAY, Cast
from tests.rooms.insight.marking import draw, sessions_from

FIRST = date(2023, 9, 4)
NAMES = ("Aisha", "Ben", "Gus")
N_PASSED = 296
"""School sessions of the cast's year up to the evening before its day."""

registers = st.fixed_dictionaries(
    {
        name: st.lists(st.sampled_from("/////////LVIIIMOOUN-D."), min_size=10, max_size=120).map("".join)
        for name in NAMES
    }
)


def judged(cast: Cast, marks: dict[str, str]) -> dict[str, slow.Figures]:
    """What the judge makes of the same registers: a session that nobody marked is `-`."""
    rows = []
    for name in NAMES:
        line = marks[name].replace(".", "-").ljust(N_PASSED, "-")
        for code, (day, half) in zip(line, sessions_from(cast.hamsey, FIRST, N_PASSED), strict=True):
            shown = "\\" if code == "/" and half == "PM" else code
            rows.append(slow.Row(name, "", day, half, shown, 20 if code in "LU" else None, "2006"))
    return {pupil: figures for (pupil, _), figures in slow.figures(rows).items()}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=registers)
def test_a_pupils_page_says_what_the_judge_says(cast: Cast, signed_in, marks: dict[str, str]) -> None:
    client = signed_in("head")
    with transaction.atomic():
        draw(cast, marks, FIRST, minutes=20)
        for name, right in judged(cast, marks).items():
            _compare(cast, client, name, right)
        _compare_school(cast, marks)
        transaction.set_rollback(True)


def _compare(cast: Cast, client, name: str, right: slow.Figures) -> None:
    pupil = cast.pupil(name).pk
    may = standing(cast.users["head"], DAY)
    page = pupil_page(known_pupil(may, pupil, DAY), 2023, cast.at)
    assert page is not None
    shown = page.figures
    same = ("possible", "attended", "authorised", "unauthorised", "missing", "late", "late_after_close", "minutes_late")
    for column in (*same, "stage", "tier", "longest_absence"):
        assert getattr(shown, column) == right[column], column
    assert (int(shown.persistent), int(shown.severe)) == (right["persistent"], right["severe"])
    assert page.window.worst == right["unauthorised_in_10_weeks"]
    assert (page.window.reached_on and page.window.reached_on.isoformat()) == right["threshold_reached_on"]
    assert {one.name: one.n for one in page.opened}["No mark"] == right["missing"]
    for one in page.opened:
        assert one.n == sum(len(group.cells) for group in one.groups), one.name
    text = " ".join(client.get(f"/pupils/{pupil}/").content.decode().split())
    if right["possible"]:
        said = f"attendance: {right['attended']} of {right['possible']} possible sessions attended"
        assert said in text
    assert sum(int(n) for n, _ in re.findall(r'year__total">(\d+) of (\d+)<', text)) == right["attended"]


def _compare_school(cast: Cast, marks: dict[str, str]) -> None:
    """A school's sums are those of its pupils, those whom nobody marked among them."""
    page, right = school_page(facts_of(cast.hamsey.pk), cast.at), judged(cast, marks)
    for column in ("attended", "authorised", "unauthorised", "late", "late_after_close"):
        assert getattr(page.whole, column) == sum(figures[column] for figures in right.values()), column
    others = len([e for e in cast.enrolments.values() if e.school_id == cast.hamsey.pk]) - len(NAMES)
    assert page.whole.missing == sum(figures["missing"] for figures in right.values()) + others * N_PASSED
    for number, stage in enumerate(page.stages):
        assert stage.n == sum(figures["stage"] == number for figures in right.values())
    assert len(page.persistent) + len(page.severe) == sum(figures["persistent"] for figures in right.values())
