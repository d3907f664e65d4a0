"""Deciding: a named person, with a reason where it differs; once; and a letter stops when its ground is gone."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections

from rollcall import worker
from rollcall.casework import actions, queries
from rollcall.casework.models import Decision, StepTaken
from rollcall.journal.actor import INSTALLER, WORKER, Actor
from rollcall.outbox import actions as outbox
from rollcall.outbox.models import Message
from rollcall.registers.actions import NewMark, amend_marks
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, PupilContact
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import sessions

BY = {"by": INSTALLER, "at": moment(10, 0)}


def decide(cast: Cast, *rows, choice="agree", key="d", at=None, who="head", **more):
    return actions.decide([row.pk for row in rows], choice, by=cast.actor(who), at=at or moment(9, 30), key=key, **more)


def stands(cast: Cast, at=None):
    return queries.letter_stands(StepTaken.objects.get().pk, at or moment(10, 30))


def drained(at=None):
    return outbox.drain(grounds=worker.grounds(), by=WORKER, at=at or moment(10, 30))


@pytest.mark.policy("FC-c")
@pytest.mark.parametrize("choice", ["otherwise", "none"])
def test_whatever_is_not_agreement_needs_a_reason(marked: Cast, row, choice: str) -> None:
    with pytest.raises(actions.NotDecided, match="Say why"):
        decide(marked, row("Ben"), choice=choice, step="keep monitoring", because="  ")
    assert not Decision.objects.exists()


@pytest.mark.policy("FC-c")
def test_a_decision_keeps_who_with_which_position_when_and_why(marked: Cast, row) -> None:
    decide(marked, row("Ben"), choice="otherwise", step="keep monitoring", because="new medicine since Monday")
    kept = row("Ben").decision
    assert (kept.deed.name, kept.deed.position) == ("Harriet Head", "Head of school")
    assert (kept.step, kept.because) == ("keep monitoring", "new medicine since Monday")
    assert not Message.objects.exists()
    assert queries.happenings(marked.pupil("Ben").pk)[0].detail == "new medicine since Monday"


def test_the_same_press_twice_is_one_letter(marked: Cast, row) -> None:
    decide(marked, row("Aisha"))
    assert decide(marked, row("Aisha")).repeated
    assert (Message.objects.count(), StepTaken.objects.count()) == (1, 1)


def test_two_people_cannot_both_send_it(marked: Cast, row) -> None:
    decide(marked, row("Aisha"))
    with pytest.raises(actions.NotDecided, match="Aisha Begum was decided by Harriet Head already"):
        decide(marked, row("Aisha"), key="other", who="exec")
    assert Message.objects.count() == 1


def test_at_the_very_same_moment_the_database_itself_lets_one_of_them_through(marked: Cast, row, monkeypatch) -> None:
    decide(marked, row("Aisha"))
    monkeypatch.setattr("rollcall.casework.actions.deciding.check_still_open", lambda *_: None)
    with pytest.raises(actions.NotDecided, match="same moment"):
        decide(marked, row("Aisha"), key="other")
    assert Message.objects.count() == 1
    with pytest.raises(IntegrityError):
        first = StepTaken.objects.get()
        StepTaken.objects.create(pupil=first.pupil, school=first.school, step="letter-1", day=DAY, deed=first.deed)


def test_all_are_decided_or_none(marked: Cast, row) -> None:
    schools.hold(marked.pupil("Aisha"), "bereavement", begins=DAY, note="", **BY)
    with pytest.raises(actions.NotDecided, match="Aisha Begum: Nothing is sent for now: bereavement"):
        decide(marked, row("Ben"), row("Aisha"))
    assert not Decision.objects.exists()
    decide(marked, row("Ben"), key="d2")
    assert Message.objects.get().pupil == marked.pupil("Ben").pk


def test_a_family_of_whom_nobody_may_be_written_to_is_named(marked: Cast, row) -> None:
    PupilContact.objects.filter(pupil=marked.pupil("Ben")).update(barred=True)
    with pytest.raises(actions.NotDecided, match="nobody to write to"):
        decide(marked, row("Ben"))


def test_no_letter_is_decided_for_a_pupil_who_has_left_and_no_action_stays_possible(
    marked: Cast, row, signed_in
) -> None:
    schools.record_leaver(marked.enrolments["Ben"], last_day=date(2024, 5, 13), reason="moved", **BY)
    for choice, step in (("agree", ""), ("otherwise", "letter-1")):
        with pytest.raises(actions.NotDecided, match="Ben Carter: No longer on the school's roll"):
            decide(marked, row("Ben"), row("Aisha"), choice=choice, step=step, because="as agreed")
    assert not Decision.objects.exists()
    ben = row("Ben")
    page = signed_in("head").get(f"/reviews/{ben.review_id}/letters/?row={ben.pk}&otherwise=letter-1&because=x")
    assert "No longer on the school" in page.content.decode()
    decide(marked, ben, choice="none", because="moved to Lewes")
    decide(marked, row("Aisha"), key="d2")
    assert Message.objects.get().pupil == marked.pupil("Aisha").pk


def test_the_last_day_on_roll_still_counts(marked: Cast, row) -> None:
    schools.record_leaver(marked.enrolments["Ben"], last_day=DAY, reason="moved", **BY)
    decide(marked, row("Ben"), choice="otherwise", step="letter-1", because="as agreed")
    assert Message.objects.get().pupil == marked.pupil("Ben").pk


def test_each_parent_gets_their_own_letter_by_their_own_way(marked: Cast, row) -> None:
    contact = marked.pupil("Ben").contacts.get().contact
    contact.pk, contact.first, contact.email = None, "Sam", ""
    schools.add_contact(contact, [], **BY)
    link = PupilContact(
        pupil=marked.pupil("Ben"), contact=contact, order=2, relationship="Father", parental_responsibility=True
    )
    schools.link_contact(link, school=marked.hamsey, **BY)
    decide(marked, row("Ben"))
    assert sorted(Message.objects.values_list("channel", "to_name")) == [
        ("email", "Ms Pat Carter"),
        ("print", "Ms Sam Carter"),
    ]


def test_all_by_post_prints_as_one_file_what_still_stands(marked: Cast, row) -> None:
    done = decide(marked, row("Ben"), row("Aisha"), by_post=True)
    assert set(Message.objects.values_list("channel", flat=True)) == {"print"}
    assert drained().n == 0
    schools.hold(marked.pupil("Aisha"), "bereavement", begins=DAY, note="", **BY)
    printed = outbox.print_all(
        [marked.hamsey.pk], grounds=queries.grounds(), by=marked.actor("office"), at=moment(11, 0)
    )
    assert printed.pdf.startswith(b"%PDF")
    assert len(printed.messages) == len(printed.stopped) == 1
    assert set(printed.messages) | set(printed.stopped) == set(done.messages)
    outbox.mark_printed(printed.messages, by=marked.actor("office"), at=moment(11, 5), key="p")
    again = outbox.print_all([marked.hamsey.pk], grounds=queries.grounds(), by=marked.actor("office"), at=moment(11, 6))
    assert again == outbox.Printed(None, (), ())


def test_a_letter_that_was_decided_stands(marked: Cast, row) -> None:
    decide(marked, row("Aisha"))
    assert stands(marked).stands


def test_it_stops_when_the_pupil_has_left(marked: Cast, row, post) -> None:
    decide(marked, row("Aisha"))
    schools.record_leaver(marked.enrolments["Aisha"], last_day=date(2024, 5, 13), reason="moved", **BY)
    assert len(drained().stopped) == 1
    assert "no longer on the school's roll" in Message.objects.get().attempts.get().detail


def test_it_stops_when_a_hold_began(marked: Cast, row, post) -> None:
    decide(marked, row("Aisha"))
    schools.hold(marked.pupil("Aisha"), "bereavement", begins=DAY, note="", **BY)
    assert len(drained().stopped) == 1


def test_it_stops_for_an_adult_barred_meanwhile(marked: Cast, row, post) -> None:
    decide(marked, row("Aisha"))
    PupilContact.objects.filter(pupil=marked.pupil("Aisha")).update(barred=True)
    assert len(drained().stopped) == 1


def test_it_stops_where_the_address_turns_out_to_be_read_by_somebody_barred(marked: Cast, row, post) -> None:
    decide(marked, row("Aisha"))
    twin = schools.add_contact(Contact(first="Sam", last="Begum", email=Message.objects.get().to_address), [], **BY)
    barred = {"relationship": "Father", "order": 2, "barred": True, "barred_do": "ring the DSL"}
    schools.link_contact(PupilContact(pupil=marked.pupil("Aisha"), contact=twin, **barred), school=marked.hamsey, **BY)
    assert len(drained().stopped) == 1
    assert "somebody barred" in Message.objects.get().attempts.get().detail


def test_it_stops_when_marks_were_changed_so_that_the_figure_is_over_the_line(marked: Cast, row, post) -> None:
    decide(marked, row("Aisha"))
    for n, (day, half) in enumerate(sessions(marked)[10:18]):
        mark = NewMark(marked.enrolments["Aisha"].pk, "/" if half == "AM" else "\\")
        amend_marks(
            marked.kestrels,
            day,
            half,
            [mark],
            by=marked.actor("secretary"),
            at=moment(10, 0),
            key=f"a{n}",
            reason="was here",
        )
    answer = stands(marked)
    assert not answer.stands
    assert "not below 95%" in answer.why
    assert len(drained().stopped) == 1


def test_it_stops_when_the_decision_is_withdrawn_and_the_step_may_be_taken_anew(marked: Cast, row, post) -> None:
    decide(marked, row("Aisha"))
    step, head = StepTaken.objects.get(), marked.actor("head")
    with pytest.raises(actions.NotDecided, match="Say why"):
        actions.withdraw(step, because="", by=head, at=moment(9, 40), key="w")
    actions.withdraw(step, because="rang the family instead", by=head, at=moment(9, 40), key="w2")
    assert len(drained().stopped) == 1
    assert [h.what for h in queries.happenings(marked.pupil("Aisha").pk)][0] == "Withdrawn: letter 1"
    with pytest.raises(actions.NotDecided, match="withdrawn before"):
        actions.withdraw(step, because="again", by=head, at=moment(9, 41), key="w3")
    found = {r.seat.known_first: r.place.step for r in queries.place(marked.hamsey.pk, moment(10, 0)).rows}
    assert found["Aisha"] == "monitoring"


@pytest.mark.policy("FC-a")
def test_a_step_whose_letters_were_all_stopped_is_not_reached_and_is_proposed_anew(
    marked: Cast, reviewed, row, post
) -> None:
    decide(marked, row("Aisha"))
    hold = schools.hold(marked.pupil("Aisha"), "bereavement", begins=DAY, note="", **BY)
    assert len(drained().stopped) == 1
    schools.end_hold(hold, last_day=DAY, by=INSTALLER, at=moment(11, 0))
    head, next_day = marked.actor("head"), date(2024, 5, 15)
    actions.close_review(reviewed, by=head, at=moment(12, 0), carry_over="tomorrow")
    again = actions.open_review(marked.hamsey, by=head, at=moment(9, 5, next_day))
    mine = again.rows.get(pupil=marked.pupil("Aisha"))
    assert (mine.evidence["place"]["step"], mine.step) == ("monitoring", "letter-1")
    decide(marked, mine, key="d2", at=moment(9, 30, next_day))
    assert len(drained(moment(10, 30, next_day)).sent) == 1
    assert list(StepTaken.objects.order_by("id").values_list("withdrawn__kind", flat=True)) == ["review.decided", None]
    told = {one.what: one.detail for one in queries.happenings(marked.pupil("Aisha").pk)}
    assert told["Withdrawn: letter 1"] == "None of its letters went; decided anew."


def test_a_step_of_which_a_letter_has_gone_cannot_be_withdrawn_so_that_nobody_gets_it_twice(
    marked: Cast, row, post
) -> None:
    decide(marked, row("Aisha"))
    drained()
    with pytest.raises(actions.NotDecided, match="can't be taken back"):
        actions.withdraw(StepTaken.objects.get(), because="sorry", by=marked.actor("head"), at=moment(11, 0), key="w")
    assert StepTaken.objects.get().withdrawn is None


@pytest.mark.policy("A3-f")
@pytest.mark.policy("4.6-a")
def test_a_letter_is_kept_as_it_was_sent_whatever_changes_later(marked: Cast, row, post) -> None:
    decide(marked, row("Aisha"))
    drained()
    message = Message.objects.get()
    before = (bytes(message.pdf), message.body, message.evidence)
    schools.change_pupil(marked.pupil("Aisha"), {"known_first": "Anna"}, school=marked.hamsey, **BY)
    marked.hamsey.name = "Another School"
    marked.hamsey.save()
    message.refresh_from_db()
    assert (bytes(message.pdf), message.body, message.evidence) == before
    kept = message.evidence
    assert kept["rests_on"] == row("Aisha").evidence
    assert kept["wording"] == "letter-1, as shipped"
    assert kept["values"][0]["text"] == "97%"
    assert "Hamsey Primary School" in message.body


@pytest.mark.policy("5.2-e")
def test_letter_1_goes_to_a_young_childs_family_and_names_no_fine_or_offence(marked: Cast, row) -> None:
    schools.change_pupil(marked.pupil("Aisha"), {"born": date(2020, 1, 1)}, school=marked.hamsey, **BY)
    decide(marked, row("Aisha"))
    body = Message.objects.get().body.lower()
    assert not any(word in body for word in ("fine", "offence", "penalty", "court", "prosecut"))


def test_a_closed_review_takes_no_decision(marked: Cast, reviewed, row) -> None:
    actions.close_review(reviewed, by=marked.actor("head"), at=moment(9, 20), carry_over="later")
    with pytest.raises(actions.NotDecided, match="closed"):
        decide(marked, row("Ben"))


def test_no_letter_goes_on_figures_older_than_a_fortnight(marked: Cast, row) -> None:
    with pytest.raises(actions.NotDecided, match="figures of this review are from 14 May"):
        decide(marked, row("Ben"), at=moment(9, 0, date(2024, 6, 3)))


def test_a_name_that_cannot_be_printed_is_said_before_anything_is_written(marked: Cast, row) -> None:
    contact = marked.pupil("Ben").contacts.get().contact
    contact.first = "明"
    contact.save()
    with pytest.raises(actions.NotDecided, match="Ben Carter: The letter can't be set"):
        decide(marked, row("Ben"))
    assert not Decision.objects.exists()


@pytest.mark.parametrize("rows", [[], [999_999]])
def test_rows_that_are_not_there_are_refused(marked: Cast, reviewed, rows: list[int]) -> None:
    with pytest.raises(actions.NotDecided, match="Choose at least one"):
        actions.decide(rows, "agree", by=marked.actor("head"), at=moment(9, 30), key="d")


def test_a_step_that_is_not_offered_is_refused(marked: Cast, row) -> None:
    with pytest.raises(actions.NotDecided, match="what is to be done instead"):
        decide(marked, row("Ben"), choice="otherwise", step="penalty-notice", because="enough")


@pytest.mark.django_db(transaction=True)
def test_two_heads_pressing_at_once_send_one_letter(marked: Cast, row) -> None:
    pk, said, ready = row("Aisha").pk, [], Barrier(2)

    def press(key: str, by: Actor) -> None:
        ready.wait()
        try:
            actions.decide([pk], "agree", by=by, at=moment(9, 30), key=key)
        except actions.NotDecided as refusal:
            said.append(str(refusal))
        connections.close_all()

    people = [("a", marked.actor("head")), ("b", marked.actor("exec"))]
    threads = [Thread(target=press, args=person) for person in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(said) == 1
    assert (Message.objects.count(), StepTaken.objects.count(), Decision.objects.count()) == (1, 1, 1)
