"""The office's pages of messages: what waits is seen whole and sent with a press, what failed is seen to, switches."""

import pytest
from django.urls import reverse

from rollcall.documents.letter import LetterPage
from rollcall.journal import actions as journal
from rollcall.outbox import actions as outbox
from rollcall.outbox import queries
from rollcall.outbox.models import Attempt, Message, Switch
from tests.cast import Cast, moment
from tests.notify import notify_server
from tests.rooms.office.typing_in import fields_of, fill_in, said

OUTBOX, RELEASE = "/office/messages/", "/office/messages/release/"


@pytest.fixture(autouse=True)
def _stands(monkeypatch) -> None:
    """Everything still stands, save what says that it does not."""
    answer = {"test": lambda message, at: outbox.Answer(message.ground_id == 1, "Aisha is in.")}
    monkeypatch.setattr("rollcall.casework.queries.all_grounds.casework_grounds", lambda: answer)


@pytest.fixture
def held(cast: Cast):
    """Put in a message to a family that waits to be looked at."""

    def put(once: str, **more) -> Message:
        deed = journal.begin("test.put", by=cast.actor("secretary"), at=cast.at, school=cast.hamsey.pk)
        given = {
            "school": cast.hamsey.pk,
            "channel": "email",
            "to_name": "Ms Pat Begum",
            "to_address": "pat.begum@example.org",
            "subject": "Where is Aisha?",
            "body": "Aisha is not in school.\n\nPlease ring us.",
            "ground": "test",
            "ground_id": 1,
            "pupil": cast.pupil("Aisha").pk,
            "evidence": {},
            "kind": "absence.unexplained",
            **more,
        }
        return outbox.put(once=once, deed=deed, at=cast.at, **given)

    return put


def states(*messages: Message) -> list[str]:
    for message in messages:
        message.refresh_from_db()
    return [message.state for message in messages]


def test_what_waits_is_shown_whole_and_sent_with_one_press(signed_in, held) -> None:
    one, two = held("1"), held("2", to_name="Mr Bo Carter")
    office = signed_in("office")
    page = office.get(OUTBOX)
    shown = said(page)
    assert "E-mail to pat.begum@example.org" in shown
    assert "Please ring us." in shown
    assert office.post(RELEASE, fields_of(page.content.decode()), follow=True).status_code == 200
    assert states(one, two) == ["waiting", "waiting"]
    assert one.attempts.get(outcome="released").by.startswith("Olly Office")
    office.post(RELEASE, fields_of(page.content.decode()))
    assert Attempt.objects.filter(outcome="released").count() == 2


def test_one_alone_can_be_sent_and_the_others_wait_on(signed_in, held) -> None:
    one, two = held("1"), held("2")
    office = signed_in("office")
    data = fields_of(office.get(OUTBOX).content.decode())
    office.post(RELEASE, {**data, "only": two.pk})
    assert states(one, two) == ["held", "waiting"]


def test_what_is_not_to_go_is_stopped_with_the_reason(signed_in, held) -> None:
    one = held("1")
    office = signed_in("office")
    data = fields_of(office.get(OUTBOX).content.decode())
    assert "Say why" in said(office.post(RELEASE, {**data, "do": "keep", "reason": ""}, follow=True))
    assert "will not go" in said(office.post(RELEASE, {**data, "do": "keep", "reason": "We rang"}, follow=True))
    assert states(one) == ["stopped"]
    assert "Not sent: We rang" in said(office.get(reverse("office:message", args=[one.pk])))


def test_nothing_ticked_and_what_waits_no_longer_is_said(signed_in, held) -> None:
    one = held("1", ground_id=2)
    office = signed_in("office")
    data = fields_of(office.get(OUTBOX).content.decode())
    assert "Tick the messages" in said(office.post(RELEASE, {"key": "k"}, follow=True))
    assert "no longer stood" in said(office.post(RELEASE, data, follow=True))
    assert states(one) == ["stopped"]
    assert "no longer wait" in said(office.post(RELEASE, {**data, "key": "k3"}, follow=True))


def test_letters_that_wait_are_only_for_who_may_see_letters(signed_in, held) -> None:
    letter = held("1", kind="letter")
    assert "Please ring us." not in said(signed_in("office").get(OUTBOX))
    signed_in("office").post(RELEASE, {"key": "k", "only": letter.pk})
    assert states(letter) == ["held"]
    assert "Please ring us." in said(signed_in("secretary").get(OUTBOX))


def test_another_schools_messages_are_neither_shown_nor_sent(signed_in, held) -> None:
    one = held("1")
    stranger = signed_in("stranger")
    assert "pat.begum" not in said(stranger.get(OUTBOX))
    stranger.post(RELEASE, {"key": "k", "only": one.pk})
    assert states(one) == ["held"]


def test_the_page_says_what_keeps_messages_from_going(signed_in, held, cast: Cast, settings, clock) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    held("1", seen=True), held("2", seen=True)
    office = signed_in("office")
    outbox.drain(grounds={"test": lambda m, at: outbox.Answer(True)}, by=cast.by, at=moment(9, 6))
    clock(moment(9, 30))
    assert "2 messages wait: the mail server can't be reached since 9.06." in said(office.get(OUTBOX))
    assert "can't be reached" not in said(signed_in("stranger").get(OUTBOX))
    clock(moment(9, 30))
    assert "2 messages wait: the mail server can't be reached since 9.06." in said(office.get("/day/hamsey/"))
    Message.objects.update(state="failed")
    clock(moment(9, 31))
    assert "2 messages that did not arrive" in said(office.get("/day/hamsey/"))


def test_what_failed_is_seen_to_and_waits_for_nobody_any_more(signed_in, held, cast: Cast) -> None:
    one = held("1")
    Message.objects.update(state="failed")
    office = signed_in("office")
    assert queries.to_see_to([cast.hamsey.pk]).n == 1
    url = reverse("office:message_settle", args=[one.pk])
    assert fill_in(office, url, reason="Rang the mother").status_code == 302
    assert queries.to_see_to([cast.hamsey.pk]).n == 0
    shown = said(office.get(reverse("office:message", args=[one.pk])))
    assert "Failed, seen to" in shown and "Seen to: Rang the mother" in shown
    assert "nothing to see to" in said(fill_in(office, url, reason="Again"))


def test_the_head_sets_what_goes_by_itself_at_their_school(signed_in, cast: Cast) -> None:
    head, url = signed_in("head"), reverse("office:switches", args=["hamsey"])
    assert "What goes by itself: Hamsey" in said(head.get(url))
    assert url in head.get(OUTBOX).content.decode()
    answer = fill_in(head, url, **{"absence-unexplained": "send", "staff-report": "off"})
    assert answer.status_code == 302
    modes = {kind: queries.mode_of(cast.hamsey.pk, kind) for kind in ("absence.unexplained", "staff.report")}
    assert modes == {"absence.unexplained": "send", "staff.report": "off"}
    assert Switch.objects.count() == 2
    assert "Set by Harriet Head" in said(head.get(url))
    fill_in(head, url)
    assert Switch.objects.count() == 2, "saved again unchanged it is no switch"
    assert signed_in("office").get(url).status_code == 403
    assert signed_in("stranger").get(url).status_code == 404


def test_pages_ask_the_database_a_few_times_however_much_waits(signed_in, held, django_assert_max_num_queries) -> None:
    for n in range(20):
        held(str(n))
    office = signed_in("office")
    with django_assert_max_num_queries(20):
        office.get(OUTBOX)


def test_letters_that_wait_can_be_posted_by_notify_instead(signed_in, held, settings, cast: Cast) -> None:
    page = LetterPage(
        school="Hamsey Primary School",
        letterhead=("Hamsey",),
        to=("Ms Pat Begum", "1 Mill Lane", "BN8 5TT"),
        date="Tuesday 14 May 2024",
        greeting="Dear Pat,",
        subject="Aisha",
        paragraphs=("We write about Aisha.",),
        closing="Yours sincerely",
        signed=("Harriet Head",),
    )
    letter = held("1", kind="letter", seen=True, channel="print", evidence={"letter": page.to_json()})
    office = signed_in("office")
    assert "GOV.UK Notify" not in said(office.get(OUTBOX))
    with notify_server() as box:
        for name, value in box.environment.items():
            setattr(settings, name, value)
        data = fields_of(office.get(OUTBOX).content.decode())
        for _ in range(2):
            office.post(reverse("office:printed"), {**data, "letters": [letter.pk], "do": "post"})
        sent = outbox.drain(grounds={"test": lambda m, at: outbox.Answer(True)}, by=cast.by, at=moment(9, 6)).sent
        assert (sent, [one.type for one in box.taken], box.wrong) == ([letter.pk], ["letter"], [])
    assert list(letter.attempts.values_list("outcome", flat=True)) == ["posted", "begun", "sent"]
