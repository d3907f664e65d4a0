"""A trip from its plan to the coach, a suspension and a closure, in a browser, wide and narrow, without faults."""

import pytest
from playwright.sync_api import Page

from rollcall.absence.models import Activity
from rollcall.registers.queries.standing import read_standing
from rollcall.schools import actions as schools
from tests.cast import DAY, Cast, moment

pytestmark = pytest.mark.browser
NARROW, WIDE = {"width": 360, "height": 800}, {"width": 1280, "height": 900}


def test_a_trip_is_planned_and_confirmed_and_the_pages_have_no_fault(page: Page, cast: Cast, sign_in, no_faults, clock):
    schools.record_exclusion(
        cast.enrolments["Finn"],
        begins=DAY,
        ends=DAY,
        permanent=False,
        provision_from=None,
        by=cast.actor("head"),
        at=moment(8, 0),
    )
    clock(moment(9, 20))
    sign_in(page, "secretary")
    page.goto("/day/hamsey/activities/add/")
    page.get_by_label("What is it?").fill("Museum")
    page.get_by_label("Who leads it and confirms who is there?").select_option(label="Tom Teacher")
    page.get_by_label("The whole of Kestrels").check()
    no_faults(page)
    page.get_by_role("button", name="Plan it").click()
    assert page.get_by_text("Finn Gray is left out: Suspended on 14 May.").is_visible()
    no_faults(page)
    page.goto("/day/hamsey/calls/")
    assert page.get_by_text("5 children expected on Museum, and nobody has confirmed").is_visible()
    no_faults(page)
    page.get_by_role("button", name="Say who is there").click()
    page.get_by_role("button", name="All 5 are there").click()
    assert page.get_by_text("Everybody has been spoken for.").is_visible()
    child = cast.enrolments["Ben"].pk
    assert read_standing(cast.hamsey.pk, [child], DAY, "AM")[child].code == "V"
    trip = Activity.objects.get()
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        for url in (f"activities/{trip.pk}/", "hamsey/activities/", "hamsey/exclusions/", "hamsey/closures/"):
            page.goto(f"/day/{url}")
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (url, size)
            no_faults(page)
    page.get_by_label("Ground", exact=True).fill("No heating")
    page.get_by_role("button", name="Close now").click()
    page.get_by_role("button", name="Open again").click()
    assert page.get_by_text("Opened again by Sue Secretary").is_visible()
    no_faults(page)
