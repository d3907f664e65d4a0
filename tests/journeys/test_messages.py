"""Messages in a real browser: what waits is read and sent with one press, a switch is set; axe finds nothing."""

import pytest
from playwright.sync_api import Page, expect

from rollcall.journal import actions as journal
from rollcall.outbox import actions as outbox
from rollcall.outbox import queries
from rollcall.outbox.models import Carrier, Message
from tests.cast import Cast, moment

NARROW = 360


@pytest.fixture
def waiting(cast: Cast) -> list[Message]:
    """Two messages to families that wait to be looked at, one that waits for the mail server."""
    deed = journal.begin("test.put", by=cast.actor("secretary"), at=cast.at, school=cast.hamsey.pk)
    made = []
    for name in ("Aisha", "Ben", "Chloe"):
        pupil = cast.pupil(name)
        message = outbox.put(
            once=f"test:{name}",
            deed=deed,
            school=cast.hamsey.pk,
            channel="email",
            to_name=f"Ms Pat {pupil.legal_last}",
            to_address=f"pat.{pupil.legal_last.lower()}@example.org",
            subject=f"{name} is not in school",
            body=f"{name} was not in school at 9.30 today, and nobody has told us why.\n\nPlease ring the office.",
            ground="test",
            ground_id=1,
            pupil=pupil.pk,
            evidence={},
            at=cast.at,
            kind="absence.unexplained",
            seen=name == "Chloe",
        )
        made.append(message)
    Carrier.objects.create(
        name="smtp", away_since=moment(8, 52), why="can't be reached", detail="[Errno 111] Connection refused"
    )
    return made


def test_what_waits_is_read_and_sent_with_one_press(
    page: Page, sign_in, no_faults, picture, waiting: list[Message], monkeypatch
) -> None:
    monkeypatch.setattr(
        "rollcall.casework.queries.all_grounds.casework_grounds",
        lambda: {"test": lambda message, at: outbox.Answer(True)},
    )
    sign_in(page, "head")
    page.goto("/office/messages/")
    expect(page.get_by_text("1 message waits: the mail server can't be reached since 8.52.")).to_be_visible()
    no_faults(page)
    picture(page, "messages-held")
    page.set_viewport_size({"width": NARROW, "height": 800})
    no_faults(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    picture(page, "messages-held")
    page.get_by_role("checkbox", name="Ms Pat Carter").press("Enter")
    expect(page.get_by_text("Nothing was sent")).to_be_visible()
    page.get_by_role("checkbox", name="Ms Pat Carter").uncheck()
    page.get_by_role("button", name="Send the ticked ones").click()
    expect(page.get_by_text("1 message goes now.")).to_be_visible()
    aisha, ben, _ = waiting
    for message in (aisha, ben):
        message.refresh_from_db()
    assert (aisha.state, ben.state) == ("waiting", "held")


def test_a_head_lets_a_kind_of_message_go_by_itself(page: Page, sign_in, no_faults, picture, cast: Cast) -> None:
    sign_in(page, "head")
    page.goto("/office/messages/")
    page.get_by_role("link", name="which messages go by themselves").click()
    no_faults(page)
    picture(page, "switches")
    page.set_viewport_size({"width": NARROW, "height": 800})
    no_faults(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    picture(page, "switches")
    page.get_by_role("group", name="We have not heard why").get_by_label("Send: goes by itself").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 switch was set.")).to_be_visible()
    assert queries.mode_of(cast.hamsey.pk, "absence.unexplained") == "send"
