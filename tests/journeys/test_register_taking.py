"""Taking a register in a real browser: by key and by tap, saved as it goes, two people at once, refusals in place."""

import re

import pytest
from playwright.sync_api import Page, expect

from rollcall.registers import actions
from rollcall.registers.models import Entry
from rollcall.registers.queries.history import mark_history
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from tests.cast import DAY, Cast, moment


def address(cast: Cast, half: str = "am") -> str:
    return f"/registers/{cast.kestrels.pk}/{DAY}/{half}/"


def line(page: Page, cast: Cast, name: str):
    return page.locator(f"#row-{cast.enrolments[name].pk}")


def choice(page: Page, cast: Cast, name: str, code: str):
    """The button of a mark on a pupil's line."""
    return line(page, cast, name).locator(f'input[value="{code}"] + label')


def stands(cast: Cast, name: str) -> str:
    return mark_history(cast.enrolments[name].pk, DAY, "AM").code


@pytest.fixture
def register(page: Page, sign_in, cast: Cast) -> Page:
    """The teacher's register, open."""
    sign_in(page, "teacher")
    page.goto("/registers/")
    return page


@pytest.mark.policy("3.5-a")
def test_a_class_is_marked_by_keys_and_handed_in(register: Page, cast: Cast, no_faults, picture) -> None:
    no_faults(register)
    register.keyboard.press("/")
    register.keyboard.press("i")
    register.keyboard.press("n")
    expect(line(register, cast, "Chloe")).to_contain_text("saved 9.05am")
    assert [stands(cast, name) for name in ("Aisha", "Ben", "Chloe", "Dev")] == ["/", "I", "N", "-"]
    expect(register.locator("#mark-rest")).to_have_text("Mark the 3 left present")
    picture(register, "register")
    no_faults(register)
    register.locator("#mark-rest").click()
    register.get_by_role("button", name="Submit register").click()
    expect(register.locator("#register-head")).to_contain_text("by Tom Teacher (Class teacher)")
    assert stands(cast, "Finn") == "/"


def test_keys_work_at_once_in_a_register_that_is_taken_late(page: Page, sign_in, cast: Cast, clock) -> None:
    clock(moment(9, 24))
    sign_in(page, "teacher")
    page.goto("/registers/")
    page.keyboard.press("/")
    page.keyboard.press("i")
    expect(line(page, cast, "Ben")).to_contain_text("saved 9.24am")
    assert [stands(cast, name) for name in ("Aisha", "Ben")] == ["/", "I"]


def test_arrows_move_a_key_clears_undo_brings_back_and_a_question_mark_shows_the_keys(register: Page, cast) -> None:
    register.keyboard.press("i")
    register.keyboard.press("ArrowUp")
    register.keyboard.press("-")
    expect(line(register, cast, "Aisha").locator(".mark").first).to_have_attribute("data-code", "-")
    register.get_by_role("button", name="Undo").click()
    expect(line(register, cast, "Aisha")).to_contain_text("saved 9.05am")
    assert stands(cast, "Aisha") == "I"
    line(register, cast, "Ben").locator("input[type=radio]").first.focus()
    register.keyboard.press("?")
    expect(register.get_by_role("dialog")).to_contain_text("the pupil before")


def test_on_a_phone_a_tap_marks_and_more_has_every_code(new_page, sign_in, cast: Cast, no_faults) -> None:
    page = new_page(width=360, has_touch=True)
    sign_in(page, "teacher")
    page.goto(address(cast))
    choice(page, cast, "Aisha", "N").tap()
    line(page, cast, "Ben").locator("select").select_option("M")
    expect(line(page, cast, "Ben")).to_contain_text("saved 9.05am")
    assert (stands(cast, "Aisha"), stands(cast, "Ben")) == ("N", "M")
    no_faults(page)


def test_why_a_register_was_not_submitted_comes_into_view_on_a_phone(new_page, sign_in, cast: Cast) -> None:
    page = new_page(width=360, has_touch=True)
    page.set_viewport_size({"width": 360, "height": 400})
    sign_in(page, "teacher")
    page.goto(address(cast))
    line(page, cast, "Finn").scroll_into_view_if_needed()
    page.get_by_role("button", name="Submit register").tap()
    expect(page.locator("#notice-submit")).to_be_in_viewport()


@pytest.mark.policy("A1-b")
def test_a_code_that_cannot_be_true_says_so_in_place_and_the_others_are_saved(
    register: Page, sign_in, cast: Cast
) -> None:
    sign_in(register, "secretary")
    register.goto(address(cast))
    register.keyboard.press("/")
    register.keyboard.press("s")
    register.keyboard.press("n")
    ben = line(register, cast, "Ben")
    expect(ben.locator(".register__problem")).to_contain_text("year 11")
    expect(line(register, cast, "Chloe")).to_contain_text("saved 9.05am")
    assert [stands(cast, name) for name in ("Aisha", "Ben", "Chloe")] == ["/", "-", "N"]
    choice(register, cast, "Ben", "I").click()
    expect(ben).to_contain_text("saved 9.05am")


@pytest.mark.policy("4.4-a")
def test_late_has_its_minutes_from_the_clock_and_a_person_may_say_otherwise(register: Page, cast: Cast) -> None:
    register.keyboard.press("l")
    minutes = line(register, cast, "Aisha").get_by_label("minutes late")
    expect(minutes).to_have_value("25")
    expect(line(register, cast, "Aisha")).to_contain_text("saved 9.05am")
    minutes.fill("10")
    with register.expect_response("**/save/"):
        minutes.press("Enter")
    expect(line(register, cast, "Aisha")).to_contain_text("saved 9.05am")
    assert mark_history(cast.enrolments["Aisha"].pk, DAY, "AM").minutes_late == 10


@pytest.mark.policy("4.4-b")
def test_late_becomes_late_after_closing_by_one_press_and_keeps_its_minutes(page: Page, sign_in, cast, clock) -> None:
    sign_in(page, "teacher")
    clock(moment(9, 16))
    page.goto(address(cast))
    aisha = line(page, cast, "Aisha")
    minutes = aisha.get_by_label("minutes late")
    with page.expect_response("**/save/"):
        aisha.locator("select").select_option("L")
    minutes.fill("38")
    with page.expect_response("**/save/"):
        minutes.press("Enter")
    with page.expect_response("**/save/") as saved:
        choice(page, cast, "Aisha", "U").click()
    assert saved.value.ok, saved.value.text()
    expect(minutes).to_have_value("38")
    page.reload()
    expect(minutes).to_have_value("38")
    assert mark_history(cast.enrolments["Aisha"].pk, DAY, "AM").code == "U"


@pytest.mark.policy("A1-e")
def test_a_mark_that_needs_a_ground_waits_for_words_and_shows_them_again(register: Page, cast: Cast) -> None:
    for key in ("y", "/", "Enter"):
        register.keyboard.press(key)
    aisha = line(register, cast, "Aisha")
    ground = aisha.get_by_label("ground")
    expect(ground).to_be_focused()
    expect(aisha).to_contain_text("Not saved yet: say in words on which ground")
    register.get_by_role("button", name="Submit register").click()
    expect(register.locator("#notice-submit")).to_contain_text("A mark waits for its ground")
    ground.fill("in custody")
    ground.press("Enter")
    expect(aisha).to_contain_text("saved 9.05am")
    register.reload()
    expect(ground).to_have_value("in custody")
    expect(aisha.locator(".register__note")).to_contain_text("Y because in custody")
    assert stands(cast, "Aisha") == "Y"


def test_what_is_expected_is_confirmed_by_one_press_and_left_alone_by_the_rest(register: Page, cast: Cast) -> None:
    actions.expect(
        cast.enrolments["Ben"],
        first=(DAY, "AM"),
        last=(DAY, "PM"),
        code="M",
        ground="dentist",
        by=cast.actor("secretary"),
        at=cast.at,
        told_by="Ms Carter",
    )
    ben = line(register, cast, "Ben")
    expect(ben).to_contain_text("M expected: dentist, Ms Carter told us")
    register.reload()
    register.locator("#mark-rest").click()
    expect(line(register, cast, "Finn")).to_contain_text("saved 9.05am")
    assert stands(cast, "Ben") == "-"
    ben.locator("input[type=radio]").first.focus()
    register.keyboard.press("Enter")
    expect(ben).to_contain_text("saved 9.05am")
    assert stands(cast, "Ben") == "M"


def test_two_people_see_each_others_marks_and_never_overwrite_unseen(register: Page, new_page, sign_in, cast) -> None:
    other = new_page()
    sign_in(other, "secretary")
    other.goto(address(cast))
    other.keyboard.press("i")
    aisha = line(register, cast, "Aisha")
    expect(aisha).to_contain_text("marked by somebody else")
    expect(aisha.locator(".register__mark .mark")).to_have_attribute("data-code", "I")
    # Now both type on one line before either hears of the other.
    register.route("**/live/", lambda route: route.abort())
    choice(other, cast, "Ben", "N").click()
    expect(line(other, cast, "Ben")).to_contain_text("saved 9.05am")
    ben = line(register, cast, "Ben")
    choice(register, cast, "Ben", "I").click()
    expect(ben).to_contain_text("Sue Secretary marked N at 9.05am")
    assert stands(cast, "Ben") == "N"
    ben.get_by_role("button", name="Use mine: I").click()
    expect(ben).to_contain_text("saved 9.05am")
    assert stands(cast, "Ben") == "I"


def test_a_session_that_ran_out_says_so_keeps_everything_and_comes_back(register: Page, sign_in, cast: Cast) -> None:
    register.context.clear_cookies(name="sessionid")
    register.keyboard.press("n")
    out = register.locator("#notice-out")
    expect(out).to_contain_text("signed out")
    assert not Entry.objects.exists()
    expect(out.get_by_role("link")).to_have_attribute("href", re.compile(r"/account/login/\?next="))
    sign_in(register, "teacher")
    register.goto(address(cast))
    expect(line(register, cast, "Aisha")).to_contain_text("saved 9.05am")
    assert stands(cast, "Aisha") == "N"


@pytest.mark.policy("4.1-c")
def test_after_closing_the_office_gives_a_reason(page: Page, sign_in, cast: Cast, clock, no_faults) -> None:
    save = {"by": cast.actor("teacher"), "at": cast.at, "key": "k-teacher"}
    marks = [actions.NewMark(e.pk, "N") for n, e in cast.enrolments.items() if n in ("Aisha", "Ben")]
    actions.record_marks(cast.kestrels, DAY, "AM", marks, **save)
    clock(moment(9, 24))
    sign_in(page, "secretary")
    page.goto(address(cast))
    choice(page, cast, "Aisha", "I").click()
    expect(page.locator("#notice-whole")).to_contain_text("Say why")
    page.get_by_label("Why are marks entered").fill("Mother rang: a cold")
    page.get_by_label("Why are marks entered").press("Tab")
    expect(line(page, cast, "Aisha")).to_contain_text("saved 9.24am")
    no_faults(page)
    assert mark_history(cast.enrolments["Aisha"].pk, DAY, "AM").history[-1].reason == "Mother rang: a cold"


def test_a_database_that_cannot_be_written_is_said_and_nothing_is_shown_as_saved(register: Page, cast: Cast) -> None:
    answer = {"status": 503, "content_type": "application/json", "body": '{"error": "Nothing was saved: no room."}'}
    register.route("**/save/", lambda route: route.fulfill(**answer))
    register.keyboard.press("n")
    expect(register.locator("#notice-trouble")).to_contain_text("Nothing was saved: no room.")
    expect(line(register, cast, "Aisha")).to_contain_text("not saved yet")
    register.unroute("**/save/")
    expect(line(register, cast, "Aisha")).to_contain_text("saved 9.05am")
    expect(register.locator("#notice-trouble")).to_have_count(0)


def test_a_code_of_two_characters_is_typed_as_both(page: Page, sign_in, cast: Cast, clock) -> None:
    day = DAY.replace(day=21)
    schools.adopt_policy(
        cast.federation,
        document=shipped_text("national"),
        effective=day,
        approved=DAY,
        review=DAY.replace(2026),
        by=cast.by,
        at=cast.at,
    )
    clock(moment(9, 5, day))
    sign_in(page, "teacher")
    page.goto("/registers/")
    for key in ("y", "7"):
        page.keyboard.press(key)
    expect(line(page, cast, "Aisha").get_by_label("ground")).to_be_focused()
    page.keyboard.type("The lift is broken")
    for key in ("Enter", "k"):
        page.keyboard.press(key)
    expect(line(page, cast, "Ben").get_by_label("ground")).to_be_focused()
    page.keyboard.type("Hospital school")
    for key in ("Enter", "c", "1"):
        page.keyboard.press(key)
    chloe = line(page, cast, "Chloe")
    expect(chloe).to_contain_text(
        "C1 (Leave for a regulated performance or employment abroad) rests on what the office"
    )
    page.keyboard.press("g")
    expect(chloe).to_contain_text(
        "G (Holiday not granted) is decided by the head of school: mark N, and tell the office"
    )
    for key in ("ArrowDown", "/"):
        page.keyboard.press(key)
    expect(line(page, cast, "Dev")).to_contain_text("saved 9.05am")
    marks = [mark_history(cast.enrolments[name].pk, day, "AM").code for name in ("Aisha", "Ben", "Chloe", "Dev")]
    assert marks == ["Y7", "K", "-", "/"]
