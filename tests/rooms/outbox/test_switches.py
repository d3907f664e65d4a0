"""Off, ask first, send: until a school says so nothing goes to a family by itself; what is held is seen first."""

from datetime import timedelta

import pytest

from rollcall.journal.actions import AlreadyDone
from rollcall.journal.actor import WORKER, Actor
from rollcall.journal.models import Change, Deed
from rollcall.outbox import actions, queries
from rollcall.outbox.grounds import Answer
from rollcall.outbox.kinds import KINDS
from rollcall.outbox.models import Message, Switch
from rollcall.outbox.secret import SECRET
from tests.cast import moment
from tests.rooms.outbox.conftest import STANDS

HEAD = Actor("user:1", "Harriet Head", "Head of school")
LINK = "https://rollcall.example/choose/abc123/"


def drain(at=None, grounds=STANDS) -> actions.Drained:
    return actions.drain(grounds=grounds, by=WORKER, at=at or moment(9, 1))


def outcomes(message: Message) -> list[str]:
    return list(message.attempts.values_list("outcome", flat=True))


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


@pytest.fixture
def unseen(put):
    """Put in a message to a family that no person has seen."""
    return lambda once="one", **more: put(once, **{"kind": "absence.unexplained", "seen": False, **more})


def switch(kind: str, mode: str, key: str = "") -> bool:
    return actions.set_mode(1, kind, mode, by=HEAD, at=moment(8, 0), key=key)


def test_until_a_school_says_so_nothing_leaves_the_school_by_itself(unseen, smtp) -> None:
    for kind in KINDS.values():
        unseen(kind.id, kind=kind.id)
    drain()
    assert {m.kind: m.state for m in Message.objects.all()} == {
        kind.id: "held" if kind.to in ("family", "authority") else "sent" for kind in KINDS.values()
    }


def test_a_message_without_a_kind_takes_that_of_its_ground_and_else_is_held(unseen) -> None:
    made = [unseen(str(n), kind="", ground=g) for n, g in enumerate(["staff.alert", "casework.step", "unheard-of"])]
    assert [(m.kind, m.state) for m in made] == [("staff.alert", "waiting"), ("letter", "held"), ("other", "held")]
    with pytest.raises(ValueError, match="no kind of message"):
        unseen("x", kind="absence.unheard-of")


def test_what_a_person_saw_and_sent_is_not_asked_again(unseen, smtp) -> None:
    message = unseen(seen=True)
    assert drain().sent == [message.pk]


def test_switched_on_it_goes_by_itself_and_off_it_stays_with_the_reason(unseen, smtp) -> None:
    assert switch("absence.unexplained", "send")
    first = unseen("first")
    assert switch("absence.unexplained", "off")
    second = unseen("second")
    assert outcomes(second) == ["off"]
    drain()
    assert (state(first), state(second)) == ("off", "off"), "what waited when it was switched off stays as well"
    assert "switched off" in queries.trail(first.pk)[-1].detail
    assert smtp.taken == []


def test_a_switch_is_a_schools_own_and_each_change_is_kept(unseen) -> None:
    assert queries.mode_of(1, "absence.evidence") == "ask"
    assert switch("absence.evidence", "send", "k1")
    assert not switch("absence.evidence", "send", "k2"), "it stood so already"
    assert (queries.mode_of(1, "absence.evidence"), queries.mode_of(2, "absence.evidence")) == ("send", "ask")
    with pytest.raises(AlreadyDone):
        switch("absence.evidence", "off", "k1")
    assert Switch.objects.count() == 1
    deed = Deed.objects.get(kind="switch.set")
    assert (deed.school, Change.objects.get(deed=deed).after) == (1, "send")
    (shown,) = [one for one in queries.switches(1) if one.kind.id == "absence.evidence"]
    assert (shown.mode, shown.by) == ("send", "Harriet Head, Head of school")


@pytest.mark.parametrize(
    ("kind", "mode", "why"),
    [("staff.alert", "off", "can be send"), ("other", "send", "off or ask"), ("x", "off", "no kind")],
)
def test_what_cannot_be_switched_is_refused_with_a_sentence(db, kind: str, mode: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        switch(kind, mode)


def test_held_messages_are_shown_whole_and_go_when_a_person_says_so(unseen, smtp) -> None:
    message, other = unseen("one"), unseen("other", school=2)
    assert [(h.id, h.body, h.has_pdf) for h in queries.held([1])] == [(message.pk, "Dear Pat", True)]
    assert queries.to_see_to([1]).held == 1
    assert drain(moment(9, 30)).n == 0
    done = actions.release([message.pk], grounds=STANDS, by=HEAD, at=moment(9, 31), key="r")
    assert done.released == (message.pk,)
    assert actions.release([other.pk], grounds=STANDS, by=HEAD, at=moment(9, 31), key="r") == actions.Pressed()
    assert drain(moment(9, 32)).sent == [message.pk]
    assert outcomes(message) == ["held", "released", "begun", "sent"]
    assert state(other) == "held"


def test_a_held_message_whose_ground_is_gone_does_not_go(unseen, smtp) -> None:
    message = unseen()
    gone = {"test": lambda message, at: Answer(False, "Aisha is in.")}
    assert actions.release([message.pk], grounds=gone, by=HEAD, at=moment(9, 31), key="r").stopped == (message.pk,)
    assert queries.trail(message.pk)[-1].detail == "Aisha is in."


def test_a_person_may_say_that_it_does_not_go(unseen, smtp) -> None:
    message = unseen()
    with pytest.raises(ValueError, match="Say why"):
        actions.hold_back([message.pk], by=HEAD, at=moment(9, 31), key="h", reason=" ")
    assert actions.hold_back([message.pk], by=HEAD, at=moment(9, 31), key="h", reason="We rang") == (message.pk,)
    assert state(message) == "stopped"
    assert actions.release([message.pk], grounds=STANDS, by=HEAD, at=moment(9, 32), key="r").released == ()


def test_switched_to_ask_what_waits_is_held_after_all(unseen, smtp) -> None:
    switch("absence.unexplained", "send")
    message = unseen()
    switch("absence.unexplained", "ask")
    assert drain().held == [message.pk]
    assert state(message) == "held"


def secretive(unseen, once: str = "one", **more) -> Message:
    given = {"body": f"Choose here: {SECRET}", "secret": LINK, "expires": moment(12, 0), "kind": "invitation"}
    return unseen(once, **{**given, "pdf": None, **more})


def test_a_secret_link_goes_and_is_gone_from_the_row(unseen, smtp) -> None:
    message = secretive(unseen)
    drain()
    assert LINK.encode() in smtp.taken[0]
    assert state(message) == "sent"
    assert (message.secret, SECRET in message.body, outcomes(message)[-1]) == ("", True, "wiped")


def test_a_secret_goes_through_notify_too_and_is_wiped(unseen, notify) -> None:
    message = secretive(unseen)
    drain()
    assert LINK in notify.taken[0].given["personalisation"]["body"]
    assert (state(message), message.secret) == ("sent", "")


@pytest.mark.parametrize("how", ["expired", "stopped", "off", "held back"])
def test_a_secret_is_wiped_however_the_message_ends(unseen, smtp, how: str) -> None:
    message = secretive(unseen, kind="absence.evidence" if how == "held back" else "invitation")
    if how == "expired":
        assert drain(moment(12, 0)).stopped == [message.pk]
    elif how == "held back":
        actions.hold_back([message.pk], by=HEAD, at=moment(9, 31), key="h", reason="We rang")
    elif how == "off":
        switch("absence.evidence", "off")
        message = secretive(unseen, "two", kind="absence.evidence")
    else:
        drain(grounds={})
    assert state(message) in ("stopped", "off")
    assert message.secret == ""
    assert smtp.taken == []


def test_what_failed_may_go_again_until_its_secret_runs_out(unseen, smtp) -> None:
    smtp.mode, message = "refuse", secretive(unseen)
    drain()
    assert (state(message), message.secret) == ("failed", LINK)
    drain(moment(12, 1))
    assert (state(message), message.secret, outcomes(message)[-1]) == ("failed", "", "wiped")
    with pytest.raises(ValueError, match="secret link was removed"):
        actions.send_again(message.pk, by=HEAD, at=moment(12, 5), key="a", reason="Again")


@pytest.mark.parametrize(
    "wrong",
    [{"body": "No mark"}, {"body": f"{SECRET} {LINK}"}, {"secret": ""}, {"expires": None}],
)
def test_a_secret_without_its_mark_or_its_end_is_refused(unseen, wrong: dict) -> None:
    with pytest.raises(ValueError, match="secret"):
        secretive(unseen, **wrong)


def test_what_is_too_late_is_not_sent(unseen, smtp) -> None:
    message = unseen(seen=True, expires=moment(9, 1))
    held = unseen("held", expires=moment(9, 1))
    assert sorted(drain(moment(9, 1)).stopped) == sorted([message.pk, held.pk])
    assert smtp.taken == []


def test_nobody_sending_is_noticed(unseen) -> None:
    unseen(seen=True)
    assert queries.trouble(1, moment(9, 3)) == ()
    (trouble,) = queries.trouble(1, moment(9, 0) + timedelta(minutes=6))
    assert trouble.words == "1 message waits since 9.00, and nobody sends: is the worker running?"


def test_what_waits_for_a_person_goes_from_the_list_once_it_is_no_longer_true(unseen, smtp) -> None:
    message, other, asked = unseen(), unseen("other"), []

    def in_by_now(one: Message, at) -> Answer:
        asked.append(one.pk)
        return Answer(one.pk == other.pk or at < moment(9, 40), "Aisha is in.")

    for minute in (31, 31, 40):
        done = drain(moment(9, minute), grounds={"test": in_by_now})
    assert done.stopped == [message.pk]
    assert [held.id for held in queries.held([1])] == [other.pk]
    assert len(asked) == 4, "once a minute is enough"


def test_a_letter_is_not_printed_once_its_kind_is_off(unseen) -> None:
    letter = unseen(channel="print", kind="letter", seen=True)
    switch("letter", "off")
    assert actions.print_all([1], grounds=STANDS, by=HEAD, at=moment(10, 0)).stopped == (letter.pk,)
    assert state(letter) == "off"


def test_what_the_mail_server_put_off_goes_through_notify_once_that_is_chosen(unseen, smtp, notify, settings) -> None:
    settings.ROLLCALL_MAIL_BY, smtp.mode = "smtp", "later"
    message = unseen(seen=True)
    assert drain().later == [message.pk]
    settings.ROLLCALL_MAIL_BY = "notify"
    assert drain(moment(9, 5)).sent == [message.pk]
    assert (len(notify.taken), smtp.taken) == (1, [])
