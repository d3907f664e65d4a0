"""The two ways that the policy has, walked in a browser from their beginning to their end, with the clock between.

One child goes from 97% to a paid penalty notice on the school's flow chart (FC), another through the tiers of the
authority's process and back to monitoring (A5).
"""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rollcall.casework.models import Case, Meeting, Notice, StepTaken
from tests.cast import Cast, moment
from tests.journeys.casework_story import choose, days_away, fill_form, press, put, said, take, work
from tests.journeys.demo import WIDTHS
from tests.rooms.casework.marking import fill, missed, phone

WHERE = "/casework/hamsey"
LAST = date(2024, 5, 17)
ILL = [date(2023, 9, 20), date(2023, 11, 8)]
AWAY = [
    *(date(2024, 1, 9), date(2024, 1, 17), date(2024, 1, 31), date(2024, 2, 7)),  # below 95%
    *(date(2024, 2, 28), date(2024, 3, 13)),  # after letter 1, after the meeting with the teacher
    *(date(2024, 3, 25), date(2024, 3, 27), date(2024, 4, 16), date(2024, 4, 18), date(2024, 4, 23)),  # after letter 3
]


@pytest.fixture
def walk(new_page, sign_in, cast: Cast, clock, settings) -> Callable[..., Page]:
    """A page of somebody's own, kept for the whole way; `walk("head", day)` moves the clock first."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    phone(cast)
    pages: dict[str, Page] = {}

    def at(who: str, day: date, hour: int = 9, minute: int = 5) -> Page:
        clock(moment(hour, minute, day))
        if who not in pages:
            pages[who] = new_page()
            sign_in(pages[who], who)
        return pages[who]

    return at


@pytest.fixture
def picture() -> Callable[..., None]:
    """Keep what one sees of a page, from its head or from a section on, at both widths."""

    def take(page: Page, name: str, at: str = "") -> None:
        folder, before = os.environ.get("ROLLCALL_SHOTS"), page.viewport_size
        for width, height in WIDTHS.items() if folder else ():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("at => (at ? document.querySelector(at) : document.body).scrollIntoView()", at)
            page.screenshot(path=Path(str(folder)) / f"{name}-{width}.png")
        page.set_viewport_size(before or {"width": 1280, "height": 900})

    return take


@pytest.mark.policy("FC-a", "FC-b", "FC-d", "5.2-b", "5.2-c", "W-c")
def test_a_child_from_97_percent_to_a_paid_notice(walk, cast: Cast, no_faults, picture) -> None:
    fill(cast, {"Ben": days_away(cast, ILL, LAST, "I") | days_away(cast, AWAY, LAST)}, LAST)
    ben = cast.pupil("Ben").pk
    page = walk("head", date(2024, 1, 8))
    page.goto(f"/casework/pupils/{ben}/")
    expect(page.locator("#path")).to_contain_text("Not on the path")
    letter_1(walk, no_faults, picture)
    meeting(walk, ben, "teacher-meeting", date(2024, 3, 5), date(2024, 3, 15))
    no_faults(walk("head", date(2024, 3, 7)))
    meeting(walk, ben, "head-meeting", date(2024, 3, 19), date(2024, 3, 28), picture)
    work(moment(18, 0, date(2024, 3, 21)))
    referral(walk, ben, picture)
    support(walk, ben)
    proposed(walk, ben, no_faults, picture)
    issued_and_paid(walk, ben, no_faults, picture)
    assert [one.step for one in StepTaken.objects.filter(pupil=ben).order_by("day", "id")] == [
        *("letter-1", "teacher-meeting", "head-meeting", "referral", "penalty-notice")
    ]


def review(walk, day: date) -> Page:
    """Start the school's review of a day; the one before is closed."""
    page = walk("head", day)
    page.goto("/reviews/")
    press(page, "Start a review of Hamsey Primary School")
    return page


def close(page: Page) -> None:
    """Close the review that is open."""
    if page.locator("[name=carry_over]").count():
        page.locator("[name=carry_over]").fill("Others are looked into first.")
    press(page, "Close the review")


def letter_1(walk, no_faults, picture) -> None:
    """93.9%: the review proposes letter 1, the head sees it and sends it."""
    page = review(walk, date(2024, 2, 20))
    press(page, "See the letter for Ben Carter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 letter will go")
    picture(page, "demo-case-letter-1")
    press(page, "Agree and send 1 letter")
    said(page, "1 letter is on the way")
    close(page)
    no_faults(page)
    assert work(moment(18, 0, date(2024, 2, 20))) == 1


def meeting(walk, ben: int, step: str, day: date, until: date, picture=None) -> None:
    """The review proposes a meeting; it is planned for the day after, held, and written to the family."""
    page = review(walk, day)
    press(page, "Agree for all 1")
    page = walk("head", day, 9, 20)
    close(page)
    page.goto(f"/casework/pupils/{ben}/")
    page.get_by_role("button", name="Plan the meeting").click()
    put(page, day=f"{day.replace(day=day.day + 1)}", time="15:30", about="how we can help")
    press(page, "Plan it")
    said(page, "The meeting is planned")
    assert work(moment(9, 40, day)), "the invitation goes before the meeting is held"
    page = walk("head", day.replace(day=day.day + 2))
    page.goto(f"/casework/meetings/{Meeting.objects.latest('pk').pk}/")
    choose(page, "how", "held")
    page.locator("[name=came]").first.check()
    put(page, said="The mornings are hard since the baby came.")
    page.get_by_text("What was agreed", exact=True).click()
    put(page, what_1="Meet him at the gate", owner_1="Tom Teacher")
    page.get_by_text("A target", exact=True).click()
    choose(page, "target", "percent")
    put(page, percent="96", target_ends=f"{until}")
    if picture:
        picture(page, "demo-case-meeting")
    press(page, "Write it down")
    page.goto(f"/casework/meetings/{Meeting.objects.latest('pk').pk}/letter/")
    expect(page.locator("main")).to_contain_text("At least 96% of sessions attended")
    press(page, "Send 1 letter")
    said(page, "The letter is on its way")
    assert StepTaken.objects.filter(pupil=ben, step=step).count() == 1


def referral(walk, ben: int, picture) -> None:
    """Nothing improved: the referral is agreed, made outside, and recorded."""
    page = review(walk, date(2024, 4, 16))
    press(page, "Agree for all 1")
    close(page)
    page = walk("head", date(2024, 4, 17))
    page.goto(f"/casework/pupils/{ben}/")
    picture(page, "demo-case-path", "#path")
    page.locator("#path .buttons a.govuk-button").click()
    put(page, to_whom="Jo Maple, attendance lead", day="2024-04-17", words="Sent with both records.")
    page.locator("main form button.govuk-button").click()
    expect(page.locator("#path")).to_contain_text("Referral to the local authority")


def support(walk, ben: int) -> None:
    """Help is offered and not wanted."""
    page = walk("head", date(2024, 4, 18))
    page.goto(f"/casework/pupils/{ben}/support/")
    page.locator("[name=kind]").select_option("breakfast")
    put(page, day="2024-04-18")
    page.locator("main form button.govuk-button").first.click()
    page.goto(f"/casework/pupils/{ben}/")
    page.locator("#support [name=note]").first.fill("They wish to manage alone")
    page.locator("#support button[value=refused]").first.click()
    expect(page.locator("#support")).to_contain_text("Refused")


def proposed(walk, ben: int, no_faults, picture) -> None:
    """Ten sessions since letter 3 come up; past the gate the head proposes, the executive authorises."""
    page = review(walk, date(2024, 4, 30))
    expect(page.locator("main")).to_contain_text("Penalty notice")
    page.goto(f"{WHERE}/notices/")
    expect(page.locator("main")).to_contain_text("10 unauthorised sessions in the school weeks after the warning")
    picture(page, "demo-case-prompt")
    page.locator(f"a[href^='/casework/pupils/{ben}/notice/']").first.click()
    press(page, "Propose")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Answer this point: Each session has been looked at")
    page.locator("[name=contacts]").first.check()
    page.locator("[name=support]").first.check()
    for radio in page.locator("main form input[type=radio][value=yes]").all():
        radio.check()
    no_faults(page)
    picture(page, "demo-case-gate")
    press(page, "Propose")
    expect(page.locator("main")).to_contain_text("has not authorised it yet")
    executive = walk("exec", date(2024, 4, 30), 10)
    executive.goto(f"/casework/notices/{Notice.objects.get().pk}/")
    form = executive.locator("details", has=executive.locator("input[value=authorise]"))
    form.locator("[name=because]").fill("Read it all; it is right.")
    form.locator("button").click()
    expect(executive.locator("main")).to_contain_text("Authorised")


def issued_and_paid(walk, ben: int, no_faults, picture) -> None:
    """The head issues what is shown, the secretary posts it, and writes down that the authority was paid."""
    notice = Notice.objects.get()
    page = walk("head", date(2024, 4, 30), 11)
    page.goto(f"/casework/notices/{notice.pk}/")
    expect(page.locator("main")).to_contain_text("£60")
    picture(page, "demo-case-notice-before")
    page.locator("section.ask-first form button").click()
    expect(page.locator("main")).to_contain_text("Not received yet")
    office = walk("secretary", date(2024, 4, 30), 14)
    office.goto("/office/messages/?show=waiting")
    office.locator("summary", has_text="They were printed and posted").click()
    press(office, "Mark the ticked ones as posted")
    office = walk("secretary", date(2024, 5, 14))
    office.goto(f"/casework/notices/{notice.pk}/")
    form = office.locator("details", has=office.locator("input[value=event]"))
    form.locator("summary").first.click()
    form.locator("[name=kind][value=paid]").check()
    form.locator("[name=day]").fill("2024-05-13")
    form.locator("[name=pounds]").fill("60")
    form.locator("[name=told_by]").fill("Sam Lamb, penalty notices")
    form.locator("button").first.click()
    expect(office.locator("main")).to_contain_text("Paid: £60")
    no_faults(office)
    picture(office, "demo-case-notice-paid")
    page = walk("head", date(2024, 5, 14))
    page.goto(f"/casework/pupils/{ben}/")
    expect(page.locator("#notices")).to_contain_text("Paid: £60")
    no_faults(page)
    picture(page, "demo-case-hub")


@pytest.mark.policy("A5-a", "A5-b", "A5-c", "A5-d")
def test_another_from_tier_1_to_tier_4_and_back_to_monitoring(walk, cast: Cast, no_faults, picture) -> None:
    fill(cast, {"Ben": missed(12)})
    ben = cast.pupil("Ben").pk
    page = walk("head", date(2023, 9, 11))
    page.goto(f"/casework/pupils/{ben}/")
    page.get_by_role("link", name="Open a case all the same").click()
    choose(page, "answer", "begin")
    press(page, "Open the case")
    fell(walk, ben, picture)
    keywork(walk, ben, no_faults, picture)
    back(walk, ben, no_faults, picture)
    case = Case.objects.get(path="authority")
    assert (case.end, case.steps.count()) == ("improved", 14)


def fell(walk, ben: int, picture) -> None:
    """From monitoring through tiers 2 and 3, as the figure falls."""
    day = date(2023, 9, 12)
    page = walk("head", day)
    take(page, ben, "Look into additional needs")
    picture(page, "demo-case-tier-2", "#authority")
    fill_form(page, ben, "additional-needs", day)
    take(page, ben, "Go on to assess, plan, do and review")
    day = date(2023, 9, 13)
    page = walk("head", day)
    fill_form(page, ben, "assess-plan-do-review", day)
    fill_form(walk("teacher", day), ben, "pupil-voice", day)
    take(page, ben, "Start an attendance support plan")
    day = date(2023, 9, 18)
    page = walk("head", day)
    for form in ("support-plan", "formal-warning"):
        fill_form(page, ben, form, day)
    take(page, ben, "Bring in the single point of contact", "he has not been in since the plan")
    picture(page, "demo-case-tier-3", "#authority")
    take(page, ben, "Look at the criteria for keywork")


def keywork(walk, ben: int, no_faults, picture) -> None:
    """All criteria are met: the safeguarding lead refers, the referral is accepted, and keywork is reviewed."""
    day = date(2023, 9, 18)
    page, lead = walk("head", day), walk("dsl", day)
    fill_form(lead, ben, "keywork-criteria", day)
    take(page, ben, "All are met: write the referral")
    fill_form(lead, ben, "keywork-referral", day)
    no_faults(lead)
    picture(lead, "demo-case-form")
    take(lead, ben, "Sent through the portal")
    page = walk("head", date(2023, 9, 19))
    take(page, ben, "Accepted: make the early help plan")
    picture(page, "demo-case-tier-4", "#authority")
    day = date(2023, 11, 28)
    page = walk("head", day)
    for form in ("early-help-plan", "early-help-review"):
        fill_form(page, ben, form, day)
    take(page, ben, "Reviewed: keywork goes on")


def back(walk, ben: int, no_faults, picture) -> None:
    """Change has lasted: keywork closes, the school takes over, and attendance holds."""
    day = date(2023, 12, 12)
    page = walk("head", day)
    fill_form(page, ben, "early-help-review", day)
    take(page, ben, "The line is reached and change has lasted")
    fill_form(page, ben, "hand-back", day)
    take(page, ben, "Assess, plan, do and review")
    page = walk("head", date(2024, 2, 6))
    take(page, ben, "Improved: back to monitoring")
    page = walk("head", date(2024, 3, 6))
    take(page, ben, "Attendance holds: end the case")
    expect(page.locator("#authority")).to_contain_text("No open case")
    no_faults(page)
    picture(page, "demo-case-tier-1-again", "#authority")
    page.goto(f"{WHERE}/tiers/")
    no_faults(page)
    picture(page, "demo-case-tiers")
