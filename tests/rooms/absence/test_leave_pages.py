"""The pages of a decision on leave: granted, refused or day by day, shown before it goes, and undone again (5.1)."""

from datetime import date

import pytest
from django.urls import reverse

from rollcall.absence.models import LeaveDecision
from rollcall.absence.queries.leave import leave
from rollcall.journal.actions import begin
from rollcall.outbox.models import Message, Switch
from rollcall.rules.policy import shipped_text
from rollcall.schools.models import PolicyVersion
from rollcall.schools.queries import forget_facts
from tests.rooms.absence.leave_cast import FIRST, ask, asked
from tests.rooms.absence.test_leave_deciding import expected


def form(cast, page, **other) -> dict[str, object]:
    """The decision as a browser sends it."""
    found = page.context["form"]
    return {
        "key": "k", "why": "A close family wedding.", "how": found.initial["how"], "to": found.initial["to"],
        "code": found.initial["code"], "choice": "grant", **other,
    }  # fmt: skip


@pytest.mark.policy("5.1-a")
def test_the_head_writes_why_presses_grant_and_sends_what_is_shown(cast, signed_in) -> None:
    row = asked(cast)
    client, url = signed_in("head"), reverse("absence:leave_decide", args=[row.pk])
    page = client.get(reverse("absence:leave_one", args=[row.pk]))
    sent = form(cast, page)
    shown = client.post(url, sent)
    assert "by e-mail to Ms Pat Carter (mother), pat.carter@example.org" in shown.text
    assert "A close family wedding." in shown.text and not LeaveDecision.objects.exists()
    done = client.post(url, {**sent, "send": "yes", "seen": shown.context["ready"].seen})
    assert done.status_code == 302 and LeaveDecision.objects.count() == 1
    client.post(url, {**sent, "send": "yes", "seen": shown.context["ready"].seen})  # the same press twice
    assert LeaveDecision.objects.count() == 1 and Message.objects.count() == 1


def test_some_days_are_ticked(cast, signed_in) -> None:
    row = asked(cast)
    client, url = signed_in("exec"), reverse("absence:leave_decide", args=[row.pk])
    page = client.get(reverse("absence:leave_one", args=[row.pk]))
    ticked = form(cast, page, choice="ticked", **{"day-2024-06-12": "C"})
    assert "on Wednesday 12 June with C" in client.post(url, ticked).text
    client.post(url, {**ticked, "send": "yes"})
    assert expected(cast) == [(FIRST, FIRST, "C")]


def test_refusing_and_telling_them_oneself_needs_no_letter(cast, signed_in) -> None:
    row = asked(cast)
    client, url = signed_in("head"), reverse("absence:leave_decide", args=[row.pk])
    page = client.get(reverse("absence:leave_one", args=[row.pk]))
    wrong = client.post(url, form(cast, page, choice="refuse", how="said", told_words=""))
    assert wrong.status_code == 409 and "Say whom you told" in wrong.text
    client.post(url, form(cast, page, choice="refuse", how="said", told_words="Rang Pat at 10"))
    assert leave(row.pk).state == "refused" and not Message.objects.exists()
    client.post(reverse("absence:leave_undo", args=[row.pk]), {"key": "u", "because": "It was the wrong child"})
    assert leave(row.pk).state == "asked"
    client.post(reverse("absence:leave_withdraw", args=[row.pk]), {"key": "w", "because": "They asked for it"})
    assert leave(row.pk).state == "withdrawn"
    assert "They asked for it" in client.get(reverse("absence:leave_one", args=[row.pk])).text


@pytest.mark.policy("5.1-a")
def test_the_policy_says_which_positions_decide(cast, signed_in) -> None:
    only_exec = shipped_text("federation").replace(
        'decided_by = { value = ["executive_headteacher", "head_of_school"]',
        'decided_by = { value = ["executive_headteacher"]',
    )
    PolicyVersion.objects.update(document=only_exec)
    forget_facts()
    row = asked(cast)
    url = reverse("absence:leave_decide", args=[row.pk])
    head, executive = signed_in("head"), signed_in("exec")
    refused = head.post(url, {})
    assert refused.status_code == 403 and "executive headteacher decides on leave" in refused.text
    assert "Grant" not in head.get(reverse("absence:leave_one", args=[row.pk])).text
    assert "Grant" in executive.get(reverse("absence:leave_one", args=[row.pk])).text


def test_a_page_needs_few_statements(cast, signed_in, django_assert_max_num_queries) -> None:
    row = asked(cast)
    ask(cast, first=date(2024, 6, 20), last=date(2024, 6, 21), key="more")
    client = signed_in("head")
    url = reverse("absence:leave_one", args=[row.pk])
    client.get(url)
    with django_assert_max_num_queries(30):
        client.get(url)


def test_a_switch_that_is_off_is_said_before_the_decision(cast, signed_in) -> None:
    deed = begin("switched", by=cast.by, at=cast.at, school=cast.hamsey.pk)
    Switch.objects.create(school=cast.hamsey.pk, kind="absence.leave", mode="off", deed=deed)
    row = asked(cast)
    client = signed_in("head")
    page = client.get(reverse("absence:leave_one", args=[row.pk]))
    shown = client.post(reverse("absence:leave_decide", args=[row.pk]), form(cast, page))
    assert "switched off at this school" in shown.text
