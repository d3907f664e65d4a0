"""Pupils on site: by their marks and what happened since, all day long, whatever closure lies over them."""

from datetime import date

import pytest

from rollcall.absence.models import Activity, ActivityCheck, ActivityPlace
from rollcall.absence.queries.on_site import Child, OnSite, on_site
from rollcall.journal.actions import begin
from rollcall.registers import actions as registers
from rollcall.schools import actions as schools
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.day import all_in, mark, outing, slip

PAGE = "/day/hamsey/on-site/"


def listed(cast: Cast, hour: int, minute: int, day: date = DAY) -> OnSite:
    return on_site(facts_of(cast.hamsey.pk), moment(hour, minute, day))


def children(cast: Cast, hour: int, minute: int) -> dict[str, Child]:
    return {c.name.split()[0]: c for room in listed(cast, hour, minute).rooms for c in room.children}


def where(cast: Cast, hour: int, minute: int) -> dict[str, str]:
    return {name: child.where.name for name, child in children(cast, hour, minute).items()}


@pytest.mark.policy("A6-a")
def test_marks_say_who_is_on_the_site(cast: Cast) -> None:
    mark(cast, Aisha="/", Ben="L", Chloe="U", Dev="V", Esme="I", Finn="N")
    found = where(cast, 9, 30)
    assert [name for name, place in found.items() if place == "ON_SITE"] == ["Aisha", "Ben", "Chloe"]
    assert (found["Dev"], found["Esme"], found["Finn"], found["Gus"]) == (
        "ELSEWHERE", "AWAY", "UNKNOWN", "UNKNOWN"
    )  # fmt: skip
    assert [room.name for room in listed(cast, 9, 30).rooms] == ["Kestrels", "Wrens"]


@pytest.mark.policy("A6-a")
def test_who_is_marked_n_is_not_accounted_for_in_an_evacuation(signed_in, cast: Cast, clock) -> None:
    all_in(cast, "Kestrels", Ben="N", Chloe="N", Esme="I")
    registers.expect(
        cast.enrolments["Chloe"], first=(DAY, "AM"), last=(DAY, "PM"), code="I", ground="A cold", by=cast.by, at=cast.at
    )
    (room,) = [room for room in listed(cast, 9, 30).rooms if room.name == "Kestrels"]
    assert [(child.name, child.words) for child in room.unknown] == [
        ("Ben Carter", "marked N"),
        ("Chloe Dunn", "marked N; expected to be away: A cold"),
    ]
    assert [child.name for child in room.elsewhere] == ["Esme Field"]
    client = signed_in("secretary")
    clock(moment(13, 2))
    text = client.get(PAGE).content.decode()
    assert "<strong>Ben Carter</strong>: not accounted for, marked N" in text
    assert "Kestrels: 3 on site, 2 not accounted for" in text


def test_before_the_register_everybody_is_unknown_and_a_known_absence_is_said(cast: Cast) -> None:
    registers.expect(
        cast.enrolments["Ben"], first=(DAY, "AM"), last=(DAY, "PM"), code="I", ground="A cold", by=cast.by, at=cast.at
    )
    found = children(cast, 8, 50)
    assert {child.where.name for child in found.values()} == {"UNKNOWN"}
    assert found["Ben"].words == "no mark; expected to be away: A cold"
    assert found["Aisha"].words == "no mark"


@pytest.mark.policy("4.4-c")
def test_signed_out_is_off_the_site_and_signed_in_again_is_on_it(cast: Cast) -> None:
    all_in(cast, "Kestrels", Dev="M")
    outing(cast, "Aisha", moment(10, 0))
    outing(cast, "Ben", moment(10, 0), moment(11, 0))
    outing(cast, "Dev", moment(8, 45), moment(10, 30))
    found = children(cast, 11, 5)
    assert (found["Aisha"].where.name, found["Aisha"].words) == ("SIGNED_OUT", "signed out at 10.00am, with Pat")
    assert (found["Ben"].where.name, found["Ben"].words) == ("ON_SITE", "signed back in at 11.00am")
    assert found["Dev"].where.name == "ON_SITE"


def test_a_slip_that_waits_is_a_child_to_look_for_and_a_confirmed_one_is_here(cast: Cast) -> None:
    all_in(cast, "Kestrels", Aisha="N", Ben="M")
    slip(cast, "Aisha", moment(9, 20))
    slip(cast, "Ben", moment(10, 30), confirmed=True)
    found = children(cast, 10, 40)
    assert found["Aisha"].where.name == "UNKNOWN"
    assert found["Aisha"].words == "entered at the door at 9.20am, not confirmed: look for the child"
    assert (found["Ben"].where.name, found["Ben"].words) == ("ON_SITE", "came in at 10.30am")


def test_in_the_afternoon_the_mornings_mark_stands_until_the_register_says_and_it_is_said(
    signed_in, cast: Cast, clock
) -> None:
    all_in(cast, "Kestrels")
    all_in(cast, "Wrens")
    outing(cast, "Finn", moment(12, 10))
    assert listed(cast, 12, 59).by_morning == []
    found = listed(cast, 13, 2)
    assert found.by_morning == ["Kestrels", "Wrens"]
    assert where(cast, 13, 2)["Finn"] == "SIGNED_OUT"
    client = signed_in("head")
    clock(moment(13, 2))
    assert "where the afternoon register has not said yet: Kestrels, Wrens" in client.get(PAGE).content.decode()
    all_in(cast, "Kestrels", "PM", Aisha="N")
    assert listed(cast, 13, 10).by_morning == ["Wrens"]
    assert where(cast, 13, 10)["Aisha"] == "UNKNOWN"
    # Finn was marked present though signed out and never back: nobody takes that for safe.
    assert children(cast, 13, 10)["Finn"].words == "signed out at 12.10pm and marked present later: look for the child"


def test_no_mark_in_a_register_that_is_in_is_unknown_whatever_the_morning_was(cast: Cast) -> None:
    all_in(cast, "Wrens")
    all_in(cast, "Wrens", "PM")
    mark(cast, "PM", moment(13, 20), Gus="-")
    assert where(cast, 13, 30)["Gus"] == "UNKNOWN"


def test_a_child_who_missed_the_coach_is_looked_for(cast: Cast) -> None:
    deed = begin("activity.set", by=cast.by, at=cast.at, school=cast.hamsey.pk)
    trip = Activity.objects.create(
        school=cast.hamsey, title="Farm", code="V", first_day=DAY, first_half="AM", last_day=DAY, last_half="PM",
        leader_name="Tom Teacher", deed=deed,
    )  # fmt: skip
    expected = registers.expect(
        cast.enrolments["Ben"], first=(DAY, "AM"), last=(DAY, "PM"), code="V", ground="Farm", by=cast.by, at=cast.at
    )
    place = ActivityPlace.objects.create(activity=trip, expectation=expected)
    mark(cast, Ben="V")
    assert where(cast, 9, 30)["Ben"] == "ELSEWHERE"
    ActivityCheck.objects.create(place=place, day=DAY, half="AM", there=False, said_by="Tom Teacher", deed=deed)
    ben = children(cast, 9, 40)["Ben"]
    assert ben.where.name == "UNKNOWN"
    assert "Tom Teacher said not there" in ben.words
    ActivityCheck.objects.create(place=place, day=DAY, half="AM", there=True, said_by="Tom Teacher", deed=deed)
    assert where(cast, 9, 50)["Ben"] == "ELSEWHERE"


@pytest.mark.parametrize("classes", [False, True])
def test_marks_are_read_under_whatever_closure_lies_over_them(classes: bool, signed_in, cast: Cast, clock) -> None:
    all_in(cast, "Kestrels", at=moment(9, 2))
    schools.close_sessions(
        cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="No heating", by=cast.by, at=moment(9, 5),
        **({"classes": [cast.kestrels]} if classes else {}),
    )  # fmt: skip
    found = where(cast, 9, 10)
    assert [found[name] for name in ("Aisha", "Finn", "Gus")] == ["ON_SITE", "ON_SITE", "UNKNOWN"]
    client = signed_in("secretary")
    clock(moment(9, 10))
    text = client.get(PAGE).content.decode()
    assert "Closed: No heating" in text
    assert "Aisha Begum" in text


def test_the_page_says_that_it_lists_pupils_only_and_when_it_was_made(signed_in, cast: Cast, clock) -> None:
    all_in(cast, "Kestrels")
    client = signed_in("secretary")
    clock(moment(9, 31))
    text = client.get(PAGE).content.decode()
    assert "<strong>Pupils only.</strong> Staff and visitors are not on this list." in text
    assert "Tuesday 14 May 2024, 9.31am." in text
    assert "Kestrels: 6 on site" in text
    clock(moment(15, 31))
    assert "may have gone home" in client.get(PAGE).content.decode()


def test_a_day_without_school_and_without_marks_says_so(signed_in, cast: Cast, clock) -> None:
    client = signed_in("secretary")
    clock(moment(10, 0, date(2024, 3, 31)))
    text = client.get(PAGE).content.decode()
    assert "It is Sunday." in text
    assert "Aisha" not in text


def test_on_the_day_that_the_clocks_change_the_moments_are_right(cast: Cast) -> None:
    """A Sunday on which somebody is signed out at 12.30 by the wall clock, summer time or not."""
    for day in (date(2024, 3, 31), date(2023, 10, 29)):
        outing(cast, "Aisha", moment(12, 30, day))
        found = listed(cast, 12, 45, day)
        child = next(c for room in found.rooms for c in room.children if c.name == "Aisha Begum")
        assert (child.where.name, child.words) == ("SIGNED_OUT", "signed out at 12.30pm, with Pat")
        assert not found.afternoon_begun
        assert listed(cast, 13, 0, day).afternoon_begun


def test_the_list_takes_the_same_statements_however_many_children(cast: Cast, django_assert_max_num_queries) -> None:
    all_in(cast, "Kestrels")
    facts = facts_of(cast.hamsey.pk)
    with django_assert_max_num_queries(8):
        on_site(facts, moment(13, 5))
