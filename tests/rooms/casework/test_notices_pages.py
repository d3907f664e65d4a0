"""The pages of penalty notices: what they show, to whom, and what they answer to wrong and empty input."""

from datetime import date

import pytest
from django.urls import reverse

from rollcall.accounts.queries import standing
from rollcall.casework.actions.notices import authorise
from rollcall.casework.models import Notice, NoticeEvent, NoticeToImprove, PromptWord
from rollcall.casework.queries.notice_waits import waits
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from tests.cast import DAY, FOUNDED, Cast, moment
from tests.rooms.casework.noticing import AT, issued, mark, offer, open_gate, parent_of, prompts, proposed, ready


def waiting(cast: Cast, name: str) -> list[str]:
    return [one.words for one in waits(standing(cast.users[name], DAY), AT)]


def page(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"casework:{name}", args=args), query)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


@pytest.mark.policy("5.2-c")
@pytest.mark.policy("3.4-a")
def test_a_school_page_shows_who_is_to_be_considered_with_the_working(cast: Cast, signed_in) -> None:
    ready(cast)
    shown = page(signed_in("head"), "notices", cast.hamsey.slug)
    assert "10 unauthorised sessions in the school weeks after the warning of Wednesday 17 April 2024" in shown
    assert ": consider a penalty notice." in shown
    assert "Friday 19 April, morning" in shown and "School weeks of the count: from" in shown
    assert "Consider a notice" in shown and "you will" not in shown
    other = page(signed_in("secretary"), "notices", cast.hamsey.slug)
    assert "Consider a notice" not in other and "Put it before the head of school" in other


@pytest.mark.policy("3.4-a")
def test_the_secretary_advises_and_the_head_finds_it_on_the_page(cast: Cast, signed_in) -> None:
    ready(cast)
    (one,) = prompts(cast, "Aisha")
    due = ["Hamsey Primary School: 1 pupil to consider for a penalty notice"]
    assert waiting(cast, "secretary") == waiting(cast, "head") == due
    assert due[0] in signed_in("head").get("/").content.decode()
    address = reverse("casework:prompt_word", args=[one.pupil])
    given = {"prompt": one.key, "kind": "advised", "because": "Ten since letter 3", "key": "k"}
    secretary = signed_in("secretary")
    assert secretary.post(address, given | {"because": ""}).status_code == 302
    assert not PromptWord.objects.exists()
    secretary.post(address, given)
    assert "Ten since letter 3" in page(signed_in("head"), "notices", cast.hamsey.slug)
    assert waiting(cast, "head") == ["Hamsey Primary School: 1 pupil put before you for a penalty notice"]
    assert secretary.post(address, given | {"kind": "not_now", "key": "k2"}).status_code == 403, "only the head says no"
    signed_in("head").post(address, given | {"kind": "not_now", "key": "k3"})
    assert PromptWord.objects.count() == 2
    assert waiting(cast, "head") == []


def gate_of(cast: Cast, **more) -> dict:
    (one,) = prompts(cast, "Aisha")
    shown = " ".join(f"{seen.day}/{seen.half}" for seen in one.prompt.sessions)
    return {
        "key": "k",
        "sessions": shown,
        "contacts": [parent_of(cast, "Aisha")],
        "not_apt": "They want no help",
        **open_gate(cast).answers,
        **more,
    }


@pytest.mark.policy("W-c")
def test_a_head_proposes_the_executive_authorises_and_the_head_issues(cast: Cast, signed_in) -> None:
    ready(cast)
    offer(cast, "Aisha")
    (one,) = prompts(cast, "Aisha")
    head, executive = signed_in("head"), signed_in("exec")
    address = reverse("casework:notice_propose", args=[one.pupil]) + f"?about={one.key}"
    assert "Breakfast club, offered Tuesday 16 April 2024: Refused" in head.get(address).content.decode()
    answer = head.post(address, gate_of(cast))
    notice = Notice.objects.get()
    assert answer.url == reverse("casework:notice", args=[notice.pk])
    shown = page(head, "notice", notice.pk)
    assert "has not authorised it yet" in shown and "Issue this notice" not in shown
    assert waiting(cast, "exec")[0].endswith("1 penalty notice to authorise or to issue")
    executive.post(answer.url, {"act": "authorise", "key": "a", "because": ""})
    assert waits(standing(cast.users["head"], DAY), AT)[0].words.endswith(
        "1 penalty notice authorised and not issued yet"
    )
    shown = page(head, "notice", notice.pk)
    assert "Exactly this will go, by post" in shown and "£60 within 21 days, or £120 within 28 days" in shown
    head.post(answer.url, {"act": "issue", "key": "i"})
    notice.refresh_from_db()
    assert notice.issued_by == "head_of_school"
    assert "not received yet" in page(head, "notices", cast.hamsey.slug).lower()
    head.post(answer.url, {"act": "event", "key": "e1", "kind": "received", "day": DAY})
    assert "£60 due until Tuesday 4 June (21 days left)" in page(head, "notices", cast.hamsey.slug)
    paid = {"act": "event", "key": "e2", "kind": "paid", "day": DAY, "pounds": "60", "told_by": "Ms Lamb"}
    signed_in("secretary").post(answer.url, paid)
    shown = page(head, "notice", notice.pk)
    assert "Paid: £60 met on Tuesday 14 May" in shown and "payment, £60" in shown
    hub = page(head, "pupil", one.pupil)
    assert "Penalty notices" in hub and "Paid: £60" in hub


def test_wrong_and_empty_input_is_answered_beside_the_field_and_kept(cast: Cast, signed_in) -> None:
    ready(cast)
    (one,) = prompts(cast, "Aisha")
    head = signed_in("head")
    address = reverse("casework:notice_propose", args=[one.pupil]) + f"?about={one.key}"
    for wrong, said in (
        ({"contacts": []}, "Choose at least one parent."),
        ({"not_apt": ""}, "Say which support was offered, or why support is not apt here."),
        ({"marks-checked": ""}, "Answer this point"),
        ({"marks-checked": "no"}, "be proposed while this is not so"),
        ({"sessions": "2024-04-19/AM rubbish 9999-99-99/PM"}, "not as it was shown"),
    ):
        answer = head.post(address, gate_of(cast, notes="Typed before") | wrong)
        text = answer.content.decode()
        assert answer.status_code == 422 and said in text and "Typed before" in text, said
    assert not Notice.objects.exists()
    assert head.get(address.replace("irregular", "leave")).status_code == 404
    assert signed_in("stranger").post(address, gate_of(cast)).status_code == 404
    assert signed_in("secretary").post(address, gate_of(cast)).status_code == 403


def test_what_is_posted_to_a_notice_wrongly_is_answered_in_a_sentence(cast: Cast, signed_in) -> None:
    ready(cast)
    notice = issued(cast)
    head, address = signed_in("head"), reverse("casework:notice", args=[notice.pk])
    for given, said in (
        ({"act": "event", "key": "1"}, "Choose what it is."),
        (
            {"act": "event", "key": "2", "kind": "paid", "day": DAY, "told_by": "Ms Lamb"},
            "Give the amount that was paid.",
        ),
        ({"act": "event", "key": "3", "kind": "withdrawn", "day": DAY, "words": "Wrong"}, "on which ground"),
        (
            {"act": "event", "key": "4", "kind": "paid", "day": DAY, "pounds": "sixty"},
            "Give the amount as 60 or 60.50.",
        ),
        ({"act": "issue", "key": "5"}, "was issued on 14 May 2024 already"),
        ({"act": "keep", "key": "6", "because": "So be it"}, "there is nothing to decide"),
    ):
        answer = head.post(address, given)
        assert answer.status_code == 422 and said in answer.content.decode(), said
    assert head.post(address, {"act": "steal", "key": "7"}).status_code == 404
    assert signed_in("secretary").post(address, {"act": "issue", "key": "8"}).status_code == 403
    assert signed_in("stranger").get(address).status_code == 404
    assert signed_in("teacher").get(address).status_code == 403
    assert not NoticeEvent.objects.exists()


@pytest.mark.policy("5.2-c")
def test_changed_marks_are_shown_and_asked_about_and_an_event_is_taken_back(cast: Cast, signed_in) -> None:
    ready(cast)
    notice = issued(cast)
    mark(cast, "Aisha", date(2024, 4, 22), "AM", "I")
    head = signed_in("head")
    assert "Marks changed" in page(head, "notices", cast.hamsey.slug)
    shown = page(head, "notice", notice.pk)
    assert "register differs from what this notice rests on" in shown and "The family showed a letter" in shown
    assert any(
        "resting on marks that were changed" in one.words for one in waits(standing(cast.users["head"], DAY), AT)
    )
    head.post(
        reverse("casework:notice", args=[notice.pk]), {"act": "keep", "key": "k", "because": "Nine and a tenth remain"}
    )
    assert "it was decided what follows" in page(head, "notice", notice.pk)
    event = NoticeEvent.objects.get()
    head.post(reverse("casework:event_back", args=[event.pk]), {"because": "", "key": "b1"})
    head.post(reverse("casework:event_back", args=[event.pk]), {"because": "Too soon", "key": "b2"})
    assert "Taken back" in page(head, "notice", notice.pk)
    assert signed_in("secretary").post(reverse("casework:event_back", args=[event.pk])).status_code == 403


def test_a_policy_under_a_superseded_edition_says_so(cast: Cast, signed_in, clock) -> None:
    ready(cast)
    head = signed_in("head")
    assert "is in force. Adopt a policy" not in page(head, "notices", cast.hamsey.slug)
    clock(moment(9, 0, date(2024, 9, 3)))
    assert "that of 2024 is in force. Adopt a policy" in page(head, "notices", cast.hamsey.slug)


@pytest.mark.policy("5.2-c")
def test_an_excluded_childs_page_of_its_own(cast: Cast, signed_in) -> None:
    ready(cast)
    span = {"begins": date(2024, 5, 1), "ends": date(2024, 5, 3), "permanent": False, "provision_from": None}
    exclusion = schools.record_exclusion(cast.enrolments["Aisha"], **span, by=cast.actor("head"), at=AT)
    head, pupil = signed_in("head"), cast.pupil("Aisha").pk
    assert "Seen in a public place while excluded" in page(head, "pupil", pupil)
    address = reverse("casework:notice_propose", args=[pupil]) + "?about=public"
    given = {
        "exclusion": exclusion.pk,
        "day": "2024-05-02",
        "at": "10:20",
        "place": "High Street",
        "seen_by": "PC Jones",
    }
    answers = open_gate(cast, "public").answers
    wrong = head.post(
        address, given | answers | {"key": "k", "contacts": [parent_of(cast, "Aisha")], "day": "2024-05-08"}
    )
    assert wrong.status_code == 422 and "not a day of this exclusion" in wrong.content.decode()
    head.post(address, given | answers | {"key": "k", "contacts": [parent_of(cast, "Aisha")]})
    notice = Notice.objects.get()
    assert "Seen on Thursday 2 May 2024 at 10.20: High Street, by PC Jones" in page(head, "notice", notice.pk)


def test_few_statements_however_many_notices(cast: Cast, signed_in, django_assert_max_num_queries) -> None:
    ready(cast)
    notice = proposed(cast)
    authorise(notice.pk, because="", by=cast.actor("exec"), at=AT, key="a")
    head = signed_in("head")
    page(head, "notices", cast.hamsey.slug)
    with django_assert_max_num_queries(55):
        page(head, "notices", cast.hamsey.slug)
    with django_assert_max_num_queries(45):
        page(head, "notice", notice.pk)


def test_a_notice_to_improve_is_shown_before_it_goes_and_ended_by_a_person(cast: Cast, signed_in, clock) -> None:
    ready(cast)
    head = signed_in("head")
    address = reverse("casework:improve", args=[cast.pupil("Aisha").pk])
    assert head.get(address).status_code == 404, "the federation's policy knows none"
    schools.adopt_policy(
        cast.federation, document=shipped_text("national"), effective=DAY, approved=date(2024, 4, 1),
        review=date(2026, 7, 1), by=cast.by, at=FOUNDED,
    )  # fmt: skip
    given = {"key": "k", "begins": DAY, "weeks": "4", "enough": "- In every day", "support": "- Breakfast club"}
    assert head.post(address, given | {"weeks": ""}).status_code == 422
    shown = head.post(address, given)
    assert "Exactly this will go" in shown.content.decode() and not NoticeToImprove.objects.exists()
    answer = head.post(address, given | {"send": "yes"})
    row = NoticeToImprove.objects.get()
    assert answer.url == reverse("casework:improve_end", args=[row.pk])
    assert (
        signed_in("secretary").post(answer.url, {"key": "e", "outcome": "ended", "words": "Moved"}).status_code == 403
    )
    clock(moment(9, 0, date(2024, 6, 18)))
    assert "1 notice to improve over" in page(head, "notices", cast.hamsey.slug)
    assert head.post(answer.url, {"key": "e", "outcome": "improved", "words": ""}).status_code == 422
    head.post(answer.url, {"key": "e", "outcome": "improved", "words": "In every day"})
    assert "Enough was done: In every day" in page(head, "improve_end", row.pk)
