"""Signing children out and in: codes only for registers taken while they are gone, and nobody barred takes a child."""

from datetime import time

import pytest

from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.outings import Leaving, NotSigned, sign_in, sign_out, undo_outing
from rollcall.absence.models import Alert, Outing
from rollcall.registers.queries.known_ahead import expected_now
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

URL = "/day/hamsey/out/"


def mother(cast: Cast, name: str = "Ben") -> int:
    """A child's mother as a contact."""
    return cast.pupil(name).contacts.get().pk


def out(cast: Cast, hour: int, minute: int, name: str = "Ben", reason: str = "appointment", **more) -> Outing:
    """A child goes with their mother."""
    leaving = Leaving(reason, link=mother(cast, name), **more)
    return sign_out(cast.enrolments[name], leaving, by=cast.actor("office"), at=moment(hour, minute))


def expected(cast: Cast, name: str = "Ben") -> str:
    """The code expected of the afternoon."""
    child = cast.enrolments[name].pk
    found = expected_now([child], DAY, "PM", facts_of(cast.hamsey.pk)).get(child)
    return found.code if found else ""


@pytest.fixture
def barred(cast: Cast) -> PupilContact:
    """A father who must not be given Ben."""
    by = {"by": cast.by, "at": cast.at}
    adult = Contact(first="Barry", last="Carter")
    schools.add_contact(adult, [("07700 900999", "mobile")], **by)
    link = PupilContact(pupil=cast.pupil("Ben"), contact=adult, relationship="Father", order=2, barred=True)
    link.barred_do, link.barred_why = "Fetch the head of school", "A court order"
    schools.link_contact(link, school=cast.hamsey, **by)
    return link


@pytest.mark.policy("4.3-a")
@pytest.mark.parametrize(
    ("hour", "minute", "back_due", "code"),
    [
        (11, 0, None, "M"),
        (11, 0, time(12, 30), ""),
        (11, 0, time(13, 15), "M"),
        (12, 59, time(14, 0), "M"),
        (14, 0, None, ""),
    ],
)
def test_only_who_is_gone_when_a_register_is_taken_gets_a_code(cast: Cast, hour, minute, back_due, code) -> None:
    out(cast, hour, minute, back_due=back_due)
    assert expected(cast) == code


def test_a_reason_without_a_code_expects_nothing(cast: Cast) -> None:
    out(cast, 11, 0, reason="family")
    assert expected(cast) == ""


def test_back_in_time_withdraws_what_was_expected_and_too_late_does_not(cast: Cast) -> None:
    sign_in(out(cast, 11, 0), by=cast.actor("office"), at=moment(12, 40))
    sign_in(out(cast, 11, 0, "Aisha"), by=cast.actor("office"), at=moment(14, 0))
    assert (expected(cast), expected(cast, "Aisha")) == ("", "M")
    assert Outing.objects.get(enrolment=cast.enrolments["Ben"]).back.name == "Olly Office"


def test_who_is_out_is_not_signed_out_again_nor_in_twice(cast: Cast) -> None:
    outing = out(cast, 11, 0)
    with pytest.raises(NotSigned, match="signed out already"):
        out(cast, 11, 5)
    sign_in(outing, by=cast.actor("office"), at=moment(12, 0))
    with pytest.raises(NotSigned, match="is not signed out"):
        sign_in(outing, by=cast.actor("office"), at=moment(12, 1))


def test_undone_as_easily_as_done(cast: Cast) -> None:
    undo_outing(out(cast, 11, 0), by=cast.actor("office"), at=moment(11, 1), reason="The wrong twin")
    assert expected(cast) == ""
    out(cast, 11, 5)


@pytest.mark.parametrize("said", ["chosen", "typed", "typed with more"])
def test_somebody_barred_is_stopped_and_safeguarding_is_told(cast: Cast, barred: PupilContact, said: str) -> None:
    typed = {"typed": "barry  CARTER", "typed with more": "Mr Barry Carter (dad)"}.get(said, "")
    leaving = Leaving("illness", collector=typed, link=None if typed else barred.pk)
    with pytest.raises(Stopped, match="Do not release Ben Carter to Barry Carter. Fetch the head of school"):
        sign_out(cast.enrolments["Ben"], leaving, by=cast.actor("office"), at=moment(11, 0))
    assert not Outing.objects.exists()
    alert = Alert.objects.get()
    assert (alert.kind, alert.to_role) == ("collector", "dsl")


@pytest.mark.parametrize(
    ("leaving", "said"),
    [
        (Leaving("illness"), "Say who collects them"),
        (Leaving("spaceship", "Gran"), "Choose why they leave"),
        (Leaving("illness", "Gran", back_due=time(10, 0)), "must lie ahead"),
        (Leaving("illness", link=999999), "not a contact of Ben Carter"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast: Cast, leaving, said) -> None:
    with pytest.raises(NotSigned, match=said):
        sign_out(cast.enrolments["Ben"], leaving, by=cast.actor("office"), at=moment(11, 0))
    assert not Outing.objects.exists()


def test_at_the_office_it_is_two_letters_and_two_taps(signed_in, cast: Cast, clock) -> None:
    client = signed_in("office")
    clock(moment(11, 0))
    page = client.get(URL, {"q": "be c"}).content.decode()
    assert "Who collects Ben Carter?" in page and "Pat Carter (Mother)" in page
    told = {"key": "k", "link": mother(cast), "reason": "appointment"}
    page = client.post(f"/day/out/{cast.enrolments['Ben'].pk}/", told, follow=True).content.decode()
    assert "Ben Carter is signed out." in page and "The register expects M." in page
    outing = Outing.objects.get()
    clock(moment(12, 30))
    page = client.post(f"/day/outings/{outing.pk}/back/", {"key": "b"}, follow=True).content.decode()
    assert "Ben Carter is back." in page and "Back 12.30" in page


def test_the_page_that_stops_says_what_to_do_and_why_to_the_dsl_alone(
    signed_in, cast: Cast, barred: PupilContact
) -> None:
    told = {"key": "k", "link": barred.pk, "reason": "illness"}
    url = f"/day/out/{cast.enrolments['Ben'].pk}/"
    answer = signed_in("office").post(url, told)
    page = answer.content.decode()
    assert answer.status_code == 409 and "do not contact, do not tell, do not release" in page
    assert "Fetch the head of school" in page and "A court order" not in page
    assert "A court order" in signed_in("dsl").post(url, told).content.decode()
    assert "07700 900999" not in signed_in("office").get(URL, {"q": "be c"}).content.decode()
