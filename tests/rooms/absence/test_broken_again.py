"""More ways in which a child was lost from sight, or a mark said what was not so; each must stay shut."""

from datetime import date

import pytest

from rollcall.absence.actions.closures import close_now, open_again
from rollcall.absence.actions.found import say_where
from rollcall.absence.actions.leaders import mark_what_was_said
from rollcall.absence.actions.leave import Wish, enter_leave
from rollcall.absence.actions.withdrawing import withdraw_reports
from rollcall.absence.models import ActivityCheck, Alert, LeaveRequest, Outing, Slip
from rollcall.absence.queries.unknown import unknown_reasons
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.registers.actions import NewMark, NotSaved, amend_marks, record_marks
from rollcall.schools.models import Closure
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import mark, names, report, second_contact, the_rest_present
from tests.rooms.absence.trips import code, say, trip

LATER = date(2024, 6, 10)


def close(cast: Cast, hour: int, minute: int, half: str = "", *rooms: str) -> Closure:
    who = {"by": cast.actor("secretary"), "at": moment(hour, minute), "key": f"close-{hour}-{minute}"}
    classes = [cast.classes[room] for room in rooms]
    return close_now(cast.hamsey, DAY, half=half, why="site", ground="No heating", classes=classes, **who)


def said_at_home(cast: Cast, hour: int, minute: int) -> None:
    ben, who = cast.enrolments["Ben"].pk, {"by": cast.actor("secretary"), "key": f"found-{hour}-{minute}"}
    say_where(facts_of(cast.hamsey.pk), [ben], "At home with his mother", at=moment(hour, minute), **who)


@pytest.mark.policy("4.5-a")
def test_where_a_child_was_at_one_closure_finds_nobody_at_the_next(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    morning = close(cast, 9, 20)
    said_at_home(cast, 9, 30)
    assert names(cast, moment(9, 31)) == []
    open_again(morning, by=cast.actor("secretary"), at=moment(9, 40), key="open")
    the_rest_present(cast, "Ben", half="PM", at=moment(13, 5))
    mark(cast, "Ben", "N", half="PM", at=moment(13, 6))
    close(cast, 13, 20, "PM")
    assert names(cast, moment(13, 30)) == ["Ben"]
    said_at_home(cast, 13, 31)
    assert names(cast, moment(13, 32)) == []


@pytest.mark.policy("4.1-b")
def test_what_a_leader_said_stands_for_the_rest_where_one_class_of_the_trip_is_closed(cast: Cast) -> None:
    early, later = trip(cast, "Aisha", "Gus"), trip(cast, "Ben", "Hana", key="later")
    say(cast, early, at=moment(7, 30), Aisha=True, Gus=True)
    close(cast, 7, 45, "", "Kestrels")
    mark_what_was_said(facts_of(cast.hamsey.pk), moment(8, 46))
    say(cast, later, at=moment(9, 0), key="say", Ben=True, Hana=True)
    assert [code(cast, name) for name in ("Aisha", "Gus", "Ben", "Hana")] == ["-", "V", "-", "V"]
    assert ActivityCheck.objects.filter(there=True).count() == 4, "who is on the coach is kept all the same"


@pytest.mark.policy("4.4-b")
def test_u_with_the_minutes_of_somebody_who_came_in_time_is_refused(cast: Cast) -> None:
    ben = cast.enrolments["Ben"].pk
    who = {"by": cast.actor("secretary"), "at": moment(9, 30)}
    with pytest.raises(NotSaved, match=r"34 minutes late came before the register closed at 9\.15: that is L\."):
        record_marks(cast.kestrels, DAY, "AM", [NewMark(ben, "U", minutes_late=34)], key="34", **who)
    record_marks(cast.kestrels, DAY, "AM", [NewMark(ben, "L", minutes_late=5)], key="5", **who)
    with pytest.raises(NotSaved, match="5 minutes late came before"):
        amend_marks(cast.kestrels, DAY, "AM", [NewMark(ben, "U")], key="u", reason="He was late", **who)
    amend_marks(cast.kestrels, DAY, "AM", [NewMark(ben, "U", minutes_late=35)], key="35", reason="The slip", **who)
    assert code(cast, "Ben") == "U"


def test_a_reason_for_no_session_is_no_deed(cast: Cast, signed_in) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    url = f"/day/unknown/{cast.enrolments['Ben'].pk}/{DAY}/"
    page = signed_in("secretary").post(url, {"reason": "illness", "key": "k"}, follow=True).text
    assert "Say for which session: nothing was changed." in page and "0 sessions" not in page
    assert not Deed.objects.filter(kind="unknown.decided").exists()


@pytest.mark.policy("4.5-a", "5.1-b")
@pytest.mark.parametrize("by_name", [True, False])
def test_safeguarding_hears_that_somebody_barred_asks_for_leave(cast: Cast, by_name: bool) -> None:
    link = second_contact(cast, "Ben", barred=True)
    asker = {"asker_name": "Drew Other"} if by_name else {"asker": link.pk}
    wish, ben = Wish("bereavement", LATER, LATER, DAY, **asker), [cast.enrolments["Ben"]]
    made = enter_leave(facts_of(cast.hamsey.pk), ben, wish, by=cast.actor("office"), at=moment(10, 0), key="k")
    assert "do not contact, do not tell, do not release. Ring the safeguarding lead" in made.said[0]
    assert "do not release" in LeaveRequest.objects.get().asker_note
    who = "Somebody who may be Drew Other" if by_name else "Drew Other"
    assert Alert.objects.get(kind="barred").words.startswith(f"{who} asked for leave for Ben Carter.")
    assert list(Message.objects.values_list("kind", "to_address")) == [("staff.alert", "dsl@example.org")]


def test_a_time_is_typed_as_the_school_writes_it(cast: Cast, signed_in, clock) -> None:
    office, ben, dev = signed_in("office"), cast.enrolments["Ben"].pk, cast.enrolments["Dev"].pk
    clock(moment(9, 30))
    office.post(f"/day/late/{ben}/fill/", {"key": "k", "reason": "overslept", "came_at": "9.20"})
    assert Slip.objects.get().arrived_at == moment(9, 20)
    out = {"key": "o", "reason": "appointment", "collector": "Pat", "back_due": "12.30"}
    office.post(f"/day/out/{dev}/", out)
    assert f"{Outing.objects.get().back_due:%H.%M}" == "12.30"


@pytest.mark.policy("4.5-a")
@pytest.mark.parametrize("words", ["Handed to Drew Other at the gate", "At home with his dad", "Mr Other"])
def test_a_child_who_is_said_to_be_with_somebody_barred_is_not_found(cast: Cast, signed_in, clock, words: str) -> None:
    second_contact(cast, "Ben", barred=True)
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    close(cast, 9, 20)
    office, ben = signed_in("office"), cast.enrolments["Ben"].pk
    clock(moment(9, 30))
    said = {"key": "k", "child": ben, f"where-{ben}": words}
    stopped = office.post("/day/hamsey/calls/found/", said)
    assert stopped.status_code == 409 and "do not contact, do not tell, do not release" in stopped.text
    assert names(cast, moment(9, 31)) == ["Ben"]
    assert list(Message.objects.values_list("kind", "to_address")) == [("staff.alert", "dsl@example.org")]
    assert (
        "Somebody who may be Drew Other (father) is said to have Ben Carter with them"
        in Alert.objects.get(kind="barred").words
    )
    office.post("/day/hamsey/calls/found/", {**said, "key": "l", "otherwise": "Mr Drew Other of Year 5 teaches him"})
    assert names(cast, moment(9, 31)) == []


@pytest.mark.policy("4.1-d", "4.5-b")
def test_a_reason_is_entered_and_taken_back_while_the_childs_class_is_closed(cast: Cast) -> None:
    facts = facts_of(cast.hamsey.pk)
    the_rest_present(cast, "Ben", "Gus")
    mark(cast, "Ben", "N")
    mark(cast, "Gus", "N")
    closed = close(cast, 9, 20, "", "Kestrels")
    facts = facts_of(cast.hamsey.pk)
    said = report(cast, "Ben", at=moment(9, 25))
    assert names(cast, moment(9, 26)) == ["Gus"] and code(cast, "Ben") == "N"
    assert [one.name for one in unknown_reasons(facts, moment(9, 26))] == ["Gus Hill"]
    who = {"by": cast.actor("secretary"), "at": moment(9, 27)}
    withdraw_reports([said], reason="The wrong twin", key="w", may_amend=True, **who)
    assert names(cast, moment(9, 28)) == ["Ben", "Gus"]
    open_again(closed, by=cast.actor("secretary"), at=moment(9, 30), key="open")
    found = unknown_reasons(facts_of(cast.hamsey.pk), moment(9, 31))
    assert [one.name for one in found] == ["Ben Carter", "Gus Hill"]
