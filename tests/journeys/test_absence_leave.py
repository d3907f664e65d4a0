"""Leave asked for and granted in the browser, from two letters to the answer that goes; and a suspected holiday."""

from rollcall.absence.models import Doubt, LeaveDecision, LeaveRequest
from rollcall.outbox.models import Message
from rollcall.registers.models import Expectation
from tests.journeys.conftest import NARROW
from tests.rooms.casework.marking import fill, missed

LEAVE = "/day/hamsey/leave/"


def test_leave_is_asked_for_and_granted_in_five_taps(page, new_page, cast, sign_in, no_faults, picture) -> None:
    fill(cast, {"Ben": missed(20)})
    sign_in(page, "office")
    page.goto(LEAVE)
    no_faults(page)
    page.keyboard.type("be")  # two letters, the field has the keyboard
    page.get_by_role("link", name="Ben Carter").first.click()  # 1: the child
    no_faults(page)
    page.get_by_label("First day").fill("2024-06-12")
    page.get_by_label("Last day").fill("2024-06-13")
    picture(page, "absence-leave-enter")
    page.get_by_role("button", name="A wedding in the close family").click()  # 2: the reason, which saves
    page.get_by_text("It waits to be decided.").wait_for()
    no_faults(page)
    assert LeaveRequest.objects.get().asker == "Pat Carter, mother"

    phone = new_page(NARROW)
    sign_in(phone, "head")
    phone.goto(LEAVE)
    no_faults(phone)
    phone.get_by_role("link", name="Ben Carter").click()  # 3: the request
    no_faults(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW
    picture(phone, "absence-leave-phone")
    phone.get_by_label("Why?").fill("A close family wedding.")
    phone.get_by_role("button", name="Grant all 2 days").click()  # 4: granted, and the answer is shown
    phone.get_by_text("This goes by e-mail to Ms Pat Carter").wait_for()
    no_faults(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW
    picture(phone, "absence-leave-answer")
    assert not LeaveDecision.objects.exists()
    phone.keyboard.press("Enter")  # 5: the button has the keyboard; decided and sent
    phone.get_by_text("granted.", exact=False).first.wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert Message.objects.count() == 1 and Expectation.objects.get().code == "C"

    page.goto(LEAVE)
    page.get_by_role("link", name="Ben Carter").click()
    no_faults(page)
    picture(page, "absence-leave-decided")


def test_a_suspected_holiday_is_shown_before_it_goes(page, cast, sign_in, no_faults, picture) -> None:
    sign_in(page, "head")
    page.goto(f"{LEAVE}?q=be")
    page.get_by_role("link", name="Suspected holiday of Ben").click()
    no_faults(page)
    page.get_by_label("Somebody told us that the family was away.").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("This goes to Ms Pat Carter, by e-mail").wait_for()
    no_faults(page)
    picture(page, "absence-holiday")
    assert not Doubt.objects.exists()
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("It is looked into").wait_for()
    assert Doubt.objects.get().kind == "holiday"
