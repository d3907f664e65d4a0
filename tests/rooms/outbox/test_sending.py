"""Sending over real SMTP: what is accepted, refused, put off, broken off; that nothing is lost and nothing doubled."""

import threading

import pytest
from django.db import connections, transaction

from rollcall.journal.actor import WORKER, Actor
from rollcall.outbox import actions, queries, sending
from rollcall.outbox.actions import draining
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Attempt, Message
from tests.cast import moment
from tests.rooms.outbox.conftest import STANDS

HEAD = Actor("user:1", "Harriet Head", "Head of school")


def drain(at=None, grounds=STANDS) -> actions.Drained:
    return actions.drain(grounds=grounds, by=WORKER, at=at or moment(9, 1))


def outcomes(message: Message) -> list[str]:
    return list(message.attempts.values_list("outcome", flat=True))


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_an_email_goes_once_with_its_letter(put, smtp) -> None:
    message = put()
    assert drain().sent == [message.pk]
    assert drain().n == 0
    assert (state(message), outcomes(message)) == ("sent", ["begun", "sent"])
    assert len(smtp.taken) == 1
    assert b"application/pdf" in smtp.taken[0]
    assert b"Reply-To: office@example.org" in smtp.taken[0]


def test_the_same_act_never_makes_a_second_message(put, smtp) -> None:
    assert put("same").pk == put("same").pk
    drain()
    assert len(smtp.taken) == 1


def test_one_connection_serves_many_messages(put, smtp) -> None:
    for n in range(5):
        put(f"m{n}")
    assert len(drain().sent) == 5
    assert smtp.seen == 1


def test_an_address_refused_for_good_has_failed_at_once(put, smtp) -> None:
    smtp.mode, message = "refuse", put()
    assert drain().failed == [message.pk]
    assert state(message) == "failed"
    assert "550" in message.attempts.last().detail
    assert drain(moment(15, 0)).n == 0


def test_a_text_refused_after_it_was_read_has_failed(put, smtp) -> None:
    smtp.mode, message = "refuse_data", put()
    drain()
    assert state(message) == "failed"
    assert "554" in message.attempts.last().detail


@pytest.mark.parametrize("address", ["not an address", "a@b@c", "pat@exa mple.org", "x\ny@example.org"])
def test_an_address_that_cannot_be_one_fails_and_the_next_message_goes(put, smtp, address: str) -> None:
    bad, good = put("bad", to_address=address), put("good")
    drain()
    drain(moment(9, 30))
    assert state(good) == "sent"
    assert state(bad) == "failed"


def test_what_is_put_off_is_tried_again_with_growing_pauses(put, smtp) -> None:
    smtp.mode, message, at = "later", put(), moment(9, 1)
    pauses = []
    while state(message) == "waiting":
        drain(at)
        message.refresh_from_db()
        if message.state == "waiting":
            assert drain(at).n == 0, "not before its time"
            pauses.append(message.next_try - at)
            at = message.next_try
    assert tuple(pauses) == actions.PAUSES
    assert list(pauses) == sorted(pauses)
    assert message.state == "failed"
    assert "Given up" in message.attempts.last().detail


def test_a_server_that_is_away_is_waited_for(put, smtp, settings) -> None:
    settings.EMAIL_PORT, message, other = 1, put(), put("other")
    done = drain()
    assert "can't be reached" in done.unreachable
    assert (state(message), outcomes(message)) == ("waiting", ["away"])
    assert (state(other), outcomes(other)) == ("waiting", [])
    settings.EMAIL_PORT = smtp.port
    assert sorted(drain(moment(9, 5)).sent) == sorted([message.pk, other.pk])


@pytest.mark.parametrize("mode", ["drop", "silent"])
def test_what_breaks_after_the_text_was_handed_over_may_have_gone_and_is_never_resent(put, smtp, mode: str) -> None:
    smtp.mode, message = mode, put()
    assert drain().unsure == [message.pk]
    assert state(message) == "unsure"
    smtp.mode = "accept"
    assert drain(moment(17, 0)).n == 0
    assert len(smtp.taken) == 1


def test_what_breaks_before_the_text_was_handed_over_is_tried_again(put, smtp) -> None:
    smtp.mode, message = "drop_early", put()
    assert drain().later == [message.pk]
    smtp.mode = "accept"
    assert drain(moment(9, 10)).sent == [message.pk]


def test_a_person_may_send_again_what_may_have_gone_and_says_why(put, smtp) -> None:
    smtp.mode, message = "drop", put()
    drain()
    smtp.mode = "accept"
    with pytest.raises(ValueError, match="Say why"):
        actions.send_again(message.pk, by=HEAD, at=moment(10, 0), key="a", reason=" ")
    assert actions.send_again(message.pk, by=HEAD, at=moment(10, 0), key="b", reason="The family has nothing.")
    drain(moment(10, 1))
    assert state(message) == "sent"
    assert not actions.send_again(message.pk, by=HEAD, at=moment(10, 2), key="c", reason="Again.")


@pytest.mark.policy("FC-c")
def test_a_message_whose_ground_is_gone_is_stopped_with_the_reason(put, smtp) -> None:
    message = put()
    done = drain(grounds={"test": lambda message, at: Answer(False, "The pupil has left.")})
    assert done.stopped == [message.pk]
    assert [one.detail for one in queries.trail(message.pk)] == ["The pupil has left."]
    assert smtp.taken == []


def test_a_kind_that_nobody_answers_for_is_never_sent(put, smtp) -> None:
    message = put(ground="unheard-of")
    drain()
    assert state(message) == "stopped"
    assert smtp.seen == 0


def test_a_message_undone_with_its_deed_was_never_there(put, smtp) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        put()
        raise RuntimeError
    assert drain().n == 0


class Killed(BaseException):
    """The process ends here."""


def test_killed_before_handing_over_the_message_still_goes(put, smtp, monkeypatch) -> None:
    message = put()
    with monkeypatch.context() as patched:
        patched.setattr(sending.MailPost, "open", _killed)
        with pytest.raises(Killed):
            drain()
    assert state(message) == "sending"
    assert drain(moment(9, 5)).n == 0, "somebody may still hold it"
    assert drain(moment(9, 20)).sent == [message.pk]


def test_killed_while_handing_over_it_may_have_gone(put, smtp, monkeypatch) -> None:
    message = put()
    with monkeypatch.context() as patched:
        patched.setattr(sending.MailPost, "send", _killed)
        with pytest.raises(Killed):
            drain()
    assert drain(moment(9, 20)).unsure == [message.pk]
    assert smtp.taken == []
    assert outcomes(message) == ["begun", "unsure"]


def _killed(*_):
    raise Killed


def test_two_workers_never_both_hold_a_message(put, smtp) -> None:
    message = put()
    stale = Message.objects.get(pk=message.pk)
    assert draining.claim(message, moment(9, 1))
    assert not draining.claim(stale, moment(9, 1))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(put, smtp) -> None:

    for n in range(12):
        put(f"m{n}")

    def work() -> None:
        for _ in range(6):
            actions.drain(grounds=STANDS, by=WORKER, at=moment(9, 1), most=4)
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(smtp.taken) == 12
    assert Attempt.objects.filter(outcome="sent").count() == 12


def test_what_waits_and_what_needs_a_person_is_listed(put, smtp) -> None:
    smtp.mode = "refuse"
    put("bad")
    drain()
    put("next")
    assert [line.state for line in queries.waiting([1])] == ["waiting"]
    assert [line.last[:8] for line in queries.messages(None, states=["failed", "unsure", "stopped"])] == ["Refused."]
    assert queries.waiting([2]) == []


def test_a_used_key_marks_nothing_as_printed_again(put) -> None:
    message = put(channel="print")
    assert actions.mark_printed([message.pk], by=HEAD, at=moment(10, 0), key="k") == 1
    assert actions.mark_printed([message.pk], by=HEAD, at=moment(10, 0), key="k") == 0
    assert actions.mark_printed([message.pk], by=HEAD, at=moment(10, 0), key="k2") == 0
    assert (state(message), outcomes(message)) == ("sent", ["printed"])


def test_another_channel_is_refused(put) -> None:
    with pytest.raises(ValueError, match="not by 'pigeon'"):
        put(channel="pigeon")


def test_printed_letters_are_no_business_of_the_worker(put, smtp) -> None:
    message = put(channel="print")
    assert drain().n == 0
    assert state(message) == "waiting"
