"""Ways in which a child was lost from sight, or a family told what was not so any more; each must stay shut."""

from datetime import date, time

import pytest
from django.db import transaction

from rollcall.absence.actions.alerts import acknowledge, close
from rollcall.absence.actions.asking import ask_family
from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.chasing import chase
from rollcall.absence.actions.outings import Leaving, sign_in, sign_out, stop_collector
from rollcall.absence.actions.reports import Absence, Caller, log_report
from rollcall.absence.actions.slips import fill_slip
from rollcall.absence.actions.withdrawing import withdraw_reports
from rollcall.absence.actions.words import NotLogged, hand_on, leave_word
from rollcall.absence.models import Alert, Outing, Report
from rollcall.absence.queries.accounted import not_accounted, why_accounted_by_now
from rollcall.absence.queries.asking import absent_stands, offers_for
from rollcall.absence.queries.calls import call_list
from rollcall.absence.queries.day_seen import Seen
from rollcall.absence.queries.looked_for import happenings
from rollcall.journal.actions import begin
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import URL, mark, names, report, risk, second_contact, the_rest_present
from tests.rooms.absence.day import taken_before


def alerts() -> list[tuple[str, bool]]:
    """The kinds of alert in the order they were raised, and whether each is closed."""
    return [(one.kind, one.closed_id is not None) for one in Alert.objects.order_by("id")]


def told() -> list[str]:
    return list(Message.objects.filter(kind="staff.alert").order_by("id").values_list("to_address", flat=True))


def told_us(cast: Cast, absence: Absence, caller: Caller, hour: int, minute: int) -> Report:
    by, at = cast.actor("secretary"), moment(hour, minute)
    key = f"{absence.reason}-{caller.name}-{at:%H%M}"
    ben = [cast.enrolments["Ben"]]
    facts = facts_of(cast.hamsey.pk)
    made = log_report(facts, ben, absence, caller, by=by, at=at, key=key, may_amend=True)
    return Report.objects.get(pk=made.reports[0])


def out(cast: Cast, due: time, hour: int = 9, minute: int = 40) -> Outing:
    leaving = Leaving("appointment", "Pat", back_due=due)
    return sign_out(cast.enrolments["Ben"], leaving, by=cast.actor("office"), at=moment(hour, minute))


def looked_for(cast: Cast, hour: int, minute: int) -> list[str]:
    """The call list, which must agree with the number that the day shows."""
    at = moment(hour, minute)
    found = names(cast, at)
    assert Seen(facts_of(cast.hamsey.pk), at).numbers.n_unexplained == len(found)
    return found


@pytest.mark.policy("4.5-a")
def test_safeguarding_is_told_anew_where_what_closed_the_alert_was_withdrawn(cast: Cast) -> None:
    facts = facts_of(cast.hamsey.pk)
    risk(cast, "Ben", "red")
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    chase(facts, moment(9, 50))
    twin = report(cast, "Ben", at=moment(9, 52))
    chase(facts, moment(9, 53))
    assert alerts() == [("overdue", True)]
    who = {"by": cast.actor("secretary"), "at": moment(9, 55)}
    withdraw_reports([twin], reason="The wrong twin", key="w", may_amend=True, **who)
    chase(facts, moment(9, 56))
    chase(facts, moment(9, 57))
    assert alerts() == [("overdue", True), ("overdue", False)]
    assert told() == ["dsl@example.org"] * 2


def test_an_alert_that_a_person_closed_is_not_raised_again(cast: Cast) -> None:
    facts = facts_of(cast.hamsey.pk)
    risk(cast, "Ben", "red")
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    chase(facts, moment(9, 50))
    close(Alert.objects.get(), because="The police have it", by=cast.actor("dsl"), at=moment(9, 52), key="c")
    chase(facts, moment(10, 30))
    assert alerts() == [("overdue", True)]


def test_somebody_barred_who_comes_again_is_told_of_again(cast: Cast) -> None:
    link = second_contact(cast, "Ben", barred=True)
    who = {"by": cast.actor("office")}
    stop_collector(cast.enrolments["Ben"], link, at=moment(10, 0), **who)
    stop_collector(cast.enrolments["Ben"], link, at=moment(10, 1), **who)
    assert told() == ["dsl@example.org"]
    acknowledge(Alert.objects.get(), by=cast.actor("dsl"), at=moment(10, 5), key="a")
    stop_collector(cast.enrolments["Ben"], link, at=moment(15, 0), **who)
    assert told() == ["dsl@example.org"] * 2


@pytest.mark.policy("4.5-a", "4.4-c")
def test_who_is_not_back_from_an_outing_when_they_should_be_is_looked_for(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast)
    outing = out(cast, time(10, 30))
    assert looked_for(cast, 10, 29) == []
    assert looked_for(cast, 10, 30) == ["Ben"]
    (one,) = not_accounted(facts_of(cast.hamsey.pk), DAY, moment(10, 40))
    assert one.began == moment(10, 30)
    office = signed_in("office")
    clock(moment(10, 40))
    assert (
        "Signed out at 9.40 with Pat, to be back at 10.30, and not signed back in." in office.get(URL).content.decode()
    )
    chase(facts_of(cast.hamsey.pk), moment(11, 45))
    assert alerts() == [("overdue", False)]
    # The family is told nothing: the child came to school.
    assert why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", moment(11, 45))
    sign_in(outing, by=cast.actor("office"), at=moment(11, 50))
    assert looked_for(cast, 11, 50) == []
    chase(facts_of(cast.hamsey.pk), moment(11, 51))
    assert alerts() == [("overdue", True)]


@pytest.mark.policy("4.5-a")
def test_an_outing_explains_no_afternoon_once_its_return_has_passed(cast: Cast) -> None:
    the_rest_present(cast)
    out(cast, time(12, 30))
    the_rest_present(cast, "Ben", half="PM", at=moment(13, 5))
    mark(cast, "Ben", "N", half="PM", at=moment(13, 6))
    chase(facts_of(cast.hamsey.pk), moment(13, 6))
    assert looked_for(cast, 13, 6) == ["Ben"]
    assert alerts()[0] == ("afternoon", False)
    assert "to be back at 12.30" in Alert.objects.get(kind="afternoon").words


def test_who_was_out_and_is_marked_in_by_the_next_register_is_not_looked_for(cast: Cast) -> None:
    the_rest_present(cast)
    out(cast, time(12, 30))
    the_rest_present(cast, half="PM", at=moment(13, 5))
    assert looked_for(cast, 13, 30) == []


def test_who_was_to_be_back_during_the_afternoon_is_looked_for_though_the_register_expected_them_away(
    cast: Cast,
) -> None:
    the_rest_present(cast)
    out(cast, time(14, 0), 11, 30)
    the_rest_present(cast, "Ben", half="PM", at=moment(13, 5))
    mark(cast, "Ben", "M", half="PM", at=moment(13, 6))
    assert looked_for(cast, 13, 59) == []
    assert looked_for(cast, 14, 1) == ["Ben"]
    told_us(cast, Absence("illness", DAY, part="PM"), Caller("Pat"), 14, 5)
    assert looked_for(cast, 14, 6) == []


@pytest.mark.policy("4.5-a", "4.3-a")
def test_an_appointment_that_has_ended_says_nothing_of_where_the_child_is(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    told_us(cast, Absence("appointment", DAY, back_at=time(10, 30)), Caller("Pat"), 8, 30)
    mark(cast, "Ben", "M")
    assert looked_for(cast, 10, 29) == []
    assert looked_for(cast, 10, 31) == ["Ben"]
    at = moment(10, 40)
    fill_slip(cast.enrolments["Ben"], "appointment", arrived_at=at, by=cast.actor("office"), at=at)
    assert looked_for(cast, 10, 41) == []


@pytest.mark.policy("4.5-a")
def test_an_appointment_later_in_the_morning_does_not_explain_the_register_before_it(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    told_us(cast, Absence("appointment", DAY, out_at=time(11, 0), back_at=time(12, 0)), Caller("Pat"), 8, 30)
    assert looked_for(cast, 9, 40) == ["Ben"]


@pytest.mark.policy("4.5-a")
@pytest.mark.parametrize("code", ["V", "B", "D"])
def test_nobody_without_a_mark_is_safe_elsewhere_because_somebody_entered_it_ahead(cast: Cast, code: str) -> None:
    the_rest_present(cast, "Ben")
    half_days = {"first": (DAY, "AM"), "last": (DAY, "PM")}
    registers.expect(
        cast.enrolments["Ben"], code=code, ground="Said last week", by=cast.by, at=moment(8, 0), **half_days
    )
    assert looked_for(cast, 9, 20) == ["Ben"]
    assert why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", moment(9, 20))


@pytest.mark.policy("4.5-a", "A1-d")
@pytest.mark.parametrize("code", ["G", "O"])
def test_a_decision_that_nobody_made_takes_nobody_off_the_list(cast: Cast, signed_in, clock, code: str) -> None:
    the_rest_present(cast, "Ben")
    taken_before(cast, "Kestrels", "AM", DAY, {"Ben": code}, moment(8, 55))
    assert looked_for(cast, 9, 20) == ["Ben"]
    assert not why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", moment(9, 20))
    office = signed_in("office")
    clock(moment(9, 31))
    assert f"Marked {code}, morning, and nobody decided it" in office.get(URL).content.decode()
    told_us(cast, Absence("illness", DAY), Caller("Pat"), 9, 33)
    assert looked_for(cast, 9, 34) == []


@pytest.mark.policy("4.5-a", "4.5-b")
def test_an_o_of_another_system_is_looked_into_and_one_that_was_decided_or_recorded_is_explained(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    with transaction.atomic():
        deed = begin("marks.brought_in", by=cast.by, at=moment(9, 16), school=cast.hamsey.pk)
        registers.write_entries(cast.hamsey.pk, [registers.NewEntry(cast.enrolments["Ben"].pk, DAY, "AM", "O")], deed)
    assert looked_for(cast, 9, 20) == ["Ben"]
    with transaction.atomic():
        deed = begin("doubt.decided", by=cast.actor("head"), at=moment(9, 25), reason="None", school=cast.hamsey.pk)
        for code in ("N", "O"):
            registers.mark_within(
                deed, cast.hamsey.pk, [(DAY, "AM", NewMark(cast.enrolments["Ben"].pk, code))], at=moment(9, 25)
            )
    assert looked_for(cast, 9, 26) == []


@pytest.mark.policy("4.5-a", "4.5-b")
def test_an_o_that_the_office_recorded_ahead_is_explained_by_it(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    span = {"first": (DAY, "AM"), "last": (DAY, "PM")}
    registers.expect(cast.enrolments["Ben"], **span, code="O", ground="Kept at home", by=cast.by, at=moment(8, 0))
    one = [NewMark(cast.enrolments["Ben"].pk, "O")]
    registers.record_marks(cast.kestrels, DAY, "AM", one, by=cast.actor("teacher"), at=moment(8, 55), key="o")
    assert looked_for(cast, 9, 20) == []


@pytest.mark.policy("4.5-a")
def test_the_word_of_somebody_barred_explains_nothing_and_another_adults_does(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    link = second_contact(cast, "Ben", barred=True)
    with pytest.raises(Stopped):
        told_us(cast, Absence("illness", DAY), Caller(number="07700 900555", link=link.pk), 9, 20)
    assert looked_for(cast, 9, 21) == ["Ben"] and not Report.objects.exists()
    told_us(cast, Absence("illness", DAY), Caller("Pat Carter, mother"), 9, 25)
    assert looked_for(cast, 9, 26) == []


def test_a_number_that_somebody_barred_has_too_is_never_the_next_to_call(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    second_contact(cast, "Ben", barred=True, number="+44 7700 900002")
    shared = cast.pupil("Ben").contacts.get(order=1).contact.phones.get()
    shared.number = "07700 900 002"
    shared.save()
    (row,) = call_list(facts_of(cast.hamsey.pk), moment(9, 40)).rows
    assert row.next_contact is None
    assert [one.channel for one in offers_for(cast.enrolments["Ben"], DAY).offers] == ["email"]


@pytest.mark.policy("4.5-a")
def test_a_child_who_came_for_the_afternoon_is_not_reported_away_in_the_morning(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    ben, facts = cast.enrolments["Ben"], facts_of(cast.hamsey.pk)
    (offer,) = offers_for(ben, DAY).offers
    who = {"facts": facts, "by": cast.actor("secretary")}
    ask_family(ben, "AM", [offer.id], at=moment(9, 35), key="q", **who)
    message = Message.objects.get()
    assert absent_stands(message, moment(13, 1)).stands
    mark(cast, "Ben", "\\", half="PM", at=moment(13, 2))
    # The mail server was away all morning.
    assert absent_stands(message, moment(13, 10)).why.startswith("Ben Carter is marked \\")
    with pytest.raises(NotLogged, match="Nothing was sent"):
        ask_family(ben, "AM", [offer.id], at=moment(13, 11), key="q2", **who)


@pytest.mark.parametrize("typed", ["Mr Other", "Other, Drew", "his dad"])
def test_somebody_barred_is_stopped_by_whatever_name_they_give(cast: Cast, typed: str) -> None:
    second_contact(cast, "Ben", barred=True)
    leaving = Leaving("family", typed)
    with pytest.raises(Stopped):
        sign_out(cast.enrolments["Ben"], leaving, by=cast.actor("office"), at=moment(10, 0))
    assert told() == ["dsl@example.org"]


@pytest.mark.policy("4.5-a")
def test_a_child_in_no_class_is_named_on_the_call_list(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast, "Ben")
    cast.enrolments["Ben"].memberships.update(ends=date(2024, 5, 13))
    office = signed_in("office")
    clock(moment(9, 31))
    assert "Ben Carter is on the roll and in no class" in office.get(URL).content.decode()


def test_a_caller_handed_on_last_week_says_nothing_of_today(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    ben = cast.enrolments["Ben"]
    last_week = moment(9, 0, date(2024, 5, 8))
    hand_on(cast.hamsey, caller="Pat", about="Upset", enrolment=ben, key="h", by=cast.by, at=last_week)
    found = call_list(facts_of(cast.hamsey.pk), moment(9, 40))
    assert [row.name for row in found.rows] == ["Ben Carter"]


@pytest.mark.policy("4.5-a")
def test_no_family_is_asked_before_a_register_has_said_that_the_child_is_away(cast: Cast) -> None:
    ben, facts = cast.enrolments["Ben"], facts_of(cast.hamsey.pk)
    (offer,) = offers_for(ben, DAY).offers
    with pytest.raises(NotLogged, match="No register has said yet that Ben Carter is away"):
        ask_family(ben, "AM", [offer.id], facts=facts, by=cast.actor("secretary"), at=moment(8, 55), key="q")
    assert not Message.objects.exists()


@pytest.mark.policy("4.5-a")
def test_a_family_that_has_left_word_is_not_told_that_nobody_has_heard(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    ben, facts = cast.enrolments["Ben"], facts_of(cast.hamsey.pk)
    (offer,) = offers_for(ben, DAY).offers
    ask_family(ben, "AM", [offer.id], facts=facts, by=cast.actor("secretary"), at=moment(9, 35), key="q")
    said = {"channel": "voicemail", "caller": "", "words": "He is ill", "number": "+44 7700 900002"}
    leave_word(cast.hamsey, by=cast.by, at=moment(9, 36), key="w", **said)
    assert "waits in the inbox" in absent_stands(Message.objects.get(), moment(9, 37)).why


def test_a_message_that_was_stopped_can_be_sent_again_and_one_on_its_way_is_not_doubled(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    ben = cast.enrolments["Ben"]
    (offer,) = offers_for(ben, DAY).offers
    who = {"facts": facts_of(cast.hamsey.pk), "by": cast.actor("secretary")}
    assert ask_family(ben, "AM", [offer.id], at=moment(9, 35), key="q1", **who) == 1
    with pytest.raises(NotLogged, match="on its way"):
        ask_family(ben, "AM", [offer.id], at=moment(9, 36), key="q2", **who)
    Message.objects.update(state="stopped")
    assert ask_family(ben, "AM", [offer.id], at=moment(9, 50), key="q3", **who) == 1
    assert [one.state for one in Message.objects.order_by("id")] == ["stopped", "waiting"]


@pytest.mark.policy("3.3-a")
def test_that_a_child_has_a_social_worker_is_told_to_nobody_who_may_not_know_it(cast: Cast, signed_in, clock) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    pupil = cast.pupil("Ben")
    pupil.social_worker = "Wendy Worker, 01273 555999"
    pupil.save()
    chase(facts_of(cast.hamsey.pk), moment(9, 30))
    assert alerts() == [("social_worker", False)]
    assert not any("ocial worker" in f"{one.subject} {one.body}" for one in Message.objects.all())
    assert happenings([cast.enrolments["Ben"].pk]) == []
    pages = ("/day/hamsey/", "/day/hamsey/alerts/", URL, "/day/hamsey/report/", f"/pupils/{pupil.pk}/")
    for who in ("office", "secretary", "leader"):
        client = signed_in(who)
        clock(moment(9, 35))
        for page in pages:
            assert "ocial worker" not in client.get(page).content.decode(), f"{who} at {page}"
    dsl = signed_in("dsl")
    clock(moment(9, 35))
    assert "The social worker is told" in dsl.get("/day/hamsey/alerts/").content.decode()


@pytest.mark.policy("4.5-a")
def test_who_was_missed_in_the_morning_stays_in_sight_though_nobody_takes_the_afternoon_register(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    facts = facts_of(cast.hamsey.pk)
    for at in (moment(12, 59), moment(13, 5), moment(13, 16), moment(14, 30)):
        ben = [one for one in call_list(facts, at).rows if one.name == "Ben Carter"]
        assert [one.missing.began for one in ben] == [moment(9, 15)], at
