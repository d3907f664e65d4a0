"""What standing facts make of a register ahead of it: exclusions by their dates, part-time timetables."""

from datetime import date, timedelta

import pytest

from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.queries.known_ahead import Expected, expected_between, expected_now
from rollcall.registers.queries.page import register_page
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.models import Pupil
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

PAGE = f"/registers/{{}}/{DAY}/am/"
WHOLE_WEEK = {"begins": date(2024, 5, 1), "ends": date(2024, 5, 24)}


def exclude(cast: Cast, name: str = "Ben", begins: date = DAY, **more):
    given = {"ends": None if more.get("permanent") else DAY, "permanent": False, "provision_from": None} | more
    enrolment = cast.enrolments[name]
    return schools.record_exclusion(enrolment, begins=begins, **given, by=cast.actor("head"), at=moment(8, 0))


def part_time(cast: Cast, away: str, name: str = "Ben", at=None, **span):
    span = WHOLE_WEEK | span
    when = at or moment(8, 0, date(2024, 4, 30))
    return schools.set_part_time(cast.enrolments[name], away, **span, by=cast.actor("head"), at=when)


def marked(cast: Cast) -> dict[str, tuple[str, str]]:
    """The marks of Kestrels with their grounds."""
    lines = register_page(cast.kestrels, facts_of(cast.hamsey.pk), DAY, "AM", cast.at).lines
    return {line.name.split()[0]: (line.code, line.ground) for line in lines}


def expected(cast: Cast, day: date = DAY, half: str = "AM", name: str = "Ben") -> Expected | None:
    child = cast.enrolments[name].pk
    return expected_now([child], day, half, facts_of(cast.hamsey.pk)).get(child)


def edition_2024(cast: Cast) -> None:
    """Hamsey works under the national template from the day on."""
    schools.adopt_policy(
        cast.federation, document=shipped_text("national"), effective=DAY, approved=DAY - timedelta(days=9),
        review=date(2025, 7, 1), by=cast.actor("exec"), at=moment(8, 0, DAY - timedelta(days=8)),
    )  # fmt: skip


@pytest.mark.policy("A1-b")
def test_a_suspension_is_expected_on_each_of_its_days_and_no_other(cast: Cast) -> None:
    exclude(cast, begins=date(2024, 5, 13), ends=date(2024, 5, 15))
    week = expected_between([cast.enrolments["Ben"].pk], date(2024, 5, 10), date(2024, 5, 16), facts_of(cast.hamsey.pk))
    assert {(day.day, half) for _, day, half in week} == {(n, half) for n in (13, 14, 15) for half in ("AM", "PM")}
    assert set(week.values()) == {"E"}
    found = expected(cast)
    assert (found.id, found.kind, found.ground, found.question) == (None, "excluded", "Suspended 13 May to 15 May", "")
    assert found.taken_by == "Harriet Head"


def test_the_register_shows_it_and_the_rest_present_leaves_it_alone(cast: Cast, signed_in) -> None:
    exclude(cast)
    part_time(cast, "Tue", "Chloe")
    teacher, url = signed_in("teacher"), PAGE.format(cast.kestrels.pk)
    words = teacher.get(url).content.decode()
    assert "E expected: Suspended on 14 May" in words
    assert "C expected: Part-time timetable until 24 May" in words
    teacher.post(url, {"key": "rest-0001", "do": "rest"})
    lines = {
        line.name: line.code
        for line in register_page(cast.kestrels, facts_of(cast.hamsey.pk), DAY, "AM", cast.at).lines
    }
    assert (lines["Ben Carter"], lines["Chloe Dunn"], lines["Dev Ellis"]) == ("-", "-", "/")


def test_a_teacher_confirms_or_contradicts_it(cast: Cast, signed_in) -> None:
    exclude(cast)
    teacher, url, child = signed_in("teacher"), PAGE.format(cast.kestrels.pk), cast.enrolments["Ben"].pk
    teacher.post(url, {"key": "mark-0001", f"mark-{child}": "E", f"seen-{child}": "-"})
    assert "E" in {
        line.code for line in register_page(cast.kestrels, facts_of(cast.hamsey.pk), DAY, "AM", cast.at).lines
    }
    teacher.post(url, {"key": "mark-0002", f"mark-{child}": "/", f"seen-{child}": "E"})
    assert marked(cast)["Ben"][0] == "/"


def test_opening_a_register_costs_no_statement_more(cast: Cast, signed_in, django_assert_max_num_queries) -> None:
    exclude(cast)
    part_time(cast, "Tue", "Chloe")
    teacher, url = signed_in("teacher"), PAGE.format(cast.kestrels.pk)
    teacher.get(url)
    with django_assert_max_num_queries(10):
        assert teacher.get(url).status_code == 200


def test_the_paper_register_has_it(cast: Cast, signed_in) -> None:
    exclude(cast, permanent=True)
    words = signed_in("teacher").get(f"/registers/{cast.kestrels.pk}/paper/?day={DAY}&span=week").content.decode()
    assert words.count("E?") == 8, "from Tuesday to Friday"


@pytest.mark.policy("A1-b")
def test_from_the_sixth_school_day_the_register_asks_after_provision(cast: Cast) -> None:
    """The bank holiday on Monday 6 May is no school day: the sixth from Friday 3 May is Monday 13."""
    exclude(cast, begins=date(2024, 5, 3), permanent=True)
    assert expected(cast, date(2024, 5, 10)).question == ""
    assert expected(cast, date(2024, 5, 13)).question == "Sixth school day: has provision been arranged?"
    assert expected(cast).question == "Sixth school day has passed: has provision been arranged?"


def test_suspensions_in_a_row_are_counted_as_one(cast: Cast) -> None:
    exclude(cast, begins=date(2024, 5, 8), ends=date(2024, 5, 10))
    exclude(cast, begins=date(2024, 5, 13), ends=date(2024, 5, 17))
    assert expected(cast).question == ""
    assert expected(cast, date(2024, 5, 15)).question == "Sixth school day: has provision been arranged?"


def test_provision_is_b_and_brings_its_ground_with_it(cast: Cast, signed_in) -> None:
    exclude(cast, begins=date(2024, 5, 7), ends=date(2024, 5, 17), provision_from=DAY)
    assert expected(cast, date(2024, 5, 13)).code == "E"
    assert expected(cast).code == "B"
    edition_2024(cast)
    teacher, url, child = signed_in("teacher"), PAGE.format(cast.kestrels.pk), cast.enrolments["Ben"].pk
    teacher.post(url, {"key": "mark-0001", f"mark-{child}": "B", f"seen-{child}": "-", f"ground-{child}": ""})
    lines = register_page(cast.kestrels, facts_of(cast.hamsey.pk), DAY, "AM", cast.at).lines
    assert ("B", "Taught elsewhere since 14 May. Suspended 7 May to 17 May") in {
        (one.code, one.ground) for one in lines
    }


def test_the_authority_provides_after_a_permanent_exclusion_under_2024(cast: Cast) -> None:
    exclude(cast, begins=date(2024, 5, 3), permanent=True, provision_from=DAY)
    assert expected(cast).code == "B"
    edition_2024(cast)
    assert expected(cast).code == "K"


def test_a_pupil_on_two_rolls_is_d_where_the_other_school_provides(cast: Cast) -> None:
    pupil = cast.pupil("Ben")
    schools.admit(
        pupil, cast.classes["Otters"], year_group=4, admitted=date(2024, 5, 13), by=cast.actor("exec"), at=cast.at
    )
    exclude(cast, begins=date(2024, 5, 3), ends=date(2024, 5, 17), provision_from=date(2024, 5, 13))
    assert expected(cast).code == "D"


@pytest.mark.policy("A1-b")
def test_a_part_time_timetable_is_c_or_c2_and_x_below_school_age(cast: Cast) -> None:
    part_time(cast, "TueAM")
    assert expected(cast).code == "C"
    assert expected(cast, half="PM") is None
    assert expected(cast, day=date(2024, 5, 15)) is None
    Pupil.objects.filter(pk=cast.pupil("Ben").pk).update(born=date(2019, 6, 1))
    assert expected(cast).code == "X"
    Pupil.objects.filter(pk=cast.pupil("Ben").pk).update(born=date(2015, 6, 1))
    edition_2024(cast)
    assert expected(cast).code == "C2"


def test_a_timetable_agreed_beforehand_is_leave_that_was_granted(cast: Cast) -> None:
    part_time(cast, "TueAM")
    part_time(cast, "TueAM", "Chloe", at=moment(9, 30))
    mark = [NewMark(cast.enrolments["Ben"].pk, "C")]
    registers.record_marks(cast.kestrels, DAY, "AM", mark, by=cast.actor("teacher"), at=cast.at, key="mark-0001")
    with pytest.raises(registers.NotSaved, match="needs leave"):
        late = [NewMark(cast.enrolments["Chloe"].pk, "C")]
        registers.record_marks(cast.kestrels, DAY, "AM", late, by=cast.actor("teacher"), at=moment(9, 40), key="mark-2")


def test_a_fact_outweighs_what_was_entered_unless_it_is_an_activity(cast: Cast) -> None:
    part_time(cast, "Tue")

    def enter(code: str) -> None:
        span = {"first": (DAY, "AM"), "last": (DAY, "PM"), "ground": "Told us"}
        registers.expect(cast.enrolments["Ben"], code=code, **span, by=cast.actor("office"), at=moment(8, 30))

    enter("I")
    assert expected(cast).code == "C"
    enter("V")
    assert expected(cast).code == "V"
    exclude(cast)
    assert expected(cast).code == "E"
    enter("B")
    assert expected(cast).code == "B"


def test_it_holds_in_the_week_that_the_clocks_change(cast: Cast) -> None:
    exclude(cast, begins=date(2024, 3, 25), ends=date(2024, 4, 16))
    span = [date(2024, 3, 28), date(2024, 4, 15)]
    assert [expected(cast, day).question[:5] for day in span] == ["", ""]
    assert expected(cast, date(2024, 4, 16)).question.startswith("Sixth")
