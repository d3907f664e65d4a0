"""A whole day of the demo played in a browser, from before the gate closes to the friendly call, at both widths."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.demo import become

HAMSEY = "Hamsey Primary School"
Keep = Callable[[Page, str], None]


def on(page: Page, button: str, times: int = 1) -> None:
    """Move the demo's clock from its bar."""
    for _ in range(times):
        page.locator(".demo-bar").get_by_role("button", name=button).click()
        page.wait_for_load_state()


def child(page: Page, letters: str) -> None:
    """Type two letters of a name, and wait for the children found."""
    page.get_by_label("Two letters of the child's name").press_sequentially(letters)


@pytest.mark.policy("A6-a", "A6-b", "A6-d", "4.4-c", "4.5-a", "3.7-a")
def test_a_day_from_the_gate_to_the_friendly_call(walker: Page, keep: Keep) -> None:
    page = walker
    become(page, HAMSEY, "School secretary")
    on(page, "To the next school day")
    before_the_gate(page, keep)
    on(page, "15 minutes on")
    late_comers(page, keep)
    on(page, "15 minutes on", 2)
    the_report(page, keep)
    on(page, "15 minutes on")
    calls(page, keep)
    on(page, "To 1.05pm")
    on(page, "15 minutes on")
    afternoon(page, keep)
    on(page, "To 3.30pm")
    going_home(page, keep)
    decide_leave(page, keep)


def before_the_gate(page: Page, keep: Keep) -> None:
    """8.35: the day as a list, what can't be right, and a call about a child who is ill."""
    page.goto("/day/hamsey/")
    expect(page.get_by_role("heading", level=1)).to_have_text("The day")
    keep(page, "day-gate")
    page.goto("/day/hamsey/checks/")
    keep(page, "day-checks")
    page.goto("/day/hamsey/inbox/")
    keep(page, "day-inbox")
    page.locator("main").get_by_text("Log a call", exact=True).click()
    child(page, "el")
    page.locator("#found a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is away")
    keep(page, "day-report")
    page.locator("input[name=caller]").first.check()
    page.get_by_role("button", name=re.compile("^Illness")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
    expect(page.locator("main")).to_contain_text("Illness")


def late_comers(page: Page, keep: Keep) -> None:
    """8.50: a child at the counter, by two letters and one tap."""
    page.goto("/day/hamsey/late/")
    child(page, "ma")
    page.locator("#comers").get_by_role("button", name=re.compile("^Overslept")).first.click()
    expect(page.locator(".message--success")).to_contain_text(re.compile("is marked L|is marked U"))
    keep(page, "day-late")


def the_report(page: Page, keep: Keep) -> None:
    """9.20: who is not in, by class; the worker has kept the report of 9.15; whom an evacuation would look for."""
    page.goto("/day/hamsey/report/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Absentee report")
    keep(page, "day-absentees")
    page.goto("/day/hamsey/")
    keep(page, "day-morning")
    page.goto("/day/hamsey/?wall=1")
    keep(page, "day-wall")
    page.goto("/day/hamsey/on-site/")
    keep(page, "day-on-site")


def calls(page: Page, keep: Keep) -> None:
    """9.35: nobody answers, by one tap; then somebody does, and the reason makes the mark."""
    page.goto("/day/hamsey/calls/")
    keep(page, "day-calls")
    rows = page.locator("#calls-now > section.call")
    if rows.count() == 0:
        return
    name = rows.first.get_attribute("id")
    tap = page.locator(f"#{name}").get_by_role("button", name=re.compile("^No answer")).first
    tap.click()
    expect(page.locator(f"#{name} .call__tried")).to_contain_text("No answer")
    page.locator(f"#{name}").get_by_role("button", name=re.compile("^Reached")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Why is")
    keep(page, "day-reason")
    page.get_by_role("button", name=re.compile("^Illness")).click()
    expect(page.locator(f"#{name}")).to_have_count(0)


def afternoon(page: Page, keep: Keep) -> None:
    """1.20pm: a child goes to the dentist with a parent, and who was here in the morning is still accounted for."""
    page.goto("/day/hamsey/out/")
    child(page, "ma")
    first = page.locator("#leavers form").first
    first.get_by_role("radio").first.check()
    first.get_by_role("button", name=re.compile("^Appointment")).click()
    expect(page.locator(".message--success")).to_contain_text("is signed out")
    keep(page, "day-out")
    page.goto("/day/hamsey/")
    keep(page, "day-afternoon")


def going_home(page: Page, keep: Keep) -> None:
    """3.30pm: the friendly calls, and what goes out for CPOMS."""
    page.goto("/day/hamsey/friendly/")
    keep(page, "day-friendly")
    page.get_by_role("button", name=re.compile("^Spoke to them")).first.click()
    expect(page.locator(".message--success")).to_contain_text("Logged")
    page.goto("/day/hamsey/cpoms/")
    page.get_by_role("button", name=re.compile("^Take these")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Taken out for CPOMS")
    keep(page, "day-cpoms")


def decide_leave(page: Page, keep: Keep) -> None:
    """The head of school reads a request for leave with all that stands beside it."""
    become(page, HAMSEY, "Head of school")
    page.goto("/day/hamsey/leave/")
    keep(page, "day-leave")
    page.locator("#to-decide + ul a, section[aria-labelledby=to-decide] a").first.click()
    expect(page.locator("main")).to_contain_text("It would cost")
    keep(page, "day-leave-one")
