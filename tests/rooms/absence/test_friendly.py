"""The friendly calls at half past three: who is on the list, what it says, who may see it, and what is logged."""

from datetime import timedelta

import pytest
from django.test import Client

from rollcall.absence.models import FriendlyCall
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, PupilContact
from tests.cast import DAY, Cast, moment

URL = "/day/hamsey/friendly/"


def mark(cast: Cast, name: str, code: str, room: str = "Kestrels", minutes: int | None = None) -> None:
    """One child's mark this afternoon."""
    minutes, at = (30, moment(13, 16)) if code == "U" else (minutes, moment(13, 5))
    registers.record_marks(
        cast.classes[room],
        DAY,
        "PM",
        [NewMark(cast.enrolments[name].pk, code, minutes)],
        by=cast.actor("teacher"),
        at=at,
        key=f"{name}-pm",
    )


def ill(cast: Cast, name: str = "Ben") -> None:
    """Ben is ill, as his mother said, until Thursday."""
    registers.expect(
        cast.enrolments[name],
        first=(DAY, "AM"),
        last=(DAY, "PM"),
        code="I",
        ground="A tummy bug",
        told_by="his mother",
        back_on=DAY + timedelta(days=2),
        by=cast.actor("office"),
        at=moment(8, 20),
    )


@pytest.fixture
def half_past_three(signed_in, clock):
    """Signing in at half past three."""

    def sign_in(name: str) -> Client:
        client = signed_in(name)
        clock(moment(15, 30))
        return client

    return sign_in


@pytest.mark.policy("A6-d")
def test_who_is_away_is_on_the_list_with_reason_and_plan_and_nobody_else(cast: Cast, half_past_three) -> None:
    ill(cast)
    for name, code in (("Ben", "I"), ("Chloe", "N"), ("Dev", "U"), ("Esme", "\\"), ("Finn", "V")):
        mark(cast, name, code, minutes=None)
    page = half_past_three("secretary").get(URL).content.decode()
    assert "Ben Carter" in page and "A tummy bug, his mother told us" in page and "Thursday 16 May" in page
    assert "Chloe Dunn" in page and "Nobody has said when they are back" in page
    assert not any(name in page for name in ("Dev Ellis", "Esme Field", "Finn Gray"))
    assert "<strong>Not marked, to be settled:</strong> Aisha Begum." in page
    assert "<strong>4 children not marked in the afternoon:</strong>" in page, "the Wrens among them"
    assert "2 left to call, of 2" in page


@pytest.mark.policy("A6-d")
def test_a_call_is_logged_with_who_answered_and_tomorrow_and_the_same_press_is_one_call(
    cast: Cast, half_past_three
) -> None:
    mark(cast, "Ben", "I")
    client, ben = half_past_three("secretary"), cast.enrolments["Ben"]
    told = {"key": "k1", "outcome": "reached", "spoke_to": "Pat Carter", "words": "Better", "tomorrow": "Back"}
    for _ in range(2):
        answer = client.post(f"/day/friendly/{ben.pk}/", told, follow=True)
        assert "Logged: the call about Ben Carter." in answer.content.decode()
    call = FriendlyCall.objects.get()
    assert (call.spoke_to, call.tomorrow, call.deed.name, call.deed.position) == (
        "Pat Carter",
        "Back",
        "Sue Secretary",
        "Attendance officer (school secretary)",
    )
    assert "0 left to call, of 1" in client.get(URL).content.decode()


def test_no_answer_leaves_the_family_on_the_list(cast: Cast, half_past_three) -> None:
    mark(cast, "Ben", "I")
    client = half_past_three("secretary")
    client.post(f"/day/friendly/{cast.enrolments['Ben'].pk}/", {"key": "k1", "outcome": "no_answer"})
    assert "1 left to call, of 1" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"outcome": ""}, "Say what came of the call"),
        ({"outcome": "reached", "back_on": "yesterday"}, "Give the day they are back as a date"),
        ({"outcome": "reached", "back_on": "2024-05-14"}, "must come after 14 May 2024"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(cast: Cast, half_past_three, told, said) -> None:
    answer = half_past_three("secretary").post(
        f"/day/friendly/{cast.enrolments['Ben'].pk}/", {"key": "k1", **told}, follow=True
    )
    assert "Ben Carter:" in answer.content.decode() and said in answer.content.decode()
    assert not FriendlyCall.objects.exists()


@pytest.mark.policy("A6-d")
def test_a_teacher_sees_their_own_class_and_may_log_for_no_other(cast: Cast, half_past_three) -> None:
    mark(cast, "Ben", "I")
    mark(cast, "Gus", "I", "Wrens")
    client = half_past_three("teacher")
    page = client.get(URL).content.decode()
    assert "Ben Carter" in page and "Gus Hill" not in page
    refused = client.post(f"/day/friendly/{cast.enrolments['Gus'].pk}/", {"key": "k", "outcome": "reached"})
    assert refused.status_code == 403


def test_a_barred_adult_is_shown_as_such_and_never_with_a_number(cast: Cast, half_past_three) -> None:
    mark(cast, "Ben", "I")
    adult = Contact(first="Barry", last="Carter")
    by = {"by": cast.by, "at": cast.at}
    schools.add_contact(adult, [("07700 900999", "mobile")], **by)
    link = PupilContact(
        pupil=cast.pupil("Ben"), contact=adult, relationship="Father", order=2, barred=True, barred_do="Fetch the head"
    )
    link.barred_why = "A court order"
    schools.link_contact(link, school=cast.hamsey, **by)
    page = half_past_three("office").get(URL).content.decode()
    assert "Barry Carter: do not contact, do not tell, do not release." in page and "Fetch the head" in page
    assert "07700 900999" not in page and "A court order" not in page


def test_a_family_on_hold_is_called_only_after_asking(cast: Cast, half_past_three) -> None:
    mark(cast, "Ben", "I")
    schools.hold(cast.pupil("Ben"), "bereavement", begins=DAY, note="", by=cast.by, at=cast.at)
    assert "Ask the head of school before you call." in half_past_three("office").get(URL).content.decode()


def test_the_list_takes_the_same_number_of_queries_for_one_and_for_many(
    cast: Cast, half_past_three, django_assert_max_num_queries
) -> None:
    for name in ("Ben", "Chloe", "Dev", "Esme"):
        mark(cast, name, "I")
    client = half_past_three("secretary")
    client.get(URL)
    with django_assert_max_num_queries(14):
        client.get(URL)
