"""Requests for leave: from the form, ahead of time, for brothers and sisters at once; who may enter and who decides."""

from datetime import date

import pytest
from django.urls import reverse

from rollcall.absence.actions.leave import Begun, NotEntered, withdraw_request
from rollcall.absence.models import LeaveRequest
from rollcall.absence.queries import happenings
from rollcall.absence.queries.leave import leave, leave_of_school, waiting
from rollcall.accounts.queries import standing
from rollcall.journal.actions import AlreadyDone
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.registers.models import Expectation
from rollcall.schools import actions as schools
from rollcall.schools.models import PupilContact
from tests.cast import DAY, moment
from tests.rooms.absence.leave_cast import FIRST, THIRD, ask, asked, decided, link


@pytest.mark.policy("5.1-b")
def test_a_request_keeps_what_stands_on_the_form(cast) -> None:
    made = ask(cast, words="Her aunt's wedding", evidence="Invitation")
    one = leave(made.requests[0])
    assert (one.state, one.reason_name, one.words, one.evidence) == (
        "asked", "A wedding in the close family", "Her aunt's wedding", "Invitation",
    )  # fmt: skip
    assert (one.asker, one.asker_note, one.notice_days, one.is_late) == ("Pat Carter, mother", "", 29, False)
    assert made.said == ()


@pytest.mark.policy("5.1-b")
def test_a_request_with_too_little_notice_is_marked_late_and_not_refused(cast) -> None:
    made = ask(cast, first=date(2024, 5, 20), last=date(2024, 5, 21))
    one = leave(made.requests[0])
    assert (one.notice_days, one.is_late, one.state) == (6, True, "asked")
    assert made.said == ("It comes 6 days ahead and not 14: it is marked late.",)


@pytest.mark.policy("5.1-b")
def test_a_day_that_has_begun_is_refused_and_leads_elsewhere(cast, signed_in) -> None:
    with pytest.raises(Begun, match="Tuesday 14 May has begun.*ahead of time only"):
        ask(cast, first=DAY, last=date(2024, 5, 15))
    assert not LeaveRequest.objects.exists() and not Deed.objects.filter(kind="leave.entered").exists()
    url = reverse("absence:leave_enter", args=[cast.enrolments["Ben"].pk])
    page = signed_in("secretary").post(url, told(cast, first="2024-05-14", last="2024-05-15"))
    assert page.status_code == 409
    instead = reverse("absence:holiday", args=[cast.enrolments["Ben"].pk])
    assert f"{instead}?first=2024-05-14&amp;last=2024-05-15" in page.text


def test_the_same_day_before_its_register_opens_is_still_ahead(cast) -> None:
    assert ask(cast, first=DAY, last=DAY, at=moment(8, 0), asked_on=DAY).requests


def test_days_without_school_are_said(cast) -> None:
    made = ask(cast, first=date(2024, 6, 15), last=date(2024, 6, 17))
    assert made.said == ("Saturday 15 June is not a school day. The request is for 1 school day.",)
    with pytest.raises(NotEntered, match="no school at Hamsey Primary School on any of these days"):
        ask(cast, first=date(2024, 5, 27), last=date(2024, 5, 31), key="half-term")


@pytest.mark.policy("5.1-b")
def test_another_adult_is_said_plainly_and_kept(cast) -> None:
    made = ask(cast, asker=None, asker_name="Gran Carter")
    assert "not among the pupil's contacts" in made.said[0]
    assert leave(made.requests[0]).asker_note == "They are not among the pupil's contacts."


def test_a_parent_who_lives_elsewhere_is_marked(cast) -> None:
    PupilContact.objects.filter(pk=link(cast).pk).update(lives_with=False)
    assert "does not normally live" in ask(cast).said[0]


def test_a_barred_adult_shows_the_line_and_never_gets_the_answer(cast, signed_in) -> None:
    PupilContact.objects.filter(pk=link(cast).pk).update(barred=True, barred_do="Ring the DSL", barred_why="Court")
    made = ask(cast)
    assert "do not contact, do not tell, do not release" in made.said[0] and "Ring the DSL" in made.said[0]
    page = signed_in("head").get(reverse("absence:leave_one", args=[made.requests[0]])).text
    assert "Do not contact, do not tell, do not release" in page and "Ring the DSL" in page and "Court" not in page
    with pytest.raises(ValueError, match="Barred"):
        decided(cast, LeaveRequest.objects.get(), "C", "C", "C")
    assert [one.to_address for one in Message.objects.all()] == ["dsl@example.org"]


def sibling(cast, name: str = "Gus") -> PupilContact:
    adult = link(cast).contact
    new = PupilContact(
        pupil=cast.pupil(name), contact=adult, relationship="Mother", parental_responsibility=True, lives_with=True
    )
    schools.link_contact(new, school=cast.enrolments[name].school, by=cast.by, at=cast.at)
    return new


def test_brothers_and_sisters_are_one_deed_and_a_request_each(cast) -> None:
    sibling(cast)
    made = ask(cast, "Ben", "Gus")
    rows = list(LeaveRequest.objects.order_by("id"))
    assert len(made.requests) == 2 and {row.deed_id for row in rows} == {rows[0].deed_id}
    assert {row.asked_by.pupil_id for row in rows} == {cast.pupil("Ben").pk, cast.pupil("Gus").pk}


def test_the_same_days_are_not_asked_for_twice(cast) -> None:
    ask(cast)
    with pytest.raises(NotEntered, match="Sue Secretary has entered a request for Ben Carter"):
        ask(cast, key="again")
    with pytest.raises(AlreadyDone):
        ask(cast)
    assert LeaveRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": "illness"}, "Log it as an absence"),
        ({"reason": "nothing"}, "Choose why"),
        ({"last": date(2024, 6, 11)}, "before the first"),
        ({"asked_on": date(2024, 5, 15)}, "still to come"),
        ({"asker": None}, "Say who asks"),
        ({"first": date(2026, 6, 12), "last": date(2026, 6, 12)}, "no school"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast, wrong, sentence) -> None:
    with pytest.raises(NotEntered, match=sentence):
        ask(cast, **wrong)


def test_a_request_is_taken_back_with_a_reason_and_what_was_granted_goes(cast) -> None:
    row = asked(cast)
    decided(cast, row, "C", "C", "C")
    by = {"by": cast.actor("head"), "at": moment(11, 0)}
    with pytest.raises(NotEntered, match="Say why"):
        withdraw_request(row, because=" ", key="w", **by)
    withdraw_request(row, because="The wedding is off", key="x", **by)
    assert leave(row.pk).state == "withdrawn"
    assert not Expectation.objects.filter(withdrawn__isnull=True).exists()
    with pytest.raises(NotEntered, match="already"):
        withdraw_request(row, because="The wedding is off", key="y", **by)


def told(cast, **other) -> dict[str, str]:
    """The form as a browser sends it."""
    return {
        "key": "k", "children": str(cast.enrolments["Ben"].pk), "first": "2024-06-12", "last": "2024-06-14",
        "asker": str(link(cast).pk), "asked_on": "2024-05-14", "reason": "wedding", **other,
    }  # fmt: skip


def test_the_office_finds_the_child_by_two_letters_and_enters_the_form(cast, signed_in) -> None:
    client = signed_in("secretary")
    page = client.get(reverse("absence:leave", args=["hamsey"]), {"q": "be"}).text
    url = reverse("absence:leave_enter", args=[cast.enrolments["Ben"].pk])
    assert url in page
    form = client.get(url).text
    assert "Who asks?" in form and "checked" in form
    assert client.post(url, told(cast)).status_code == 302
    assert client.post(url, told(cast)).status_code == 302  # the same press twice
    assert LeaveRequest.objects.count() == 1
    undecided, _, _ = leave_of_school(cast.hamsey.pk, DAY)
    assert [one.name for one in undecided] == ["Ben Carter"]


def test_one_day_needs_one_date(cast, signed_in) -> None:
    url = reverse("absence:leave_enter", args=[cast.enrolments["Ben"].pk])
    signed_in("office").post(url, told(cast, last=""))
    assert LeaveRequest.objects.get().last_day == FIRST


@pytest.mark.policy("5.1-a")
def test_the_secretary_may_enter_and_not_decide(cast, signed_in) -> None:
    row = asked(cast)
    client = signed_in("secretary")
    assert "Grant" not in client.get(reverse("absence:leave_one", args=[row.pk])).text
    for route in ("leave_decide", "leave_undo", "leave_marks"):
        assert client.post(reverse(f"absence:{route}", args=[row.pk]), {}).status_code == 403


def test_a_stranger_and_a_teacher_see_nothing_of_it(cast, signed_in) -> None:
    row = asked(cast)
    ben = cast.enrolments["Ben"].pk
    urls = [
        reverse("absence:leave", args=["hamsey"]),
        reverse("absence:leave_one", args=[row.pk]),
        reverse("absence:leave_enter", args=[ben]),
        reverse("absence:holiday", args=[ben]),
    ]
    stranger, teacher = signed_in("stranger"), signed_in("teacher")
    assert {stranger.get(url).status_code for url in urls} == {404}
    assert {teacher.get(url).status_code for url in urls} == {403}


def test_what_waits_is_told_to_who_decides(cast) -> None:
    ask(cast)
    head, secretary = (standing(cast.users[name], DAY) for name in ("head", "secretary"))
    (one,) = waiting(head, cast.at)
    assert (one.n, one.words, one.url) == (1, "1 request for leave to decide", "/day/hamsey/leave/")
    assert waiting(secretary, cast.at) == [] and waiting(standing(cast.users["stranger"], DAY), cast.at) == []
    assert waiting(standing(cast.users["exec"], DAY), cast.at) == [one]


def test_what_happened_is_told_newest_first(cast) -> None:
    row = asked(cast)
    decided(cast, row, "C", "C", "")
    assert [one.what for one in happenings([cast.enrolments["Ben"].pk])] == [
        "Leave granted in part, 12 June 2024 to 14 June 2024",
        "Leave asked for, 12 June 2024 to 14 June 2024, by Pat Carter, mother",
    ]


def test_the_list_needs_few_statements_however_many_requests(cast, signed_in, django_assert_max_num_queries) -> None:
    for n, name in enumerate(("Aisha", "Ben", "Chloe", "Dev")):
        row = asked_for(cast, name, f"k{n}")
        if n > 1:
            decided(cast, row, "C", "", "", key=f"d{n}", to=link(cast, name).contact_id)
    client = signed_in("head")
    client.get(reverse("absence:leave", args=["hamsey"]))
    with django_assert_max_num_queries(26):
        page = client.get(reverse("absence:leave", args=["hamsey"]))
    assert page.text.count("Granted in part") >= 2 and str(THIRD.day) in page.text


def asked_for(cast, name: str, key: str) -> LeaveRequest:
    made = ask(cast, name, key=key)
    return LeaveRequest.objects.select_related("enrolment__pupil", "enrolment__school", "asked_by").get(
        pk=made.requests[0]
    )
