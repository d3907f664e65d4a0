"""Before any message about an absence goes to a family: what stands in the second it goes (4.5-a)."""

from datetime import datetime

import pytest

from rollcall.absence.actions.asking import ask_family
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Slip
from rollcall.absence.views.live import forget_drawn
from rollcall.journal.actions import begin
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.schools import actions as schools
from rollcall.schools.queries import facts_of
from rollcall.worker import grounds
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import URL, mark, report, second_contact, the_rest_present, trip


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    forget_drawn()


def ask(cast: Cast, at: datetime) -> Message:
    link = cast.pupil("Ben").contacts.get()
    ask_family(
        cast.enrolments["Ben"],
        "AM",
        [f"{link.contact_id}-email"],
        facts=facts_of(cast.hamsey.pk),
        by=cast.actor("secretary"),
        at=at,
        key="ask",
    )
    return Message.objects.get(kind="absence.unexplained")


@pytest.mark.policy("4.5-a")
@pytest.mark.parametrize("meanwhile", ["in", "trip", "explained", "door", "closed", "barred", "nothing"])
def test_a_family_is_told_only_what_still_stands_in_the_second_it_goes(
    cast: Cast, mailoutbox, meanwhile: str, settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    message = ask(cast, moment(9, 40))
    assert message.state == "waiting"
    if meanwhile == "in":
        mark(cast, "Ben", "L", at=moment(9, 41))
    elif meanwhile == "trip":
        trip(cast, "Ben")
    elif meanwhile == "explained":
        report(cast, "Ben", "bereavement", at=moment(9, 41))
    elif meanwhile == "door":
        deed = begin("slip.filled", by=cast.by, at=moment(9, 41))
        facts = {"day": DAY, "half": "AM", "arrived_at": moment(9, 41), "reason": "bus", "deed": deed}
        Slip.objects.create(enrolment=cast.enrolments["Ben"], **facts)
    elif meanwhile == "closed":
        schools.close_sessions(
            cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="Boiler", by=cast.by, at=moment(9, 41)
        )
    elif meanwhile == "barred":
        link = cast.pupil("Ben").contacts.get()
        link.barred, link.barred_do = True, "Ring the safeguarding lead"
        schools.link_contact(link, by=cast.by, at=moment(9, 41), school=cast.hamsey)
    drain(grounds=grounds(), by=cast.by, at=moment(9, 42))
    message.refresh_from_db()
    # A closure finds nobody: the child was missing when it was announced, and is asked about all the same.
    assert message.state == ("sent" if meanwhile in ("closed", "nothing") else "stopped")


@pytest.mark.policy("4.1-d")
def test_a_family_is_asked_where_the_child_is_once_the_school_has_closed(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    close = {"first": DAY, "last": DAY, "kind": "unplanned", "ground": "Boiler", "by": cast.by}
    schools.close_sessions(cast.hamsey, **close, at=moment(9, 20))
    assert ask(cast, moment(9, 40)).body.startswith(
        "Hamsey Primary School closed at 9.20 this morning. Ben was not marked in before then, and we do not know where"
    )


def test_nothing_is_put_for_a_child_who_is_accounted_for(cast: Cast) -> None:
    the_rest_present(cast)
    with pytest.raises(NotLogged, match=r"Nothing was sent. Ben Carter is marked /"):
        ask(cast, moment(9, 40))
    assert not Message.objects.exists()


def test_the_page_shows_what_goes_to_whom_and_asks_first(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    second_contact(cast, "Ben", barred=True)
    office = signed_in("office")
    clock(moment(9, 40))
    url = f"/day/calls/{cast.enrolments['Ben'].pk}/message/"
    page = office.get(url).content.decode()
    assert "Ben is not at Hamsey Primary School this morning and we have not heard why." in page
    assert "pat.carter@example.org" in page
    assert "drew@example.org" not in page
    assert "Barred: is never written to about this pupil." in page
    link = cast.pupil("Ben").contacts.get(order=1)
    office.post(url, {"key": "m", "to": [f"{link.contact_id}-email"]})
    assert Message.objects.get().to_address == "pat.carter@example.org"
    assert "pat.carter@example.org" not in office.get(URL).content.decode()
    assert "E-mail to Ms Pat Carter" in office.get(URL).content.decode()
