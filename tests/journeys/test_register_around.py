"""The pages around registers, at both widths: the lists, changes asked for, cover, known absences, paper, history."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rollcall.registers import actions
from tests.cast import DAY, Cast, moment

NARROW = {"width": 360, "height": 900}


@pytest.fixture
def told(cast: Cast) -> Cast:
    """A morning on which things have happened: marks, a wish, a known absence, one register in."""
    teacher, office = cast.actor("teacher"), cast.actor("secretary")
    kestrels = [e for e in cast.enrolments.values() if e.memberships.get().school_class_id == cast.kestrels.pk]
    for n, day in enumerate((DAY.replace(day=9), DAY.replace(day=10), DAY.replace(day=13))):
        for half, code in (("AM", "/"), ("PM", "\\")):
            marks = [actions.NewMark(e.pk, "I" if (e.pk + n) % 5 == 0 else code) for e in kestrels]
            at = moment(9 if half == "AM" else 13, 5, day)
            actions.record_marks(cast.kestrels, day, half, marks, by=teacher, at=at, key=f"k{n}{half}")
    marks = [actions.NewMark(e.pk, "N" if e.pupil.known_first == "Aisha" else "/") for e in kestrels]
    actions.record_marks(cast.kestrels, DAY, "AM", marks, by=teacher, at=cast.at, key="k-today")
    actions.submit_register(cast.kestrels, DAY, "AM", by=teacher, at=cast.at, key="k-in")
    actions.ask_for_change(
        cast.kestrels,
        DAY,
        "AM",
        actions.NewMark(cast.enrolments["Aisha"].pk, "M"),
        by=teacher,
        at=moment(9, 20),
        key="k-ask",
        reason="Her mother sent the dentist's card",
    )
    actions.expect(
        cast.enrolments["Gus"],
        first=(DAY, "AM"),
        last=(DAY.replace(day=16), "PM"),
        code="I",
        ground="chicken pox",
        by=office,
        at=cast.at,
        told_by="Ms Hill",
        back_on=DAY.replace(day=17),
    )
    return cast


PAGES = {
    "registers": ("secretary", "/registers/"),
    "registers-missing": ("secretary", "/registers/missing/"),
    "registers-changes": ("secretary", "/registers/changes/"),
    "registers-cover": ("secretary", "/registers/cover/"),
    "registers-known": ("secretary", "/registers/expected/"),
    "register-amend": ("secretary", "/registers/{kestrels}/{day}/am/"),
    "register-closed": ("teacher", "/registers/{kestrels}/{day}/am/"),
    "register-expected": ("wrens_teacher", "/registers/{wrens}/{day}/am/"),
    "register-ahead": ("teacher", "/registers/{kestrels}/{day}/pm/"),
    "register-shut": ("teacher", "/registers/{kestrels}/2024-05-06/am/"),
    "register-ask": ("teacher", "/registers/{kestrels}/{day}/am/ask/?pupil={aisha}"),
    "register-paper": ("teacher", "/registers/{kestrels}/paper/?day={day}&span=week"),
    "mark-history": ("secretary", "/registers/marks/{aisha}/{day}/am/"),
    "register-offline": ("teacher", "/registers/offline/"),
}


def test_every_page_around_registers_is_without_faults_at_both_widths(
    page: Page, sign_in: Callable, told: Cast, clock, no_faults, picture
) -> None:
    clock(moment(9, 30))
    known = {
        "kestrels": told.kestrels.pk,
        "wrens": told.classes["Wrens"].pk,
        "day": DAY,
        "aisha": told.enrolments["Aisha"].pk,
    }
    for name, (person, address) in PAGES.items():
        page.context.clear_cookies()
        sign_in(page, person)
        page.goto(address.format(**known))
        picture(page, name)
        no_faults(page)
        page.set_viewport_size(NARROW)
        no_faults(page)
        page.set_viewport_size({"width": 1280, "height": 900})


def test_the_list_of_registers_not_in_renews_itself(page: Page, sign_in, cast: Cast, clock) -> None:
    sign_in(page, "secretary")
    page.goto("/registers/missing/")
    wrens = page.locator(".states__line", has_text="Wrens")
    expect(wrens).to_contain_text("Due")
    clock(moment(9, 15))
    expect(wrens).to_contain_text("Not in")
    marks = [actions.NewMark(cast.enrolments[name].pk, "/") for name in ("Gus", "Hana", "Ivo")]
    by = {"by": cast.actor("wrens_teacher"), "at": moment(9, 16)}
    actions.record_marks(cast.classes["Wrens"], DAY, "AM", marks, key="k1", **by)
    actions.submit_register(cast.classes["Wrens"], DAY, "AM", key="k2", **by)
    expect(wrens).to_have_count(0)
    expect(page.locator("#main-content")).to_contain_text("1 of 2 registers are in")


@pytest.mark.policy("4.1-a")
def test_without_scripts_a_register_is_taken_as_a_form(new_page, sign_in, cast: Cast) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, "teacher")
    page.goto("/registers/")
    row = page.locator(f"#row-{cast.enrolments['Ben'].pk}")
    row.locator('input[value="L"] + label').click()
    row.get_by_label("minutes late").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(row.get_by_label("minutes late")).to_have_value("7")
    page.locator("#mark-rest").click()
    page.get_by_role("button", name="Submit register").click()
    expect(page.locator("#register-head")).to_contain_text("by Tom Teacher (Class teacher)")
