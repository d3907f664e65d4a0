"""Late slips at the office: what the clock proposes, the mark that the slip makes, printing, taking it back."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from rollcall.absence.actions.slips import (
    MarkedPresent,
    NotFilled,
    confirm_slip,
    fill_slip,
    wait_for_adult,
    withdraw_slip,
)
from rollcall.absence.models import Device, Slip
from rollcall.absence.queries.comers import comers
from rollcall.journal.actions import AlreadyDone, begin
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.models import Entry
from rollcall.registers.queries.history import mark_history
from rollcall.registers.queries.standing import read_standing
from rollcall.rules.lateness import SessionTimes, minutes_late, propose
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

URL = "/day/hamsey/late/"


def standing(cast: Cast, name: str, half="AM") -> tuple[str, int]:
    """The mark of a child today with its minutes."""
    enrolment = cast.enrolments[name].pk
    found = read_standing(cast.hamsey.pk, [enrolment], DAY, half)[enrolment]
    return found.code, found.minutes


def came(cast: Cast, name: str, hour: int, minute: int, reason: str = "overslept", **more) -> Slip:
    """A child comes to the office."""
    at = moment(hour, minute)
    return fill_slip(cast.enrolments[name], reason, arrived_at=at, by=cast.actor("office"), at=at, **more)


def mark(cast: Cast, name: str, code: str) -> None:
    """The teacher's mark at 9.02."""
    one = [NewMark(cast.enrolments[name].pk, code)]
    registers.record_marks(
        cast.kestrels, DAY, "AM", one, by=cast.actor("teacher"), at=moment(9, 2), key=f"{name}{code}"
    )


@pytest.mark.policy("4.4-a", "EM-a")
def test_before_closing_it_is_l_with_minutes_from_the_gate(cast: Cast) -> None:
    slip = came(cast, "Ben", 9, 14)
    assert (slip.code, slip.minutes) == ("L", 34)
    assert standing(cast, "Ben") == ("L", 34)


@pytest.mark.policy("4.4-b")
def test_at_closing_and_after_it_is_u(cast: Cast) -> None:
    assert came(cast, "Ben", 9, 15).code == "U"
    assert came(cast, "Chloe", 10, 0).code == "U"
    assert standing(cast, "Chloe") == ("U", 80)


def test_who_comes_more_than_four_hours_late_is_marked_without_minutes(cast: Cast) -> None:
    assert (came(cast, "Ben", 12, 40).minutes, standing(cast, "Ben")) == (240, ("U", 240))
    slip = came(cast, "Chloe", 12, 45)
    assert (slip.code, slip.minutes, standing(cast, "Chloe")) == ("U", None, ("U", 0))


@pytest.mark.policy("4.4-b", "4.3-a")
def test_a_reason_with_a_code_of_its_own_wins(cast: Cast) -> None:
    slip = came(cast, "Ben", 10, 30, "appointment")
    assert (slip.code, slip.minutes) == ("M", None)
    assert standing(cast, "Ben") == ("M", 0)


def test_in_the_afternoon_it_is_the_afternoons_register(cast: Cast) -> None:
    assert came(cast, "Ben", 13, 20).half == "PM"
    assert standing(cast, "Ben", "PM") == ("U", 20)
    assert standing(cast, "Ben") == ("-", 0)


@given(st.times(), st.times(), st.times())
def test_the_clock_agrees_with_counting_minute_by_minute(arrived, late_from, closes) -> None:
    late = minutes_late(arrived, late_from)
    clock = late_from.hour * 60 + late_from.minute
    counted = 0
    while clock < arrived.hour * 60 + arrived.minute:
        clock, counted = clock + 1, counted + 1
    assert late == counted
    assert propose(arrived, SessionTimes(late_from, closes)).code == ("L" if arrived < closes else "U")


@pytest.mark.policy("4.4-c", "A2-a")
def test_the_slip_and_its_mark_are_one_act_with_who_and_why(cast: Cast) -> None:
    mark(cast, "Ben", "N")
    slip = came(cast, "Ben", 9, 22, words="the alarm")
    entry = Entry.objects.latest("number")
    assert entry.deed == slip.confirmed == slip.deed
    assert entry.deed.reason == "Late: overslept (the alarm)"
    history = mark_history(cast.enrolments["Ben"].pk, DAY, "AM").history
    assert [(one.code, one.who) for one in history] == [("N", "Tom Teacher"), ("U", "Olly Office")]


def test_the_same_press_twice_is_one_slip(cast: Cast) -> None:
    came(cast, "Ben", 9, 10, key="one")
    with pytest.raises(AlreadyDone):
        came(cast, "Ben", 9, 10, key="one")
    assert Slip.objects.count() == Entry.objects.count() == 1


@pytest.mark.policy("4.4-c")
def test_a_slip_for_a_child_already_marked_present_is_asked_about_and_not_silently_changed(cast: Cast) -> None:
    mark(cast, "Ben", "/")
    with pytest.raises(MarkedPresent, match="Ben Carter is marked / in this register already"):
        came(cast, "Ben", 9, 20)
    assert standing(cast, "Ben") == ("/", 0) and not Slip.objects.exists()
    came(cast, "Ben", 9, 20, over_present=True)
    assert standing(cast, "Ben") == ("U", 40)


def test_two_people_filling_in_the_same_child_make_one_slip(cast: Cast) -> None:
    came(cast, "Ben", 9, 20)
    with pytest.raises(MarkedPresent, match="marked U, 40 minutes late already"):
        came(cast, "Ben", 9, 21)
    assert Slip.objects.count() == 1


@pytest.mark.parametrize(
    ("hour", "minute", "reason", "said"),
    [(8, 39, "overslept", "Nobody is late before 8.40"), (9, 20, "spaceship", "Choose the reason they gave")],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast: Cast, hour, minute, reason, said) -> None:
    with pytest.raises(NotFilled, match=said):
        came(cast, "Ben", hour, minute, reason)
    with pytest.raises(NotFilled, match="still to come"):
        fill_slip(
            cast.enrolments["Ben"],
            "overslept",
            arrived_at=moment(9, 30),
            by=cast.actor("office"),
            at=moment(9, 20),
        )
    assert not Slip.objects.exists()


def test_undo_brings_back_what_stood_before(cast: Cast) -> None:
    mark(cast, "Ben", "N")
    for before, name in (("N", "Ben"), ("-", "Chloe")):
        slip = came(cast, name, 9, 20)
        withdraw_slip(slip, by=cast.actor("office"), at=moment(9, 25), reason="The wrong twin")
        assert standing(cast, name) == (before, 0)
        assert Slip.objects.get(pk=slip.pk).withdrawn.reason == "The wrong twin"
        with pytest.raises(NotFilled, match="taken back already"):
            withdraw_slip(slip, by=cast.actor("office"), at=moment(9, 26), reason="Again")


def test_undo_leaves_a_mark_that_somebody_changed_since(cast: Cast) -> None:
    slip = came(cast, "Ben", 9, 20)
    registers.amend_marks(
        cast.kestrels,
        DAY,
        "AM",
        [NewMark(cast.enrolments["Ben"].pk, "I")],
        by=cast.actor("head"),
        at=moment(9, 40),
        key="amend",
        reason="Ill after all",
    )
    with pytest.raises(NotFilled):
        withdraw_slip(slip, by=cast.actor("office"), at=moment(9, 45), reason="Mistake")
    assert standing(cast, "Ben") == ("I", 0)


@pytest.fixture
def device(cast: Cast) -> Device:
    """The screen by the door."""
    deed = begin("door.enrolled", by=cast.actor("secretary"), at=cast.at, school=cast.hamsey.pk)
    return Device.objects.create(school=cast.hamsey, name="Front door", secret="s", deed=deed)


@pytest.mark.policy("A2-a")
def test_what_was_entered_at_the_door_makes_no_mark_before_an_adult_confirms_it(cast: Cast, device: Device) -> None:
    ben = cast.enrolments["Ben"]
    slip = wait_for_adult(device, ben, "overslept", at=moment(9, 10), by=cast.by)
    assert standing(cast, "Ben") == ("-", 0)
    assert wait_for_adult(device, ben, "traffic", at=moment(9, 12), by=cast.by) == slip
    confirm_slip(slip, by=cast.actor("office"), at=moment(9, 20))
    assert standing(cast, "Ben") == ("L", 30), "by the time at which they came in"
    with pytest.raises(NotFilled, match="dealt with"):
        confirm_slip(slip, by=cast.actor("secretary"), at=moment(9, 21))


@pytest.mark.policy("A2-a", "4.4-c")
def test_a_slip_at_the_office_settles_the_one_that_waits_from_the_door(cast: Cast, device: Device, signed_in) -> None:
    slip = wait_for_adult(device, cast.enrolments["Ben"], "overslept", at=moment(9, 10), by=cast.by)
    other = wait_for_adult(device, cast.enrolments["Chloe"], "overslept", at=moment(9, 10), by=cast.by)
    office = came(cast, "Ben", 9, 12)
    slip.refresh_from_db()
    assert slip.withdrawn == office.confirmed and slip.confirmed is None
    said = "Ben Carter was entered at Front door at 9.10am; the office filled one in at 9.12, which settled it."
    page = signed_in("office").get(URL).content.decode()
    assert said in page and "I see Chloe" in page and "I see Ben" not in page
    with pytest.raises(NotFilled, match="dealt with"):
        confirm_slip(slip, by=cast.actor("secretary"), at=moment(9, 21))
    other.refresh_from_db()
    assert other.withdrawn is None, "another child's waits"


@pytest.mark.policy("A2-a", "4.4-c")
def test_what_is_entered_at_the_door_after_the_office_filled_one_in_does_not_wait(cast: Cast, device: Device) -> None:
    ben = cast.enrolments["Ben"]
    office = came(cast, "Ben", 9, 12)
    late = wait_for_adult(device, ben, "overslept", at=moment(9, 13), by=cast.by)
    assert late.withdrawn == office.confirmed
    withdraw_slip(office, by=cast.actor("office"), at=moment(9, 14), reason="It was another Ben")
    late.refresh_from_db()
    assert late.withdrawn is None, "what settled it is gone, and it waits for an adult again"
    confirm_slip(late, by=cast.actor("office"), at=moment(9, 20))
    again = wait_for_adult(device, ben, "traffic", at=moment(9, 21), by=cast.by)
    assert again.withdrawn == late.confirmed


def test_an_entry_at_the_door_waits_where_the_slips_mark_stands_no_longer(cast: Cast, device: Device) -> None:
    came(cast, "Ben", 9, 12)
    registers.amend_marks(
        cast.kestrels,
        DAY,
        "AM",
        [NewMark(cast.enrolments["Ben"].pk, "N")],
        by=cast.actor("office"),
        at=moment(9, 20),
        key="n",
        reason="It was another Ben",
    )
    assert wait_for_adult(device, cast.enrolments["Ben"], "overslept", at=moment(9, 25), by=cast.by).withdrawn is None


def test_the_office_finds_a_child_by_two_letters_and_one_tap_does_it(signed_in, cast: Cast, clock) -> None:
    client = signed_in("office")
    clock(moment(9, 22))
    page = client.get(URL, {"q": "be"}).content.decode()
    assert "Ben Carter" in page and "Aisha Begum" in page and "Chloe" not in page
    assert "Who comes now is U, 42 minutes late." in page
    answer = client.post(
        f"/day/late/{cast.enrolments['Ben'].pk}/fill/", {"key": "k", "reason": "overslept"}, follow=True
    )
    page = answer.content.decode()
    assert "Ben Carter is marked U, 42 minutes late." in page and "Print the red slip" in page
    assert standing(cast, "Ben") == ("U", 42)


def test_a_notified_dentist_is_the_button_that_stands_out(cast: Cast) -> None:
    registers.expect(
        cast.enrolments["Ben"],
        first=(DAY, "AM"),
        last=(DAY, "AM"),
        code="M",
        ground="Dentist at 8.50",
        by=cast.actor("office"),
        at=moment(8, 0),
    )
    found = comers(facts_of(cast.hamsey.pk), "be c", "AM", DAY)
    assert [(one.name, one.notified, one.ground) for one in found] == [("Ben Carter", "appointment", "Dentist at 8.50")]


@pytest.mark.policy("3.7-b")
def test_fewer_than_two_numbers_are_asked_about_at_the_late_slip(signed_in, cast: Cast) -> None:
    page = signed_in("office").get(URL, {"q": "be c"}).content.decode()
    assert "There are fewer than two numbers to call for Ben Carter" in page


@pytest.mark.policy("A2-a")
@pytest.mark.parametrize(("paper", "width"), [("receipt", 227), ("a4", 595)])
def test_the_red_slip_says_date_time_name_year_and_reason(signed_in, cast: Cast, paper, width) -> None:
    slip = came(cast, "Ben", 9, 22)
    pdf = PdfReader(io.BytesIO(signed_in("office").get(f"/day/slips/{slip.pk}/{paper}.pdf").content))
    text = pdf.pages[0].extract_text()
    for said in ("Ben Carter", "Tuesday 14 May", "9.22", "Year 4", "Overslept", "U, 42 minutes late", "Olly Office"):
        assert said in text
    assert len(pdf.pages) == 1 and abs(float(pdf.pages[0].mediabox.width) - width) < 1


def test_a_teacher_fills_in_no_slip(signed_in, cast: Cast) -> None:
    client = signed_in("teacher")
    assert client.get(URL).status_code == 403
    assert client.post(f"/day/late/{cast.enrolments['Ben'].pk}/fill/", {"key": "k"}).status_code == 403
