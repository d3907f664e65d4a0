"""Today at a glance: the numbers agree with each other, and an untouched class is one thing to see to."""

import pytest

from rollcall.accounts.actions import grant
from rollcall.accounts.roles import Role
from rollcall.insight.queries.home import today
from rollcall.registers.actions import NewMark, record_marks
from tests.cast import DAY, Cast, moment


@pytest.fixture
def morning(cast: Cast) -> Cast:
    """At 9.20 Kestrels are in but for Finn, with Ben away unexplained; nobody has touched Wrens."""
    codes = {"Aisha": "/", "Ben": "N", "Chloe": "/", "Dev": "I", "Esme": "L"}
    marks = [NewMark(cast.enrolments[name].pk, code) for name, code in codes.items()]
    record_marks(cast.kestrels, DAY, "AM", marks, by=cast.actor("teacher"), at=cast.at, key="k")
    return cast


def test_every_child_is_in_out_or_not_heard_of(morning: Cast) -> None:
    (glance,) = today({morning.hamsey.pk}, moment(9, 20)).schools
    assert (glance.n_in, glance.n_out, glance.n_unheard, glance.to_come) == (3, 1, 5, 0)
    assert glance.n_in + glance.n_out + glance.n_unheard == glance.n_pupils


def test_an_untouched_class_is_named_once_and_its_children_at_risk_each(morning: Cast) -> None:
    ivo = morning.pupil("Ivo")
    ivo.risk = "red"
    ivo.save()
    now = today({morning.hamsey.pk}, moment(9, 20))
    assert now.schools[0].untouched == {morning.classes["Wrens"].pk: 3}
    assert [one.name for one in now.unheard] == ["Ivo James", "Ben Carter", "Finn Gray"]


def test_the_head_sees_the_same_numbers_on_the_page(morning: Cast, signed_in, clock) -> None:
    client = signed_in("head")
    clock(moment(9, 20))
    page = client.get("/").content.decode()
    assert '<span class="headline__number">5</span>' in page.replace("\n", "")
    assert "Wrens</a> (late, 3 children not marked)" in page


def test_a_teacher_who_is_a_governor_too_lands_at_the_register(cast: Cast, signed_in, clock) -> None:
    grant(cast.users["teacher"], Role.GOVERNOR, begins=DAY, by=cast.by, at=cast.at)
    client = signed_in("teacher")
    clock(moment(9, 20))
    assert client.get("/").headers["Location"] == "/registers/"


def test_the_dsl_sees_whom_nobody_has_heard_of_and_how_many_are_to_be_called(morning: Cast, signed_in, clock) -> None:
    client = signed_in("dsl")
    clock(moment(9, 20))
    page = client.get("/").content.decode()
    assert "Ben Carter" in page and "Finn Gray" in page
    assert "not accounted for" in page


def test_the_office_lands_on_the_day(morning: Cast, signed_in, clock) -> None:
    client = signed_in("office")
    clock(moment(9, 20))
    page = client.get("/", follow=True).content.decode()
    assert "The day" in page and "unexplained" in page
