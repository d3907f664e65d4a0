"""Looking for a child in a real browser: an unanswered call by one tap, reached to reason, an alert acknowledged."""

import pytest

from rollcall.absence.actions.referring import refer_children
from rollcall.absence.models import Alert, Call, Report
from rollcall.absence.views.live import forget_drawn
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.journeys.conftest import NARROW, WIDE
from tests.rooms.absence.calling import mark, risk, second_contact, the_rest_present
from tests.rooms.casework.marking import fill

CALLS = "/day/hamsey/calls/"


@pytest.mark.policy("4.5-a")
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_office_looks_for_two_children(cast: Cast, new_page, sign_in, clock, no_faults, picture, width) -> None:
    forget_drawn()
    second_contact(cast, "Ben")
    second_contact(cast, "Aisha", barred=True)
    the_rest_present(cast, "Ben", "Aisha")
    risk(cast, "Ben", "red")
    mark(cast, "Ben", "N")
    mark(cast, "Aisha", "N")
    clock(moment(9, 40))
    page = new_page(width)
    sign_in(page, "secretary")
    page.goto(CALLS)
    card = page.locator(f"#call-{cast.enrolments['Ben'].pk}")
    assert "25 minutes" in card.inner_text()
    no_faults(page)
    picture(page, f"calls-{width}")
    # One tap for a call that nobody answers; the page stays where it is.
    card.get_by_role("button", name="No answer Pat Carter about Ben Carter").click()
    page.get_by_text("Ben Carter: logged, Pat Carter, no answer.").wait_for()
    assert Call.objects.get().outcome == "no_answer"
    card.get_by_label("A word, if it helps (the call about Ben Carter)").fill("Full mailbox")
    card.get_by_role("button", name="No answer Drew Other about Ben Carter").click()
    page.get_by_text("all were tried in vain").wait_for()
    assert Call.objects.get(name="Drew Other").words == "Full mailbox"
    assert Alert.objects.get().kind == "unreached"
    # Reached leads to the reason.
    other = page.locator(f"#call-{cast.enrolments['Aisha'].pk}")
    other.get_by_role("button", name="Reached Pat Begum about Aisha Begum").click()
    page.get_by_role("heading", name="Why is Aisha Begum away?").wait_for()
    no_faults(page)
    page.get_by_label("A note, if it helps").fill("A cold")
    page.keyboard.press("Enter")
    assert not Report.objects.exists()
    page.get_by_role("button", name="Illness: I").click()
    page.get_by_text("Aisha Begum: the reason is entered.").wait_for()
    assert Report.objects.get().code == "I"
    assert not page.locator(f"#call-{cast.enrolments['Aisha'].pk}").count()
    for url in (f"/day/calls/{cast.enrolments['Ben'].pk}/{what}/" for what in ("message", "tell")):
        page.goto(url)
        no_faults(page)
    # The safeguarding lead acknowledges by one tap.
    lead = new_page(width)
    sign_in(lead, "dsl")
    lead.goto("/day/hamsey/alerts/")
    no_faults(lead)
    picture(lead, f"alerts-{width}")
    lead.get_by_role("button", name="Acknowledge the alert about Ben Carter").click()
    lead.get_by_text("Ben Carter: acknowledged.").wait_for()
    assert "Acknowledged by Dana Safeguard at 9.40am" in lead.locator("main").inner_text()
    lead.goto("/day/reach/")
    no_faults(lead)


@pytest.mark.policy("4.5-b", "4.5-d")
def test_the_head_decides_on_what_nobody_explained(cast: Cast, new_page, sign_in, clock, no_faults, picture) -> None:
    fill(cast, {"Ben": dict.fromkeys(range(-20, 0), "N")})
    refer_children(facts_of(cast.hamsey.pk), moment(15, 30, DAY))
    clock(moment(16, 0))
    page = new_page(NARROW)
    sign_in(page, "head")
    page.goto("/day/hamsey/unknown/")
    no_faults(page)
    picture(page, "no-reason-yet")
    page.get_by_label("Who was told that it is unauthorised").first.fill("Ms Carter, by phone at 3.40pm")
    page.get_by_role("button", name="O: no reason was given for Ben Carter").first.click()
    page.get_by_text("O for 2 sessions").wait_for()
    page.goto("/day/hamsey/lasting/")
    no_faults(page)
    page.get_by_role("link", name="Ben Carter: involve an education welfare officer").click()
    no_faults(page)
    picture(page, "lasting")
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Ben Carter: accepted.").wait_for()
    page.get_by_role("link", name="The return, to print").click()
    no_faults(page)
