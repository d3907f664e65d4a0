"""Trips and activities for a group: planned and undone in one deed, confirmed on the day, nobody safe by assumption."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.absence.actions.activities import NotPlanned, Said, call_off, confirm, take_out
from rollcall.absence.models import Activity, ActivityCheck, ActivityPlace
from rollcall.absence.queries import happenings
from rollcall.absence.queries.accounted import why_accounted
from rollcall.absence.queries.activities import seated_in, waiting
from rollcall.absence.queries.calls import call_list
from rollcall.absence.queries.on_site import on_site
from rollcall.absence.queries.report import absentee_report
from rollcall.absence.views.live import forget_drawn
from rollcall.accounts.queries import standing
from rollcall.journal.actions import AlreadyDone
from rollcall.journal.models import Deed
from rollcall.registers.models import Entry, Expectation
from rollcall.registers.queries.known_ahead import expected_now
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.trips import code, mark, names_on_call_list, plan, say, trip


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    forget_drawn()


@pytest.mark.policy("4.1-b")
def test_planning_is_one_deed_an_expectation_each_and_no_mark(cast: Cast) -> None:
    n = Deed.objects.count()
    made = plan(cast)
    assert Deed.objects.count() == n + 1
    assert (made.left_out, ActivityPlace.objects.count(), Entry.objects.count()) == ({}, 3, 0)
    found = expected_now([cast.enrolments["Ben"].pk], DAY, "PM", facts_of(cast.hamsey.pk))[cast.enrolments["Ben"].pk]
    assert (found.code, found.ground) == ("V", "Museum, with Tom Teacher")
    with pytest.raises(AlreadyDone):
        plan(cast)


def test_it_costs_the_same_for_one_child_and_for_eight(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        plan(cast, "Aisha", key="one")
    with CaptureQueriesContext(connection) as many:
        plan(cast, "Ben", "Chloe", "Dev", "Esme", "Finn", "Gus", "Hana", "Ivo", key="two")
    assert len(many) <= len(few) + 1


def test_the_same_is_known_once_and_who_is_excluded_or_not_on_roll_is_left_out(cast: Cast) -> None:
    plan(cast, "Aisha")
    schools.record_exclusion(
        cast.enrolments["Ben"], begins=DAY, ends=DAY, permanent=False, provision_from=None, by=cast.by, at=cast.at
    )
    Enrolment.objects.filter(pk=cast.enrolments["Dev"].pk).update(left=DAY - timedelta(days=1))
    cast.enrolments["Dev"].refresh_from_db()
    left_out = plan(cast, "Aisha", "Ben", "Chloe", "Dev", key="more").left_out
    words = [left_out[cast.enrolments[name].pk] for name in ("Aisha", "Ben", "Dev")]
    assert "known already" in words[0]
    assert words[1:] == [
        "Ben Carter is left out: Suspended on 14 May.",
        "Dev Ellis is not on roll on these days.",
    ]
    assert Expectation.objects.filter(enrolment=cast.enrolments["Chloe"]).count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"code": "I"}, "no code of an activity"), ({"first": DAY, "last": DAY - timedelta(days=1)}, "ends before"),
     ({"first": date(2024, 5, 6)}, "no school"), ({"code": "K"}, "no code")],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_nothing_kept(cast: Cast, more, sentence: str) -> None:
    with pytest.raises(NotPlanned, match=sentence):
        plan(cast, **more)
    assert not Activity.objects.exists()


@pytest.mark.policy("4.1-b")
def test_until_somebody_says_so_no_mark_stands_and_the_child_is_looked_for(cast: Cast) -> None:
    activity = trip(cast)
    mark(cast, Dev="/", Esme="/", Finn="/")
    assert names_on_call_list(cast, moment(9, 14)) == []
    assert names_on_call_list(cast) == ["Aisha", "Ben", "Chloe"]
    found = call_list(facts_of(cast.hamsey.pk), moment(9, 20))
    (waiting,) = [one for one in found.trips if one.unconfirmed.activity == activity.pk]
    assert (waiting.unconfirmed.n, waiting.unconfirmed.leader, waiting.unconfirmed.phone) == (
        3,
        "Tom Teacher",
        "07700 900999",
    )
    assert [row.name for row in waiting.rows] == ["Aisha Begum", "Ben Carter", "Chloe Dunn"]
    words = "Expected on Museum, and nobody has confirmed it: ring Tom Teacher, 07700 900999."
    assert waiting.rows[0].missing.placed.words == words
    assert why_accounted(cast.enrolments["Ben"], DAY, "AM", moment(9, 20)) == words, "no family is told before"
    report = absentee_report(facts_of(cast.hamsey.pk), DAY, moment(9, 20))
    ben = next(one for one in report.away if one.name == "Ben Carter")
    assert (ben.where, ben.expected) == ("unknown", "V")
    assert "Tom Teacher to confirm that they are there" in ben.to_do


@pytest.mark.policy("4.5-a")
def test_a_child_at_risk_has_a_row_of_their_own_and_the_page_says_whom_to_ring(cast: Cast, signed_in, clock) -> None:
    pupil = cast.pupil("Ben")
    pupil.risk = "red"
    pupil.save()
    activity = trip(cast)
    assert [row.name for row in call_list(facts_of(cast.hamsey.pk), moment(9, 20)).rows] == ["Ben Carter"]
    clock(moment(9, 20))
    office = signed_in("office")
    clock(moment(9, 20))
    page = office.get("/day/hamsey/calls/").content.decode()
    assert re.search(r"3 children expected on Museum, and nobody has confirmed\s+that they are there: ring Tom", page)
    assert f"/day/activities/{activity.pk}/" in page
    assert "Expected on Museum, and nobody has confirmed it: ring Tom Teacher, 07700 900999." in page


@pytest.mark.policy("4.1-b")
def test_saying_who_is_there_makes_the_marks_and_takes_them_off_the_list(cast: Cast) -> None:
    activity = trip(cast)
    assert say(cast, activity, Aisha=True, Ben=True, Chloe=False, key="said") == {}
    assert [code(cast, name) for name in ("Aisha", "Ben", "Chloe")] == ["V", "V", "N"]
    assert names_on_call_list(cast, moment(9, 1)) == ["Chloe"], "at once, before the register closes"
    (row,) = call_list(facts_of(cast.hamsey.pk), moment(9, 1)).rows
    assert row.missing.placed.words == "Missed Museum: Tom Teacher said at 9.00 that the child is not there."
    assert why_accounted(cast.enrolments["Chloe"], DAY, "AM", moment(9, 1)) == ""
    (deed,) = Deed.objects.filter(kind="activity.confirmed")
    assert set(Entry.objects.values_list("deed_id", flat=True)) == {deed.pk}
    with pytest.raises(AlreadyDone):
        say(cast, activity, Aisha=False, key="said")
    assert code(cast, "Aisha") == "V"


def test_what_was_said_is_said_again_and_the_last_word_stands(cast: Cast) -> None:
    activity = trip(cast)
    say(cast, activity, Ben=False)
    say(cast, activity, Ben=True)
    assert (code(cast, "Ben"), names_on_call_list(cast, moment(9, 1))) == ("V", [])
    say(cast, activity, Ben=False)
    assert (code(cast, "Ben"), names_on_call_list(cast, moment(9, 1))) == ("N", ["Ben"])
    assert [one.there for one in ActivityCheck.objects.order_by("id")] == [False, True, False]


def test_a_child_whom_the_register_has_in_school_is_not_overwritten_unseen(cast: Cast) -> None:
    activity = trip(cast)
    mark(cast, Ben="/")
    place = next(one.place for one in seated_in(activity, DAY, "AM") if one.name == "Ben Carter")
    assert say(cast, activity, Aisha=True, Ben=True) == {place: "/"}
    assert (code(cast, "Aisha"), code(cast, "Ben")) == ("V", "/")
    said = {place: Said(True, seen="/")}
    confirm(activity, DAY, "AM", said, said_by="Tom", by=cast.actor("teacher"), at=moment(9, 1))
    assert code(cast, "Ben") == "V"


def test_who_stayed_in_school_keeps_their_mark_and_is_not_looked_for(cast: Cast) -> None:
    activity = trip(cast)
    mark(cast, Ben="/")
    say(cast, activity, Ben=False)
    assert code(cast, "Ben") == "/"
    assert "Ben" not in names_on_call_list(cast)
    assert not [one for one in call_list(facts_of(cast.hamsey.pk), moment(9, 20)).trips if one.unconfirmed.n != 2]


def test_a_mark_by_the_register_alone_does_not_confirm_the_trip(cast: Cast) -> None:
    trip(cast)
    mark(cast, Aisha="V", Ben="V", Chloe="V", Dev="/", Esme="/", Finn="/")
    found = call_list(facts_of(cast.hamsey.pk), moment(9, 20))
    assert [(one.unconfirmed.n, len(one.rows)) for one in found.trips] == [(3, 0)]


@pytest.mark.policy("4.1-c")
def test_after_closing_whoever_may_not_amend_changes_no_mark(cast: Cast) -> None:
    activity = trip(cast)
    mark(cast, Ben="N")
    place = {one.name.split()[0]: one.place for one in seated_in(activity, DAY, "AM")}
    given = {"said_by": "Tom", "by": cast.actor("teacher"), "at": moment(9, 40)}
    with pytest.raises(NotPlanned, match="has closed with N for Ben Carter: ask the office"):
        confirm(activity, DAY, "AM", {place["Ben"]: Said(True)}, may_amend=False, **given)
    confirm(activity, DAY, "AM", {place["Aisha"]: Said(True)}, may_amend=False, **given)
    confirm(activity, DAY, "AM", {place["Ben"]: Said(True)}, **given)
    assert (code(cast, "Aisha"), code(cast, "Ben")) == ("V", "V")


def test_nothing_is_said_before_the_day_nor_of_the_afternoon_at_departure(cast: Cast) -> None:
    activity = trip(cast)
    with pytest.raises(NotPlanned, match="nothing is said ahead"):
        say(cast, activity, at=moment(23, 59, DAY - timedelta(days=1)), Ben=True)
    with pytest.raises(NotPlanned, match="nothing is said ahead"):
        say(cast, activity, at=moment(7, 30), half="PM", Ben=True)
    assert not ActivityCheck.objects.exists()


@pytest.mark.policy("4.1-b")
def test_the_afternoon_of_a_whole_day_is_confirmed_by_itself(cast: Cast) -> None:
    activity = trip(cast)
    mark(cast, Dev="/", Esme="/", Finn="/")
    say(cast, activity, Aisha=True, Ben=True, Chloe=True)
    mark(cast, at=moment(13, 5), half="PM", Dev="\\", Esme="\\", Finn="\\")
    assert names_on_call_list(cast, moment(13, 20)) == ["Aisha", "Ben", "Chloe"]
    say(cast, activity, at=moment(13, 21), half="PM", Aisha=True, Ben=True, Chloe=True)
    assert names_on_call_list(cast, moment(13, 22)) == []
    found = on_site(facts_of(cast.hamsey.pk), moment(13, 22))
    kestrels = next(room for room in found.rooms if room.name == "Kestrels")
    assert {child.name for child in kestrels.elsewhere} == {"Aisha Begum", "Ben Carter", "Chloe Dunn"}


def test_one_child_or_the_whole_is_undone_and_marks_stay(cast: Cast) -> None:
    activity = trip(cast)
    say(cast, activity, Aisha=True)
    place = ActivityPlace.objects.get(expectation__enrolment=cast.enrolments["Ben"])
    take_out(place, by=cast.actor("office"), at=moment(9, 5), reason="No consent")
    children = [cast.enrolments[name].pk for name in ("Aisha", "Ben", "Chloe")]
    assert set(expected_now(children, DAY, "AM", facts_of(cast.hamsey.pk))) == {children[0], children[2]}
    assert call_off(activity, by=cast.actor("office"), at=moment(9, 6), reason="The coach broke down") == 2
    assert not expected_now(children, DAY, "AM", facts_of(cast.hamsey.pk))
    assert code(cast, "Aisha") == "V"
    assert names_on_call_list(cast) == ["Ben", "Chloe", "Dev", "Esme", "Finn"]


def test_a_child_who_leaves_the_school_during_a_trip_is_on_it_no_longer(cast: Cast) -> None:
    activity = trip(cast, last=DAY + timedelta(days=2))
    schools.record_leaver(
        cast.enrolments["Ben"], last_day=DAY, by=cast.actor("office"), at=moment(12, 0), reason="Moved"
    )
    assert [one.name for one in seated_in(activity, DAY, "AM")] == ["Aisha Begum", "Ben Carter", "Chloe Dunn"]
    tomorrow = DAY + timedelta(days=1)
    assert [one.name for one in seated_in(activity, tomorrow, "AM")] == ["Aisha Begum", "Chloe Dunn"]
    assert say(cast, activity, day=tomorrow, Aisha=True, Chloe=True) == {}
    assert code(cast, "Chloe", tomorrow) == "V"


def test_who_leaves_or_joins_within_the_days_is_expected_for_their_own(cast: Cast) -> None:
    schools.record_leaver(
        cast.enrolments["Ben"], last_day=DAY, by=cast.actor("office"), at=moment(8, 0), reason="Moved"
    )
    cast.enrolments["Ben"].refresh_from_db()
    trip(cast, "Ben", "Aisha", last=DAY + timedelta(days=2))
    assert Expectation.objects.get(enrolment=cast.enrolments["Ben"]).last_day == DAY


def test_dual_registration_every_week_passes_over_the_holidays_and_the_change_of_the_clocks(cast: Cast) -> None:
    """Fridays from 15 March to 26 April: the clocks go forward on 31 March, the holidays run from 29 March."""
    made = plan(cast, "Ben", first=date(2024, 3, 15), code="D", weekly_until=date(2024, 4, 26)).activities
    assert [one.first_day for one in made] == [
        date(2024, 3, 15),
        date(2024, 3, 22),
        date(2024, 4, 19),
        date(2024, 4, 26),
    ]
    after = made[2]
    say(cast, after, at=moment(8, 50, after.first_day), day=after.first_day, Ben=True, by="office")
    assert code(cast, "Ben", after.first_day) == "D"
    assert call_off(after, by=cast.by, at=moment(9, 0), reason="It has ended", following=True) == 2
    assert Activity.objects.filter(withdrawn__isnull=True).count() == 2


@pytest.mark.policy("A1-b")
def test_under_edition_2024_another_activity_keeps_its_ground(cast: Cast) -> None:
    schools.adopt_policy(
        cast.federation, document=shipped_text("national"), effective=DAY, approved=DAY - timedelta(days=9),
        review=date(2025, 7, 1), by=cast.actor("exec"), at=moment(8, 0, DAY - timedelta(days=8)),
    )  # fmt: skip
    activity = trip(cast, "Ben", code="B")
    say(cast, activity, Ben=True)
    assert Entry.objects.get().ground == "Museum"
    with pytest.raises(NotPlanned, match="J is no code"):
        plan(cast, "Chloe", code="J", key="j")


def test_what_happened_to_a_pupil_is_told(cast: Cast) -> None:
    activity = trip(cast)
    say(cast, activity, Ben=False)
    found = happenings([cast.enrolments["Ben"].pk])
    assert [(one.what, one.who) for one in found] == [
        ("Not there: Museum", "Tom Teacher, Class teacher"),
        ("Museum (V), 14 May 2024", "Sue Secretary, Attendance officer (school secretary)"),
    ]


def test_it_waits_on_the_home_page_of_who_may_confirm_it(cast: Cast) -> None:
    activity = trip(cast)

    def waits(who: str, at=cast.at) -> list[tuple[str, str]]:
        return [(one.words, one.url) for one in waiting(standing(cast.users[who], DAY), at)]

    words = [("Museum: say who is there, 3 not confirmed", f"/day/activities/{activity.pk}/")]
    assert (waits("teacher"), waits("office"), waits("wrens_teacher"), waits("stranger")) == (words, words, [], [])
    say(cast, activity, Aisha=True, Ben=False, Chloe=True)
    assert waits("teacher") == []
