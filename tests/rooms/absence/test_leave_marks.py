"""After the decision: refused and then away, granted and not taken, a suspected holiday, and how long it is kept."""

from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from rollcall.absence.actions.doubt_deciding import decide
from rollcall.absence.actions.doubt_sending import NotDone
from rollcall.absence.actions.doubts import Asking, open_doubt, tell, withdraw_doubt
from rollcall.absence.actions.leave_marks import NotMarked, mark_refused
from rollcall.absence.actions.leave_retaining import retain_leave
from rollcall.absence.actions.reports import Absence, Caller, log_report
from rollcall.absence.models import Doubt, LeaveDecision, LeaveRequest, LeaveSpan, Report
from rollcall.absence.queries.doubt_grounds import notice_stands, request_stands
from rollcall.absence.queries.doubts import NOTICE, REQUEST, doubt
from rollcall.absence.queries.leave import GROUND
from rollcall.absence.queries.leave_letters import leave_stands
from rollcall.absence.queries.leave_taken import not_taken, refused_then_away
from rollcall.journal.models import Deed
from rollcall.letters.fields import threat_in
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.models import Entry
from rollcall.registers.queries.today import marks_now
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON
from tests.cast import moment
from tests.rooms.absence.day import taken_before
from tests.rooms.absence.leave_cast import FIRST, SECOND, THIRD, asked, decided, link
from tests.rooms.casework.marking import phone

GROUNDS = {GROUND: leave_stands, REQUEST: request_stands, NOTICE: notice_stands}


def mark(cast, day: date, code: str, half: str = "AM", name: str = "Ben") -> None:
    registers.record_marks(
        cast.kestrels, day, half, [NewMark(cast.enrolments[name].pk, code)], by=cast.actor("teacher"),
        at=moment(9 if half == "AM" else 13, 2, day), key=f"{day}{half}{name}{code}",
    )  # fmt: skip


def stands(cast, day: date, half: str = "AM") -> str:
    ben = cast.enrolments["Ben"].pk
    return next(one.code for one in marks_now([cast.hamsey.pk], day, half) if one.enrolment == ben)


def refused(cast, reason: str = "holiday", **other) -> LeaveRequest:
    """Ben's request refused, and the answer gone."""
    row = asked(cast, reason=reason)
    decided(cast, row, "", "", "", **other)
    drain(grounds=GROUNDS, by=cast.by, at=moment(10, 1))
    return row


@pytest.mark.policy("5.1-c")
@pytest.mark.parametrize(("reason", "code"), [("holiday", "G"), ("wedding", "O")])
def test_refused_and_then_away_is_g_for_a_holiday_and_o_else(cast, reason, code) -> None:
    row = refused(cast, reason)
    mark(cast, FIRST, "N")
    mark(cast, FIRST, "N", "PM")
    mark(cast, SECOND, "/")
    facts, at = facts_of(cast.hamsey.pk), moment(14, 0, SECOND)
    (away,) = refused_then_away(facts, at)
    assert [(m.day, m.half, m.code, m.proposed) for m in away.marks] == [
        (FIRST, "AM", "N", code), (FIRST, "PM", "N", code),
    ]  # fmt: skip
    assert mark_refused(row, because="", by=cast.actor("head"), at=at, key="m") == 2
    assert stands(cast, FIRST) == stands(cast, FIRST, "PM") == code and stands(cast, SECOND) == "/"
    entry = Entry.objects.filter(day=FIRST, half="AM").last()
    assert entry.deed.reason == "Leave asked for on 14 May was refused on 14 May"
    assert refused_then_away(facts, at) == []
    with pytest.raises(NotMarked, match="No mark of these days waits"):
        mark_refused(row, because="", by=cast.actor("head"), at=at, key="again")


@pytest.mark.policy("5.1-c")
def test_an_o_of_a_refused_holiday_becomes_g(cast) -> None:
    row = refused(cast)
    taken_before(cast, "Kestrels", "AM", FIRST, {"Ben": "O"}, moment(9, 2, FIRST))
    mark_refused(row, because="They were in Spain", by=cast.actor("head"), at=moment(14, 0, FIRST), key="m")
    assert stands(cast, FIRST) == "G"


@pytest.mark.policy("4.2-c")
def test_no_mark_turns_before_the_refusal_has_reached_the_family(cast) -> None:
    row = asked(cast, reason="holiday")
    decided(cast, row, "", "", "")
    mark(cast, FIRST, "N")
    at = moment(14, 0, FIRST)
    with pytest.raises(NotMarked, match="has not reached the family \\(waiting\\)"):
        mark_refused(row, because="", by=cast.actor("head"), at=at, key="m")
    assert stands(cast, FIRST) == "N"
    Message.objects.update(state="failed")
    with pytest.raises(NotMarked, match="failed"):
        mark_refused(row, because="", by=cast.actor("head"), at=at, key="n")
    Message.objects.update(state="sent")
    assert mark_refused(row, because="", by=cast.actor("head"), at=at, key="o") == 1


def test_who_came_late_or_was_ill_is_not_turned(cast) -> None:
    refused(cast)
    mark(cast, FIRST, "I")
    registers.record_marks(
        cast.kestrels, SECOND, "AM", [NewMark(cast.enrolments["Ben"].pk, "U", 40)], by=cast.actor("teacher"),
        at=moment(9, 40, SECOND), key="u",
    )  # fmt: skip
    (away,) = refused_then_away(facts_of(cast.hamsey.pk), moment(14, 0, SECOND))
    assert away.marks == () and [m.code for m in away.doubtful] == ["I"]


def test_the_marks_of_other_days_and_of_granted_days_are_left_alone(cast) -> None:
    row = asked(cast, reason="holiday")
    decided(cast, row, "H", "", "", how="said", told_words="Rang Pat")
    for day in (FIRST, SECOND, date(2024, 6, 11)):
        mark(cast, day, "N")
    (away,) = refused_then_away(facts_of(cast.hamsey.pk), moment(14, 0, SECOND))
    assert [m.day for m in away.marks] == [SECOND]


def test_leave_that_was_not_taken_is_shown(cast, signed_in, clock) -> None:
    decided(cast, asked(cast), "C", "C", "C")
    mark(cast, FIRST, "C")
    mark(cast, SECOND, "/")
    (came,) = not_taken(facts_of(cast.hamsey.pk), moment(14, 0, SECOND))
    assert [(m.day, m.code) for m in came.marks] == [(SECOND, "/")]
    head = signed_in("head")
    clock(moment(14, 0, SECOND))
    assert "Granted, and in school after all" in head.get(reverse("absence:leave", args=["hamsey"])).text


@pytest.mark.policy("5.1-c")
def test_the_head_decides_the_marks_by_one_press(cast, signed_in, clock) -> None:
    row = refused(cast)
    mark(cast, FIRST, "N")
    head, secretary = signed_in("head"), signed_in("secretary")
    clock(moment(14, 0, FIRST))
    page = head.get(reverse("absence:leave", args=["hamsey"])).text
    url = reverse("absence:leave_marks", args=[row.pk])
    assert url in page and "G for 1 session" in page
    assert url not in secretary.get(reverse("absence:leave", args=["hamsey"])).text
    assert secretary.post(url, {"key": "s"}).status_code == 403 and stands(cast, FIRST) == "N"
    head.post(url, {"key": "h"})
    assert stands(cast, FIRST) == "G"


def test_a_report_of_the_same_days_has_its_code_with_the_decision(cast) -> None:
    log_report(
        facts_of(cast.hamsey.pk), [cast.enrolments["Ben"]], Absence("holiday", FIRST), Caller(link=link(cast).pk),
        by=cast.actor("secretary"), at=cast.at, key="rang",
    )  # fmt: skip
    assert Report.objects.get().question
    decided(cast, asked(cast, reason="holiday"), "H", "H", "H")
    told = Report.objects.get()
    assert (told.code, told.decided.kind) == ("H", "leave.decided")


def holiday_form(cast, **other) -> dict[str, object]:
    return {
        "key": "k", "first_day": "2024-06-12", "last_day": "2024-06-13", "whys": ["refused", "told"], "why": "",
        "would_do": ["doctor's note for these days"], "contact": link(cast).pk, "how": "message", "due": "2024-06-20",
        **other,
    }  # fmt: skip


@pytest.mark.policy("5.1-c")
@pytest.mark.policy("4.2-c")
def test_a_suspected_holiday_tells_what_would_change_it_and_turns_only_then(cast, signed_in, clock, mailoutbox) -> None:
    phone(cast)
    row = refused(cast)
    for day in (FIRST, SECOND):
        mark(cast, day, "I")
    mailoutbox.clear()
    head = signed_in("head")
    clock(at := moment(14, 0, THIRD))
    url = reverse("absence:holiday", args=[cast.enrolments["Ben"].pk])
    page = head.get(f"{url}?first=2024-06-12&last=2024-06-13")
    assert page.context["form"].initial["whys"] == ["refused"] and "Leave that was asked for" in page.text
    shown = head.post(url, holiday_form(cast))
    assert "pat.carter@example.org" in shown.text and not Doubt.objects.exists()
    assert "Somebody told us that the family was away." in shown.text
    done = head.post(url, {**holiday_form(cast), "send": "yes"})
    made = Doubt.objects.get()
    assert done.url == reverse("absence:doubt", args=[made.pk]) and (made.kind, made.leave_id) == ("holiday", row.pk)
    drain(grounds=GROUNDS, by=cast.by, at=at)
    (mail,) = mailoutbox
    for said in ("doctor's note for these days", "from Wednesday 12 June to Thursday 13 June", "by Thursday 20 June"):
        assert said in mail.body
    assert threat_in(mail.body) == "" and stands(cast, FIRST) == "I"
    by = {"by": cast.actor("head"), "at": moment(14, 5, THIRD)}
    with pytest.raises(NotDone, match="Tell the parents first"):
        decide(made, code="G", because="No leave", key="d", **by)
    tell(made, how="phone", contact=link(cast).pk, words="Told Pat it turns unauthorised", key="t", **by)
    assert decide(made, code="G", because="No leave was granted", key="e", **by) == 2
    assert stands(cast, FIRST) == stands(cast, SECOND) == "G"
    assert doubt(made.pk, moment(14, 6, THIRD)).state == "decided"


@pytest.mark.policy("5.1-c")
def test_a_suspected_holiday_needs_a_why_and_what_would_do(cast, signed_in) -> None:
    office = signed_in("secretary")
    url = reverse("absence:holiday", args=[cast.enrolments["Ben"].pk])
    assert "Say why it is suspected" in office.post(url, holiday_form(cast, whys=[], why="")).text
    assert "Tick what would change it" in office.post(url, holiday_form(cast, would_do=[])).text
    assert not Doubt.objects.exists()


@pytest.mark.policy("4.1-e")
def test_leave_goes_when_its_period_is_over_and_not_earlier(cast) -> None:
    row = asked(cast)
    decided(cast, row, "C", "C", "C")
    expectation = LeaveSpan.objects.get().expectation
    # The leave's own last day comes after the decision, so the three years run from it.
    last = datetime(2027, 6, 14, 3, 0, tzinfo=LONDON)
    assert retain_leave(cast.hamsey.pk, by=cast.by, at=last) == 0 and LeaveRequest.objects.exists()
    after = datetime(2027, 6, 15, 3, 0, tzinfo=LONDON)
    assert retain_leave(cast.hamsey.pk, by=cast.by, at=after, held={row.enrolment_id}) == 0
    assert retain_leave(cast.barcombe.pk, by=cast.by, at=after) == 0
    assert retain_leave(cast.hamsey.pk, by=cast.by, at=after) == 1
    assert not LeaveRequest.objects.exists() and not LeaveDecision.objects.exists()
    expectation.refresh_from_db()
    assert Deed.objects.get(kind="leave.retained").reason == "1 request for leave past their date"


@pytest.mark.policy("4.1-e")
def test_a_refusal_is_kept_from_the_last_decision_on_it(cast) -> None:
    row = refused(cast)
    LeaveRequest.objects.update(first_day=date(2024, 5, 15), last_day=date(2024, 5, 15))
    assert retain_leave(cast.hamsey.pk, by=cast.by, at=datetime(2027, 5, 15, 3, 0, tzinfo=LONDON)) == 0
    Doubt.objects.create(
        enrolment=row.enrolment, kind="holiday", first_day=FIRST, first_half="AM", last_day=FIRST, last_half="PM",
        leave=row, why="Refused", asked_how="phone", due=FIRST, deed=row.deed,
    )  # fmt: skip
    after = datetime(2027, 5, 16, 3, 0, tzinfo=LONDON)
    assert retain_leave(cast.hamsey.pk, by=cast.by, at=after) == 0
    Doubt.objects.all().delete()
    assert retain_leave(cast.hamsey.pk, by=cast.by, at=after) == 1


@pytest.mark.policy("4.1-e")
def test_the_command_lets_old_leave_go(cast, monkeypatch) -> None:
    refused(cast)
    said = StringIO()
    monkeypatch.setattr("django.utils.timezone.localtime", lambda: datetime(2027, 6, 14, 3, 0, tzinfo=LONDON))
    call_command("retain", stdout=said)
    assert "requests for leave" not in said.getvalue() and LeaveRequest.objects.exists()
    monkeypatch.setattr("django.utils.timezone.localtime", lambda: datetime(2027, 6, 15, 3, 0, tzinfo=LONDON))
    call_command("retain", stdout=said)
    assert "Hamsey Primary School: 1 of its requests for leave" in said.getvalue() and not LeaveRequest.objects.exists()


@pytest.mark.policy("4.2-c")
def test_while_evidence_of_another_reason_is_asked_for_a_refusal_turns_no_mark(cast) -> None:
    row = refused(cast)
    mark(cast, FIRST, "N")
    at = moment(10, 0, FIRST)
    ben, who = cast.enrolments["Ben"], {"by": cast.actor("head"), "at": at}
    asking = Asking(
        "illness", (FIRST, "AM"), (FIRST, "PM"), "They said that he is ill.", ("a prescription",), link(cast).pk,
        "phone", SECOND,
    )  # fmt: skip
    asked_of = open_doubt(ben, asking, key="ask", **who)
    with pytest.raises(NotMarked, match="Evidence of the reason was asked for"):
        mark_refused(row, because="", key="marks", **who)
    withdraw_doubt(asked_of, because="The family rang", key="off", **who)
    assert mark_refused(row, because="", key="marks", **who) == 1 and stands(cast, FIRST) == "G"
