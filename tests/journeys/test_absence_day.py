"""The day on the office's screen: what changes is there without a reload, at both widths and on the wall."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.cast import Cast, moment
from tests.rooms.absence.day import all_in, mark, outing

NARROW, WALL = {"width": 360, "height": 900}, {"width": 1920, "height": 1080}
SOON = 4000
DONE, UNDO = re.compile("^Done.*The gate is closed$"), re.compile("^Undo.*The gate is closed$")


def test_the_day_keeps_itself_up_to_date(
    page: Page, sign_in: Callable, cast: Cast, clock: Callable, no_faults: Callable, picture: Callable
) -> None:
    all_in(cast, "Kestrels", Ben="I")
    sign_in(page, "secretary")
    clock(moment(9, 14))
    page.goto("/day/")
    expect(page).to_have_url(re.compile("/day/hamsey/$"))
    numbers, lines = page.get_by_role("region", name="Now, morning"), page.get_by_role("region", name="The day's list")
    expect(numbers).to_contain_text("5 of 9 in")
    expect(numbers.locator(".headline--alarm")).to_have_count(0)
    expect(numbers.get_by_role("listitem").filter(has_text="Wrens")).to_contain_text("Due")

    mark(cast, at=moment(9, 14), Gus="N", Hana="/")  # somebody else, somewhere else
    alarm = numbers.locator(".headline--alarm")
    expect(alarm).to_contain_text("1", timeout=SOON)
    expect(page.locator("p[role=status]").filter(has_text="1 unexplained, 1 register not in.")).to_have_count(1)
    no_faults(page)

    clock(moment(9, 15))  # nothing is written
    expect(numbers.get_by_role("listitem").filter(has_text="Wrens")).to_contain_text("Late", timeout=SOON)
    expect(lines).to_contain_text("9.15am now")

    page.get_by_role("button", name=DONE).click()
    gate = lines.locator("#step-gate")
    expect(gate).to_contain_text("Done", timeout=SOON)
    gate.locator("summary").click()
    expect(gate).to_contain_text("Sue Secretary, 9.15am")
    mark(cast, at=moment(9, 15), Ivo="/")
    expect(numbers).to_contain_text("7 of 9 in", timeout=SOON)
    expect(gate.get_by_role("button", name=UNDO)).to_be_visible()  # and stays unfolded
    picture(page, "day")
    gate.get_by_role("button", name=UNDO).click()
    expect(page.get_by_role("button", name=DONE)).to_be_visible(timeout=SOON)

    page.set_viewport_size(NARROW)
    no_faults(page)
    page.set_viewport_size(WALL)
    page.goto("/day/hamsey/?wall=1")
    no_faults(page)
    assert _pixels(page, ".headline--alarm .headline__number") >= 100
    assert _pixels(page, ".timeline__what") >= 26
    expect(page.get_by_role("button", name=DONE)).to_be_hidden()
    picture(page, "day-on-the-wall")


def test_pupils_on_site_are_a_list_to_take_along(
    page: Page, sign_in: Callable, cast: Cast, clock: Callable, no_faults: Callable, picture: Callable
) -> None:
    all_in(cast, "Kestrels", Ben="U", Dev="V")
    outing(cast, "Aisha", moment(9, 30))
    sign_in(page, "head")
    clock(moment(10, 0))
    page.goto("/day/hamsey/on-site/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pupils on site now")
    expect(page.get_by_text("Staff and visitors are not on this list.")).to_be_visible()
    wrens = page.get_by_role("region", name="Wrens: 0 on site, 3 not accounted for")
    expect(wrens).to_contain_text("Gus Hill: not accounted for, no mark")
    kestrels = page.get_by_role("region", name="Kestrels: 4 on site")
    expect(kestrels).to_contain_text("Aisha Begum (signed out at 9.30am, with Pat)")
    no_faults(page)
    picture(page, "on-site")
    all_in(cast, "Wrens", at=moment(10, 0))
    expect(page.get_by_role("region", name="Wrens: 3 on site")).to_be_visible(timeout=SOON)
    page.set_viewport_size(NARROW)
    no_faults(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="The day")).to_be_hidden()
    expect(page.get_by_text("Tuesday 14 May 2024, 10.00am.")).to_be_visible()


def _pixels(page: Page, selector: str) -> float:
    size = page.locator(selector).first.evaluate("element => getComputedStyle(element).fontSize")
    return float(size.removesuffix("px"))
