"""The day on one page: its lines as they stand, the numbers beside them, ticks and their undoing."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from rollcall.absence.actions import day as actions
from rollcall.absence.models import Alert, Call, FriendlyCall, StepDone
from rollcall.absence.queries.accounted import not_accounted
from rollcall.absence.queries.day import Day, day_page
from rollcall.absence.queries.day_waits import waiting
from rollcall.accounts.queries import standing
from rollcall.journal.actions import begin
from rollcall.journal.models import Deed
from rollcall.registers import actions as registers
from rollcall.schools import actions as schools
from rollcall.schools.models import SchoolTimes
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.day import all_in, mark, outing, slip, word

DAYS = "/day/hamsey/"


def page(cast: Cast, hour: int, minute: int) -> Day:
    return day_page(facts_of(cast.hamsey.pk), moment(hour, minute))


def states(cast: Cast, hour: int, minute: int) -> dict[str, str]:
    return {step.line.id: step.state for step in page(cast, hour, minute).steps}


def step(cast: Cast, hour: int, minute: int, line: str):
    return next(step for step in page(cast, hour, minute).steps if step.line.id == line)


@pytest.mark.policy("A6-a")
def test_the_office_sees_what_is_done_due_and_late_and_by_whom(signed_in, cast: Cast, clock) -> None:
    all_in(cast, "Kestrels")
    clock(moment(9, 15))
    text = signed_in_text(signed_in("secretary"), clock, moment(9, 15))
    assert "8.40am" in text
    assert "Kestrels: Tom Teacher, 9.05am" in text
    assert "Not in: Wrens, Wilma Wren." in text
    found = states(cast, 9, 15)
    assert (found["gate"], found["registers"], found["close"], found["calls"]) == ("late", "late", "done", "ahead")


def signed_in_text(client: Client, clock, at, url: str = DAYS) -> str:
    clock(at)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.policy("4.1-f")
def test_each_school_has_its_own_times(signed_in, cast: Cast, clock) -> None:
    assert "8.45am" in signed_in_text(signed_in("stranger"), clock, moment(9, 0), "/day/barcombe/")
    schools.set_times(
        cast.hamsey,
        begins=DAY,
        **{f.name: getattr(SchoolTimes.objects.filter(school=cast.hamsey).first(), f.name) for f in times_fields()}
        | {"am_due": moment(9, 10).time(), "am_closes": moment(9, 25).time()},
        by=cast.by,
        at=cast.at,
    )
    assert step(cast, 9, 9, "registers").state == "ahead"
    assert step(cast, 9, 24, "registers").state == "due"
    assert step(cast, 9, 25, "registers").state == "late"


def times_fields() -> list:
    skipped = {"id", "school", "begins", "deed"}
    return [field for field in SchoolTimes._meta.concrete_fields if field.name not in skipped]


@pytest.mark.policy("3.5-a")
def test_registers_not_in_are_named_at_once_with_who_takes_them(cast: Cast) -> None:
    named = {(one.register.class_name, one.takers, one.is_late) for one in page(cast, 9, 0).not_in}
    assert named == {("Kestrels", ("Tom Teacher", "Cal Cover"), False), ("Wrens", ("Wilma Wren",), False)}
    assert all(one.is_late for one in page(cast, 9, 15).not_in)
    all_in(cast, "Kestrels")
    assert [one.register.class_name for one in page(cast, 9, 15).not_in] == ["Wrens"]


@pytest.mark.policy("4.1-a")
def test_the_registers_of_both_sessions_are_lines_of_the_day(cast: Cast) -> None:
    for room in ("Kestrels", "Wrens"):
        all_in(cast, room)
    assert (states(cast, 12, 59)["registers"], states(cast, 12, 59)["afternoon-registers"]) == ("done", "ahead")
    assert states(cast, 13, 0)["afternoon-registers"] == "due"
    assert states(cast, 13, 15)["afternoon-registers"] == "late"
    for room in ("Kestrels", "Wrens"):
        all_in(cast, room, "PM")
    assert states(cast, 13, 15)["afternoon-registers"] == "done"


def test_the_numbers_say_where_every_child_is(cast: Cast) -> None:
    mark(cast, Aisha="/", Ben="I", Chloe="N", Dev="U", Esme="V")
    n = page(cast, 9, 5).numbers
    assert (n.n_pupils, n.n_in, n.n_out, n.n_unexplained, n.n_unmarked, n.n_unmarked_late) == (9, 3, 1, 1, 4, 0)
    late = page(cast, 9, 15).numbers
    assert (late.n_unexplained, late.n_unmarked_late) == (2, 4)  # Finn's register is over; nobody has marked Wrens


def test_who_is_looked_for_is_who_stands_on_the_call_list(cast: Cast) -> None:
    all_in(cast, "Kestrels", Ben="N", Chloe="N")
    mark(cast, Gus="/")
    registers.expect(
        cast.enrolments["Hana"], first=(DAY, "AM"), last=(DAY, "AM"), code="I", ground="Rang", by=cast.by, at=cast.at
    )
    outing(cast, "Chloe", moment(8, 50))
    facts = facts_of(cast.hamsey.pk)
    for at in (moment(9, 10), moment(9, 15), moment(11, 0), moment(13, 5), moment(13, 16)):
        listed = [one for one in not_accounted(facts, DAY, at) if not one.is_untouched]
        assert day_page(facts, at).numbers.n_unexplained >= len(listed)
    assert page(cast, 9, 20).numbers.n_unexplained == 2  # Ben, and Ivo, whom nobody has marked


def test_a_child_without_a_reason_is_looked_for_until_the_afternoon_says_otherwise(cast: Cast) -> None:
    all_in(cast, "Kestrels", Ben="N")
    assert page(cast, 13, 5).numbers.n_unexplained == 1
    all_in(cast, "Kestrels", "PM")
    assert page(cast, 13, 6).numbers.n_unexplained == 0


def test_what_waits_is_counted(cast: Cast) -> None:
    word(cast, moment(8, 20))
    slip(cast, "Gus", moment(9, 20))
    slip(cast, "Hana", moment(9, 21), confirmed=True)
    outing(cast, "Ben", moment(9, 0))
    outing(cast, "Dev", moment(9, 0), moment(9, 30))
    deed = begin("alert.raised", by=cast.by, at=cast.at, school=cast.hamsey.pk)
    Alert.objects.create(enrolment=cast.enrolments["Finn"], day=DAY, kind="overdue", to_role="dsl", deed=deed)
    n = page(cast, 9, 40).numbers
    assert (n.n_words, n.n_slips, n.n_signed_out, n.n_alerts) == (1, 1, 1, 1)
    assert step(cast, 9, 40, "late-slips").state == "late"
    assert step(cast, 9, 40, "late-slips").notes == ("2 filled in.", "1 slip waits for an adult to confirm.")


def test_calls_are_done_when_nobody_is_looked_for(cast: Cast) -> None:
    all_in(cast, "Kestrels", Ben="N")
    all_in(cast, "Wrens")
    assert step(cast, 9, 29, "calls").state == "ahead"
    assert step(cast, 9, 30, "calls").state == "due"
    deed = begin("call.made", by=cast.actor("secretary"), at=moment(9, 40), school=cast.hamsey.pk)
    Call.objects.create(
        enrolment=cast.enrolments["Ben"], day=DAY, half="AM", name="Pat", outcome="no_answer", deed=deed
    )
    calls = step(cast, 10, 0, "calls")
    assert (calls.state, calls.notes) == ("late", ("1 child not accounted for.",))
    assert [(one.who, one.what) for one in calls.done] == [("Sue Secretary", "1 call")]
    mark(cast, at=moment(9, 50), Ben="I")
    assert step(cast, 10, 0, "calls").state == "done"


def test_friendly_calls_are_done_when_every_family_was_reached(cast: Cast) -> None:
    for room, half, codes in (("Kestrels", "AM", {"Ben": "I"}), ("Wrens", "AM", {}), ("Wrens", "PM", {})):
        all_in(cast, room, half, **codes)
    all_in(cast, "Kestrels", "PM", Ben="I")
    assert step(cast, 15, 30, "friendly-call").notes == ("1 family still to call.",)
    deed = begin("friendly.logged", by=cast.actor("teacher"), at=moment(15, 35), school=cast.hamsey.pk)
    FriendlyCall.objects.create(enrolment=cast.enrolments["Ben"], day=DAY, outcome="reached", deed=deed)
    assert step(cast, 15, 40, "friendly-call").state == "done"


def test_a_line_is_ticked_at_once_and_undone_as_easily(signed_in, cast: Cast, clock) -> None:
    clock(moment(8, 41))
    head, office = signed_in("head"), signed_in("secretary")
    clock(moment(8, 41))
    assert head.post(f"{DAYS}tick/", {"tick": "gate.0"}).status_code == 302
    assert head.post(f"{DAYS}tick/", {"tick": "gate.0"}).status_code == 302  # the same press twice
    assert office.post(f"{DAYS}tick/", {"tick": "gate.0"}).status_code == 302  # and somebody else's
    assert StepDone.objects.count() == 1
    done = step(cast, 8, 42, "gate")
    assert (done.state, done.done[0].who) == ("done", "Harriet Head")
    office.post(f"{DAYS}tick/", {"undo": str(done.row)})
    office.post(f"{DAYS}tick/", {"undo": str(done.row)})
    undone = step(cast, 8, 43, "gate")
    assert (undone.state, undone.turn) == ("due", 1)
    office.post(f"{DAYS}tick/", {"tick": "gate.1"})
    assert step(cast, 8, 44, "gate").done[0].who == "Sue Secretary"
    kinds = list(Deed.objects.filter(kind__startswith="day.").order_by("id").values_list("kind", "about"))
    assert [kind for kind, _ in kinds] == ["day.ticked", "day.unticked", "day.ticked"]
    assert kinds[0][1] == "The gate is closed"


@pytest.mark.parametrize(
    "given", [{"tick": "registers.0"}, {"tick": "no-such-line.0"}, {"tick": "gate"}, {"undo": "x"}]
)
def test_what_the_program_sees_for_itself_is_not_ticked(given: dict, signed_in, cast: Cast) -> None:
    assert signed_in("secretary").post(f"{DAYS}tick/", given).status_code == 302
    assert not StepDone.objects.exists()


def test_a_tick_of_another_school_is_not_taken_back(cast: Cast) -> None:
    hamsey, barcombe = facts_of(cast.hamsey.pk), facts_of(cast.barcombe.pk)
    assert actions.tick(hamsey, "gate", 0, by=cast.actor("head"), at=moment(8, 41))
    row = StepDone.objects.get()
    assert not actions.untick(barcombe, row.pk, by=cast.actor("stranger", cast.barcombe), at=moment(8, 42))
    assert StepDone.objects.get().undone is None


def test_the_day_leads_to_the_one_school_or_a_choice(signed_in, cast: Cast) -> None:
    assert signed_in("secretary").get("/day/")["Location"] == DAYS
    assert "Barcombe Primary School" in signed_in("exec").get("/day/").content.decode()
    assert signed_in("teacher").get("/day/").status_code == 403
    assert signed_in("stranger").get(DAYS).status_code == 404
    assert signed_in("secretary").get("/day/nowhere/").status_code == 404


def test_a_day_without_school_says_why(signed_in, cast: Cast, clock) -> None:
    client = signed_in("secretary")
    assert "It is Saturday." in signed_in_text(client, clock, moment(9, 0, date(2024, 5, 18)))
    assert "Closed today: Early May." in signed_in_text(client, clock, moment(9, 0, date(2024, 5, 6)))
    assert "outside the school" in signed_in_text(client, clock, moment(9, 0, date(2024, 5, 29)))


def test_a_closure_announced_at_9_05_and_lifted_at_9_20_is_seen_at_once(signed_in, cast: Cast, clock) -> None:
    all_in(cast, "Kestrels", at=moment(9, 3))
    client = signed_in("secretary")
    closure = schools.close_sessions(
        cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="No heating", by=cast.by, at=moment(9, 5)
    )
    assert "No heating" in signed_in_text(client, clock, moment(9, 5))
    schools.lift_closure(closure, by=cast.by, at=moment(9, 20), reason="The boiler runs again")
    text = signed_in_text(client, clock, moment(9, 20))
    assert "No heating" not in text
    assert "Kestrels: Tom Teacher, 9.03am" in text


def test_a_school_without_times_says_what_to_do(signed_in, cast: Cast, clock) -> None:
    SchoolTimes.objects.filter(school=cast.hamsey).delete()
    assert "set them up under Set-up, Times" in signed_in_text(signed_in("secretary"), clock, moment(9, 0))


def test_the_page_takes_the_same_statements_however_many_children(
    signed_in, cast: Cast, clock, django_assert_max_num_queries
) -> None:
    all_in(cast, "Kestrels", Ben="N", Chloe="N", Dev="I")
    client = signed_in("secretary")
    clock(moment(15, 31))
    with django_assert_max_num_queries(31):
        client.get(DAYS)


def test_on_the_day_of_summer_time_the_lines_are_at_the_clocks_own_times(cast: Cast) -> None:
    """The days around both changes: what is at 9.15 by the wall is at 9.15 by the list."""
    for day in (date(2024, 3, 28), date(2024, 4, 15), date(2023, 10, 30), date(2023, 10, 20)):
        facts = facts_of(cast.hamsey.pk)
        before = day_page(facts, moment(9, 14, day) + timedelta(seconds=59))
        after = day_page(facts, moment(9, 15, day))
        found = [next(s.state for s in one.steps if s.line.id == "registers") for one in (before, after)]
        assert found == ["due", "late"], day


def test_the_landing_page_is_told_what_of_the_day_waits(cast: Cast) -> None:
    slip(cast, "Gus", moment(9, 20))
    office, teacher = (standing(cast.users[name], DAY) for name in ("secretary", "teacher"))
    found = [(one.n, one.words) for one in waiting(office, moment(9, 20))]
    assert found == [
        (1, "1 late slip waits to be confirmed at Hamsey Primary School"),
        (2, "2 lines of the day at Hamsey Primary School not ticked off"),
    ]
    assert waiting(teacher, moment(9, 20)) == []
    assert waiting(office, moment(9, 20, date(2024, 5, 18))) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_who_tick_the_same_line_at_once_make_one_tick(cast: Cast) -> None:
    facts, gate, made = facts_of(cast.hamsey.pk), Barrier(2), []

    def press(name: str) -> None:
        try:
            gate.wait(5)
            made.append(actions.tick(facts, "gate", 0, by=who[name], at=moment(8, 41)))
        finally:
            connection.close()

    who = {name: cast.actor(name) for name in ("head", "secretary")}
    threads = [Thread(target=press, args=[name]) for name in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(made) == [False, True]
    assert StepDone.objects.count() == 1
