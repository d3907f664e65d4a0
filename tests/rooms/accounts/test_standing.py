"""What a role lets somebody do, where, and from when to when."""

from datetime import date

import pytest
from tests.cast import DAY, PASSWORD, Cast, moment

from rollcall.accounts.actions import end_grant, grant
from rollcall.accounts.models import Grant, User
from rollcall.accounts.permissions import TABLE
from rollcall.accounts.queries import NotAllowed, Place, standing
from rollcall.accounts.roles import Role
from rollcall.journal.models import Deed, Look
from rollcall.schools import actions as schools


def may(cast: Cast, name: str, day: date = DAY):
    return standing(User.objects.get(pk=cast.users[name].pk), day)


def hamsey(cast: Cast) -> Place:
    return Place(cast.hamsey.pk)


@pytest.mark.policy("3.2-a")
def test_the_executive_headteacher_may_do_everything_at_every_school(cast: Cast) -> None:
    held = may(cast, "exec")
    not_theirs = {row for row in TABLE if not held.can(row, hamsey(cast)) or not held.can(row, Place(cast.barcombe.pk))}
    assert not_theirs <= {"export:run", "pupil:barred_why"} | {
        row for row in TABLE if Role.EXECUTIVE not in TABLE[row].roles
    }
    assert held.can("review:decide", hamsey(cast))
    assert held.can("register:amend", Place(cast.barcombe.pk))


@pytest.mark.policy("3.2-b")
def test_a_head_of_school_may_decide_at_their_own_school_alone(cast: Cast) -> None:
    assert may(cast, "head").can("review:decide", hamsey(cast))
    assert not may(cast, "head").can("review:decide", Place(cast.barcombe.pk))
    with pytest.raises(NotAllowed, match="You may not decide"):
        may(cast, "stranger").check_can("review:decide", hamsey(cast))


@pytest.mark.policy("3.4-a")
def test_the_attendance_officer_sees_the_review_and_decides_nothing_in_it(cast: Cast) -> None:
    held = may(cast, "secretary")
    assert held.can("review:see", hamsey(cast))
    assert held.can("register:amend", hamsey(cast))
    assert not held.can("review:decide", hamsey(cast))


@pytest.mark.policy("3.5-a")
def test_a_teacher_has_their_class_and_cover_has_it_for_a_day(cast: Cast) -> None:
    kestrels = Place(cast.hamsey.pk, frozenset({cast.kestrels.pk}))
    wrens = Place(cast.hamsey.pk, frozenset({cast.classes["Wrens"].pk}))
    assert may(cast, "teacher").can("register:take", kestrels)
    assert not may(cast, "teacher").can("register:take", wrens)
    assert may(cast, "cover").can("register:take", kestrels)
    assert not may(cast, "cover", date(2024, 5, 15)).can("register:take", kestrels)


@pytest.mark.policy("3.1-a")
def test_a_governor_sees_figures_and_never_a_child(cast: Cast) -> None:
    held = may(cast, "governor")
    assert held.can("school:summary", hamsey(cast))
    for row in ("pupil:see", "register:see", "class:see", "school:see", "review:see", "mark:history", "letter:see"):
        assert not held.can_somewhere(row), row


@pytest.mark.policy("3.7-c")
def test_one_person_may_hold_different_positions_at_different_schools(cast: Cast) -> None:
    sue, by = cast.users["secretary"], {"by": cast.by, "at": cast.at}
    schools.add_post(sue.person, "Teaching assistant", school=cast.barcombe, begins=DAY, **by)
    held = may(cast, "secretary")
    assert held.actor(cast.hamsey.pk).position == "Attendance officer (school secretary)"
    assert held.actor(cast.barcombe.pk).position == "Teaching assistant"


def test_a_grant_ends_on_its_last_day_and_stays_on_record(cast: Cast) -> None:
    given = grant(
        cast.users["office"],
        Role.SECRETARY,
        school=cast.hamsey,
        begins=DAY,
        by=cast.by,
        at=cast.at,
        reason="Sue is ill",
    )
    assert may(cast, "office").has(Role.SECRETARY)
    end_grant(given, by=cast.by, at=moment(12, 0), last_day=date(2024, 5, 17), reason="Sue is back")
    assert may(cast, "office", date(2024, 5, 17)).has(Role.SECRETARY)
    assert not may(cast, "office", date(2024, 5, 18)).has(Role.SECRETARY)
    assert Grant.objects.get(pk=given.pk).ended_by.reason == "Sue is back"
    deed = Deed.objects.get(pk=given.deed_id)
    assert deed.reason == "Sue is ill"
    assert deed.about == "Attendance officer (school secretary) at Hamsey Primary School: Olly Office"


def test_signing_in_with_the_real_hasher_is_noted_with_the_position(client, cast: Cast, clock, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    clock(cast.at)
    cast.users["head"].set_password(PASSWORD)
    cast.users["head"].save()
    answer = client.post("/account/login/", {"login": "head@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    noted = Look.objects.get(what="sign-in")
    assert (noted.name, noted.position) == ("Harriet Head", "Head of school")


def test_nobody_signs_up_by_themselves(client, db) -> None:
    answer = client.post("/account/signup/", {"email": "me@example.org", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="me@example.org").exists()
    assert answer.status_code < 500


def test_ten_wrong_passwords_lock_the_name_at_that_address(client, cast: Cast, clock) -> None:
    clock(cast.at)
    for _ in range(10):
        client.post("/account/login/", {"login": "head@example.org", "password": "wrong"})
    answer = client.post("/account/login/", {"login": "head@example.org", "password": PASSWORD})
    assert answer.status_code == 429
    elsewhere = client.post(
        "/account/login/", {"login": "head@example.org", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7"
    )
    assert elsewhere.status_code == 302
