"""A call logged: what it becomes in the register, what is known already, and taken back when it was the wrong twin."""

import re
from datetime import date, time, timedelta

import pytest

from rollcall.absence.actions.reports import Absence, Caller, Known, PerhapsKnown, log_report
from rollcall.absence.actions.withdrawing import decide_code, withdraw_reports
from rollcall.absence.actions.words import NotLogged, hand_on, leave_word, nothing_to_enter, take_over
from rollcall.absence.models import HandOver, Report, Word
from rollcall.absence.queries.reports import (
    appointments_in_hours,
    contradictions,
    day_to_report,
    reported,
    undecided,
)
from rollcall.absence.queries.words import countdown, hand_overs, uncleared
from rollcall.journal.actions import AlreadyDone
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.actions.requests import decide_change
from rollcall.registers.models import ChangeRequest, Entry, Expectation
from rollcall.registers.queries.today import marks_now
from rollcall.registers.queries.wishes import open_wishes
from rollcall.schools import actions as schools
from rollcall.schools.models import PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, moment

EIGHT = moment(8, 20)


@pytest.fixture
def log(cast):
    """Log a report of some children as the secretary: by default an illness today, told by the first one's mother."""
    n = iter(range(1000))

    def do(*names, at=EIGHT, who="secretary", key="", caller=None, word=None, may_amend=True, beside=False, **absence):
        pupils = [cast.enrolments[name] for name in names]
        link = PupilContact.objects.get(pupil=pupils[0].pupil_id).pk if caller is None else None
        return log_report(
            facts_of(cast.hamsey.pk),
            pupils,
            Absence(**{"reason": "illness", "day": DAY, **absence}),
            caller or Caller(link=link, number="07700 900002"),
            by=cast.actor(who),
            at=at,
            key=key or f"key-{next(n)}",
            word=word,
            may_amend=may_amend,
            beside=beside,
        )

    return do


def mark(cast, name: str, code: str, half: str = "AM", at=None) -> None:
    registers.record_marks(
        cast.kestrels, DAY, half, [NewMark(cast.enrolments[name].pk, code)],
        by=cast.actor("teacher"), at=at or moment(9, 1), key=f"{name}{code}{half}",
    )  # fmt: skip


def strip(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub("<[^>]*>", "", page).split())


def stands(cast, name: str, half: str = "AM") -> str:
    found = {one.enrolment: one.code for one in marks_now([cast.hamsey.pk], DAY, half)}
    return found[cast.enrolments[name].pk]


def siblings(cast, *names: str) -> None:
    first = PupilContact.objects.get(pupil=cast.pupil(names[0]))
    for name in names[1:]:
        link = PupilContact(pupil=cast.pupil(name), contact=first.contact, relationship="Mother", lives_with=True)
        schools.link_contact(link, school=cast.hamsey, by=cast.by, at=cast.at)


@pytest.mark.policy("3.6-a")
@pytest.mark.policy("4.2-a")
def test_one_save_is_one_deed_for_two_siblings(cast, log) -> None:
    siblings(cast, "Ben", "Gus")
    made = log("Ben", "Gus", note="A stomach bug")
    reports = list(Report.objects.all())
    assert len(made.reports) == len(reports) == 2 and made.said == ()
    assert len({report.deed_id for report in reports} | {one.deed_id for one in Expectation.objects.all()}) == 1
    assert {report.contact.pupil_id for report in reports} == {cast.pupil("Ben").pk, cast.pupil("Gus").pk}
    word = Word.objects.get()
    assert word.cleared_id == word.deed_id == reports[0].deed_id and word.caller == "Pat Carter, mother"
    expected = Expectation.objects.get(enrolment=cast.enrolments["Gus"])
    assert (expected.code, expected.ground, expected.told_by) == ("I", "Illness: A stomach bug", "Pat Carter, mother")
    assert set(reported(cast.hamsey.pk, DAY)) == {cast.enrolments["Ben"].pk, cast.enrolments["Gus"].pk}


@pytest.mark.policy("3.7-a")
def test_a_return_date_does_not_explain_the_days_until_then(cast, log) -> None:
    log("Ben", back_on=date(2024, 5, 17))
    expected = Expectation.objects.get()
    assert (expected.first_day, expected.last_day, expected.back_on) == (DAY, DAY, date(2024, 5, 17))
    assert reported(cast.hamsey.pk, DAY + timedelta(days=1)) == {}


@pytest.mark.policy("3.7-a")
def test_a_span_that_the_school_agrees_to_lasts_until_the_return(cast, log) -> None:
    log("Ben", reason="appointment", back_on=date(2024, 5, 17))
    assert Expectation.objects.get().last_day == date(2024, 5, 16)
    assert cast.enrolments["Ben"].pk in reported(cast.hamsey.pk, date(2024, 5, 16))


@pytest.mark.parametrize("back_on", [date(2024, 5, 13), DAY])
def test_a_return_in_the_past_is_refused(cast, log, back_on) -> None:
    with pytest.raises(NotLogged, match="does not lie after the day away"):
        log("Ben", back_on=back_on)
    assert not Report.objects.exists() and not Word.objects.exists()


def test_a_day_without_school_is_refused(cast, log) -> None:
    with pytest.raises(NotLogged, match="no school for Ben Carter on Saturday 18 May"):
        log("Ben", day=date(2024, 5, 18))


def test_who_rang_must_be_said(cast, log) -> None:
    with pytest.raises(NotLogged, match="Say who rang"):
        log("Ben", caller=Caller(name=" "))


def test_two_people_logging_the_same_call_make_one_report(cast, log) -> None:
    log("Ben", who="secretary")
    with pytest.raises(Known, match=r"Sue Secretary logged this at 8.20 \(Illness; Pat Carter, mother told us\)"):
        log("Ben", who="office", at=moment(8, 23))
    assert Report.objects.count() == Expectation.objects.count() == Word.objects.count() == 1


def test_a_sibling_who_is_new_is_entered_beside_one_who_is_known(cast, log) -> None:
    siblings(cast, "Ben", "Gus")
    log("Ben")
    made = log("Ben", "Gus", who="office", at=moment(8, 23))
    assert len(made.reports) == 1 and "Sue Secretary logged this" in made.said[0]
    assert Report.objects.count() == 2


def test_the_same_caller_with_another_reason_is_asked_about_first(cast, log) -> None:
    log("Ben")
    with pytest.raises(PerhapsKnown, match="enter it beside that one"):
        log("Ben", reason="family", who="office", at=moment(8, 25))
    log("Ben", reason="family", who="office", at=moment(8, 25), beside=True)
    log("Chloe")
    log("Chloe", reason="family", at=moment(8, 31))  # eleven minutes later it is another call
    assert Report.objects.count() == 4


def test_the_same_press_twice_is_one_deed(cast, log) -> None:
    log("Ben", key="one")
    with pytest.raises(AlreadyDone):
        log("Ben", key="one")
    assert Report.objects.count() == 1


def test_what_is_expected_already_is_not_doubled_and_its_word_is_cleared(cast, log) -> None:
    registers.expect(
        cast.enrolments["Ben"], first=(DAY, "AM"), last=(DAY, "PM"), code="I", ground="In hospital",
        by=cast.actor("head"), at=moment(8, 0),
    )  # fmt: skip
    word = leave_word(
        cast.hamsey,
        channel="voicemail",
        caller="Pat",
        words="Ben is ill",
        by=cast.actor("office"),
        at=moment(7, 50),
        key="w",
    )
    made = log("Ben", word=word)
    assert made.reports == () and "known already, entered by Harriet Head" in made.said[0]
    assert uncleared(cast.hamsey.pk, EIGHT) == [] and Expectation.objects.count() == 1


def test_a_word_is_dealt_with_once(cast, log) -> None:
    by = {"by": cast.actor("office"), "at": moment(7, 50)}
    word = leave_word(cast.hamsey, channel="voicemail", caller="Pat", words="Ben is ill", key="w", **by)
    log("Ben", word=word)
    with pytest.raises(NotLogged, match="Sue Secretary dealt with this word at 8.20 already: entered"):
        log("Chloe", word=word, who="office")
    with pytest.raises(NotLogged, match="dealt with this word"):
        nothing_to_enter(word, because="Wrong school", by=cast.actor("office"), at=moment(8, 30), key="n")
    assert Report.objects.count() == 1


@pytest.mark.policy("3.7-a")
def test_the_wrong_twin_is_withdrawn_and_looked_for_at_once(cast, log) -> None:
    siblings(cast, "Ben", "Gus")
    made = log("Ben", "Gus")
    mark(cast, "Ben", "I")
    wrong = Report.objects.get(enrolment=cast.enrolments["Ben"])
    withdraw_reports(
        [wrong], reason="It is Gus who is ill", by=cast.actor("secretary"), at=moment(9, 10), key="x", may_amend=True
    )
    assert stands(cast, "Ben") == "N"
    assert set(reported(cast.hamsey.pk, DAY)) == {cast.enrolments["Gus"].pk}
    assert Expectation.objects.filter(withdrawn__isnull=True).count() == 1
    assert Report.objects.get(pk=wrong.pk).withdrawn.reason == "It is Gus who is ill"
    assert Word.objects.get(pk=made.word).cleared_id is not None  # the other twin's report stands
    with pytest.raises(NotLogged, match="Sue Secretary has withdrawn this report already"):
        withdraw_reports([wrong], reason="Again", by=cast.actor("office"), at=moment(9, 11), key="y")


def test_a_word_all_of_whose_reports_are_withdrawn_waits_again(cast, log) -> None:
    made = log("Ben")
    withdraw_reports(
        list(Report.objects.all()), reason="It was the other Ben", by=cast.actor("office"), at=moment(8, 30), key="x"
    )
    assert [one.id for one in uncleared(cast.hamsey.pk, moment(8, 31))] == [made.word]


def test_a_mark_made_on_other_knowledge_stays_when_a_report_goes(cast, log) -> None:
    mark(cast, "Ben", "I")
    log("Ben", at=moment(9, 5))
    withdraw_reports(
        list(Report.objects.all()), reason="Mistake", by=cast.actor("office"), at=moment(9, 8), key="x", may_amend=True
    )
    assert stands(cast, "Ben") == "I"


@pytest.mark.policy("4.1-c", "4.5-a")
def test_who_may_not_amend_asks_for_n_where_a_mark_rests_on_the_report(cast, log, signed_in, clock) -> None:
    log("Ben")
    mark(cast, "Ben", "I")
    clock(moment(9, 40))
    client, office = signed_in("leader"), signed_in("office")
    one = Report.objects.get()
    page = client.get(f"/day/told/{one.pk}/withdraw/").content.decode()
    assert "stands until the office has changed it to N, which it is asked to do" in page
    answer = client.post(
        f"/day/told/{one.pk}/withdraw/",
        {"key": "w", "reports": one.pk, "because": "It was another Ben"},
        follow=True,
    ).content.decode()
    said = "Ben Carter: I still stands on the morning of Tuesday 14 May; the office is asked to change it to N."
    assert said in answer
    assert "Marked away by a report that was withdrawn" in answer and stands(cast, "Ben") == "I"
    (wish,) = open_wishes([cast.hamsey.pk])
    assert (wish.standing, wish.wanted) == ("I", "N") and "It was another Ben" in wish.reason
    assert "Decide on Ben" in strip(office.get("/day/hamsey/inbox/").content.decode())
    decide_change(
        ChangeRequest.objects.get(), cast.kestrels, accept=True, by=cast.actor("office"), at=moment(9, 45), key="d"
    )
    assert stands(cast, "Ben") == "N"
    assert "Marked away by a report" not in office.get("/day/hamsey/inbox/").content.decode()


@pytest.mark.policy("4.5-b")
def test_a_standing_n_gets_its_code_as_soon_as_the_reason_is_known(cast, log) -> None:
    mark(cast, "Ben", "N")
    log("Ben", at=moment(9, 40))
    last = Entry.objects.order_by("number").last()
    assert (last.code, last.deed.kind) == ("I", "report.made")
    withdraw_reports(
        list(Report.objects.all()),
        reason="Wrong child",
        by=cast.actor("office"),
        at=moment(9, 45),
        key="x",
        may_amend=True,
    )
    assert stands(cast, "Ben") == "N"


def test_who_may_not_amend_leaves_n_and_is_told_so(cast, log) -> None:
    mark(cast, "Ben", "N")
    made = log("Ben", at=moment(9, 40), who="leader", may_amend=False)
    assert stands(cast, "Ben") == "N" and "the office can change it" in made.said[0]


def test_a_present_mark_is_asked_about_and_never_changed(cast, log) -> None:
    mark(cast, "Ben", "/")
    log("Ben", at=moment(9, 20))
    (one,) = contradictions(facts_of(cast.hamsey.pk), DAY, moment(9, 21))
    assert (one.report.name, one.half, one.code) == ("Ben Carter", "AM", "/")
    assert stands(cast, "Ben") == "/" and Entry.objects.count() == 1
    withdraw_reports(
        list(Report.objects.all()),
        reason="He is here",
        by=cast.actor("office"),
        at=moment(9, 22),
        key="x",
        may_amend=True,
    )
    assert contradictions(facts_of(cast.hamsey.pk), DAY, moment(9, 23)) == [] and stands(cast, "Ben") == "/"


def test_a_reason_without_a_code_stands_beside_n_until_the_head_decides(cast, log) -> None:
    mark(cast, "Ben", "N")
    made = log("Ben", reason="upset", at=moment(9, 40))
    assert stands(cast, "Ben") == "N" and "N stands until the code is decided" in made.said[0]
    (one,) = undecided([cast.hamsey.pk])
    assert one.words == "reported: did not want to come in; code to be decided"
    expected = Expectation.objects.get()
    assert (expected.code, expected.ground) == ("N", "Did not want to come in; code to be decided")
    report, by = Report.objects.get(), {"by": cast.actor("head"), "at": moment(10, 0)}
    with pytest.raises(NotLogged, match="the parents are told"):
        decide_code(report, "O", because="No good reason", key="a", **by)
    with pytest.raises(NotLogged, match="leave is, under Leave"):
        decide_code(report, "C", because="Kind", key="b", **by)
    decide_code(report, "I", because="Anxious, and under the doctor", key="c", **by)
    assert stands(cast, "Ben") == "I" and undecided([cast.hamsey.pk]) == []
    assert [one.code for one in Expectation.objects.filter(withdrawn__isnull=True)] == ["I"]
    with pytest.raises(NotLogged, match="decided or withdrawn meanwhile"):
        decide_code(report, "I", because="Once more", key="d", **by)


def test_a_code_that_cannot_be_true_of_the_child_is_left_to_be_decided(cast, log) -> None:
    made = log("Ben", reason="traveller")
    assert Expectation.objects.get().code == "N" and "Code T" in made.said[0]


@pytest.mark.policy("4.3-a")
def test_an_appointment_told_ahead_is_m_for_the_sessions_really_missed(cast, log) -> None:
    log("Ben", reason="appointment", out_at=time(8, 50), back_at=time(10, 30))
    expected = Expectation.objects.get()
    assert (expected.code, expected.first_half, expected.last_half) == ("M", "AM", "AM")
    made = log("Chloe", reason="appointment", out_at=time(10), back_at=time(11))
    assert Expectation.objects.count() == 1 and "misses no session" in made.said[0]
    assert Report.objects.get(enrolment=cast.enrolments["Chloe"]).question == ""


@pytest.mark.policy("4.3-a")
def test_an_appointment_told_afterwards_needs_evidence_seen(cast, log) -> None:
    afterwards = {"reason": "appointment", "out_at": time(8, 30), "back_at": time(11), "at": moment(9, 40)}
    made = log("Ben", **afterwards)
    assert Expectation.objects.get().code == "N" and "ask for evidence" in made.said[0]
    log("Chloe", evidence_seen=True, **afterwards)
    assert Expectation.objects.get(enrolment=cast.enrolments["Chloe"]).code == "M"
    word = leave_word(
        cast.hamsey, channel="voicemail", caller="Pat", words="", by=cast.actor("office"), at=moment(8, 10), key="w"
    )
    log("Dev", word=word, **afterwards)  # the voicemail was left ahead, whenever it is listened to
    assert Expectation.objects.filter(enrolment=cast.enrolments["Dev"], code="M").exists()


@pytest.mark.policy("3.7-d")
def test_appointments_in_school_hours_are_counted(cast, log) -> None:
    ben = cast.enrolments["Ben"].pk
    days = [date(2024, 5, 9), date(2024, 5, 10), date(2024, 5, 13), DAY]
    times = [(time(10), time(11)), (time(15, 30), None), (None, None), (time(8), time(8, 40))]
    for day, (out, back) in zip(days, times, strict=True):
        log("Ben", reason="appointment", out_at=out, back_at=back, day=day, at=moment(7, 0, date(2024, 5, 9)))
    assert appointments_in_hours(cast.hamsey.pk, [ben], DAY) == {ben: 2}


@pytest.mark.policy("3.6-a")
def test_a_caller_handed_on_is_a_task_until_the_head_says_what_came_of_it(cast) -> None:
    by = {"by": cast.actor("office"), "at": EIGHT}
    made = hand_on(cast.hamsey, caller="Pat Carter", about="Wants to talk about a move", key="h", **by)
    assert [one.caller for one in hand_overs([cast.hamsey.pk], EIGHT)] == ["Pat Carter"]
    assert made.word.outcome == "handed_on" and uncleared(cast.hamsey.pk, EIGHT) == []
    head = {"by": cast.actor("head"), "at": moment(10, 0)}
    with pytest.raises(NotLogged, match="what came of it"):
        take_over(made, outcome="", key="a", **head)
    take_over(made, outcome="Meeting on Friday", key="b", **head)
    assert hand_overs([cast.hamsey.pk], moment(10, 1)) == []
    with pytest.raises(NotLogged, match="Harriet Head has taken this caller already: Meeting on Friday"):
        take_over(made, outcome="Rang back", key="c", **head)
    assert HandOver.objects.get().done.reason == "Meeting on Friday"


def test_the_inbox_counts_down_to_the_calls(cast) -> None:
    facts = facts_of(cast.hamsey.pk)
    assert countdown(facts, moment(9, 18)).words == "12 minutes until calls begin"
    assert countdown(facts, moment(9, 29)).words == "1 minute until calls begin"
    assert countdown(facts, moment(9, 30)).is_over
    assert countdown(facts, moment(8, 0, date(2024, 5, 18))) is None
    changed = date(2024, 4, 15)  # the first school day on summer time
    assert countdown(facts, moment(8, 30, changed)).words == "1 hour until calls begin"


def test_a_call_after_school_or_at_the_weekend_is_about_the_next_school_day(cast) -> None:
    facts = facts_of(cast.hamsey.pk)
    assert day_to_report(facts, moment(8, 20)) == DAY
    assert day_to_report(facts, moment(15, 30)) == date(2024, 5, 15)
    assert day_to_report(facts, moment(12, 0, date(2024, 5, 18))) == date(2024, 5, 20)
    assert day_to_report(facts, moment(18, 0, date(2024, 5, 24))) == date(2024, 6, 3)  # over the half-term
