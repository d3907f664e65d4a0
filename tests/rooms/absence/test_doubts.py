"""Evidence asked for, answered or not, the parents told, and only then the mark (4.2-b, 4.2-c)."""

from datetime import date

import pytest

from rollcall.absence.actions.doubt_deciding import decide
from rollcall.absence.actions.doubt_sending import NotDone
from rollcall.absence.actions.doubts import Asking, answer, open_doubt, tell, withdraw_doubt
from rollcall.absence.actions.reports import Absence, Caller, log_report
from rollcall.absence.actions.withdrawing import withdraw_reports
from rollcall.absence.models import Doubt, Report
from rollcall.absence.queries.doubt_grounds import notice_stands, request_stands
from rollcall.absence.queries.doubts import NOTICE, REQUEST, default_due, doubt, doubts
from rollcall.letters.fields import threat_in
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.models import Expectation, Question
from rollcall.registers.queries.today import marks_now
from rollcall.schools.models import Hold, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, moment
from tests.rooms.absence.calling import second_contact

GROUNDS = {REQUEST: request_stands, NOTICE: notice_stands}
DUE = date(2024, 5, 21)
LATER = date(2024, 5, 22)


def link(cast, name: str = "Ben") -> PupilContact:
    return PupilContact.objects.filter(pupil=cast.pupil(name)).order_by("order", "id")[0]


@pytest.fixture
def ill(cast) -> Report:
    """Ben, reported ill today and marked so in both sessions."""
    log_report(
        facts_of(cast.hamsey.pk), [cast.enrolments["Ben"]], Absence("illness", DAY), Caller(link=link(cast).pk),
        by=cast.actor("secretary"), at=moment(8, 20), key="ill",
    )  # fmt: skip
    for half, at in (("AM", moment(9, 2)), ("PM", moment(13, 2))):
        registers.record_marks(
            cast.kestrels,
            DAY,
            half,
            [NewMark(cast.enrolments["Ben"].pk, "I")],
            by=cast.actor("teacher"),
            at=at,
            key=half,
        )
    return Report.objects.get()


@pytest.fixture
def ask(cast, ill):
    """Ask for evidence of Ben's illness."""

    def do(how: str = "message", key: str = "ask", **other) -> Doubt:
        asking = Asking(
            **{
                "kind": "illness", "first": (DAY, "AM"), "last": (DAY, "PM"), "report": ill, "due": DUE, "how": how,
                "why": "It is the fifth Tuesday in a row.", "would_do": ("doctor's note",), "contact": link(cast).pk,
                **other,
            }
        )  # fmt: skip
        return open_doubt(cast.enrolments["Ben"], asking, by=cast.actor("head"), at=moment(14, 0), key=key)

    return do


def codes(cast) -> str:
    ben = cast.enrolments["Ben"].pk
    return "".join(
        m.code for half in ("AM", "PM") for m in marks_now([cast.hamsey.pk], DAY, half) if m.enrolment == ben
    )


def send(cast, at=None) -> list[str]:
    at = at or moment(14, 5)
    drain(grounds=GROUNDS, by=cast.by, at=at)
    return list(Message.objects.order_by("id").values_list("state", flat=True))


@pytest.mark.policy("4.2-b")
def test_a_request_says_why_what_would_do_and_by_when(cast, ask, mailoutbox) -> None:
    made = ask()
    assert send(cast) == ["sent"]
    (mail,) = mailoutbox
    assert mail.to == ["pat.carter@example.org"]
    for said in ("fifth Tuesday in a row", "doctor's note", "Tuesday 21 May", "Dear Pat,"):
        assert said in mail.body
    assert threat_in(mail.body) == ""
    assert codes(cast) == "II" and doubt(made.pk, moment(14, 6)).state == "asked"


@pytest.mark.policy("4.2-b")
def test_a_request_is_never_made_without_a_reason(cast, ask) -> None:
    for wrong, sentence in (
        ({"why": " "}, "Say why"),
        ({"would_do": ()}, "Tick what would do"),
        ({"due": date(2024, 5, 13)}, "still to come"),
        ({"contact": None}, "Choose who is asked"),
    ):
        with pytest.raises(NotDone, match=sentence):
            ask(**wrong)
    assert not Doubt.objects.exists() and not Message.objects.exists()


def test_it_is_due_after_the_policys_school_days(cast) -> None:
    assert default_due(facts_of(cast.hamsey.pk), DAY) == DUE
    assert default_due(facts_of(cast.hamsey.pk), date(2024, 5, 22)) == date(2024, 6, 5)  # over the half-term


def test_somebody_barred_is_never_asked_nor_told(cast, ask) -> None:
    PupilContact.objects.filter(pupil=cast.pupil("Ben")).update(barred=True, barred_do="Ring the DSL")
    with pytest.raises(NotDone, match="Do not contact, do not tell Pat Carter"):
        ask()
    with pytest.raises(NotDone, match="Do not contact"):
        ask(how="phone")


@pytest.mark.policy("4.2-c")
def test_nothing_turns_unauthorised_before_the_parents_are_told_by_message(cast, ask) -> None:
    made = ask(how="phone")
    head = {"by": cast.actor("head"), "at": moment(9, 0, LATER)}
    with pytest.raises(NotDone, match="Tell the parents first"):
        decide(made, code="O", because="No evidence", key="a", **head)
    tell(made, how="message", key="t", **head)
    with pytest.raises(NotDone, match="has not gone yet"):
        decide(made, code="O", because="No evidence", key="b", **head)
    assert codes(cast) == "II"
    assert send(cast, moment(9, 1, LATER)) == ["sent"]
    assert decide(made, code="O", because="No evidence", key="c", **head) == 2
    assert codes(cast) == "OO" and doubt(made.pk, moment(9, 2, LATER)).state == "decided"
    assert not Expectation.objects.filter(withdrawn__isnull=True).exists()
    with pytest.raises(NotDone, match="Harriet Head has decided this already"):
        decide(made, code="O", because="Again", key="d", **head)


@pytest.mark.policy("4.2-b", "4.2-c")
def test_while_it_is_open_no_register_turns_the_sessions_unauthorised(cast, ask) -> None:
    made = ask(how="phone")
    office = {"by": cast.actor("secretary"), "at": moment(9, 30, LATER), "reason": "No evidence", "may_decide": True}
    n, o = ([NewMark(cast.enrolments["Ben"].pk, code)] for code in "NO")
    registers.amend_marks(cast.kestrels, DAY, "AM", n, key="a", **office)
    with pytest.raises(registers.NotSaved, match="Evidence of the reason was asked for"):
        registers.amend_marks(cast.kestrels, DAY, "AM", o, key="b", **office)
    withdraw_doubt(made, because="Asked in error", by=cast.actor("head"), at=moment(9, 31, LATER), key="w")
    assert not Question.objects.filter(settled__isnull=True).exists()


@pytest.mark.policy("4.2-c")
def test_a_letter_counts_once_it_is_printed_and_posted(cast, ask) -> None:
    made = ask(how="phone")
    head = {"by": cast.actor("head"), "at": moment(9, 0, LATER)}
    tell(made, how="post", key="t", **head)
    with pytest.raises(NotDone, match="has not gone yet"):
        decide(made, code="O", because="No evidence", key="b", **head)
    Message.objects.update(state="sent")
    assert decide(made, code="O", because="No evidence", key="c", **head) == 2


@pytest.mark.policy("4.2-c")
def test_what_was_said_by_phone_is_recorded_with_who_said_it(cast, ask) -> None:
    made = ask(how="phone")
    head = {"by": cast.actor("head"), "at": moment(9, 0, LATER)}
    with pytest.raises(NotDone, match="what was said"):
        tell(made, how="phone", contact=link(cast).pk, key="t", **head)
    tell(made, how="phone", contact=link(cast).pk, words="Told Pat it turns unauthorised", key="u", **head)
    assert decide(made, code="O", because="No evidence", key="c", **head) == 2
    steps = [(step.what, step.who) for step in doubt(made.pk, moment(9, 5, LATER)).steps]
    assert ("Parents told that it turns unauthorised: by phone", "Harriet Head") in steps


@pytest.mark.policy("4.2-c")
def test_a_message_that_failed_tells_nobody(cast, ask) -> None:
    made = ask(how="phone")
    head = {"by": cast.actor("head"), "at": moment(9, 0, LATER)}
    tell(made, how="message", key="t", **head)
    Message.objects.update(state="failed")
    assert doubt(made.pk, moment(9, 1, LATER)).state == "untold"
    with pytest.raises(NotDone, match="another way first"):
        decide(made, code="O", because="No evidence", key="c", **head)


def test_the_family_has_until_the_day_to_answer(cast, ask) -> None:
    made = ask(how="phone")
    with pytest.raises(NotDone, match="until Tuesday 21 May"):
        tell(made, how="message", by=cast.actor("head"), at=moment(9, 0, DUE), key="t")
    assert doubt(made.pk, moment(9, 0, DUE)).state == "asked"
    late = doubt(made.pk, moment(9, 0, LATER))
    assert (late.state, late.owner) == ("overdue", "head")


@pytest.mark.policy("4.2-b")
def test_an_answer_that_settles_it_keeps_the_absence_authorised(cast, ask) -> None:
    made = ask()
    office = {"by": cast.actor("head"), "at": moment(9, 0, date(2024, 5, 16))}
    answer(made, satisfied=True, words="A note from the surgery", key="a", **office)
    assert send(cast, office["at"]) == ["stopped"]  # the request still waited: it need not go any more
    with pytest.raises(NotDone, match="settled"):
        tell(made, how="message", key="t", **office)
    with pytest.raises(NotDone, match="The answer settles it"):
        decide(made, code="O", because="Not enough", key="b", **office)
    decide(made, code="", because="Note seen", key="c", **office)
    assert codes(cast) == "II" and doubts([cast.hamsey.pk], office["at"]) == []


def test_a_better_answer_takes_the_place_of_one_that_did_not_settle_it(cast, ask) -> None:
    made = ask(how="phone")
    head = {"by": cast.actor("head"), "at": moment(9, 0, date(2024, 5, 16))}
    answer(made, satisfied=False, words="Nothing to show", key="a", **head)
    tell(made, how="phone", contact=link(cast).pk, words="It turns unauthorised", key="t", **head)
    answer(made, satisfied=True, words="The note has come", key="b", **head)
    assert doubt(made.pk, head["at"]).state == "satisfied"


def test_a_message_is_stopped_when_the_child_was_there_or_the_report_goes(cast, ask, ill) -> None:
    ask()
    here = [NewMark(cast.enrolments["Ben"].pk, "/")]
    head = {"by": cast.actor("head"), "at": moment(14, 1), "reason": "Here"}
    registers.amend_marks(cast.kestrels, DAY, "AM", here, key="p", **head)
    message = Message.objects.get()
    assert request_stands(message, moment(14, 2)).stands  # still away in the afternoon
    here = [NewMark(cast.enrolments["Ben"].pk, "\\")]
    head = {"by": cast.actor("head"), "at": moment(14, 2), "reason": "Here"}
    registers.amend_marks(cast.kestrels, DAY, "PM", here, key="q", **head)
    assert "marked present" in request_stands(message, moment(14, 3)).why
    withdraw_reports([ill], reason="Wrong twin", by=cast.actor("head"), at=moment(14, 4), key="w")
    assert "withdrawn" in request_stands(message, moment(14, 5)).why


def test_a_message_is_stopped_by_a_hold_and_by_a_bar(cast, ask) -> None:
    ask()
    message, deed = Message.objects.get(), Report.objects.get().deed
    hold = Hold.objects.create(pupil=cast.pupil("Ben"), kind="bereavement", begins=DAY, deed=deed)
    assert "bereavement" in request_stands(message, moment(14, 3)).why
    hold.delete()
    PupilContact.objects.filter(pupil=cast.pupil("Ben")).update(barred=True)
    assert "may not be written to" in request_stands(message, moment(14, 3)).why


def test_sessions_in_which_the_child_was_there_are_left_alone(cast, ask) -> None:
    made = ask(how="phone")
    head = {"by": cast.actor("head"), "at": moment(9, 0, LATER)}
    registers.amend_marks(
        cast.kestrels, DAY, "AM", [NewMark(cast.enrolments["Ben"].pk, "/")], key="p", reason="Here after all", **head
    )
    tell(made, how="person", contact=link(cast).pk, words="At the gate", key="t", **head)
    assert decide(made, code="O", because="No evidence", key="c", **head) == 1
    assert codes(cast) == "/O"


def test_a_doubt_is_withdrawn_with_a_reason_and_its_messages_stop(cast, ask) -> None:
    made = ask()
    withdraw_doubt(made, because="The nurse knew of it", by=cast.actor("head"), at=moment(14, 1), key="w")
    assert send(cast) == ["stopped"] and doubt(made.pk, moment(14, 2)).state == "withdrawn"
    assert codes(cast) == "II"


@pytest.mark.policy("5.1-c")
def test_the_same_acts_serve_a_suspected_holiday(cast, ask) -> None:
    made = ask(kind="holiday", how="phone", report=None, would_do=("boarding cards of another date", "doctor's note"))
    head = {"by": cast.actor("head"), "at": moment(14, 30)}
    tell(made, how="message", key="t", **head)
    assert send(cast, moment(14, 31)) == ["sent"]
    assert "boarding cards" in Message.objects.get().body
    assert decide(made, code="G", because="No leave was granted", key="c", **head) == 2
    assert codes(cast) == "GG"


def test_the_same_days_are_not_doubted_twice(cast, ask) -> None:
    ask(how="phone")
    with pytest.raises(NotDone, match="Harriet Head has asked about these days already"):
        ask(how="phone", key="again")


@pytest.fixture
def texts(settings, cast) -> None:
    """Texts work here, and Ben's mother has a mobile and no e-mail address."""
    settings.ROLLCALL_NOTIFY_KEY = settings.ROLLCALL_NOTIFY_TEXT_TEMPLATE = "set"
    mother = link(cast).contact
    mother.email, mother.address = "", "1 Mill Lane\nHamsey"
    mother.save()


@pytest.mark.policy("4.2-b")
def test_who_has_a_mobile_and_no_e_mail_is_asked_by_a_text_that_names_the_child_and_nothing_else(
    cast, ask, texts
) -> None:
    made = ask()
    message = Message.objects.get()
    assert (message.channel, message.to_address, message.pdf) == ("text", "+447700900002", None)
    assert message.body == (
        "Hamsey Primary School: We have a question about an absence of Ben's, and need your answer by Tuesday 21 May. "
        "Please ring the school office: we will tell you more and what would help."
    )
    for kept in ("Carter", "Tuesday in a row", "ill", "note", "14 May"):
        assert kept not in message.body.replace("will", "") and kept not in message.subject
    assert "letter" not in message.evidence and "secret" not in message.evidence and message.secret == ""
    assert request_stands(message, moment(14, 5)).stands
    second_contact(cast, "Ben", barred=True, number="07700 900 002")
    assert request_stands(message, moment(14, 6)).why == "The address is that of somebody who is barred."
    assert doubt(made.pk, moment(14, 6)).state == "asked"


@pytest.mark.policy("4.2-c")
def test_the_parents_are_told_in_advance_by_a_text_and_by_post_where_that_is_chosen(cast, ask, texts) -> None:
    made = ask(how="phone")
    who = {"by": cast.actor("head"), "at": moment(9, 0, LATER)}
    tell(made, how="message", key="t", **who)
    (message,) = Message.objects.all()
    assert message.channel == "text" and "about to be recorded as unauthorised" in message.body
    assert threat_in(message.body) == "" and notice_stands(message, moment(9, 1, LATER)).stands
    tell(made, how="post", key="p", **who)
    assert Message.objects.last().channel == "print"


def test_without_texts_or_with_a_shared_number_it_is_on_paper_as_before(cast, ask, texts, settings) -> None:
    second_contact(cast, "Ben", barred=True, number="+44 7700 900002")
    with pytest.raises(NotDone, match="print the letter, or ring"):
        ask()
    made = ask(how="phone", key="q")
    tell(made, how="message", by=cast.actor("head"), at=moment(9, 0, LATER), key="t")
    assert [one.channel for one in Message.objects.all()] == ["print"]


def test_the_page_shows_the_text_before_it_goes(cast, ask, texts, signed_in) -> None:
    made = ask(how="phone")
    page = signed_in("head").get(f"/day/evidence/{made.pk}/tell/?how=message").content.decode()
    assert "by text to +447700900002" in page and "about to be recorded as unauthorised" in page
