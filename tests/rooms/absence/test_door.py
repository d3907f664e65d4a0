"""The screen by the door: what it shows and never shows, how it is enrolled, locked and stopped."""

import pytest
from django.test import Client

from rollcall.absence.actions import door as actions
from rollcall.absence.models import Device, Slip
from rollcall.absence.queries.door import children
from rollcall.absence.views.door import COOKIE
from rollcall.registers.models import Entry
from rollcall.schools.models import Pupil
from tests.cast import DAY, Cast, moment

HOME, FIND, WHY, ENTER = "/day/door/", "/day/door/find/", "/day/door/why/", "/day/door/enter/"


@pytest.fixture
def screen(cast: Cast, clock) -> Client:
    """A tablet by the door, at 9.22."""
    clock(moment(9, 22))
    _, secret = actions.enrol(cast.hamsey, "Front door", by=cast.actor("secretary"), at=moment(8, 0))
    client = Client()
    client.cookies[COOKIE] = secret
    return client


def token(page: str, n: int = 0) -> str:
    """What the n-th child's button sends."""
    return page.split('name="token" value="')[n + 1].split('"')[0]


def found(screen: Client, cast: Cast, letters: str = "ca"):
    """A search in Kestrels."""
    return screen.post(FIND, {"school_class": cast.kestrels.pk, "letters": letters})


@pytest.mark.policy("A2-a")
def test_a_family_finds_the_child_picks_a_reason_and_waits_for_an_adult(screen: Client, cast: Cast) -> None:
    assert "Arriving late? Touch here" in screen.get(HOME).content.decode()
    page = found(screen, cast).content.decode()
    assert "Ben Carter" in page and "Aisha" not in page
    page = screen.post(WHY, {"token": token(page)}).content.decode()
    assert "Ben Carter: why late today?" in page
    page = screen.post(ENTER, {"token": token(page), "reason": "traffic"})
    assert "must see Ben Carter" in page.content.decode()
    slip = Slip.objects.get()
    assert (slip.reason, slip.confirmed, slip.device.name) == ("traffic", None, "Front door")
    assert slip.deed.position == "screen by the door"
    assert not Entry.objects.exists(), "no mark before an adult has seen the child"


@pytest.mark.policy("A2-a")
def test_it_shows_no_other_fact_about_anyone(screen: Client, cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.pupil("Ben").pk).update(risk="red", medical="Asthma", social_worker="Sol Worker")
    page = found(screen, cast).content.decode()
    why = screen.post(WHY, {"token": token(page)}).content.decode()
    for text in (page, why):
        assert not any(said in text for said in ("Asthma", "Sol Worker", "Pat Carter", "07700", "Red", "Mill Lane"))


def test_children_whose_presence_is_confidential_are_never_found(screen: Client, cast: Cast) -> None:
    Pupil.objects.filter(pk=cast.pupil("Ben").pk).update(confidential=True)
    assert "Nobody was found" in found(screen, cast).content.decode()


@pytest.mark.parametrize("letters", ["c", "", "zz", "%", "carterxyz"])
def test_fewer_than_two_letters_or_none_such_find_nobody(screen: Client, cast: Cast, letters: str) -> None:
    assert found(screen, cast, letters).status_code == 422
    assert children(cast.hamsey.pk, cast.classes["Otters"].pk, "ki", DAY) == []


def test_ten_wrong_tries_in_a_minute_lock_it_and_the_office_unlocks_it(
    screen: Client, cast: Cast, signed_in, clock
) -> None:
    clock(moment(9, 22))
    for _ in range(9):
        assert found(screen, cast, "zz").status_code == 422
    assert "This screen is locked" in found(screen, cast, "zz").content.decode()
    assert "This screen is locked" in screen.get(HOME).content.decode()
    client, device = signed_in("secretary"), Device.objects.get()
    assert "ten wrong tries in a minute" in client.get("/day/hamsey/screens/").content.decode()
    client.post("/day/hamsey/screens/change/", {"device": device.pk, "act": "unlock", "key": "u"})
    assert "Arriving late?" in screen.get(HOME).content.decode()


def test_wrong_tries_further_apart_do_not_lock_it(screen: Client, cast: Cast, clock) -> None:
    for minute in range(20):
        clock(moment(9, 20 + minute))
        assert found(screen, cast, "zz").status_code == 422


def test_a_token_of_another_screen_or_made_up_opens_nothing(screen: Client, cast: Cast) -> None:
    _, other = actions.enrol(cast.barcombe, "Back door", by=cast.by, at=moment(8, 0))
    theirs = Client()
    theirs.cookies[COOKIE] = other
    mine = token(found(screen, cast).content.decode())
    for sent in (mine, "made-up", str(cast.enrolments["Ben"].pk)):
        answer = theirs.post(ENTER, {"token": sent, "reason": "traffic"})
        assert answer.status_code == 302
    assert not Slip.objects.exists()


def test_it_goes_blank_by_itself_and_can_do_nothing_else(screen: Client, cast: Cast) -> None:
    for answer in (screen.get(FIND), found(screen, cast)):
        assert answer["Refresh"] == "40;url=/day/door/"
    assert "Refresh" not in screen.get(HOME)
    for url in ("/", "/day/hamsey/late/", "/registers/", f"/pupils/{cast.pupil('Ben').pk}/"):
        assert screen.get(url).status_code == 302, url


def test_a_browser_that_is_not_enrolled_or_was_stopped_sees_nothing(screen: Client, cast: Cast, signed_in) -> None:
    assert Client().get(FIND).status_code == 403
    client = signed_in("secretary")
    client.post("/day/hamsey/screens/change/", {"device": Device.objects.get().pk, "act": "end", "key": "e"})
    assert screen.get(FIND).status_code == 403
    assert "<strong>Front door</strong>" not in client.get("/day/hamsey/screens/").content.decode()


def test_enrolling_makes_this_browser_a_screen_and_signs_the_person_out(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    answer = client.post("/day/hamsey/screens/", {"name": "Side gate", "key": "k"})
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/day/door/", True, "Strict")
    assert cookie.value not in Device.objects.get().secret
    assert "Arriving late?" in client.get(HOME).content.decode()
    assert client.get("/day/hamsey/late/").status_code == 302


@pytest.mark.parametrize("name", ["office", "teacher", "governor", "stranger"])
def test_only_secretary_and_heads_enrol_a_screen(signed_in, name: str) -> None:
    assert signed_in(name).post("/day/hamsey/screens/", {"name": "Mine"}).status_code in (403, 404)
    assert not Device.objects.exists()


def test_before_the_gate_closes_nobody_is_late(screen: Client, cast: Cast, clock) -> None:
    clock(moment(8, 30))
    page = screen.post(WHY, {"token": token(found(screen, cast).content.decode())}).content.decode()
    answer = screen.post(ENTER, {"token": token(page), "reason": "traffic"})
    assert answer.status_code == 422 and "Nobody is late before 8.40" in answer.content.decode()
