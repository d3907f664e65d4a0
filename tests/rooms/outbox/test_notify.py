"""Sending through GOV.UK Notify's own client: each channel, each bad answer; nothing lost, nothing doubled."""

from datetime import timedelta

import pytest

from rollcall.journal.actor import WORKER, Actor
from rollcall.outbox import actions, queries
from rollcall.outbox import notify as ours
from rollcall.outbox.actions import draining
from rollcall.outbox.models import Carrier, Message
from rollcall.rules.identifiers import check_notify_id
from rollcall.schools import actions as schools
from tests.cast import Cast, moment
from tests.notify import REPLY_TO, SERVICE, Notify
from tests.rooms.outbox.conftest import STANDS

OFFICE = Actor("user:2", "Olly Office", "Office")


def drain(at=None) -> actions.Drained:
    return actions.drain(grounds=STANDS, by=WORKER, at=at or moment(9, 1))


def outcomes(message: Message) -> list[str]:
    return list(message.attempts.values_list("outcome", flat=True))


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def due(message: Message):
    message.refresh_from_db()
    return message.next_try


def test_an_email_goes_with_its_letter_as_a_file(put, notify: Notify) -> None:
    message = put()
    assert drain().sent == [message.pk]
    (one,) = notify.taken
    words = one.given["personalisation"]
    assert (words["subject"], words["body"], one.type) == ("Hello", "Dear Pat", "email")
    assert words["letter"]["filename"] == "letter.pdf"
    message.refresh_from_db()
    assert (message.carrier, message.carrier_id, outcomes(message)) == ("notify", one.id, ["begun", "sent"])


def test_an_email_without_a_letter_says_so_to_the_template(put, notify: Notify) -> None:
    put(pdf=None)
    drain()
    assert notify.taken[0].given["personalisation"]["letter"] == ""


def test_replies_go_to_the_schools_own_address_where_it_has_one(put, notify: Notify, cast: Cast) -> None:
    own, other = cast.hamsey, cast.barcombe
    schools.change_school(own, {"notify_reply_to": check_notify_id(f" {REPLY_TO.upper()}")}, by=OFFICE, at=moment(8, 0))
    put("own", school=own.pk)
    put("other", school=other.pk)
    assert len(drain().sent) == 2
    assert [one.given.get("email_reply_to_id") for one in notify.taken] == [REPLY_TO, None]


def test_a_reply_address_that_notify_does_not_have_is_seen_as_failed(put, notify: Notify, cast: Cast) -> None:
    schools.change_school(cast.hamsey, {"notify_reply_to": SERVICE}, by=OFFICE, at=moment(8, 0))
    message = put("own", school=cast.hamsey.pk)
    assert drain().failed == [message.pk]
    assert "email_reply_to_id does not exist" in queries.trail(message.pk)[-1].detail
    assert notify.wrong.pop().startswith("email_reply_to_id")


def test_what_is_no_id_of_notify_is_refused(cast: Cast) -> None:
    with pytest.raises(schools.Refused, match="GOV.UK Notify"):
        schools.change_school(cast.hamsey, {"notify_reply_to": "office@example.org"}, by=OFFICE, at=moment(8, 0))


def test_a_text_goes_to_the_number_that_networks_want(put, notify: Notify) -> None:
    message = put(channel="text", to_address="07700 900123", pdf=None, body="Aisha is not in.")
    assert drain().sent == [message.pk]
    assert notify.taken[0].given["phone_number"] == "+447700900123"


def test_a_number_that_is_none_fails_in_the_same_minute_for_the_office_to_see(put, notify: Notify) -> None:
    message = put(channel="text", to_address="01273 555 012", pdf=None)
    assert drain().failed == [message.pk]
    assert "no British mobile number" in queries.trail(message.pk)[-1].detail
    assert queries.to_see_to([1]).failed == 1
    assert notify.taken == []


def test_a_letter_is_posted_from_its_pdf(put, notify: Notify) -> None:
    message = put(channel="letter", to_address="1 Mill Lane")
    assert drain().sent == [message.pk]
    assert notify.taken[0].given["postage"] == "second"
    without = put("two", channel="letter", pdf=None)
    assert drain().failed == [without.pk]


def test_texts_and_posted_letters_are_refused_where_notify_is_not_set_up(put) -> None:
    assert set(queries.channels()) == {"email", "print"}
    for channel in ("text", "letter"):
        with pytest.raises(ValueError, match="can't be sent here"):
            put(channel=channel)


def test_a_text_that_is_too_long_is_refused_when_it_is_made(put, notify: Notify) -> None:
    with pytest.raises(ValueError, match="at most 918"):
        put(channel="text", body="x" * 919)


def test_mail_stays_with_the_mail_server_unless_notify_is_chosen(put, smtp, notify: Notify, settings) -> None:
    settings.ROLLCALL_MAIL_BY = "smtp"
    put(), put("two", channel="text", to_address="07700 900123", pdf=None)
    assert len(drain().sent) == 2
    assert (len(smtp.taken), [one.type for one in notify.taken]) == (1, ["sms"])


def test_a_message_that_notify_refuses_has_failed_at_once_and_the_next_goes(put, notify: Notify) -> None:
    notify.plan, bad, good = ["400"], put("bad"), put("good")
    done = drain()
    assert (done.failed, done.sent, done.unreachable) == ([bad.pk], [good.pk], "")
    assert "trial mode" in queries.trail(bad.pk)[-1].detail


@pytest.mark.parametrize(
    ("answer", "why"), [("429", "slow down"), ("500", "fault of its own"), ("403", "refuses our key")]
)
def test_what_is_notifys_fault_is_tried_again_and_the_others_wait(put, notify: Notify, answer: str, why: str) -> None:
    notify.mode, first, other = answer, put("first"), put("other")
    done = drain()
    assert done.later == [first.pk]
    assert why in done.unreachable
    assert (state(other), outcomes(other)) == ("waiting", [])
    assert drain(moment(9, 1) + timedelta(seconds=3)).n == 0, "it is left alone for a while"
    notify.mode = "accept"
    assert sorted(drain(moment(9, 5)).sent) == sorted([first.pk, other.pk])
    assert notify.doubled() == []


def test_pauses_grow_and_in_the_end_it_has_failed(put, notify: Notify) -> None:
    notify.mode, message, at, pauses = "500", put(), moment(9, 1), []
    while state(message) == "waiting":
        drain(at)
        if state(message) == "waiting":
            pauses.append(message.next_try - at)
            at = message.next_try
    assert tuple(pauses) == actions.PAUSES == tuple(sorted(pauses))
    assert (message.state, "Given up" in message.attempts.last().detail) == ("failed", True)


@pytest.mark.parametrize("mode", ["silent", "drop", "garbage"])
def test_what_may_have_gone_is_looked_up_and_not_sent_twice(put, notify: Notify, mode: str) -> None:
    notify.plan, message = [mode], put()
    assert drain().later == [message.pk]
    assert outcomes(message) == ["begun", "unclear"]
    assert drain(moment(9, 5)).sent == [message.pk]
    assert outcomes(message) == ["begun", "unclear", "found"]
    assert len(notify.taken) == 1
    assert Message.objects.get().carrier_id == notify.taken[0].id


def test_what_never_arrived_is_sent_after_the_look(put, notify: Notify) -> None:
    notify.plan, message = ["drop_early"], put()
    assert drain().later == [message.pk]
    assert drain(moment(9, 5)).sent == [message.pk]
    assert outcomes(message) == ["begun", "unclear", "begun", "sent"]
    assert len(notify.taken) == 1


@pytest.mark.parametrize("asking", ["drop", "500", "429", "403"])
def test_while_notify_cannot_be_asked_nothing_is_sent_again(put, notify: Notify, asking: str) -> None:
    notify.plan, notify.asking, message = ["drop"], asking, put()
    drain()
    for minute in (5, 8, 11):
        assert drain(moment(9, minute)).n == 0
    assert (state(message), outcomes(message), len(notify.taken)) == ("waiting", ["begun", "unclear", "away"], 1)
    notify.asking = "answer"
    assert drain(moment(9, 20)).sent == [message.pk]
    assert len(notify.taken) == 1


def test_what_failed_before_it_was_looked_up_is_for_the_office_to_see(put, notify: Notify) -> None:
    notify.plan, message = ["drop"], put()
    drain()
    notify.report("permanent-failure")
    assert drain(moment(9, 5)).failed == [message.pk]
    assert state(message) == "failed"


def test_unanswered_to_the_end_it_may_have_gone(put, notify: Notify) -> None:
    notify.mode, message, at = "drop_early", put(), moment(9, 1)
    for _ in range(len(actions.PAUSES) + 1):
        drain(at)
        at = due(message)
    assert state(message) == "unsure"
    notify.mode = "accept"
    actions.send_again(message.pk, by=OFFICE, at=at, key="again", reason="They have nothing.")
    assert drain(at + timedelta(minutes=5)).sent == [message.pk]


def test_down_all_morning_is_said_once_and_everything_goes_when_it_is_back(put, notify: Notify, settings) -> None:
    real, settings.ROLLCALL_NOTIFY_URL = settings.ROLLCALL_NOTIFY_URL, "http://127.0.0.1:1"
    for n in range(12):
        put(f"m{n}")
    at, said = moment(8, 52), set()
    while at < moment(12, 0):
        said.add(drain(at + timedelta(minutes=10)).unreachable)
        at += timedelta(minutes=1)
    assert len(said) == 1
    (trouble,) = queries.trouble(1, moment(12, 0))
    assert trouble.words == "12 messages wait: GOV.UK Notify can't be reached since 9.02."
    assert queries.trouble(2) == ()
    trails = [outcomes(one) for one in Message.objects.order_by("id")]
    assert trails == [["begun", "away"], *[[]] * 11], "no trail is flooded"
    settings.ROLLCALL_NOTIFY_URL = real
    assert len(drain(moment(12, 15)).sent) == 12
    assert queries.trouble(1, moment(12, 16)) == ()
    assert drain(moment(12, 17)).unreachable == ""


def test_a_fault_of_the_whole_morning_keeps_no_message_back_afterwards(put, notify: Notify) -> None:
    notify.mode, message = "500", put()
    at = moment(9, 1)
    while at < moment(11, 0):
        drain(at)
        at += timedelta(minutes=2)
    later = put("later")
    notify.mode = "accept"
    assert due(message) > moment(11, 5)
    assert drain(moment(11, 3)).sent == [later.pk]
    assert drain(moment(11, 4)).sent == [message.pk]


def test_a_carrier_that_is_away_holds_up_no_other(put, smtp, notify: Notify, settings) -> None:
    settings.ROLLCALL_MAIL_BY, settings.EMAIL_PORT = "smtp", 1
    mail = put("mail")
    text = put("text", channel="text", to_address="07700 900123", pdf=None)
    done = drain()
    assert (done.sent, "The mail server can't be reached" in done.unreachable) == ([text.pk], True)
    assert state(mail) == "waiting"


def test_a_message_waits_for_the_carrier_that_may_have_it(put, smtp, notify: Notify, settings) -> None:
    notify.plan, message = ["drop"], put()
    drain()
    settings.ROLLCALL_MAIL_BY = "smtp"
    assert drain(moment(9, 5)).sent == [message.pk]
    assert (smtp.taken, len(notify.taken)) == ([], 1)


class Killed(BaseException):
    """The process ends here."""


def _killed(*_, **__):
    raise Killed


@pytest.mark.parametrize("sent_first", [False, True])
def test_killed_while_handing_over_it_goes_once(put, notify: Notify, monkeypatch, sent_first: bool) -> None:
    message, real = put(), ours.NotifyPost.send

    def send(post, one):
        if sent_first:
            real(post, one)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(ours.NotifyPost, "send", send)
        with pytest.raises(Killed):
            drain()
    assert state(message) == "sending"
    assert drain(moment(9, 3)).n == 0, "somebody may still hold it"
    assert drain(moment(9, 20)).sent == [message.pk]
    assert len(notify.taken) == 1


def test_killed_while_writing_down_what_was_found_it_is_found_again(put, notify: Notify, monkeypatch) -> None:
    notify.plan, message = ["drop"], put()
    drain()
    with monkeypatch.context() as patched:
        patched.setattr(draining, "record", _killed)
        with pytest.raises(Killed):
            drain(moment(9, 5))
    assert drain(moment(9, 20)).sent == [message.pk]
    assert len(notify.taken) == 1


def test_a_worker_that_lost_its_lease_sends_nothing(put, notify: Notify, monkeypatch) -> None:
    """It slept on a closed laptop; meanwhile another one took the message."""
    message = put()

    def slept(one, at):
        drain(at + timedelta(minutes=9))
        return real(one, at)

    real = STANDS["test"]
    actions.drain(grounds={"test": slept}, by=WORKER, at=moment(9, 1), most=1)
    assert (state(message), len(notify.taken)) == ("sent", 1)


def test_a_database_put_back_from_a_backup_sends_nothing_twice(put, notify: Notify) -> None:
    message = put()
    drain()
    message.attempts.all().delete()
    Message.objects.update(state="waiting", carrier="", carrier_id="", sent_at=None, next_look=None)
    assert drain(moment(13, 0)).sent == [message.pk]
    assert (outcomes(message), len(notify.taken)) == (["found"], 1)


@pytest.mark.parametrize("failure", ["permanent-failure", "temporary-failure", "technical-failure"])
def test_a_failure_reported_late_reaches_the_office_within_the_minute(put, notify: Notify, failure: str) -> None:
    message = put()
    drain()
    actions.follow(by=WORKER, at=moment(9, 2))
    notify.report("delivered")
    actions.follow(by=WORKER, at=moment(9, 6))
    assert outcomes(message)[-1] == "delivered"
    notify.report(failure)
    assert actions.follow(by=WORKER, at=moment(14, 31)).failed == [message.pk]
    assert (state(message), outcomes(message)[-1]) == ("failed", "late")
    assert queries.to_see_to([1]).n == 1
    assert actions.follow(by=WORKER, at=moment(14, 32)).failed == []
    assert actions.settle(message.pk, by=OFFICE, at=moment(14, 40), key="s", reason="Rang the mother.")
    assert not actions.settle(message.pk, by=OFFICE, at=moment(14, 41), key="s2", reason="Again.")
    assert queries.to_see_to([1]).n == 0


def test_what_failed_late_goes_again_under_a_new_reference(put, notify: Notify) -> None:
    message = put()
    drain()
    notify.report("temporary-failure")
    actions.follow(by=WORKER, at=moment(9, 2))
    assert actions.send_again(message.pk, by=OFFICE, at=moment(10, 0), key="a", reason="The phone is on again.")
    assert drain(moment(10, 1)).sent == [message.pk]
    assert len({one.reference for one in notify.taken}) == 2


def test_deliveries_are_asked_for_with_growing_pauses_for_five_days(put, notify: Notify) -> None:
    message, asked = put(pdf=None), []
    drain()
    at = moment(9, 1)
    while at < moment(9, 1) + timedelta(days=6):
        notify.asked.clear()
        actions.follow(by=WORKER, at=at)
        asked += [at] if any(path.endswith(notify.taken[0].id) for path in notify.asked) else []
        at += timedelta(hours=1)
    assert 5 <= len(asked) <= len(actions.LOOKS)
    message.refresh_from_db()
    assert message.next_look is None
    assert actions.follow(by=WORKER, at=at) == actions.Followed()


def test_few_are_asked_for_in_a_round_and_a_notify_that_is_away_loses_none(put, notify: Notify) -> None:
    for n in range(4):
        put(f"m{n}")
    drain()
    notify.report("delivered", which=0)
    notify.asking = "500"
    assert actions.follow(by=WORKER, at=moment(9, 3)) == actions.Followed()
    assert Carrier.objects.get().why == "reports a fault of its own"
    notify.asking = "answer"
    notify.asked.clear()
    actions.follow(by=WORKER, at=moment(9, 10), most=3)
    assert len(notify.asked) == 1 + 3
    assert Message.objects.filter(carrier_status="delivered").count() == 1
