"""A pupil's page: the figures with what is behind them, both ways from a line, and who may look."""

from datetime import date

import pytest
from django.test import Client

from rollcall.absence.models import Call
from rollcall.journal.actions import begin
from rollcall.journal.models import Look
from rollcall.registers import actions
from rollcall.registers.actions import NewMark
from rollcall.schools import actions as schools
from rollcall.schools.models import PupilContact
from tests.cast import DAY, Cast, moment
from tests.rooms.insight.marking import draw

MONDAY = date(2024, 4, 29)


def page_of(client: Client, cast: Cast, name: str, year: int | None = None) -> str:
    answer = client.get(f"/pupils/{cast.pupil(name).pk}/", {"year": year} if year else {})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def marked(cast: Cast) -> Cast:
    """Aisha from 29 April on: two weeks of nine and eight sessions (a bank holiday), three missed, one late."""
    draw(cast, {"Aisha": "//I/L///UN" + "////O//-"}, MONDAY, minutes=12)
    return cast


@pytest.mark.policy("7.4-a", "A4-c")
def test_the_figure_stands_with_its_counts_span_and_missing_marks(signed_in, marked: Cast) -> None:
    page = page_of(signed_in("head"), marked, "Aisha")
    assert "13 of 17 possible sessions attended, 4 missed" in page
    assert "76.4%" in page
    assert "This year so far: 4 Sep to Monday 13 May 2024" in page
    assert "sessions without a mark" in page
    assert "Stage 3" in page
    assert "Persistently absent" in page
    assert "Few sessions yet" in page


@pytest.mark.policy("EM-a")
def test_minutes_late_become_days_of_school(signed_in, marked: Cast) -> None:
    page = page_of(signed_in("head"), marked, "Aisha")
    assert "24 minutes: <strong>0.1 days of school lost</strong>, at 5 hours a day" in page


def test_each_number_opens_to_the_sessions_and_the_law_behind_it(signed_in, marked: Cast) -> None:
    page = page_of(signed_in("head"), marked, "Aisha")
    assert "Authorised absence: 1 session, counted as missed" in page
    assert "Unauthorised absence: 3 sessions, counted as missed" in page
    assert "30 Apr am" in page
    assert "reg 6" in page
    assert "in force from Monday 1 August 2022" in page


@pytest.mark.policy("A4-b")
def test_headroom_is_said_both_ways_with_a_day_of_the_schools_own_calendar(signed_in, cast: Cast) -> None:
    draw(cast, {"Aisha": "/" * 36 + "II"}, date(2024, 4, 15))
    page = page_of(signed_in("head"), cast, "Aisha")
    assert "1 more session missed and attendance is below 94" not in page
    assert "36 of 38 possible" in page
    assert "2 more sessions missed and absence is at 10% or more" in page
    assert "sessions attended in a row and attendance is at 95% or more: every session until 14 May 2024" in page


@pytest.mark.policy("8-b")
def test_last_year_can_be_chosen_and_stands_as_it_was(signed_in, cast: Cast) -> None:
    enrolment = cast.enrolments["Aisha"]
    enrolment.admitted = date(2022, 9, 5)
    enrolment.save()
    draw(cast, {"Aisha": "/////////I"}, date(2022, 9, 5))
    page = page_of(signed_in("head"), cast, "Aisha", 2022)
    assert "9 of 10 possible sessions attended" in page
    assert "The school year 2022/23" in page
    assert "more session missed" not in page
    assert signed_in("head").get(f"/pupils/{cast.pupil('Aisha').pk}/", {"year": 1999}).status_code == 404


def test_one_child_across_the_federation_is_never_reset(signed_in, cast: Cast) -> None:
    draw(cast, {"Aisha": "IIII" + "/" * 6}, date(2024, 4, 15))
    by = {"by": cast.by, "at": cast.at}
    moved = schools.move_school(
        cast.enrolments["Aisha"], cast.classes["Otters"], begins=date(2024, 4, 22), year_group=4, **by
    )
    cast.enrolments["Aisha"] = moved
    draw(cast, {"Aisha": "O/////////"}, date(2024, 4, 22))
    now = page_of(signed_in("stranger"), cast, "Aisha")
    assert "15 of 20 possible sessions attended, 5 missed" in now
    assert "60.0% (6 of 10)" in now
    assert "90.0% (9 of 10)" in now
    then = page_of(signed_in("head"), cast, "Aisha")
    assert "6 of 10 possible sessions attended" in then
    assert "Left on Sunday 21 April 2024" in then
    assert "Whom to call" not in then


def test_what_happened_stands_newest_first(signed_in, cast: Cast) -> None:
    ben = cast.enrolments["Ben"].pk
    by = {"by": cast.actor("secretary"), "at": moment(9, 10)}
    actions.record_marks(cast.kestrels, DAY, "AM", [NewMark(ben, "N")], key="a", **by)
    actions.amend_marks(
        cast.kestrels,
        DAY,
        "AM",
        [NewMark(ben, "I", seen="N")],
        by=cast.actor("secretary"),
        at=moment(10, 0),
        key="b",
        reason="Mother rang: a cold",
    )
    page = page_of(signed_in("head"), cast, "Ben")
    assert "Mark changed from N to I, Tuesday 14 May, morning" in page
    assert "Sue Secretary, Attendance officer (school secretary)" in page
    assert "Mother rang: a cold" in page


@pytest.mark.policy("3.5-a")
def test_a_teacher_sees_their_own_pupils_and_no_others(signed_in, cast: Cast) -> None:
    page_of(signed_in("teacher"), cast, "Aisha")
    assert signed_in("wrens_teacher").get(f"/pupils/{cast.pupil('Aisha').pk}/").status_code == 403


@pytest.mark.policy("3.1-a")
def test_a_governor_never_sees_a_child_and_a_stranger_finds_nobody(signed_in, cast: Cast) -> None:
    url = f"/pupils/{cast.pupil('Aisha').pk}/"
    assert signed_in("governor").get(url).status_code == 403
    assert signed_in("stranger").get(url).status_code == 404
    assert signed_in("head").get("/pupils/999999/").status_code == 404
    assert signed_in("head").get("/pupils/99999999999999999999/").status_code == 404


def test_looking_is_noted_once(signed_in, cast: Cast) -> None:
    page_of(signed_in("office"), cast, "Aisha")
    look = Look.objects.get(what="pupil")
    assert (look.thing_id, look.name, look.at) == (cast.pupil("Aisha").pk, "Olly Office", cast.at)


@pytest.mark.policy("3.3-a")
def test_standing_facts_are_shown_by_permission(signed_in, cast: Cast) -> None:
    pupil = cast.pupil("Aisha")
    pupil.child_protection = True
    pupil.save()
    link = PupilContact.objects.get(pupil=pupil)
    link.barred, link.barred_do, link.barred_why = True, "Ring the head at once", "A court order of March"
    link.save()
    teacher, office = (page_of(signed_in(name), cast, "Aisha") for name in ("teacher", "office"))
    head, dsl = (page_of(signed_in(name), cast, "Aisha") for name in ("head", "dsl"))
    assert "do not contact" not in teacher
    assert "Pat Begum" not in teacher
    for page in (office, head, dsl):
        assert "do not contact, do not tell, do not release" in page
        assert "Ring the head at once" in page
        assert "07700" not in page
    assert "Child protection" not in teacher + office
    assert "Child protection" in head
    assert "A court order" in dsl
    assert "A court order" not in head + office


def test_the_page_asks_the_database_a_fixed_number_of_times(
    signed_in, marked: Cast, django_assert_max_num_queries
) -> None:
    client, url = signed_in("head"), f"/pupils/{marked.pupil('Aisha').pk}/"
    client.get(url)
    with django_assert_max_num_queries(14):
        answer = client.get(url)
    assert len(answer.content) < 300_000


def test_calls_reports_and_leave_are_told_beside_it_to_who_may_see_them(signed_in, marked: Cast) -> None:
    ben = marked.enrolments["Ben"]
    deed = begin("call.made", by=marked.actor("office"), at=marked.at, school=marked.hamsey.pk)
    Call.objects.create(
        enrolment=ben, day=DAY, half="AM", name="Pat Carter", number="07700 900002", outcome="no_answer", deed=deed
    )
    url = f"/pupils/{ben.pupil_id}/happened/"
    assert url in signed_in("head").get(f"/pupils/{ben.pupil_id}/").content.decode()
    assert "Called Pat Carter: no answer" in signed_in("head").get(url).content.decode()
    assert Look.objects.filter(what="pupil", detail="What happened", name="Harriet Head").exists()
    assert url not in signed_in("teacher").get(f"/pupils/{ben.pupil_id}/").content.decode()
    assert "Pat Carter" not in signed_in("teacher").get(url).content.decode()
    assert signed_in("stranger").get(url).status_code == 404
