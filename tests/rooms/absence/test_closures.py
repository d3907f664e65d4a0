"""Closing the school from its day: laid over the marks, lifted with one press, nothing beneath changed (4.1-d)."""

from datetime import date, time, timedelta

import pytest

from rollcall.absence.actions.chasing import chase
from rollcall.absence.models import Alert, Outing
from rollcall.absence.queries.accounted import not_accounted, why_accounted_by_now
from rollcall.absence.queries.alerts import alerts_of_school
from rollcall.absence.queries.asking import why_not_said
from rollcall.absence.queries.calls import call_list
from rollcall.absence.queries.day import day_page
from rollcall.absence.queries.on_site import on_site
from rollcall.absence.queries.reminders import late_registers
from rollcall.absence.queries.report import absentee_report
from rollcall.absence.queries.report_sheet import state_words
from rollcall.absence.queries.vanished import vanished
from rollcall.absence.views.live import forget_drawn
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark, NotSaved
from rollcall.registers.models import Entry
from rollcall.registers.queries.figures import year_figures
from rollcall.registers.queries.missing import register_states
from rollcall.registers.queries.standing import read_standing
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.models import Closure
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import SchoolFacts
from tests.cast import DAY, Cast, moment
from tests.rooms.absence import day
from tests.rooms.absence.calling import report, risk, trip
from tests.rooms.absence.day import all_in, outing

PAGE = "/day/hamsey/closures/"
CALLS = "/day/hamsey/calls/"


def wrens(cast: Cast) -> str:
    return f"where-room-{cast.classes['Wrens'].pk}"


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    forget_drawn()


def facts(cast: Cast) -> SchoolFacts:
    return facts_of(cast.hamsey.pk)


def mark(cast: Cast, room: str = "Kestrels", at=None, half="AM", **marks: str) -> None:
    new = [NewMark(cast.enrolments[name].pk, code) for name, code in marks.items()]
    by, key = cast.actor("head"), f"{room}-{half}-{marks}-{at}"[:80]
    registers.record_marks(cast.classes[room], DAY, half, new, by=by, at=at or cast.at, key=key)


def close(cast: Cast, signed_in, clock, at, who: str = "secretary", **more):
    clock(at)
    given = {"key": f"close-{at:%H%M}", "half": "", "why": "site", "ground": "No heating"} | more
    client = signed_in(who)
    clock(at)
    return client.post(PAGE, given)


def lift(cast: Cast, signed_in, clock, at) -> None:
    client = signed_in("secretary")
    clock(at)
    pk = Closure.objects.filter(school=cast.hamsey, first=DAY, lifted__isnull=True).get().pk
    answer = client.post(f"/day/closures/{pk}/lift/", {"key": f"lift-{at:%H%M}"})
    assert answer.status_code == 302


def called(cast: Cast, at) -> list[str]:
    return [one.standing.name.split()[0] for one in not_accounted(facts(cast), DAY, at)]


def marks(cast: Cast) -> dict[str, str]:
    children = {cast.enrolments[name].pk: name for name in ("Aisha", "Ben", "Chloe", "Gus")}
    return {children[pk]: seat.code for pk, seat in read_standing(cast.hamsey.pk, children, DAY, "AM").items()}


@pytest.mark.policy("4.1-d")
@pytest.mark.policy("A1-e")
def test_a_closure_announced_at_9_05_and_lifted_at_9_20_leaves_everything_as_it_was(
    cast: Cast, signed_in, clock
) -> None:
    mark(cast, Aisha="/", Ben="N", Chloe="I", at=moment(9, 1))
    before, n = marks(cast), list(Entry.objects.values_list("id", "code"))
    assert called(cast, moment(9, 4)) == ["Ben"]
    close(cast, signed_in, clock, moment(9, 5))

    at = moment(9, 17)
    missing = ["Ben", "Dev", "Esme", "Finn", "Gus", "Hana", "Ivo"]
    assert called(cast, at) == missing, "whoever was not accounted for when it closed is still to be found"
    calls = call_list(facts(cast), at)
    assert (calls.n, [row.name.split()[0] for row in calls.rows]) == (7, missing[:4])
    assert [(room.name, room.children) for room in calls.closed] == [("Wrens", ("Gus Hill", "Hana Iqbal", "Ivo James"))]
    assert {one.closed_words for one in not_accounted(facts(cast), DAY, at)} == {
        "The school was closed at 9.05: No heating."
    }
    assert register_states({cast.hamsey.pk: facts(cast)}, DAY, "AM", at) == []
    assert late_registers(facts(cast), at) == []
    found = absentee_report(facts(cast), DAY, at)
    assert found.due is None
    kestrels, wrens = found.classes
    assert [(one.name, one.code, one.to_do) for one in kestrels.away] == [
        ("Ben Carter", "N", ("Call",)),
        *((name, "-", ("Say where they are",)) for name in ("Dev Ellis", "Esme Field", "Finn Gray")),
    ]
    assert (kestrels.n, kestrels.n_in, wrens.unknown) == (4, 0, ("Gus Hill", "Hana Iqbal", "Ivo James"))
    assert state_words(kestrels) == (
        "The school was closed at 9.05: No heating. 4 pupils not accounted for when it closed, and not found yet."
    )
    assert set(found.closed) == {"Kestrels: No heating", "Wrens: No heating"}
    assert why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", at) == ""
    assert why_not_said(cast.enrolments["Ben"], DAY, "AM", at) == ""
    assert "is marked /" in why_accounted_by_now(cast.enrolments["Aisha"], DAY, "AM", at)
    rooms = {room.name: room for room in on_site(facts(cast), at).rooms}
    assert [child.name for child in rooms["Kestrels"].here] == ["Aisha Begum"], "who is in the building is in it"
    assert rooms["Kestrels"].closed == "No heating"
    assert marks(cast) == before
    with pytest.raises(NotSaved, match="closed on the morning of Tuesday 14 May 2024 .No heating."):
        mark(cast, Dev="/", at=at)
    figures = year_figures(cast.hamsey.pk, [cast.enrolments["Ben"].pk], 2023, moment(9, 16))
    closed = figures[cast.enrolments["Ben"].pk]

    lift(cast, signed_in, clock, moment(9, 20))
    assert called(cast, moment(9, 21)) == ["Ben", "Dev", "Esme", "Finn", "Gus", "Hana", "Ivo"], "right again at once"
    assert (marks(cast), list(Entry.objects.values_list("id", "code"))) == (before, n)
    assert [one.state for one in register_states({cast.hamsey.pk: facts(cast)}, DAY, "AM", moment(9, 21))] == [
        "late"
    ] * 2
    assert absentee_report(facts(cast), DAY, moment(9, 21)).due == moment(9, 15)
    opened = year_figures(cast.hamsey.pk, [cast.enrolments["Ben"].pk], 2023, moment(9, 21))[cast.enrolments["Ben"].pk]
    assert (opened.unauthorised, closed.unauthorised) == (1, 0)


@pytest.mark.policy("4.1-d")
def test_a_part_of_the_school_closes_and_the_rest_goes_on(cast: Cast, signed_in, clock) -> None:
    mark(cast, Aisha="/", Ben="N")
    mark(cast, "Wrens", Gus="N", Hana="/", Ivo="/")
    close(cast, signed_in, clock, moment(9, 6), classes=[cast.classes["Wrens"].pk], ground="Burst pipe in their room")
    at = moment(9, 20)
    assert called(cast, at) == ["Ben", "Chloe", "Dev", "Esme", "Finn", "Gus"], "Gus was N when his room closed"
    assert [one.class_name for one in register_states({cast.hamsey.pk: facts(cast)}, DAY, "AM", at)] == ["Kestrels"]
    found = absentee_report(facts(cast), DAY, at)
    assert [(part.name, part.state) for part in found.classes] == [("Kestrels", "late"), ("Wrens", "closed")]
    assert [one.name for one in found.classes[1].away] == ["Gus Hill"]
    assert found.closed == ("Wrens: Burst pipe in their room",)
    assert marks(cast)["Gus"] == "N"
    lift(cast, signed_in, clock, moment(9, 25))
    assert "Gus" in called(cast, moment(9, 26))


def test_the_afternoon_closes_and_the_morning_stays(cast: Cast, signed_in, clock) -> None:
    mark(cast, Aisha="/", Ben="N", Chloe="/", Dev="/", Esme="/", Finn="/")
    mark(cast, "Wrens", Gus="/", Hana="/", Ivo="/")
    close(cast, signed_in, clock, moment(12, 0), half="PM", ground="The boiler has failed")
    assert called(cast, moment(13, 30)) == ["Ben"], "where he was this morning is still not known"
    assert vanished(cast.hamsey.pk, DAY, moment(13, 30)) == []
    assert facts(cast).is_open(DAY, "AM") and not facts(cast).is_open(DAY, "PM")


@pytest.mark.policy("4.5-a")
@pytest.mark.policy("4.1-d")
def test_who_was_missing_when_it_closed_is_looked_for_until_somebody_says_where_they_are(
    cast: Cast, signed_in, clock
) -> None:
    all_in(cast, "Kestrels", at=moment(9, 2), Ben="N")
    risk(cast, "Hana", "red")
    close(cast, signed_in, clock, moment(9, 5))
    office = signed_in("office")
    clock(moment(9, 36))
    page = office.get(CALLS).content.decode()
    assert "The school was closed at 9.05: No heating. Nobody has said where Ben Carter is." in page
    assert "Nobody had taken the register, so 2 children are not accounted for:</strong> Gus Hill, Ivo James." in page
    assert [row.name for row in call_list(facts(cast), moment(9, 36)).rows] == ["Hana Iqbal", "Ben Carter"]
    seen = day_page(facts(cast), moment(9, 36))
    assert seen.numbers.n_unexplained == 4
    assert [step.notes for step in seen.steps if step.line.id == "calls"] == [("4 children not accounted for.",)]
    chase(facts(cast), moment(10, 30))
    told = Alert.objects.exclude(kind="untaken").order_by("enrolment")
    assert [(one.kind, one.about) for one in told] == [("overdue", "Ben Carter"), ("overdue", "Hana Iqbal")]
    assert all(one.words.endswith("The school was closed at 9.05: No heating.") for one in told)
    lines = alerts_of_school(facts(cast), moment(10, 30))
    assert [line.words.count("was closed at 9.05") for line in lines] == [1, 1, 1]

    clock(moment(10, 31))
    ben, hana = cast.enrolments["Ben"].pk, cast.enrolments["Hana"].pk
    wordless = office.post(f"{CALLS}found/", {"key": "0", "child": ben}, follow=True)
    assert "Say in a few words where the child is, and who has them." in wordless.content.decode()
    office.post(f"{CALLS}found/", {"key": "1", "child": ben, f"where-{ben}": "At home with his mother"})
    for _ in range(2):
        office.post(f"{CALLS}found/", {"key": "1", "room": cast.classes["Wrens"].pk, wrens(cast): "In the hall"})
    office.post(f"{CALLS}found/", {"key": "1", "child": hana, f"where-{hana}": "Collected at the gate"})
    assert called(cast, moment(10, 32)) == []
    assert absentee_report(facts(cast), DAY, moment(10, 32)).classes == ()
    assert why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", moment(10, 32)) == (
        "At home with his mother (Olly Office, 10.31)."
    )
    chase(facts(cast), moment(10, 33))
    assert {one.closed.reason for one in told.all()} == {
        "Accounted for: At home with his mother (Olly Office, 10.31).",
        "Accounted for: Collected at the gate (Olly Office, 10.31).",
    }
    found = call_list(facts(cast), moment(10, 34)).found
    assert [one.name for one in found] == ["Ben Carter", "Gus Hill", "Ivo James", "Hana Iqbal"]
    clock(moment(10, 34))
    assert "At home with his mother" in office.get(CALLS).content.decode()
    office.post(f"{CALLS}found/", {"key": "2", "undo": found[0].id})
    assert called(cast, moment(10, 35)) == ["Ben"]
    lift(cast, signed_in, clock, moment(10, 36))
    assert called(cast, moment(10, 37)) == ["Ben", "Gus", "Hana", "Ivo"], "the register says it again"


@pytest.mark.policy("4.1-d")
def test_a_closure_announced_before_the_session_began_lists_nobody(cast: Cast, signed_in, clock) -> None:
    close(cast, signed_in, clock, moment(8, 39))
    assert called(cast, moment(9, 20)) == []
    assert absentee_report(facts(cast), DAY, moment(9, 20)).classes == ()
    assert why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", moment(9, 20)) == (
        "There is no school in this session."
    )
    chase(facts(cast), moment(11, 0))
    assert not Alert.objects.exists()


@pytest.mark.policy("4.1-d")
def test_a_trip_that_nobody_had_confirmed_is_rung_though_the_school_has_closed(cast: Cast, signed_in, clock) -> None:
    day.mark(cast, at=moment(9, 2), Aisha="/", Chloe="/", Dev="/", Esme="/", Finn="/")
    all_in(cast, "Wrens", at=moment(9, 2))
    trip(cast, "Ben")
    close(cast, signed_in, clock, moment(9, 5))
    found = call_list(facts(cast), moment(9, 6))
    assert (found.n, [[row.name for row in one.rows] for one in found.trips]) == (1, [["Ben Carter"]])


@pytest.mark.policy("4.1-d")
def test_the_afternoon_that_closed_after_its_register_had_begun(cast: Cast, signed_in, clock) -> None:
    for room in ("Kestrels", "Wrens"):
        all_in(cast, room, at=moment(9, 2))
    all_in(cast, "Kestrels", "PM", at=moment(13, 3), Ben="N")
    said = close(cast, signed_in, clock, moment(13, 5), half="PM")
    assert said.status_code == 302
    page = signed_in("secretary").get(PAGE).content.decode()
    assert [one.name.split()[0] for one in vanished(cast.hamsey.pk, DAY, moment(13, 6))] == [
        "Ben",
        "Gus",
        "Hana",
        "Ivo",
    ]
    assert called(cast, moment(13, 6)) == ["Ben", "Gus", "Hana", "Ivo"]
    chase(facts(cast), moment(13, 6))
    assert [(one.kind, one.about) for one in Alert.objects.filter(enrolment=cast.enrolments["Ben"])] == [
        ("afternoon", "Ben Carter")
    ]
    assert absentee_report(facts(cast), DAY, moment(13, 6)).half == "PM"
    assert "Open again" in page
    (line,) = [one for one in alerts_of_school(facts(cast), moment(13, 7)) if one.name == "Ben Carter"]
    assert line.words.endswith("The school was closed at 13.05: No heating.")


@pytest.mark.policy("4.1-d")
def test_who_closes_is_told_who_is_not_found_by_it(cast: Cast, signed_in, clock) -> None:
    all_in(cast, "Kestrels", at=moment(9, 2), Ben="N")
    all_in(cast, "Wrens", at=moment(9, 2))
    clock(moment(9, 5))
    client = signed_in("secretary")
    clock(moment(9, 5))
    given = {"key": "k", "half": "", "why": "site", "ground": "No heating"}
    assert (
        "1 child is not accounted for, and not found by closing"
        in client.post(PAGE, given, follow=True).content.decode()
    )


@pytest.mark.policy("4.1-d")
def test_a_class_without_an_afternoon_is_asked_about_in_the_morning_by_both(cast: Cast, signed_in, clock) -> None:
    for room in ("Kestrels", "Wrens"):
        all_in(cast, room, at=moment(9, 2), **({"Ben": "N"} if room == "Kestrels" else {}))
    close(cast, signed_in, clock, moment(12, 0), half="PM", classes=[cast.kestrels.pk])
    assert called(cast, moment(13, 30))[0] == "Ben"
    assert why_accounted_by_now(cast.enrolments["Ben"], DAY, "AM", moment(13, 30)) == ""


@pytest.mark.policy("4.1-d")
def test_who_was_accounted_for_when_it_closed_is_not_missed_later(cast: Cast, signed_in, clock) -> None:
    all_in(cast, "Kestrels", at=moment(9, 2), Ben="N", Chloe="N")
    all_in(cast, "Wrens", at=moment(9, 2))
    report(cast, "Ben", "bereavement", at=moment(9, 3))
    gone = outing(cast, "Dev", moment(9, 10))
    Outing.objects.filter(pk=gone.pk).update(back_due=time(10, 30))
    assert called(cast, moment(10, 0)) == ["Chloe"]
    close(cast, signed_in, clock, moment(10, 0))
    assert called(cast, moment(11, 0)) == ["Chloe"], "Dev was to be back after it had closed"
    report(cast, "Chloe", "bereavement", at=moment(11, 1))
    assert called(cast, moment(11, 2)) == [], "a reason entered after it had closed says where she is"


@pytest.mark.policy("A1-e")
@pytest.mark.parametrize(
    ("why", "part", "edition", "code"),
    [("site", False, "2006", "Y"), ("site", True, "2006", "Y"), ("planned", True, "2006", "#"),
     ("site", False, "2024", "Y4"), ("site", True, "2024", "Y3"), ("travel", False, "2024", "Y2"),
     ("health", False, "2024", "Y6"), ("planned", False, "2024", "#"), ("planned", True, "2024", "Y3")],
)  # fmt: skip
def test_the_code_follows_from_the_reason_under_each_edition(
    cast: Cast, signed_in, clock, why: str, part: bool, edition: str, code: str
) -> None:
    if edition == "2024":
        schools.adopt_policy(
            cast.federation, document=shipped_text("national"), effective=DAY, approved=DAY - timedelta(days=9),
            review=date(2025, 7, 1), by=cast.actor("exec"), at=moment(8, 0, DAY - timedelta(days=8)),
        )  # fmt: skip
    close(cast, signed_in, clock, cast.at, why=why, classes=[cast.kestrels.pk] if part else [])
    made = Closure.objects.get(first=DAY)
    assert (made.code, made.ground, made.kind) == (code, "No heating", "planned" if why == "planned" else "unplanned")


@pytest.mark.policy("A1-e")
def test_a_closure_without_a_ground_is_not_made(cast: Cast, signed_in, clock) -> None:
    answer = close(cast, signed_in, clock, cast.at, ground="-")
    assert "Say in words why it closes." in answer.content.decode()
    assert not Closure.objects.filter(first=DAY).exists()


def test_the_same_press_twice_closes_once_and_the_page_shows_both_ways(cast: Cast, signed_in, clock) -> None:
    for _ in range(2):
        close(cast, signed_in, clock, moment(9, 5))
    assert Closure.objects.filter(first=DAY).count() == 1
    head = signed_in("head")
    assert "Open again" in head.get(PAGE).content.decode()
    lift(cast, signed_in, clock, moment(9, 20))
    page = head.get(PAGE).content.decode()
    assert "Opened again by Sue Secretary at 9.20" in page
    pk = Closure.objects.get(first=DAY).pk
    head.post(f"/day/closures/{pk}/lift/", {"key": "again"})
    assert "was lifted before" in head.get(PAGE).content.decode()


def test_only_who_may_closes_and_nobody_elsewhere(cast: Cast, signed_in) -> None:
    assert signed_in("office").get(PAGE).status_code == 403
    assert signed_in("teacher").get(PAGE).status_code == 403
    assert signed_in("stranger").get(PAGE).status_code == 404


@pytest.mark.policy("A6-a")
def test_the_day_page_says_nothing_is_missing_while_it_is_closed(cast: Cast, signed_in, clock) -> None:
    close(cast, signed_in, clock, moment(9, 5))
    found = day_page(facts(cast), moment(9, 20))
    assert not found.not_in


def test_it_is_the_same_on_the_day_after_the_clocks_change(cast: Cast) -> None:
    monday = date(2023, 10, 30)
    schools.close_sessions(
        cast.hamsey, first=monday, last=monday, kind="unplanned", ground="No water", half="AM", code="Y",
        by=cast.by, at=moment(8, 0, monday),
    )  # fmt: skip
    assert not facts(cast).is_open(monday, "AM")
    assert facts(cast).session_now(moment(9, 30, monday)) is None
    assert facts(cast).session_now(moment(13, 5, monday)) == (monday, "PM")
