"""Wider support (7.4-c): offered, answered with one press, counted; and who may do so."""

from datetime import date, timedelta

import pytest

from rollcall.casework.actions.support import NotSupported, Offer, answer_offer, offer_support
from rollcall.casework.models import SupportAnswer, SupportOffered
from rollcall.casework.queries.support import offers_of_pupil, support_page
from rollcall.rules.policy import load
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed, phone
from tests.rooms.casework.on_path import begin_case

POLICY = load("federation")
AT = moment(9, 20)


def offered(cast: Cast, name: str = "Ben", key: str = "s1", **more) -> SupportOffered:
    offer = Offer(**({"kind": "breakfast", "day": DAY, "provider": "Sue Secretary"} | more))
    return offer_support(
        offer, pupil=cast.pupil(name).pk, school=cast.hamsey.pk, policy=POLICY, by=cast.actor("leader"), at=AT, key=key
    )


def answered(cast: Cast, offer: SupportOffered, answer: str, note: str = "", key: str = "a1") -> SupportAnswer:
    return answer_offer(offer, answer, note=note, school=cast.hamsey.pk, by=cast.actor("leader"), at=AT, key=key)


@pytest.mark.policy("7.4-c")
def test_an_offer_is_kept_with_its_kind_its_giver_and_the_open_case(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(60)})
    case = begin_case(cast, "Ben")
    offer = offered(cast)
    assert (offer.what, offer.provider, offer.case) == ("Breakfast club", "Sue Secretary", case)
    assert offered(cast) == offer and SupportOffered.objects.count() == 1
    line = offers_of_pupil(cast.pupil("Ben").pk, POLICY)[0]
    assert line.waits and line.who == "Lee Leader"


@pytest.mark.policy("7.4-c")
def test_the_last_answer_stands_and_all_are_kept(cast: Cast) -> None:
    offer = offered(cast)
    answered(cast, offer, "refused", "Mornings at home work better", key="a1")
    answered(cast, offer, "taken_up", key="a2")
    answered(cast, offer, "ended", key="a3")
    line = offers_of_pupil(cast.pupil("Ben").pk, POLICY)[0]
    assert line.answer == "ended" and [one.words for one in line.answers][-1] == "Refused"
    assert answered(cast, offer, "ended", key="a3").answer == "ended" and SupportAnswer.objects.count() == 3


@pytest.mark.parametrize(
    ("answer", "note", "said"),
    [
        ("refused", "", "Say in a word why"),
        ("not_apt", " ", "Say in a word why"),
        ("ended", "", "Only help that was taken up"),
        ("later", "", "Say what became of it"),
    ],
)
def test_an_answer_that_can_not_be_is_refused(cast: Cast, answer: str, note: str, said: str) -> None:
    with pytest.raises(NotSupported, match=said):
        answered(cast, offered(cast), answer, note)
    assert SupportAnswer.objects.count() == 0


def test_a_second_person_with_the_same_answer_is_told_who_was_first(cast: Cast) -> None:
    offer = offered(cast)
    answered(cast, offer, "taken_up")
    with pytest.raises(NotSupported, match="Lee Leader wrote that down already"):
        answered(cast, offer, "taken_up", key="a2")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "holiday"}, "Choose what kind"),
        ({"day": DAY + timedelta(days=1)}, "still to come"),
        ({"day": date(2022, 5, 1)}, "last twelve months"),
    ],
)
def test_an_offer_that_can_not_be_is_refused(cast: Cast, more: dict, said: str) -> None:
    with pytest.raises(NotSupported, match=said):
        offered(cast, **more)


def test_the_same_offer_of_a_day_is_entered_once(cast: Cast) -> None:
    offered(cast)
    with pytest.raises(NotSupported, match="on record already"):
        offered(cast, key="s2")


@pytest.mark.policy("7.4-c")
def test_a_school_sees_what_waits_and_counts_each_kind(cast: Cast) -> None:
    offered(cast)
    answered(cast, offered(cast, "Chloe", key="s2"), "taken_up")
    page = support_page(cast.hamsey.pk, POLICY, AT)
    assert [(seat.name, line.what) for seat, line in page.waiting] == [("Ben Carter", "Breakfast club")]
    breakfast = next(one for one in page.counts if one.words == "Breakfast club")
    assert (breakfast.offered, breakfast.taken_up, breakfast.refused, breakfast.waiting) == (2, 1, 0, 1)
    assert len(page.counts) == 1 and len(page.never) == len(POLICY.support_kinds) - 1


@pytest.mark.policy("7.4-c")
def test_support_is_offered_and_answered_from_the_pages(cast: Cast, signed_in, clock) -> None:
    clock(AT)
    leader, url = signed_in("leader"), f"/casework/pupils/{cast.pupil('Ben').pk}/support/"
    wrong = leader.post(url, {"key": "k1", "kind": "", "what": "A lift", "day": "2024-05-14"})
    assert b"Choose what kind of support it is." in wrong.content and b"A lift" in wrong.content
    late = leader.post(url, {"key": "k1", "kind": "travel", "what": "A lift", "day": "2024-05-20"})
    assert b"still to come" in late.content
    given = {"key": "k2", "kind": "travel", "what": "A lift", "day": "2024-05-14", "provider": ""}
    for _ in range(2):
        assert leader.post(url, given).url == f"/casework/pupils/{cast.pupil('Ben').pk}/#support"
    offer = SupportOffered.objects.get()
    assert b"A lift" in leader.get("/casework/hamsey/support/").content
    answer = f"/casework/support/{offer.pk}/answer/"
    told = leader.post(answer, {"key": "k3", "answer": "refused", "from": "school"}, follow=True)
    assert b"Say in a word why" in told.content and SupportAnswer.objects.count() == 0
    told = leader.post(answer, {"key": "k3"}, follow=True)
    assert b"Press what became of the offer." in told.content
    for _ in range(2):
        leader.post(answer, {"key": "k4", "answer": "refused", "note": "They walk together now"})
    assert [one.note for one in SupportAnswer.objects.all()] == ["They walk together now"]
    hub = leader.get(f"/casework/pupils/{cast.pupil('Ben').pk}/").content
    assert b"They walk together now" in hub and b"Refused" in hub


def test_support_is_not_for_everybody(cast: Cast, signed_in, clock) -> None:
    offer = offered(cast)
    pages = [f"/casework/pupils/{cast.pupil('Ben').pk}/support/", "/casework/hamsey/support/"]
    for who in ("governor", "teacher", "stranger", "office"):
        client = signed_in(who)
        assert {client.get(page).status_code for page in pages} <= {403, 404}, who
        assert client.post(f"/casework/support/{offer.pk}/answer/", {"key": "x", "answer": "taken_up"}).status_code in (
            403,
            404,
        )
    assert SupportAnswer.objects.count() == 0


def test_support_goes_with_a_pupil_who_moves(cast: Cast, signed_in, clock) -> None:
    offer = offered(cast)
    enrolment = cast.enrolments["Ben"]
    enrolment.left = DAY - timedelta(days=1)
    enrolment.save()
    type(enrolment).objects.create(pupil=enrolment.pupil, school=cast.barcombe, admitted=DAY)
    answer = f"/casework/support/{offer.pk}/answer/"
    assert signed_in("leader").post(answer, {"key": "x", "answer": "taken_up"}).status_code in (403, 404)
    signed_in("stranger").post(answer, {"key": "x", "answer": "taken_up"})
    assert SupportAnswer.objects.get().answer == "taken_up"
