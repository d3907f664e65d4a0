"""What happened to a pupil's registers, as the pupil's page says it: who, when, why, and which mark it was."""

from rollcall.journal.actor import Actor
from rollcall.registers import actions
from rollcall.registers.actions import NewMark
from rollcall.registers.queries.happenings import RegisterHappening, happenings
from tests.cast import DAY, Cast, moment


def who(by: Actor) -> str:
    return f"{by.name}, {by.position}"


def test_marks_changed_wishes_and_known_absences_are_told_newest_first(cast: Cast) -> None:
    ben, aisha = cast.enrolments["Ben"], cast.enrolments["Aisha"]
    teacher, secretary, office = (cast.actor(name) for name in ("teacher", "secretary", "office"))
    session, code = (cast.kestrels, DAY, "AM"), [NewMark(ben.pk, "N"), NewMark(aisha.pk, "/")]
    actions.record_marks(*session, code, by=teacher, at=moment(9, 10), key="a")
    wish = actions.ask_for_change(
        *session, NewMark(ben.pk, "I"), by=teacher, at=moment(10, 0), key="b", reason="He is ill"
    )
    actions.decide_change(wish, cast.kestrels, accept=True, by=secretary, at=moment(10, 30), key="c")
    refused = actions.ask_for_change(
        *session, NewMark(aisha.pk, "L", 9), by=teacher, at=moment(10, 40), key="d", reason="She was late"
    )
    actions.decide_change(
        refused, cast.kestrels, accept=False, by=secretary, at=moment(10, 50), key="e", reason="She was in time"
    )
    first, last = (DAY.replace(day=15), "AM"), (DAY.replace(day=16), "PM")
    known = actions.expect(
        ben, first=first, last=last, code="I", ground="A cold", told_by="Mother", by=office, at=moment(11, 0)
    )
    actions.withdraw(known, by=secretary, at=moment(11, 30), reason="Back today")
    found = happenings([ben.pk, aisha.pk])
    mark, hers = (ben.pk, DAY, "AM"), (aisha.pk, DAY, "AM")
    day, because = "Tuesday 14 May, morning", f"Asked by {teacher.name}: He is ill"
    assert found == [
        RegisterHappening(moment(11, 30), "Expected absence withdrawn, Wednesday 15 May to Thursday 16 May",
                          who(secretary), "Back today"),
        RegisterHappening(moment(11, 0), "Absence expected (I), Wednesday 15 May to Thursday 16 May",
                          who(office), "A cold. Told by Mother."),
        RegisterHappening(moment(10, 50), f"Change declined: / to L, {day}", who(secretary), "She was in time", hers),
        RegisterHappening(moment(10, 40), f"Change asked for: / to L, {day}", who(teacher), "She was late", hers),
        RegisterHappening(moment(10, 30), f"Mark changed from N to I, {day}", who(secretary), because, mark),
        RegisterHappening(moment(10, 30), f"Change accepted: N to I, {day}", who(secretary), because, mark),
        RegisterHappening(moment(10, 0), f"Change asked for: N to I, {day}", who(teacher), "He is ill", mark),
    ]  # fmt: skip
    assert happenings([aisha.pk]) == found[2:4]
    assert happenings([]) == []


def test_only_the_last_change_of_a_mark_is_told_with_what_stood_before(cast: Cast) -> None:
    ben, teacher = cast.enrolments["Ben"].pk, cast.actor("teacher")
    session = (cast.kestrels, DAY, "AM")
    for n, code in enumerate(("N", "-", "/")):
        actions.record_marks(*session, [NewMark(ben, code)], by=teacher, at=moment(9, 5 + n), key=f"k{n}")
    assert [one.what for one in happenings([ben])] == ["Mark changed from no mark to /, Tuesday 14 May, morning"]
