"""Absences that last: put to the head once an episode with the evidence, decided, recorded as sent (4.5-c, 4.5-d)."""

from datetime import date, timedelta

import pytest

from rollcall.absence.actions.referring import decide_referral, refer_children
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Call, Referral
from rollcall.journal.actions import begin
from rollcall.registers.actions import NewEntry, write_entries
from rollcall.schools.queries import SchoolFacts, facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, phone, sessions

MONDAY = date(2024, 5, 13)
END = moment(15, 30, MONDAY)


def away(n_days: int, code: str = "O") -> dict[int, str]:
    """The last so many school days up to Monday 13 May."""
    return dict.fromkeys(range(-2 * n_days, 0), code)


def put(cast: Cast, absent: dict[str, dict[int, str]], at=END) -> list[tuple[str, str]]:
    fill(cast, absent)
    refer_children(facts_of(cast.hamsey.pk), at)
    return kinds()


def kinds() -> list[tuple[str, str]]:
    return [(str(one.enrolment.pupil).split()[0], one.kind) for one in Referral.objects.order_by("id")]


@pytest.mark.policy("4.5-c")
@pytest.mark.parametrize(("days", "expected"), [(2, []), (3, [("Ben", "welfare_officer")])])
def test_from_the_third_unexplained_day_a_welfare_officer_is_put_to_the_head(
    cast: Cast, days: int, expected: list[tuple[str, str]]
) -> None:
    assert put(cast, {"Ben": away(days, "N")}) == expected


@pytest.mark.policy("4.5-d")
@pytest.mark.parametrize("days", [9, 10])
def test_ten_school_days_of_unauthorised_absence_become_a_return(cast: Cast, days: int) -> None:
    found = put(cast, {"Ben": away(days)})
    assert (("Ben", "unauthorised_run") in found) is (days == 10)
    assert ("Ben", "stopped") not in found
    if days == 10:
        one = Referral.objects.get(kind="unauthorised_run")
        wanted = sorted({day for day, _ in sessions(cast)})[-10:]
        assert one.since == wanted[0]
        assert [day["day"] for day in one.evidence["days"]] == [day.isoformat() for day in wanted]
        assert one.evidence["figures"]["unauthorised"] == 20


@pytest.mark.policy("4.5-d")
def test_ten_unauthorised_sessions_in_ten_weeks_are_irregular_attendance(cast: Cast) -> None:
    # Every fourth session of the last ten days and before, never two in a row.
    scattered = {-4 * n: "O" for n in range(1, 11)}
    assert put(cast, {"Ben": scattered, "Chloe": {-4 * n: "O" for n in range(1, 10)}}) == [("Ben", "irregular")]


@pytest.mark.policy("4.5-d")
def test_a_pupil_who_stops_attending_is_put_whatever_the_codes(cast: Cast) -> None:
    mixed = away(10, "I") | {-1: "N", -2: "N"}
    assert put(cast, {"Ben": mixed, "Chloe": away(10, "I")}) == [("Ben", "stopped")]


def test_a_pupil_below_compulsory_school_age_is_not_returned(cast: Cast) -> None:
    pupil = cast.pupil("Ben")
    pupil.born = date(2019, 9, 1)
    pupil.save()
    assert put(cast, {"Ben": away(10)}) == []


def test_it_is_put_once_an_episode_however_long_it_goes_on(cast: Cast) -> None:
    put(cast, {"Ben": away(3, "N")})
    refer_children(facts_of(cast.hamsey.pk), END + timedelta(minutes=1))
    assert kinds() == [("Ben", "welfare_officer")]
    ben = cast.enrolments["Ben"]
    deed = begin("more", by=cast.by, at=moment(9, 0), school=cast.hamsey.pk)
    entries = [NewEntry(ben.pk, DAY, half, "N") for half in ("AM", "PM")]
    write_entries(cast.hamsey.pk, entries, deed)
    refer_children(facts_of(cast.hamsey.pk), moment(15, 30))
    assert kinds() == [("Ben", "welfare_officer")]


def test_it_looks_after_the_end_of_a_school_day_alone(cast: Cast) -> None:
    assert put(cast, {"Ben": away(3, "N")}, at=END - timedelta(minutes=1)) == []
    refer_children(facts_of(cast.hamsey.pk), moment(16, 0, date(2024, 5, 18)))
    assert kinds() == []


@pytest.mark.policy("4.5-d")
def test_the_head_decides_sends_and_prints_it(cast: Cast, signed_in, clock) -> None:
    phone(cast)
    ben = cast.enrolments["Ben"]
    Call.objects.create(
        enrolment=ben,
        day=MONDAY,
        half="AM",
        name="Pat Carter",
        number="07700 900002",
        outcome="no_answer",
        deed=begin("call.made", by=cast.actor("secretary"), at=moment(9, 31, MONDAY)),
    )
    put(cast, {"Ben": away(10)})
    one = Referral.objects.get(kind="unauthorised_run")
    head, office = signed_in("head"), signed_in("secretary")
    clock(moment(9, 0))
    assert office.get("/day/hamsey/lasting/").status_code == 403
    assert "To decide" in head.get("/day/hamsey/lasting/").content.decode()
    url = f"/day/lasting/{one.pk}/"
    page = head.get(url).content.decode()
    assert "10 school days in a row" in page
    assert "Pat Carter, no answer" in page
    draft = head.get(f"{url}return/").content.decode()
    assert "Draft: nobody has decided on it yet." in draft
    said = head.post(f"{url}decide/", {"key": "1", "answer": "decline", "words": ""}, follow=True).content.decode()
    assert "Say why it is declined" in said
    early = head.post(f"{url}decide/", {"key": "2", "answer": "returned", "words": "By e-mail"}, follow=True)
    assert "Only what was accepted" in early.content.decode()
    head.post(f"{url}decide/", {"key": "3", "answer": "accept", "words": ""})
    assert "Accepted, not sent yet" in head.get("/day/hamsey/lasting/").content.decode()
    head.post(f"{url}decide/", {"key": "4", "answer": "returned", "words": "Portal of the county"})
    one.refresh_from_db()
    assert one.returned is not None
    assert one.returned.reason == "Portal of the county"
    final = head.get(f"{url}return/").content.decode()
    assert "Attendance return" in final
    assert "845400020002" in final or cast.pupil("Ben").upn in final
    assert "Returned by decision of Harriet Head" in final


def test_it_is_decided_once(cast: Cast) -> None:
    put(cast, {"Ben": away(3, "N")})
    one = Referral.objects.get()
    decide_referral(one, accept=False, why="They moved house", by=cast.actor("head"), at=moment(9, 0), key="1")
    with pytest.raises(NotLogged, match="Harriet Head decided this before: declined"):
        decide_referral(one, accept=True, why="", by=cast.actor("exec"), at=moment(9, 1), key="2")


def test_it_reads_a_school_in_a_fixed_number_of_questions(cast: Cast, django_assert_max_num_queries) -> None:
    fill(cast, {"Ben": away(10), "Chloe": away(3, "N")})
    facts: SchoolFacts = facts_of(cast.hamsey.pk)
    with django_assert_max_num_queries(40):
        refer_children(facts, END)
