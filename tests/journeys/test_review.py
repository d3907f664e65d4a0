"""The head of school's fortnightly review in a real browser, down to the letter that the real worker sends."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from playwright.sync_api import Page, expect

from rollcall.casework import actions
from rollcall.casework.models import Decision
from rollcall.outbox.models import Message
from tests.cast import Cast, moment
from tests.rooms.casework.marking import fill, missed, phone
from tests.smtp import mail_server

NARROW = 360
COVERED = """selector => {
  const foot = document.querySelector(selector), active = document.activeElement;
  if (active === document.body || foot.contains(active)) return "";
  const [one, other] = [active.getBoundingClientRect(), foot.getBoundingClientRect()];
  const isCovered = one.bottom > other.top + 1 && one.top < other.bottom && one.height < innerHeight - other.height;
  return isCovered ? active.outerHTML : "";
}"""


@pytest.fixture
def marked(cast: Cast) -> Cast:
    """A school with something of everything that a review can propose."""
    phone(cast)
    fill(
        cast,
        {
            "Aisha": missed(20),
            "Ben": missed(60),
            "Chloe": missed(12),
            "Dev": {**missed(40), -3: "N", -4: "N"},
            "Finn": missed(190),
        },
    )
    return cast


def test_from_the_list_of_reviews_to_a_letter_in_the_post(
    page: Page, marked: Cast, sign_in, no_faults, picture: Callable[..., None]
) -> None:
    sign_in(page, "head")
    page.goto("/reviews/")
    no_faults(page)
    picture(page, "reviews")
    page.get_by_role("button", name="Start a review of Hamsey Primary School").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review of Tuesday 14 May")
    expect(page.get_by_text("5 left to decide")).to_be_visible()
    no_faults(page)
    picture(page, "review")

    page.get_by_label("Choose Aisha Begum").check()
    page.get_by_label("Choose Ben Carter").check()
    page.get_by_role("button", name="See the letters for those chosen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 letters will go")
    expect(page.get_by_text("pat.begum@example.org")).to_be_visible()
    no_faults(page)
    picture(page, "letters-before")
    assert not Message.objects.exists()
    page.get_by_role("button", name="Agree and send 2 letters").click()
    expect(page.get_by_text("2 letters are on the way")).to_be_visible()

    page.get_by_role("button", name="Agree for all 1").first.click()
    page.get_by_role("link", name="Otherwise, or no action for Finn Gray").click()
    no_faults(page)
    picture(page, "review-pupil")
    page.get_by_label("No action").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("link", name="Say why, in a few words")).to_be_visible()
    no_faults(page)
    page.get_by_label("Because").fill("in hospital; the DSL leads on this")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("No action, because in hospital")).to_be_visible()

    page.get_by_label("Why the rest is carried over").fill("marks to be looked into")
    page.get_by_role("button", name="Close the review").click()
    expect(page.get_by_text("kept as it was")).to_be_visible()
    no_faults(page)
    picture(page, "review-closed")
    assert Decision.objects.filter(choice="carried").count() == 1

    page.goto(f"/reviews/letters/{Message.objects.earliest('pk').pk}/")
    no_faults(page)
    picture(page, "letter-sent")


def test_it_works_on_a_phone_and_with_the_keyboard_alone(new_page, marked: Cast, sign_in, no_faults) -> None:
    review = actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    page = new_page(NARROW)
    sign_in(page, "head")
    page.goto(f"/reviews/{review.pk}/")
    no_faults(page)
    page.get_by_label("Choose Aisha Begum").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="See the letters for those chosen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 letter will go")
    no_faults(page)
    page.get_by_role("button", name="Print all of them instead").click()
    expect(page.get_by_text("Printed, to Ms Pat Begum")).to_be_visible()


@pytest.mark.parametrize("width", [NARROW, 1280])
def test_what_is_left_is_in_sight_all_the_way_and_hides_no_focus(new_page, marked: Cast, sign_in, width) -> None:
    review = actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    page = new_page(width)
    page.set_viewport_size({"width": width, "height": 500})
    sign_in(page, "head")
    page.goto(f"/reviews/{review.pk}/")
    foot = page.locator(".review-foot")
    expect(foot).to_be_in_viewport(ratio=1)
    expect(foot).to_contain_text("5 left to decide")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate(COVERED, ".review-foot") == ""
        if page.evaluate("document.activeElement.closest('.app-footer, .review-foot') !== null"):
            break
    page.emulate_media(media="print")
    assert foot.evaluate("foot => getComputedStyle(foot).position") == "static"
    expect(foot).to_be_visible()


def test_it_works_without_scripts(new_page, marked: Cast, sign_in) -> None:
    review = actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    page = new_page(java_script_enabled=False)
    sign_in(page, "head")
    page.goto(f"/reviews/{review.pk}/")
    page.get_by_role("button", name="See the letter for Aisha Begum").click()
    page.get_by_role("button", name="Agree and send 1 letter").click()
    expect(page.get_by_text("1 letter is on the way")).to_be_visible()
    assert Message.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the worker's process is pointed at a SQLite file")
def test_the_real_worker_sends_what_was_decided(live_server, marked: Cast) -> None:
    """Its own process, its own connection to the test's database, a mail server that takes what comes."""
    name = str(connection.settings_dict["NAME"])
    if "memory" in name:
        pytest.skip("the test database is in memory, where no other process can read it")
    review = actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    rows = [row.pk for row in review.rows.filter(step="letter-1")]
    actions.decide(rows, "agree", by=marked.actor("head"), at=moment(9, 30), key="d")
    source = Path(configured.PACKAGE).parent
    with mail_server() as box:
        environment = {
            **os.environ,
            "ROLLCALL_DATABASE": f"sqlite:///{name}",
            "ROLLCALL_SMTP_HOST": "127.0.0.1",
            "ROLLCALL_SMTP_PORT": str(box.port),
        }
        command = [sys.executable, "-m", "rollcall.cli", "worker", "--once"]
        done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == f"Sent {len(rows)} messages.", done.stderr
    assert len(box.taken) == len(rows)
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
