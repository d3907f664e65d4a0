"""`rollcall demo` as `make demo` starts it: walked through in a browser at both widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.demo import become

HAMSEY, FEDERATION = "Hamsey Primary School", "The federation"
PAGES = {
    "head": (HAMSEY, "Head of school", {"home": "/", "pupils": "/pupils/", "school": "/schools/hamsey/"}),
    "office": (
        HAMSEY,
        "School secretary",
        {"home": "/", "not-in": "/registers/missing/", "letters": "/office/messages/"},
    ),
    "safeguarding": (HAMSEY, "Designated safeguarding lead", {"home": "/"}),
    "executive": (FEDERATION, "Executive headteacher", {"home": "/", "policy": "/office/policy/"}),
    "governor": (FEDERATION, "Governor for attendance", {"schools": "/schools/"}),
    "administrator": (FEDERATION, "Administrator", {"set-up": "/office/", "people": "/office/people/"}),
}


def test_a_register_that_is_due(walker: Page, keep: Callable[[Page, str], None]) -> None:
    become(walker, HAMSEY, "Class teacher, Robins")
    keep(walker, "register")


def test_a_review_that_is_due_and_a_pupil_in_it(walker: Page, keep: Callable[[Page, str], None]) -> None:
    become(walker, "Plumpton Primary School", "Head of school")
    walker.goto("/reviews/")
    start = walker.get_by_role("button", name="Start a review")
    if start.count():
        start.click()
    else:
        walker.get_by_role("link", name="Tuesday 24 November 2026").click()
    walker.wait_for_load_state()
    keep(walker, "review")
    walker.goto("/schools/plumpton/")
    walker.locator("main table a[href^='/pupils/']").first.click()
    walker.wait_for_load_state()
    keep(walker, "pupil")


@pytest.mark.parametrize("who", PAGES)
def test_where_people_land(walker: Page, who: str, keep: Callable[[Page, str], None]) -> None:
    group, name, pages = PAGES[who]
    become(walker, group, name)
    for shown, url in pages.items():
        answer = walker.goto(url)
        assert answer is not None and answer.status == 200, url
        keep(walker, f"{who}-{shown}")


@pytest.mark.parametrize("width", [1280, 360])
def test_one_walks_from_a_register_to_the_review(demo: str, browser: Browser, width: int) -> None:
    context = browser.new_context(base_url=demo, viewport={"width": width, "height": 900}, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/")
    assert "Tuesday 24 November 2026" in page.locator(".demo-bar").inner_text()
    become(page, "Hamsey Primary School", "Class teacher, Robins")
    assert page.get_by_role("heading", level=1).inner_text() == "Robins"
    if width == 1280:
        rest = page.get_by_role("button", name="left present")
        n = int("".join(filter(str.isdigit, rest.inner_text())))
        rest.click()
        page.get_by_text(f"{n} of ").wait_for()
        assert n > 10
    become(page, "Hamsey Primary School", "Head of school")
    page.goto("/reviews/")
    assert "The next review is due by Tuesday 24 November" in page.locator("main").inner_text()
    page.get_by_role("link", name="Tuesday 10 November 2026").click()
    assert page.locator("main").inner_text().count("letter") >= 3
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    context.close()


def test_the_clock_moves_from_the_bar(demo: str, browser: Browser) -> None:
    context = browser.new_context(base_url=demo, viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    become(page, "Plumpton Primary School", "Head of school")
    page.goto("/registers/missing/")
    page.get_by_role("button", name="To 3.30pm").click()
    assert "3.30pm" in page.locator(".demo-bar").inner_text()
    assert page.url.endswith("/registers/missing/")
    assert "4 of 4" in page.locator("main").inner_text()
    context.close()
