"""The office's set-up in a real browser: a school to its first register's door, and every page held to axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rollcall.letters.queries import wording_for
from rollcall.schools.models import PupilContact, School
from tests.cast import Cast
from tests.rooms.casework.marking import fill, missed

NARROW = 360
PAGES = [
    ("exec", "/office/", "setup"),
    ("head", "/office/schools/hamsey/", "setup-school"),
    ("head", "/office/schools/hamsey/change/", "setup-school-change"),
    ("head", "/office/schools/hamsey/times/", "setup-times"),
    ("head", "/office/schools/hamsey/times/set/", "setup-times-set"),
    ("head", "/office/schools/hamsey/years/?year=2022", "setup-years"),
    ("head", "/office/schools/hamsey/years/2023/", "setup-terms"),
    ("head", "/office/schools/hamsey/close/", "setup-close"),
    ("head", "/office/schools/hamsey/classes/", "setup-classes"),
    ("head", "/office/schools/hamsey/roll/2024/", "setup-roll"),
    ("secretary", "/office/schools/hamsey/pupils/", "setup-pupils"),
    ("secretary", "/office/schools/hamsey/pupils/add/", "setup-pupil-add"),
    ("secretary", "/office/schools/hamsey/numbers/", "setup-numbers"),
    ("admin", "/office/people/", "people"),
    ("head", "/office/who-may/", "who-may"),
    ("teacher", "/office/policy/", "policy"),
    ("admin", "/office/policy/adopt/", "policy-adopt"),
    ("exec", "/office/journal/", "journal"),
    ("office", "/office/messages/", "messages"),
    ("exec", "/office/letters/", "letters"),
    ("secretary", "/office/schools/hamsey/letters/letter-1/", "wording"),
]


@pytest.mark.parametrize(("who", "url", "name"), PAGES, ids=[name for *_, name in PAGES])
def test_every_page_has_no_faults_at_both_widths(page: Page, sign_in, no_faults, picture, who, url, name) -> None:
    sign_in(page, who)
    page.goto(url)
    no_faults(page)
    page.set_viewport_size({"width": NARROW, "height": 800})
    no_faults(page)
    picture(page, f"office-{name}")


def test_a_school_is_led_step_by_step_to_its_first_register(page: Page, sign_in, no_faults, picture) -> None:
    sign_in(page, "exec")
    page.goto("/office/")
    page.get_by_role("button", name="Add a school").click()
    page.get_by_role("button", name="Add this school").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    no_faults(page)
    page.get_by_label("Name", exact=True).fill("Plumpton Primary School")
    page.get_by_label("Short name").fill("plumpton")
    page.get_by_label("URN").fill("114402")
    page.get_by_label("Local authority number").fill("845")
    page.get_by_label("Establishment number").fill("2063")
    page.get_by_role("button", name="Add this school").click()
    page.get_by_role("button", name="Begin here: times of the day").click()
    page.get_by_role("button", name="Set the times").click()
    expect(page.get_by_label("Gate closes")).to_have_value("08:40")
    page.get_by_role("button", name="Save").click()
    page.goto("/office/schools/plumpton/")
    page.get_by_role("button", name="Begin here: school year and terms").click()
    page.get_by_role("button", name="Set the terms of 2023/24").click()
    term = page.get_by_role("group", name="Term 1")
    term.get_by_label("First day").fill("2023-09-04")
    term.get_by_label("Last day").fill("2024-07-23")
    page.get_by_role("button", name="Save").click()
    page.goto("/office/schools/plumpton/classes/")
    page.get_by_role("button", name="Add classes").click()
    page.get_by_label("Classes").fill("Larks\nRobins")
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_role("table")).to_contain_text("Robins")
    page.goto("/office/schools/plumpton/")
    no_faults(page)
    picture(page, "office-begin")
    page.get_by_role("button", name="Begin here: staff who can sign in").click()


def open_record(page: Page, cast: Cast, name: str) -> None:
    page.goto(f"/office/pupils/{cast.pupil(name).pk}/")


def test_who_is_barred_stands_out_and_why_is_for_one_reader(
    page: Page, new_page: Callable[..., Page], sign_in, no_faults, picture, cast: Cast
) -> None:
    link = PupilContact.objects.get(pupil=cast.pupil("Aisha"))
    PupilContact.objects.filter(pk=link.pk).update(barred=True, barred_do="Ring the DSL at once", barred_why="An order")
    sign_in(page, "secretary")
    open_record(page, cast, "Aisha")
    expect(page.get_by_text("Ring the DSL at once").first).to_be_visible()
    expect(page.get_by_text("An order")).to_have_count(0)
    expect(page.get_by_role("heading", name="Safeguarding")).to_have_count(0)
    no_faults(page)
    picture(page, "office-record")
    lead = new_page(NARROW)
    sign_in(lead, "dsl")
    open_record(lead, cast, "Aisha")
    no_faults(lead)
    lead.get_by_role("link", name="Why barred").click()
    expect(lead.get_by_label("Why they are barred")).to_have_value("An order")
    no_faults(lead)


def test_a_contact_is_added_on_a_phone(new_page: Callable[..., Page], sign_in, no_faults, cast: Cast) -> None:
    page = new_page(NARROW)
    sign_in(page, "secretary")
    open_record(page, cast, "Ben")
    page.get_by_role("button", name="Add a contact").click()
    page.get_by_label("First name").fill("Gran")
    page.get_by_label("Last name").fill("Carter")
    page.get_by_label("What they are to the pupil").fill("Grandmother")
    page.get_by_label("Phone 1", exact=True).fill("12")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("“12” is no phone number").last).to_be_visible()
    no_faults(page)
    page.get_by_label("Phone 1", exact=True).fill("07700 900123")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Gran Carter")).to_be_visible()
    no_faults(page)


def test_a_wording_is_checked_as_it_is_typed(page: Page, sign_in, no_faults, picture, cast: Cast) -> None:
    fill(cast, {"Ben": missed(40)})
    School.objects.update(phone="01273 400000")
    sign_in(page, "secretary")
    page.goto("/office/schools/hamsey/letters/letter-1/")
    text = page.get_by_label("Text")
    text.fill("{child}")
    expect(page.locator("[data-check-says]")).to_contain_text("Line 1: {child} is no field.")
    text.fill(wording_for("letter-1", cast.hamsey.pk).body)
    expect(page.locator("[data-check-says]")).to_have_text("This text can be used.")
    text.press("Control+End")
    page.get_by_role("button", name="Put in authority").click()
    assert text.input_value().endswith("{authority}")
    page.get_by_label("Preview with").select_option(label="Ben Carter, Kestrels")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.get_by_text("Dear Pat,")).to_be_visible()
    expect(page.locator(".letter-page")).to_contain_text("East Sussex County Council")
    no_faults(page)
    picture(page, "office-wording-preview")
    page.get_by_role("button", name="Keep this wording").click()
    expect(page.get_by_role("status")).to_contain_text("Version 1 is in use at Hamsey")


def test_a_version_of_the_policy_is_previewed_and_adopted(page: Page, sign_in, no_faults, picture) -> None:
    sign_in(page, "admin")
    page.goto("/office/policy/adopt/?source=national")
    page.get_by_label("Takes effect on").fill("2024-08-26")
    page.get_by_label("Approved by").fill("2024-07-01")
    page.get_by_label("Next review").fill("2027-06-01")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", name="Before you adopt it")).to_be_visible()
    no_faults(page)
    picture(page, "office-policy-preview")
    page.get_by_role("button", name="Adopt it from Monday 26 August 2024").click()
    expect(page.get_by_role("status")).to_contain_text("takes effect on 26 August 2024")
    page.get_by_role("link", name="Template of an attendance policy").click()
    no_faults(page)


def test_a_person_is_added_invited_and_granted_a_role(page: Page, sign_in, no_faults, picture, cast: Cast) -> None:
    sign_in(page, "admin")
    page.goto("/office/people/")
    page.get_by_role("button", name="Add a person").click()
    page.get_by_label("First name").fill("Nia")
    page.get_by_label("Last name").fill("New")
    page.get_by_label("Position").fill("School secretary")
    page.get_by_label("At", exact=True).select_option(label="Hamsey Primary School")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Nia New").click()
    page.get_by_role("button", name="Make a sign-in").click()
    page.get_by_label("E-mail address").fill("nia@example.org")
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("button", name="Send an invitation").click()
    expect(page.get_by_role("status")).to_contain_text("waits to be sent")
    page.get_by_role("button", name="Grant a role").click()
    page.get_by_label("Role").select_option(label="Attendance officer (school secretary)")
    page.get_by_label("Where").select_option(label="All of Hamsey Primary School")
    page.get_by_label("Why").fill("New secretary")
    no_faults(page)
    page.get_by_role("button", name="Grant it").click()
    expect(page.get_by_text("Granted by Ada Administrator")).to_be_visible()
    no_faults(page)
    picture(page, "office-person")
