"""Lists, classes and schools: who is in them, what they count, what is hidden, and where people land."""

from datetime import date, timedelta

import pytest
from django.test import Client

from rollcall.accounts.actions import make_user
from rollcall.registers import actions
from rollcall.registers.actions import NewMark
from rollcall.schools import actions as schools
from tests.cast import DAY, PASSWORD, Cast, moment
from tests.rooms.insight.marking import draw

FIRST = date(2024, 4, 15)


def text_of(client: Client, url: str, **query) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


@pytest.fixture
def marked(cast: Cast) -> Cast:
    """Four weeks: Aisha always in, Ben ill for the last six sessions, Chloe at 90% exactly, Dev away half the time."""
    n = 40
    draw(
        cast,
        {
            "Aisha": "/" * n,
            "Ben": "/" * (n - 6) + "IIIIII",
            "Chloe": "O" * 4 + "/" * (n - 4),
            "Dev": "O/" * (n // 2),
            "Esme": "/" * (n - 1) + "-",
            "Gus": "/" * n,
            "Jade": "/" * n,
        },
        FIRST,
    )
    return cast


@pytest.mark.policy("3.5-a")
def test_a_teacher_lists_their_own_class_and_nobody_else(signed_in, marked: Cast) -> None:
    page = text_of(signed_in("teacher"), "/pupils/")
    assert "Aisha Begum" in page
    assert "Gus Hill" not in page
    assert "Jade King" not in page
    everyone = text_of(signed_in("exec"), "/pupils/")
    assert "Jade King" in everyone
    assert "Barcombe" in everyone


def test_the_list_is_lowest_first_and_can_be_narrowed(signed_in, marked: Cast) -> None:
    head = signed_in("head")
    page = text_of(head, "/pupils/")
    assert page.index("Dev Ellis") < page.index("Chloe Dunn") < page.index("Aisha Begum")
    assert "Gus Hill" not in text_of(head, "/pupils/", room=marked.kestrels.pk)
    assert "Aisha Begum" not in text_of(head, "/pupils/", q="dev")
    assert "Dev Ellis" not in text_of(head, "/pupils/", stage=0)
    assert "Esme Field" in text_of(head, "/pupils/", missing="on")
    assert "No pupil fits" in text_of(head, "/pupils/", q="nobody")
    text_of(head, "/pupils/", stage="x", room="y", page="z")


@pytest.mark.policy("7.4-a", "7.3-a")
def test_a_school_counts_stages_persistent_and_severe(signed_in, marked: Cast) -> None:
    page = text_of(signed_in("head"), f"/schools/{marked.hamsey.slug}/")
    severe, persistent = page.index("Severely absent: 1</h3>"), page.index("Persistently absent: 2</h3>")
    assert severe < page.index("Dev Ellis", severe) < persistent
    assert "Chloe Dunn" in page[persistent:]
    assert "90.0%" in page
    assert "This year so far: 4 Sep to Monday 13 May 2024" in page
    assert "without a mark" in page


def test_who_is_away_in_a_row_is_listed_with_since_when(signed_in, marked: Cast) -> None:
    client = signed_in("head")
    page = text_of(client, f"/schools/{marked.hamsey.slug}/absences/", days=3)
    assert "Ben Carter" in page
    assert "3 days (6 sessions)" in page
    assert "Wednesday 8 May" in page or "Thursday 9 May" in page
    assert "Dev Ellis" not in page
    text_of(client, f"/schools/{marked.hamsey.slug}/absences/", days="x")


@pytest.mark.policy("6-a")
def test_the_best_class_of_the_week_is_found_by_share_not_by_number(signed_in, marked: Cast) -> None:
    page = text_of(signed_in("head"), f"/schools/{marked.hamsey.slug}/")
    assert "Best attendance in the week of 6 May: <strong>Wrens</strong>" in page


def test_a_class_has_its_own_page_for_its_own_teacher(signed_in, marked: Cast) -> None:
    url = f"/classes/{marked.kestrels.pk}/"
    assert "Dev Ellis" in text_of(signed_in("teacher"), url)
    assert signed_in("wrens_teacher").get(url).status_code == 403
    assert signed_in("stranger").get(url).status_code == 404
    assert signed_in("governor").get(url).status_code == 403
    assert signed_in("head").get("/classes/99999/").status_code == 404


@pytest.mark.policy("3.1-a")
def test_governors_see_the_schools_without_a_name_and_without_small_numbers(signed_in, marked: Cast) -> None:
    page = text_of(signed_in("governor"), "/schools/")
    assert "Hamsey Primary School" in page
    for name in ("Aisha", "Dev", "Ellis", "Jade", "Kestrels"):
        assert name not in page
    assert "too few pupils to show" in page
    assert ">c</td>" in page
    full = text_of(signed_in("exec"), "/schools/")
    assert ">c</td>" not in full
    assert signed_in("governor").get(f"/schools/{marked.hamsey.slug}/").status_code == 403
    assert signed_in("teacher").get("/schools/").status_code == 403


def test_a_head_sees_their_own_school_alone(signed_in, marked: Cast) -> None:
    page = text_of(signed_in("stranger"), "/schools/")
    assert "Barcombe" in page
    assert "Hamsey" not in page
    assert signed_in("stranger").get(f"/schools/{marked.hamsey.slug}/").status_code == 404


@pytest.mark.policy("3.3-a")
def test_everyone_lands_where_their_work_is(signed_in, cast: Cast) -> None:
    assert signed_in("teacher").get("/")["Location"] == "/registers/"
    assert signed_in("cover").get("/")["Location"] == "/registers/"
    assert signed_in("exec").get("/")["Location"] == "/schools/"
    assert signed_in("governor").get("/")["Location"] == "/schools/"
    for name in ("office", "secretary"):
        assert signed_in(name).get("/")["Location"] == "/day/"
    for name in ("head", "leader", "dsl"):
        assert "Registers not in" in text_of(signed_in(name), "/")
    assert "rollcall figures" in text_of(signed_in("analyst"), "/")
    assert "people and what each may do" in text_of(signed_in("admin"), "/")


def test_a_person_without_a_role_is_told_so(cast: Cast, clock) -> None:
    clock(cast.at)
    by = {"by": cast.by, "at": cast.at}
    user = make_user(schools.add_person("New", "Comer", **by), email="new@example.org", password=PASSWORD, **by)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "no role has been given to you yet" in text_of(client, "/")


@pytest.mark.policy("4.5-a")
def test_the_head_sees_today_and_the_dsl_sees_children_by_risk(signed_in, clock, cast: Cast) -> None:
    red = cast.pupil("Finn")
    red.risk = "red"
    red.save()
    marks = [NewMark(cast.enrolments[name].pk, "/") for name in ("Aisha", "Ben", "Chloe")]
    marks += [NewMark(cast.enrolments["Dev"].pk, "N"), NewMark(cast.enrolments["Finn"].pk, "N")]
    marks += [NewMark(cast.enrolments["Esme"].pk, "I")]
    actions.record_marks(cast.kestrels, DAY, "AM", marks, by=cast.actor("teacher"), at=cast.at, key="k")
    dsl = signed_in("dsl")
    clock(moment(9, 30))
    page = text_of(dsl, "/")
    assert page.index("Finn Gray") < page.index("Dev Ellis")
    assert "Wrens</a> (late, 3 children not marked)" in page
    assert "Aisha Begum" not in page
    assert 'headline__number">3 <span class="headline__of">of 9</span>' in page


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    signed_in, marked: Cast, django_assert_max_num_queries
) -> None:
    client = signed_in("head")
    for url, most in (
        (f"/schools/{marked.hamsey.slug}/", 12),
        (f"/schools/{marked.hamsey.slug}/absences/", 10),
        (f"/classes/{marked.kestrels.pk}/", 13),
        ("/pupils/", 10),
        ("/schools/", 64),
        ("/", 64),
    ):
        client.get(url)
        with django_assert_max_num_queries(most):
            client.get(url)


def test_a_year_that_has_not_begun_says_so(signed_in, clock, cast: Cast) -> None:
    client = signed_in("head")
    clock(moment(9, 0, DAY + timedelta(days=100)))
    for url in ("/", "/pupils/", f"/schools/{cast.hamsey.slug}/", "/schools/", f"/classes/{cast.kestrels.pk}/"):
        text_of(client, url)


@pytest.mark.policy("7.1-e")
def test_what_nobody_looked_through_is_seen(signed_in, clock, marked: Cast) -> None:
    head, url = signed_in("head"), f"/schools/{marked.hamsey.slug}/"
    assert text_of(head, url).count("not in 1 week<") == 2
    text_of(signed_in("teacher"), f"/classes/{marked.kestrels.pk}/")
    page = text_of(head, url)
    assert "14 May, Tom Teacher" in page
    assert page.count("not in 1 week<") == 1
    home = text_of(head, "/")
    assert "Registers that nobody has looked through lately: <a" in home
    assert "Wrens" in home[home.index("looked through lately") :]
    clock(moment(9, 5, DAY + timedelta(days=8)))
    assert text_of(head, url).count("not in 1 week<") == 2


def test_the_same_time_last_year_stands_beside_the_figure(signed_in, marked: Cast) -> None:
    aisha = marked.enrolments["Aisha"]
    aisha.admitted = date(2022, 9, 5)
    aisha.save()
    draw(marked, {"Aisha": "I/////////"}, date(2022, 9, 5))
    draw(marked, {"Aisha": "I" * 10}, date(2023, 6, 5))
    said = "same time last year, to 14 May 2023: 90.0% (9 of 10)"
    assert said in text_of(signed_in("head"), f"/schools/{marked.hamsey.slug}/")
    assert said in text_of(signed_in("head"), f"/classes/{marked.kestrels.pk}/")
    assert "9 of 10" in text_of(signed_in("exec"), "/schools/")
