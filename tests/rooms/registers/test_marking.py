"""Taking a register: what a save writes, what it refuses, and that it is whole or not at all."""

from dataclasses import replace

import pytest
from django.db import transaction

from rollcall.insight.queries import home
from rollcall.journal.actions import begin
from rollcall.registers import actions
from rollcall.registers.actions import NewMark, NotSaved
from rollcall.registers.models import Entry, Expectation, SheetRow
from rollcall.registers.queries.figures import year_figures
from rollcall.registers.queries.history import mark_history
from rollcall.rules import codes
from rollcall.rules.policy import shipped_text
from rollcall.schools.queries import SchoolFacts, facts_of
from tests.cast import DAY, Cast, moment


def mark(cast: Cast, name: str, code: str, **more) -> NewMark:
    return NewMark(cast.enrolments[name].pk, code, **more)


def save(cast: Cast, *marks: NewMark, key: str = "k1", half="AM", at=None, facts=None):
    at = at or cast.at
    return actions.record_marks(cast.kestrels, DAY, half, marks, by=cast.actor("teacher"), at=at, key=key, facts=facts)


def under(cast: Cast, shipped: str) -> SchoolFacts:
    """What stands at Hamsey, as if it had adopted another policy."""
    return replace(facts_of(cast.hamsey.pk), policies=((DAY, 1, shipped_text(shipped)),))


@pytest.mark.policy("4.1-b")
def test_a_save_stands_in_the_ledger_and_on_the_sheet(cast: Cast) -> None:
    save(cast, mark(cast, "Aisha", "/"), mark(cast, "Ben", "I"))
    assert mark_history(cast.enrolments["Ben"].pk, DAY, "AM").code == "I"
    assert Entry.objects.count() == 2
    row = SheetRow.objects.get(enrolment=cast.enrolments["Ben"])
    assert row.marks.count(b"I") == 1
    assert len(row.marks) == 732


def test_the_same_save_twice_makes_one_entry(cast: Cast) -> None:
    save(cast, mark(cast, "Aisha", "/"))
    again = save(cast, mark(cast, "Aisha", "/"))
    assert again.repeated
    assert Entry.objects.count() == 1


def test_a_key_of_another_act_hands_nothing_in_and_asks_for_nothing(cast: Cast) -> None:
    save(cast, *(mark(cast, name, "/") for name in ("Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn")))
    by = {"by": cast.actor("teacher"), "at": cast.at, "key": "k1"}
    with pytest.raises(NotSaved, match="used for something else"):
        actions.submit_register(cast.kestrels, DAY, "AM", **by)
    with pytest.raises(NotSaved, match="used for something else"):
        actions.ask_for_change(cast.kestrels, DAY, "AM", mark(cast, "Ben", "I"), reason="He is ill", **by)


@pytest.mark.policy("A1-b")
def test_a_code_that_cannot_be_true_is_refused_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(NotSaved) as caught:
        save(cast, mark(cast, "Aisha", "/"), mark(cast, "Ben", "S"))
    assert "year 11" in caught.value.refused[cast.enrolments["Ben"].pk]
    assert not Entry.objects.exists()
    save(cast, mark(cast, "Aisha", "/"))


@pytest.mark.policy("A1-b")
@pytest.mark.parametrize(
    ("code", "edition"), [("C", "federation"), ("H", "federation"), ("C", "national"), ("J1", "national")]
)
def test_a_code_for_leave_stands_only_where_the_leave_was_granted_before(cast: Cast, code: str, edition: str) -> None:
    facts = under(cast, edition)
    ben = mark(cast, "Ben", code)
    with pytest.raises(NotSaved, match="needs leave that was granted"):
        save(cast, ben, facts=facts)
    by = {"by": cast.actor("office"), "at": cast.at}
    when = {"first": (DAY, "AM"), "last": (DAY, "PM")}
    actions.expect(cast.enrolments["Ben"], **when, code="C", ground="A wedding", leave_granted=True, **by)
    save(cast, ben, facts=facts)
    assert mark_history(cast.enrolments["Ben"].pk, DAY, "AM").code == code


def test_a_mark_changed_meanwhile_is_asked_about_not_overwritten(cast: Cast) -> None:
    save(cast, mark(cast, "Aisha", "N", seen="-"))
    with pytest.raises(NotSaved) as caught:
        save(cast, mark(cast, "Aisha", "/", seen="-"), key="k2")
    assert caught.value.changed == {cast.enrolments["Aisha"].pk: "N"}


@pytest.mark.policy("4.1-c")
def test_after_closing_a_standing_mark_is_not_changed_by_the_taker(cast: Cast) -> None:
    save(cast, mark(cast, "Aisha", "/"))
    with pytest.raises(NotSaved) as caught:
        save(cast, mark(cast, "Aisha", "N", seen="/"), key="k2", at=moment(9, 16))
    assert "ask the office" in str(caught.value)
    save(cast, mark(cast, "Ben", "/"), key="k3", at=moment(9, 16))


@pytest.mark.policy("4.1-c")
def test_what_the_office_entered_after_closing_is_not_changed_by_who_takes_the_register_late(cast: Cast) -> None:
    office = {"by": cast.actor("secretary"), "at": moment(9, 30), "key": "k1", "reason": "The dentist's card was shown"}
    actions.amend_marks(cast.kestrels, DAY, "AM", [mark(cast, "Aisha", "M", seen="-")], **office)
    with pytest.raises(NotSaved, match="ask the office"):
        save(cast, mark(cast, "Aisha", "O", seen="M"), key="k2", at=moment(9, 40))
    save(cast, mark(cast, "Ben", "U", minutes_late=60, seen="-"), key="k3", at=moment(9, 41))
    save(cast, mark(cast, "Ben", "U", minutes_late=55, seen="U"), key="k4", at=moment(9, 42))
    assert mark_history(cast.enrolments["Aisha"].pk, DAY, "AM").code == "M"


@pytest.mark.policy("4.1-c")
def test_an_amendment_keeps_both_marks_the_reason_the_date_and_who(cast: Cast) -> None:
    save(cast, mark(cast, "Aisha", "N"))
    actions.amend_marks(
        cast.kestrels,
        DAY,
        "AM",
        [mark(cast, "Aisha", "I", seen="N")],
        by=cast.actor("secretary"),
        at=moment(10, 30),
        key="k2",
        reason="Mother rang: a cold",
    )
    history = mark_history(cast.enrolments["Aisha"].pk, DAY, "AM")
    original, amended = history.history
    assert (original.code, amended.code) == ("N", "I")
    assert amended.reason == "Mother rang: a cold"
    assert amended.at == moment(10, 30)
    assert (amended.who, amended.position) == ("Sue Secretary", "Attendance officer (school secretary)")


def test_nothing_is_marked_ahead_or_on_a_closed_day(cast: Cast) -> None:
    with pytest.raises(NotSaved, match="opens at 13.00"):
        save(cast, mark(cast, "Aisha", "\\"), half="PM")
    with pytest.raises(NotSaved, match="Early May"):
        actions.record_marks(
            cast.kestrels,
            DAY.replace(day=6),
            "AM",
            [mark(cast, "Aisha", "/")],
            by=cast.actor("teacher"),
            at=cast.at,
            key="k",
        )
    assert not Entry.objects.exists()


def amended(cast: Cast, name: str, code: str, reason: str) -> None:
    seen = mark_history(cast.enrolments[name].pk, DAY, "AM").code
    office = {"by": cast.actor("secretary"), "at": moment(10, 30), "key": f"{name}-{code}", "reason": reason}
    actions.amend_marks(cast.kestrels, DAY, "AM", [mark(cast, name, code, seen=seen)], **office)


def decided(cast: Cast, name: str, code: str, reason: str) -> None:
    """A mark that somebody decided, as the rooms above do it: part of their own deed."""
    with transaction.atomic():
        deed = begin("test.decided", by=cast.actor("head"), at=moment(10, 30), reason=reason, school=cast.hamsey.pk)
        actions.mark_within(deed, cast.hamsey.pk, [(DAY, "AM", mark(cast, name, code))], at=moment(10, 30))


def counted(cast: Cast, name: str) -> tuple[int, int]:
    """Authorised and unauthorised sessions of a pupil this year."""
    found = year_figures(cast.hamsey.pk, [cast.enrolments[name].pk], 2023, moment(18, 0))
    return found[cast.enrolments[name].pk].authorised, found[cast.enrolments[name].pk].unauthorised


@pytest.mark.policy("A1-c")
def test_no_reason_yet_counts_as_unauthorised_until_the_reason_is_known_or_none_came(cast: Cast) -> None:
    save(cast, mark(cast, "Aisha", "N"), mark(cast, "Ben", "N"))
    assert [one.name for one in home.today({cast.hamsey.pk}, cast.at).unheard] == ["Aisha Begum", "Ben Carter"]
    assert counted(cast, "Aisha") == counted(cast, "Ben") == (0, 1)
    amended(cast, "Aisha", "I", "Her mother rang: a cold")
    decided(cast, "Ben", "O", "Asked three times, and no reason was given")
    assert (counted(cast, "Aisha"), counted(cast, "Ben")) == ((1, 0), (0, 1))
    assert "N" not in {one.code for one in home.today({cast.hamsey.pk}, moment(10, 31)).unheard}
    assert [one.code for one in mark_history(cast.enrolments["Ben"].pk, DAY, "AM").history] == ["N", "O"]


@pytest.mark.policy("A1-d")
def test_a_holiday_that_was_not_granted_is_g_and_other_absence_without_leave_is_o(cast: Cast) -> None:
    with pytest.raises(NotSaved, match="needs leave that was granted before the absence"):
        save(cast, mark(cast, "Aisha", "H"))
    for name, code, ground in (("Aisha", "G", "Leave for a holiday was refused"), ("Ben", "O", "They will stay away")):
        span = {"first": (DAY, "AM"), "last": (DAY, "PM")}
        actions.expect(cast.enrolments[name], **span, code=code, ground=ground, by=cast.actor("head"), at=moment(8, 0))
    save(cast, mark(cast, "Aisha", "G"), mark(cast, "Ben", "O"))
    assert counted(cast, "Aisha") == counted(cast, "Ben") == (0, 1)
    meanings = {code: codes.table("2006")[code].meaning.lower() for code in ("G", "O")}
    assert "holiday" in meanings["G"]
    assert "holiday" not in meanings["O"]
    actions.expect(
        cast.enrolments["Chloe"],
        first=(DAY, "AM"),
        last=(DAY, "PM"),
        code="H",
        ground="A cousin's wedding, granted on 1 May",
        leave_granted=True,
        by=cast.actor("secretary"),
        at=moment(8, 0),
    )
    save(cast, mark(cast, "Chloe", "H"), key="k2")
    assert counted(cast, "Chloe") == (1, 0)


@pytest.mark.policy("4.1-c")
def test_a_register_of_an_earlier_day_can_be_filled_but_not_re_marked_by_its_taker(cast: Cast) -> None:
    next_day = moment(8, 50, DAY.replace(day=15))
    save(cast, mark(cast, "Aisha", "/"), at=next_day)
    with pytest.raises(NotSaved, match="ask the office"):
        save(cast, mark(cast, "Aisha", "O", seen="/"), key="k2", at=next_day.replace(minute=51))


@pytest.mark.policy("A1-b")
def test_leave_recorded_after_the_absence_lets_no_code_of_leave_stand(cast: Cast) -> None:
    def leave(hour: int) -> Expectation:
        return actions.expect(
            cast.enrolments["Aisha"],
            first=(DAY, "AM"),
            last=(DAY, "AM"),
            code="C",
            ground="A funeral",
            leave_granted=True,
            by=cast.actor("head"),
            at=moment(hour, 0),
        )

    late = leave(14)
    with pytest.raises(NotSaved, match="granted"):
        save(cast, mark(cast, "Aisha", "C"), at=moment(14, 30))
    actions.withdraw(late, by=cast.actor("head"), at=moment(14, 31), reason="It was granted at 8")
    leave(8)
    save(cast, mark(cast, "Aisha", "C"), at=moment(14, 30))
