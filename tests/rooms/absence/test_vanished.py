"""Who was here in the morning and is not at the afternoon register, without having been signed out."""

from collections.abc import Callable

import pytest

from rollcall.absence.queries.vanished import vanished
from rollcall.registers import actions as registers
from rollcall.schools import actions as schools
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.day import all_in, mark, outing


def gone(cast: Cast, hour: int, minute: int) -> list[tuple[str, str, str, bool]]:
    found = vanished(cast.hamsey.pk, DAY, moment(hour, minute))
    return [(one.name.split()[0], one.morning, one.afternoon, one.is_untouched) for one in found]


@pytest.fixture
def here(cast: Cast) -> Cast:
    """A morning on which everybody was here but Ben, who was ill, and Finn, of whom nobody knew."""
    all_in(cast, "Kestrels", Ben="I", Chloe="L", Dev="U", Finn="N")
    all_in(cast, "Wrens")
    return cast


@pytest.mark.policy("4.5-a")
def test_present_in_the_morning_and_n_in_the_afternoon_is_said_at_once(here: Cast) -> None:
    assert gone(here, 12, 59) == []
    mark(here, "PM", moment(13, 2), Aisha="N", Ben="N", Finn="N", Dev="N", Esme="\\")
    assert gone(here, 13, 2) == [("Aisha", "/", "N", False), ("Dev", "U", "N", False)]


@pytest.mark.policy("4.5-a")
def test_no_mark_says_nothing_until_the_register_is_in_or_has_closed(here: Cast) -> None:
    mark(here, "PM", moment(13, 2), Aisha="\\", Gus="\\")
    assert gone(here, 13, 14) == []
    assert [name for name, *_ in gone(here, 13, 15)] == ["Chloe", "Dev", "Esme", "Hana", "Ivo"]
    all_in(here, "Kestrels", "PM", at=moment(13, 16))
    assert [name for name, *_ in gone(here, 13, 17)] == ["Hana", "Ivo"]


def test_a_register_that_nobody_has_taken_is_told_apart(here: Cast) -> None:
    all_in(here, "Kestrels", "PM", Esme="N")
    assert gone(here, 13, 16) == [
        ("Esme", "/", "N", False), ("Gus", "/", "-", True), ("Hana", "/", "-", True), ("Ivo", "/", "-", True)
    ]  # fmt: skip


def expected(cast: Cast) -> None:
    registers.expect(
        cast.enrolments["Aisha"],
        first=(DAY, "PM"),
        last=(DAY, "PM"),
        code="M",
        ground="Dentist",
        by=cast.by,
        at=cast.at,
    )


@pytest.mark.parametrize(
    "why",
    [
        expected,
        lambda cast: outing(cast, "Aisha", moment(12, 10)),
        lambda cast: schools.close_sessions(
            cast.hamsey, first=DAY, last=DAY, half="PM", kind="unplanned", ground="No water", by=cast.by, at=cast.at
        ),
    ],
)
def test_who_was_signed_out_or_is_known_to_be_away_is_left_out(why: Callable[[Cast], object], here: Cast) -> None:
    mark(here, "PM", moment(13, 2), Aisha="N")
    assert [name for name, *_ in gone(here, 13, 3)] == ["Aisha"]
    why(here)
    assert gone(here, 13, 3) == []


def test_who_came_back_and_is_not_in_class_is_looked_for(here: Cast) -> None:
    outing(here, "Aisha", moment(11, 0), moment(12, 0))
    mark(here, "PM", moment(13, 2), Aisha="N")
    assert [name for name, *_ in gone(here, 13, 3)] == ["Aisha"]


def test_back_from_a_trip_in_the_morning_and_not_in_class_is_looked_for(here: Cast) -> None:
    mark(here, "AM", moment(9, 10), Esme="V")
    mark(here, "PM", moment(13, 2), Esme="N")
    assert gone(here, 13, 3) == [("Esme", "V", "N", False)]


def test_it_is_cheap_enough_to_be_asked_every_few_seconds(here: Cast, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        vanished(here.hamsey.pk, DAY, moment(13, 5))
