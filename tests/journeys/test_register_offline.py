"""No connection: marks are kept through a reload, for the one who typed them, and sent when it is back."""

import pytest
from playwright.sync_api import Page, expect

from rollcall.journal.actor import INSTALLER
from rollcall.registers.models import Entry
from rollcall.schools import actions as schools
from rollcall.schools.models import Pupil
from tests.cast import DAY, FOUNDED, Cast, upn
from tests.journeys.cable import Cable

# Without the race a worker that could not be installed would keep the test waiting for ever.
READY = """Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((_, fail) => setTimeout(() => fail(new Error("the service worker is not ready")), 8000)),
])"""
MORE = ["Hugo Nash", "Iris Odell", "Jack Pope", "Kira Quinn"]


@pytest.fixture
def ten(cast: Cast) -> list[int]:
    """Kestrels with ten pupils, by the numbers of their enrolments."""
    for n, name in enumerate(MORE, 50):
        first, last = name.split()
        pupil = Pupil(
            upn=upn(n), legal_first=first, legal_last=last, known_first=first, known_last=last, born=DAY.replace(2015)
        )
        cast.enrolments[first] = schools.admit(
            pupil, cast.kestrels, year_group=4, admitted=DAY.replace(2023, 9, 4), by=INSTALLER, at=FOUNDED
        )
    return [e.pk for e in cast.enrolments.values() if e.memberships.get().school_class_id == cast.kestrels.pk]


@pytest.fixture
def page(new_page, cable: Cable, sign_in) -> Page:
    """The teacher's device on a cable, with its service worker in place."""
    opened = new_page(base_url=cable.url)
    sign_in(opened, "teacher")
    opened.goto("/registers/")
    opened.evaluate(READY)
    return opened


def test_ten_marks_survive_no_connection_a_reload_another_user_and_a_new_sign_in(
    page: Page, cable: Cable, sign_in, cast: Cast, ten: list[int]
) -> None:
    page.reload()
    expect(page.locator(".register__row")).to_have_count(10)
    register = page.url
    cable.pull()
    for _ in ten:
        page.keyboard.press("n")
    expect(page.locator("#notice-lost")).to_contain_text("No connection since 9.05am")
    expect(page.locator(".register__waiting")).to_have_count(10)
    page.reload()
    expect(page.locator("#kept")).to_contain_text("10 marks typed for this register are kept on this device")
    assert "Aisha" not in page.content()
    assert not Entry.objects.exists()

    # Somebody else signs in on the device: they see nothing of it, and nothing goes out under their name.
    page.context.clear_cookies()
    sign_in(page, "secretary")
    cable.put_back()
    with page.expect_response("**/live/"):  # seconds later than anything that was kept would have gone
        page.goto(register)
        expect(page.locator(".register__row")).to_have_count(10)
    expect(page.locator("#n-marked")).to_have_text("0")
    assert page.locator("#register-notices").inner_text() == ""
    assert not Entry.objects.exists()

    page.context.clear_cookies()
    sign_in(page, "teacher")
    page.goto("/registers/")
    expect(page.locator(".register__state").filter(has_text="saved 9.05am")).to_have_count(10)
    assert Entry.objects.filter(enrolment__in=ten, code="N", deed__name="Tom Teacher").count() == 10
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('rollcall')).length") == 0


def test_what_changed_meanwhile_is_asked_about_when_the_connection_is_back(
    page: Page, cable: Cable, new_page, sign_in, cast: Cast
) -> None:
    cable.pull()
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.locator(".register__waiting")).to_have_count(2)
    office = new_page()
    sign_in(office, "secretary")
    office.goto(page.url.replace(cable.url, ""))
    office.keyboard.press("i")
    expect(office.locator(f"#row-{cast.enrolments['Aisha'].pk}")).to_contain_text("saved 9.05am")
    cable.put_back()
    aisha = page.locator(f"#row-{cast.enrolments['Aisha'].pk}")
    expect(aisha).to_contain_text("Sue Secretary marked I at 9.05am", timeout=20_000)
    expect(page.locator(f"#row-{cast.enrolments['Ben'].pk}")).to_contain_text("saved 9.05am")
    aisha.get_by_role("button", name="Keep I").click()
    assert sorted(Entry.objects.values_list("code", flat=True)) == ["I", "N"]


def test_what_is_older_than_a_day_goes_with_a_note(page: Page, cast: Cast) -> None:
    key = f"rollcall:register:{cast.users['teacher'].pk}:{cast.kestrels.pk}/{DAY}/am"
    aisha = cast.enrolments["Aisha"].pk
    page.evaluate(
        "([key, n]) => localStorage.setItem(key, JSON.stringify({at: Date.now() - 25 * 3600e3, flight: null,"
        " marks: {[n]: {enrolment: n, code: 'N', minutes: null, ground: '', seen: '-'}}}))",
        [key, aisha],
    )
    page.reload()
    expect(page.locator("#notice-old")).to_contain_text("1 mark typed more than a day ago")
    assert not Entry.objects.exists()


def test_an_answer_that_got_lost_makes_no_second_entry(page: Page, cast: Cast) -> None:
    lost = []

    def lose(route) -> None:
        if not lost:
            route.fetch()
            lost.append(route.request)
            route.abort()
        else:
            route.continue_()

    page.route("**/save/", lose)
    page.keyboard.press("n")
    expect(page.locator(f"#row-{cast.enrolments['Aisha'].pk}")).to_contain_text("saved 9.05am", timeout=15_000)
    assert lost
    assert Entry.objects.count() == 1


def test_somebody_else_signing_in_meanwhile_takes_the_names_off_the_page(page: Page, sign_in, cast: Cast) -> None:
    sign_in(page, "secretary")
    expect(page.locator("#notice-out")).to_contain_text("Somebody else is signed in")
    expect(page.locator(".register__row")).to_have_count(0)
