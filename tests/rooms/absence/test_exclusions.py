"""Exclusions in the school's day: expected by themselves, accounted for, asked after from the sixth school day."""

from datetime import date, timedelta

import pytest

from rollcall.absence.queries.accounted import not_accounted
from rollcall.absence.queries.exclusions import excluded
from rollcall.absence.queries.on_site import on_site
from rollcall.absence.queries.report import absentee_report
from rollcall.registers.queries.known_ahead import expected_now
from rollcall.schools import actions as schools
from rollcall.schools.models import Exclusion
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment

PAGE = "/day/hamsey/exclusions/"


def exclude(cast: Cast, name: str = "Ben", begins: date = DAY, ends: date | None = DAY, **more) -> Exclusion:
    given = {"permanent": False, "provision_from": None} | more
    return schools.record_exclusion(
        cast.enrolments[name], begins=begins, ends=ends, **given, by=cast.actor("head"), at=moment(8, 0)
    )


def missing(cast: Cast) -> list[str]:
    return [one.standing.name.split()[0] for one in not_accounted(facts_of(cast.hamsey.pk), DAY, moment(9, 20))]


@pytest.mark.policy("4.5-a")
def test_who_is_excluded_or_away_by_a_timetable_is_not_called_about(cast: Cast) -> None:
    exclude(cast)
    schools.set_part_time(
        cast.enrolments["Chloe"], "TueAM", begins=DAY, ends=DAY + timedelta(days=30), by=cast.by, at=moment(8, 0)
    )
    found = missing(cast)
    assert "Ben" not in found and "Chloe" not in found and "Dev" in found


@pytest.mark.policy("A6-b")
def test_the_report_and_the_site_list_say_why(cast: Cast) -> None:
    exclude(cast, begins=date(2024, 5, 3), ends=None, permanent=True)
    report = absentee_report(facts_of(cast.hamsey.pk), DAY, moment(9, 20))
    ben = next(one for one in report.away if one.name == "Ben Carter")
    assert ben.expected == "E"
    assert ben.reason == ("Permanently excluded from 3 May. Sixth school day has passed: has provision been arranged?")
    rooms = on_site(facts_of(cast.hamsey.pk), moment(9, 20)).rooms
    words = {child.name: child.words for room in rooms for child in room.children}
    assert words["Ben Carter"] == "no mark; expected to be away: Permanently excluded from 3 May"


def test_who_is_taught_elsewhere_is_not_safe_by_assumption(cast: Cast) -> None:
    exclude(cast, begins=date(2024, 5, 3), ends=date(2024, 5, 17), provision_from=DAY)
    assert "Ben" in missing(cast), "the provision is to say that he is there"


def test_the_page_counts_school_days_and_asks_for_provision_until_it_is_arranged(cast: Cast, signed_in) -> None:
    made = exclude(cast, begins=date(2024, 5, 3), ends=None, permanent=True)
    exclude(cast, "Chloe", begins=DAY + timedelta(days=1), ends=DAY + timedelta(days=2))
    lines = excluded(facts_of(cast.hamsey.pk), DAY)
    assert [(one.name, one.n, one.code, bool(one.question)) for one in lines] == [
        ("Ben Carter", 7, "E", True),
        ("Chloe Dunn", 0, "", False),
    ]
    office = signed_in("office")
    assert "has provision been arranged?" in office.get(PAGE).content.decode()
    office.post(f"/day/exclusions/{made.pk}/provision/", {"key": "p" * 8, "begins": "2024-05-14"})
    page = office.get(PAGE).content.decode()
    assert "has provision been arranged?" not in page and "Taught elsewhere from Tuesday 14 May" in page
    office.post(f"/day/exclusions/{made.pk}/provision/", {"key": "q" * 8, "begins": ""})
    assert "has provision been arranged?" in office.get(PAGE).content.decode()
    office.post(f"/day/exclusions/{made.pk}/provision/", {"key": "r" * 8, "begins": "2024-05-01"})
    assert "begin before the exclusion" in office.get(PAGE).content.decode()


def test_it_is_withdrawn_as_easily_and_stays_on_record(cast: Cast, signed_in) -> None:
    made, office = exclude(cast), signed_in("office")
    office.post(f"/day/exclusions/{made.pk}/withdraw/", {"key": "w" * 8, "reason": ""})
    made.refresh_from_db()
    assert made.withdrawn is None
    office.post(f"/day/exclusions/{made.pk}/withdraw/", {"key": "v" * 8, "reason": "Cancelled by the governors"})
    made.refresh_from_db()
    assert made.withdrawn.reason == "Cancelled by the governors"
    assert not expected_now([cast.enrolments["Ben"].pk], DAY, "AM", facts_of(cast.hamsey.pk))
    assert "Ben" in missing(cast)
    office.post(f"/day/exclusions/{made.pk}/withdraw/", {"key": "u" * 8, "reason": "Again"})
    assert "withdrawn before" in office.get(PAGE).content.decode()


def test_nobody_elsewhere_sees_or_changes_it(cast: Cast, signed_in) -> None:
    made = exclude(cast)
    stranger = signed_in("stranger")
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"/day/exclusions/{made.pk}/withdraw/", {"key": "x", "reason": "Mine"}).status_code == 404
    assert signed_in("teacher").get(PAGE).status_code == 403
