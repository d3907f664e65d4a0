"""The demo as it is built: one school here, all of it once; its last ten days are as hands would have marked them."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from rollcall.accounts.models import Grant, User
from rollcall.casework.models import (
    Advice,
    Case,
    HandedOn,
    Intervention,
    Meeting,
    Notice,
    Review,
    StepTaken,
    SupportAnswer,
)
from rollcall.demo.actions import NotEmpty, build
from rollcall.demo.actions.days import Places
from rollcall.demo.bands import EDGES
from rollcall.demo.models import DemoClock
from rollcall.demo.mornings import GATE, laggards
from rollcall.demo.steps import Step, moment
from rollcall.demo.terms import terms_of
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.registers.models import Entry, Expectation, SheetRow, Submission
from rollcall.registers.queries.figures import year_figures
from rollcall.registers.queries.missing import register_states
from rollcall.registers.queries.page import Line, register_page
from rollcall.rules.policy import load
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import ClassMembership, Enrolment, Pupil, PupilContact, School, SchoolClass
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON
from tests.rooms.demo.test_plan import TOLERANCE, national

TODAY = date(2026, 11, 24)
SINCE = date(2026, 10, 12)
WALL = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOW = datetime.combine(TODAY, time(9, 20), LONDON)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FIRST_BY_HAND = date(2026, 11, 11)


def small(slug: str = "plumpton", **more) -> None:
    """One school, a few weeks."""
    build(TODAY, wall=WALL, slugs=(slug,), since=SINCE, **more)


def standing() -> dict[str, tuple[bytes, bytes]]:
    """This year's marks and minutes of every pupil by UPN."""
    rows = SheetRow.objects.filter(year_start=2026).values_list("enrolment__pupil__upn", "marks", "minutes")
    return {upn: (bytes(marks), bytes(minutes)) for upn, marks, minutes in rows}


def kept() -> list[tuple[object, ...]]:
    """What stands around the marks: registers handed in, what was expected, and each entry with who made it and why."""
    handed = Submission.objects.values_list("school_class__name", "day", "half", "deed__name", "late", "taken_at")
    expected = Expectation.objects.values_list(
        "enrolment__pupil__upn", "first_day", "first_half", "last_day", "last_half", "code", "ground", "told_by"
    )
    entries = Entry.objects.filter(day__gte=FIRST_BY_HAND).values_list(
        "enrolment__pupil__upn", "day", "half", "code", "deed__name", "deed__position", "deed__at", "deed__reason"
    )
    return [*sorted(handed), *sorted(expected), *sorted(entries)]


class Pages:
    """Hands that play each step on the page for it, signed in as the person whose page it is, at the step's time."""

    def __init__(self, clock) -> None:
        self.clock = clock
        self.clients: dict[str, Client] = {}

    def __call__(self, steps: Iterable[Step], places: Mapping[int, Places]) -> int:
        done = list(steps)
        for step in done:
            here = places[SchoolYear.of(step.day).start]
            self.clock(step.at)
            getattr(self, step.kind)(self.client(here.actor(step).id), step, here)
        return len(done)

    def client(self, actor: str) -> Client:
        """A browser in which this person has signed in."""
        if actor not in self.clients:
            self.clients[actor] = Client()
            self.clients[actor].force_login(User.objects.get(pk=int(actor.split(":")[1])), backend=BACKEND)
        return self.clients[actor]

    def marks(self, client: Client, step: Step, here: Places, **more: object) -> None:
        """Save marks as the register's script does."""
        seen = "N" if step.kind == "amend" else None
        sent = [
            {
                "enrolment": here.enrolment(step.slug, mark.upn, step.day).pk,
                "code": mark.code,
                "minutes": mark.minutes,
                "seen": seen,
            }
            for mark in step.marks
        ]
        self.post(client, step, here, "save", marks=sent, **more)

    def record(self, client: Client, step: Step, here: Places) -> None:
        """The teacher marks; the office puts in who came late."""
        self.marks(client, step, here)

    def amend(self, client: Client, step: Step, here: Places) -> None:
        """The office says what was learnt."""
        self.marks(client, step, here, reason=step.ground)

    def submit(self, client: Client, step: Step, here: Places) -> None:
        """The register is handed in."""
        self.post(client, step, here, "submit")

    def expect(self, client: Client, step: Step, here: Places) -> None:
        """The office enters what a parent has said."""
        last_day, last_half = step.last
        form = {
            "key": uuid4().hex,
            "enrolment": here.enrolment(step.slug, step.marks[0].upn, step.day).pk,
            "code": step.marks[0].code,
            "ground": step.ground,
            "told_by": step.told_by,
            "first_day": step.day,
            "first_half": step.half,
            "last_day": last_day,
            "last_half": last_half,
            "leave_granted": "on" if step.leave else "",
            "beside": "on",
        }
        answer = client.post(reverse("registers:expect"), form)
        if answer.status_code != 302:
            assert "is known already" in str(answer.context["form"].errors)

    def report(self, client: Client, step: Step, here: Places) -> None:
        """The office logs what a family rang about."""
        child = here.enrolment(step.slug, step.marks[0].upn, step.day).pk
        form = {
            "key": uuid4().hex,
            "children": child,
            "caller": "else",
            "caller_name": step.told_by,
            "reason": step.reason,
            "day": step.day,
            "part": "day" if step.last[1] != step.half else step.half,
            "note": step.ground,
            "channel": "phone",
            "beside": "on",
        }
        answer = client.post(f"{reverse('absence:report_add', args=[step.slug])}?pupil={child}", form)
        assert answer.status_code == 302, answer.content.decode()

    def slip(self, client: Client, step: Step, here: Places) -> None:
        """The office fills in a slip for who comes late."""
        child = here.enrolment(step.slug, step.marks[0].upn, step.day)
        arrived = moment(step.day, GATE[step.slug], step.marks[0].minutes or 0)
        form = {"key": uuid4().hex, "reason": step.reason, "came_at": f"{arrived:%H:%M}"}
        answer = client.post(reverse("absence:fill", args=[child.pk]), form)
        assert "slip=" in answer["Location"]

    def decide(self, client: Client, step: Step, here: Places) -> None:
        """The head decides on an absence that nobody explained."""
        child = here.enrolment(step.slug, step.marks[0].upn, step.day)
        form = {"key": uuid4().hex, "half": step.half, "reason": "none", "told": step.told_by}
        client.post(reverse("absence:unknown_give", args=[child.pk, step.day]), form)

    def post(self, client: Client, step: Step, here: Places, act: str, **body: object) -> None:
        """Send JSON to one of the register's addresses."""
        own = here.classes[step.slug, step.class_name]
        url = reverse(f"registers:{act}", args=[own.pk, step.day, step.half])
        answer = client.post(url, json.dumps({"key": uuid4().hex, **body}), content_type="application/json")
        assert answer.status_code == 200, answer.content


def test_the_last_ten_days_are_those_that_people_would_have_marked_on_the_pages(db, clock) -> None:
    with transaction.atomic():
        small()
        built = standing(), kept()
        transaction.set_rollback(True)
    small(hands=Pages(clock))
    marked = standing(), kept()
    assert len(built[0]) > 100
    assert built[0] == marked[0]
    assert built[1] == marked[1]


def test_the_morning_is_in_full_swing_at_twenty_past_nine(db) -> None:
    small()
    school = School.objects.get()
    states = {s.class_name: s.state for s in register_states([school.pk], TODAY, "AM", NOW)}
    late = {name for slug, name in laggards(TODAY) if slug == "plumpton"}
    assert {name for name, state in states.items() if state == "late"} == late
    assert {state for name, state in states.items() if name not in late} == {"in"}
    today = Entry.objects.filter(day=TODAY)
    assert today.filter(code="N").exists()
    assert today.filter(code="L", minutes_late__gt=0).exists()
    assert Expectation.objects.filter(first_day__lte=TODAY, last_day__gte=TODAY).exists()
    assert not today.filter(half="PM").exists()
    assert not Entry.objects.filter(deed__at__gt=NOW).exists()


def test_a_database_that_holds_a_school_is_never_made_a_demo(cast) -> None:
    with pytest.raises(NotEmpty, match="holds a school already"):
        build(TODAY, wall=WALL)
    assert not DemoClock.objects.exists()


@pytest.fixture
def bar(db, settings) -> Client:
    """A browser before the small demo, signed in as its head."""
    settings.ROLLCALL_DEMO = True
    small()
    DemoClock.objects.update(wall=datetime.now(UTC))
    client = Client()
    client.force_login(User.objects.get(email="head@plumpton.example"), backend=BACKEND)
    return client


def test_moving_the_clock_lets_the_schools_go_on_with_their_day(bar: Client) -> None:
    answer = bar.post(reverse("demo:move"), {"to": "quarter", "next": "/registers/"})
    assert (answer.status_code, answer["Location"]) == (302, "/registers/")
    assert abs(DemoClock.objects.get().shown - (NOW + timedelta(minutes=15))) < timedelta(minutes=1)
    school = School.objects.get().pk
    at = NOW + timedelta(minutes=20)
    assert {s.state for s in register_states([school], TODAY, "AM", at)} <= {"in", "in late"}
    bar.post(reverse("demo:move"), {"to": "afternoon"})
    bar.post(reverse("demo:move"), {"to": "end"})
    assert Entry.objects.filter(day=TODAY, half="PM").count() > 80
    assert Entry.objects.filter(day=TODAY, deed__kind="register.amend").exists()
    bar.post(reverse("demo:move"), {"to": "next"})
    assert DemoClock.objects.get().shown == datetime.combine(date(2026, 11, 25), time(8, 35), LONDON)
    assert not Entry.objects.filter(day__gt=TODAY).exists()


def test_a_register_that_somebody_has_touched_is_left_to_them(bar: Client) -> None:
    own = SchoolClass.objects.get(name="Beech", year_start=2026)
    assert ("plumpton", "Beech") in laggards(TODAY), "the test needs a class whose register is half done"
    line = next(line for line in lines_of(own) if not line.is_marked)
    mine = {"key": "by-a-visitor", "marks": [{"enrolment": line.enrolment, "code": "I", "seen": "-"}]}
    url = reverse("registers:save", args=[own.pk, TODAY, "AM"])
    assert bar.post(url, json.dumps(mine), content_type="application/json").status_code == 200
    bar.post(reverse("demo:move"), {"to": "quarter"})
    assert not Submission.objects.filter(school_class=own, day=TODAY, half="AM").exists()
    assert [line.code for line in lines_of(own)].count("-") > 5


def lines_of(own: SchoolClass) -> tuple[Line, ...]:
    """This morning's register of a class as it stands."""
    return register_page(own, facts_of(own.school_id), TODAY, "AM", NOW).lines


def test_a_time_that_no_button_names_moves_nothing(bar: Client) -> None:
    before = DemoClock.objects.get().shown
    bar.post(reverse("demo:move"), {"to": "yesterday", "next": "https://elsewhere.example/"})
    assert bar.get(reverse("demo:move")).status_code == 405
    assert DemoClock.objects.get().shown == before


def test_one_becomes_anybody_in_one_tap_and_it_is_noted(bar: Client) -> None:
    teacher = User.objects.get(email="rowan@plumpton.example")
    assert bar.post(reverse("demo:become"), {"user": teacher.pk}).status_code == 302
    assert bar.session["_auth_user_id"] == str(teacher.pk)
    page = bar.get(reverse("registers:today"), follow=True).content.decode()
    assert "Become somebody else" in page and "15 minutes on" in page
    assert bar.post(reverse("demo:become"), {"user": "x"}).status_code == 404


@pytest.mark.parametrize("route", ["demo:move", "demo:become"])
def test_outside_the_demo_the_bar_is_not_there(cast, signed_in, settings, route: str) -> None:
    client, body = signed_in("head"), {"to": "quarter", "user": cast.users["exec"].pk}
    assert client.post(reverse(route), body).status_code == 404
    # A row put there by hand is not enough, nor is the setting without the row.
    DemoClock.objects.create(shown=NOW, wall=WALL)
    settings.ROLLCALL_DEMO = False
    assert client.post(reverse(route), body).status_code == 404
    assert client.session["_auth_user_id"] == str(cast.users["head"].pk)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="built once, on the database that the demo has")
def test_the_whole_federation(db) -> None:
    build(TODAY, wall=WALL)
    letters = StepTaken.objects.filter(step="letter-1", withdrawn=None)
    assert {letter.school.slug for letter in letters} == {s.slug for s in School.objects.all()}
    assert Message.objects.filter(state="sent").exists()
    assert {one.school.slug for one in Review.objects.filter(closed__isnull=False)} == set(GATE)
    assert not Review.objects.filter(closed=None).exists()
    _casework_is_there()
    on_roll = Enrolment.objects.filter(admitted__lte=TODAY, left=None)
    assert School.objects.count() == 4
    assert 410 <= on_roll.count() <= 430
    moved = Pupil.objects.filter(enrolments__school__slug="barcombe").filter(enrolments__left__isnull=False)
    assert any(p.enrolments.values("school").distinct().count() == 2 for p in moved.distinct())
    assert PupilContact.objects.filter(barred=True).exists()
    assert Grant.objects.filter(role="cover", begins=TODAY, ends=TODAY).count() == 1
    call_command("check", stdout=StringIO())
    _agrees_with_the_nation()


def _casework_is_there() -> None:
    """Families at every step of the school's path, pupils in each tier, notices, meetings, help; nothing to come."""
    path = set(StepTaken.objects.filter(path="school", withdrawn=None).values_list("step", flat=True))
    assert path == {"letter-1", "teacher-meeting", "head-meeting", "referral", "monitoring"}
    assert Case.objects.filter(path="school", end="improved").exists()
    policy = load("federation")
    states = StepTaken.objects.filter(path="authority").values_list("step", flat=True)
    assert {policy.state(one).tier for one in states} == {1, 2, 3, 4}
    assert {one.events.filter(kind="paid").exists() for one in Notice.objects.exclude(issued=None)} == {True, False}
    assert Notice.objects.filter(issued=None).exists()
    assert {one.kind for one in Meeting.objects.filter(outcome=None)} == {"step", "regular", "termly"}
    assert {one.answer for one in SupportAnswer.objects.all()} == {"taken_up", "refused"}
    assert Intervention.objects.exists() and HandedOn.objects.exists() and Advice.objects.exists()
    assert not Deed.objects.filter(at__gt=NOW).exists()


def _agrees_with_the_nation() -> None:
    """The figures that the pages show for last year spread over the bands as the nation's do."""
    ours: dict[int, list[int]] = {}
    at = datetime.combine(terms_of(2025).spans[-1][2] + timedelta(days=7), time(12), LONDON)
    for school in School.objects.all():
        groups = dict(
            ClassMembership.objects.filter(school_class__school=school, school_class__year_start=2025).values_list(
                "enrolment", "year_group"
            )
        )
        for enrolment, figures in year_figures(school.pk, list(groups), 2025, at).items():
            if figures.possible:
                share = 100 * figures.absent / figures.possible
                band = next(n for n, (low, high) in enumerate(EDGES) if low <= share < high)
                ours.setdefault(groups[enrolment], []).append(band)
    for group, bands in national().items():
        if group > 6:
            continue
        for band in range(len(EDGES)):
            here = 100 * ours[group].count(band) / len(ours[group])
            there = 100 * bands[band] / bands.total()
            assert abs(here - there) <= TOLERANCE, (group, EDGES[band], here, there)
