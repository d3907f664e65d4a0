"""A call logged in the browser in the fewest taps, by keyboard too, and a reason in doubt followed to its end."""

from rollcall.absence.models import Doubt, Report, Word
from rollcall.schools import actions as schools
from rollcall.schools.models import PupilContact
from tests.cast import moment
from tests.journeys.conftest import NARROW

INBOX = "/day/hamsey/inbox/"


def brothers(cast) -> None:
    first = PupilContact.objects.get(pupil=cast.pupil("Ben"))
    link = PupilContact(pupil=cast.pupil("Gus"), contact=first.contact, relationship="Mother", lives_with=True)
    schools.link_contact(link, school=cast.hamsey, by=cast.by, at=cast.at)


def test_a_call_about_two_brothers_takes_two_letters_and_four_taps(
    page, new_page, cast, sign_in, no_faults, picture
) -> None:
    brothers(cast)
    sign_in(page, "office")
    page.goto(f"{INBOX}log/")
    no_faults(page)
    page.keyboard.type("be")  # two letters, the field has the keyboard
    page.get_by_role("link", name="Ben Carter").click()  # 1: the child
    no_faults(page)
    page.get_by_label("Gus Hill, Wrens").check()  # 2: the brother
    page.get_by_label("Pat Carter").check()  # 3: who rang
    picture(page, "absence-report")
    page.get_by_role("button", name="Illness").click()  # 4: the reason, which saves
    page.get_by_text("Entered; the register shows it.").wait_for()
    no_faults(page)
    assert Report.objects.filter(withdrawn__isnull=True).count() == 2
    picture(page, "absence-inbox")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("1 message to clear").wait_for()
    assert not Report.objects.filter(withdrawn__isnull=True).exists()

    phone = new_page(NARROW)
    sign_in(phone, "office")
    phone.goto(INBOX)
    no_faults(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW
    picture(phone, "absence-inbox-phone")
    phone.get_by_role("button", name="Enter it").click()
    phone.get_by_role("button", name="Ben Carter").click()  # offered by the number that they rang from
    phone.get_by_text("Appointment", exact=False).first.wait_for()
    no_faults(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= NARROW
    picture(phone, "absence-report-phone")
    phone.get_by_label("Note").fill("Tummy ache")
    phone.keyboard.press("Enter")  # asks for the reason, and saves nothing
    phone.get_by_text("Tap the reason; that saves it.").first.wait_for()
    assert Word.objects.get().cleared is None
    phone.get_by_role("button", name="Illness").click()
    phone.get_by_text("Entered; the register shows it.").wait_for()
    assert Report.objects.get(withdrawn__isnull=True).note == "Tummy ache"


def test_evidence_is_asked_for_shown_first_and_followed_to_the_decision(
    page, cast, sign_in, no_faults, clock, picture
) -> None:
    sign_in(page, "head")
    page.goto(f"{INBOX}log/?pupil={cast.enrolments['Ben'].pk}")
    page.get_by_role("button", name="A holiday").click()
    page.goto("/day/hamsey/for-the-head/")
    no_faults(page)
    picture(page, "absence-for-the-head")
    page.get_by_role("link", name="Look into it").click()
    page.get_by_label("Why is it asked for?").fill("A neighbour said that the family had gone away.")
    page.get_by_label("Other fitting evidence").check()
    page.get_by_label("Pat Carter").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").wait_for()
    no_faults(page)
    picture(page, "absence-evidence-request")
    page.get_by_role("button", name="Send it").click()
    page.get_by_role("heading", name="What happened").wait_for()
    no_faults(page)
    picture(page, "absence-evidence")
    made = Doubt.objects.get()
    assert made.kind == "holiday"
    clock(moment(9, 0, cast.at.date().replace(day=22)))
    page.goto(f"/day/evidence/{made.pk}/tell/?how=message")
    no_faults(page)
    page.get_by_role("button", name="Send 1 message").click()
    page.get_by_text("The parents are being told").first.wait_for()
    page.get_by_label("Why is it decided so?").fill("No leave was asked for")
    assert page.get_by_role("button", name="G: Holiday not granted").count() == 0
