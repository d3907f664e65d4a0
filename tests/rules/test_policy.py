"""The policies that are shipped say what they must, with the section; a policy that is wrong is refused with its place.

The clauses' own numbers are read beside the repository, so that none is forgotten in the file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from datetime import date, time
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from rollcall.rules.dated import law
from rollcall.rules.policy import Policy, load, loads, names, restore

REQUIREMENTS = Path(__file__).resolve().parents[2] / ".." / "shared" / "policy" / "requirements.md"
FEDERATION = (files("rollcall.rules") / "policies" / "federation.toml").read_text(encoding="utf-8")

SAID = (Path(__file__).parent / "federation-says.txt").read_text(encoding="utf-8")
ROWS = [[part.strip() for part in line.split("|")] for line in SAID.splitlines() if not line.startswith("#")]

NOT_VALUES = {
    "4.5-a": {"1"},
    "4.5-d": {"2006", "4"},
    "5.2-e": set(),
    "A3-d": {"1996"},
    "A4-a": {"1", "2"},
    "A4-b": {"2", "3"},
    "A4-c": {"3"},
    "A5-a": {"1"},
    "A5-b": {"2"},
    "A5-c": {"3", "2"},
    "A5-d": {"4"},
    "W-a": {"3.7", "4.2"},
    "W-c": {"3.2", "3.4", "5.2"},
    "W-d": {"1", "5", "90", "85"},
    "W-e": {"1", "2", "3", "4"},
    "W-f": {"5.2", "4.1"},
}
"""Numbers in a clause that count sections, stages, tiers or letters, or that the clause sets aside (90-85% in W-d)."""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load("federation")


@pytest.mark.parametrize(
    ("key", "text", "section"), [pytest.param(*row[1:], marks=pytest.mark.policy(row[0]), id=row[1]) for row in ROWS]
)
def test_it_says_each_value_with_its_section(policy: Policy, key: str, text: str, section: str) -> None:
    assert policy.line(key)[1:3] == (text, section)


@pytest.mark.parametrize("clause", sorted({row[0] for row in ROWS}))
def test_it_forgets_no_number_of_a_clause(clause: str) -> None:
    if not REQUIREMENTS.exists():
        pytest.skip("the clauses are not beside this repository")
    wanted = set(_numbers(_clause(clause))) - NOT_VALUES.get(clause, set())
    rows = " ".join(row[2] for row in ROWS if row[0] == clause)
    table = " ".join(row.text for row in load("federation").explain() if row.key.startswith("year.in_numbers"))
    assert wanted <= set(_numbers(f"{rows} {table if clause == 'A4-d' else ''}")), clause


def _clause(clause: str) -> str:
    text = REQUIREMENTS.read_text(encoding="utf-8")
    found = re.search(rf"^- {re.escape(clause)} (.*?)(?=^- |^#|^\S|\Z)", text, re.M | re.S)
    assert found, clause
    return found.group(1)


def _numbers(text: str) -> Iterator[str]:
    without_names = re.sub(r"\b[A-Z]{1,2}\d?-[a-z]\b|\b[A-Z]{1,2}\d\b|appendix \d", "", text)
    return (number.replace(",", "") for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", without_names))


@pytest.mark.policy("A4-d")
def test_it_prints_attendance_in_numbers_as_the_policy_has_it(policy: Policy) -> None:
    rows = [(row.percent, row.attended_days, row.absent_days, row.lost_hours) for row in policy.year.in_numbers]
    half = Fraction(1, 2)
    assert rows == [
        (100, 190, 0, 0),
        (97, 184, 6, 30),
        (95, 180 + half, 9 + half, 47 + half),
        (90, 171, 19, 95),
        (80, 152, 38, 190),
    ]


@pytest.mark.policy("EM-a")
def test_it_prints_minutes_as_days_as_the_policy_has_it(policy: Policy) -> None:
    rows = [(row.late_minutes, row.lost_days) for row in policy.year.minutes_late]
    assert rows == [(5, 3), (10, Fraction(13, 2)), (15, 10), (20, 13), (30, 19)]
    assert policy.line("year.minutes_late[10].lost_days").text == "6.5 days"


@pytest.mark.policy("A4-e")
def test_it_lists_what_is_unauthorised(policy: Policy) -> None:
    assert [example.id for example in policy.unauthorised] == [
        "holidays",
        "around-closures",
        "deliveries",
        "airport",
        "days-out",
        "sleeping-in",
        "shopping",
        "birthday",
        "parent-ill",
        "unsupported-illness",
        "no-explanation",
    ]


@pytest.mark.policy("A6-a")
@pytest.mark.parametrize(
    ("school", "gate"),
    [
        ("hamsey", "8.40am"),
        ("plumpton", "8.40am"),
        ("barcombe", "8.45am"),
        ("iford-and-kingston", "8.45am"),
    ],
)
def test_it_gives_each_school_the_day_as_a_list(policy: Policy, school: str, gate: str) -> None:
    day = policy.school(school)
    at = [f"{getattr(day, step.time).value:%-I.%M}{getattr(day, step.time).value:%p}".lower() for step in policy.day]
    assert at == [gate, gate, gate, "9.00am", "9.15am", "9.15am", "9.30am", "3.30pm"]
    assert [step.owners[0] for step in policy.day] == [
        "head_of_school",
        "playground_supervisor",
        "parent",
        "class_teacher",
        "attendance_officer",
        "attendance_officer",
        "attendance_officer",
        "class_teacher",
    ]
    assert [step.when for step in policy.day][2:4] == ["from", "by"]


@pytest.mark.policy("4.1-f")
def test_it_gives_the_times_of_both_registers(policy: Policy) -> None:
    barcombe = policy.school("Barcombe")
    assert [one.value for one in barcombe.register("AM")] == [time(9), time(9, 15), time(9, 15), time(8, 45)]
    assert [one.value for one in barcombe.register("PM")] == [time(13), time(13, 15), time(13, 15), time(13)]
    with pytest.raises(LookupError, match="'Lewes' is no school of the policy 'federation'; its schools are hamsey,"):
        policy.school("Lewes")


def test_it_gives_a_policy_without_schools_to_any_school() -> None:
    assert load("national").school("anywhere").gate.value == time(8, 45)


@pytest.mark.policy("5.2-a")
@pytest.mark.parametrize(("name", "day"), [("federation", date(2024, 3, 1)), ("national", date(2025, 3, 3))])
def test_it_prints_the_amounts_of_its_edition_of_the_law(name: str, day: date) -> None:
    said, notice = load(name).penalty, law("penalties", "first_notice").value(day)
    assert notice == {
        "reduced": said.lower_pounds.value,
        "reduced_days": said.lower_within_days.value,
        "full": said.higher_pounds.value,
        "full_days": said.higher_within_days.value,
    }


@pytest.mark.policy("4.1-e")
@pytest.mark.parametrize(("name", "day"), [("federation", date(2024, 3, 1)), ("national", date(2025, 3, 3))])
def test_it_keeps_entries_as_long_as_its_edition_of_the_law_asks(name: str, day: date) -> None:
    kept = load(name).keeping_of("register-entry")
    assert kept.kept_years == law("retention", "register_entry_years").value(day)
    assert kept.source


def test_its_second_notice_is_that_of_the_national_framework() -> None:
    said, day = load("national").penalty, date(2025, 3, 3)
    assert said.second_pounds and said.most_notices and said.counted_over_years
    assert said.second_pounds.value == law("penalties", "second_notice").value(day)["full"]
    assert said.most_notices.value == law("penalties", "notices_at_most").value(day)
    assert said.counted_over_years.value == law("penalties", "notices_years").value(day)


@pytest.mark.parametrize("name", names())
def test_it_places_every_value_in_a_section(name: str) -> None:
    lines = load(name).explain()
    assert all(line.section and line.text for line in lines)
    assert len({line.key for line in lines}) == len(lines)


@pytest.mark.policy("2-a")
def test_its_values_from_law_name_their_law(policy: Policy) -> None:
    assert "2013" in policy.penalty.lower_pounds.source
    assert policy.line("keeping[register-entry].kept_years").source.endswith("Regulations 2006")
    regulations = next(one for one in policy.law if one.id == "pupil-registration-2006")
    assert regulations.amended_in == ("2010", "2011", "2013", "2016")
    assert len(policy.law) == 8


@pytest.mark.policy("FC-d")
def test_its_chart_is_the_whole_chain(policy: Policy) -> None:
    assert [(step.id, step.letter, step.yes, step.no) for step in policy.path.steps] == [
        ("monitoring", None, "letter-1", "monitoring"),
        ("letter-1", "letter-1", "monitoring", "teacher-meeting"),
        ("teacher-meeting", "letter-2", "monitoring", "head-meeting"),
        ("head-meeting", "letter-3", "monitoring", "referral"),
        ("referral", None, "monitoring", "penalty-notice"),
        ("penalty-notice", None, "monitoring", "monitoring"),
    ]
    assert [step.id for step in policy.path.steps if step.sets_targets] == ["teacher-meeting", "head-meeting"]


@pytest.mark.policy("A3-e")
def test_its_updates_merge_names_date_and_figure(policy: Policy) -> None:
    fields = ("recipients_first_names", "child_first_name", "today_with_weekday", "attendance_figure")
    assert {letter.fields for letter in policy.letters if letter.kind == "update"} == {fields}


def test_two_policies_differ_in_their_stages_tiers_and_steps() -> None:
    ours, template = load("federation"), load("national")
    assert {stage.name for stage in ours.stages}.isdisjoint(stage.name for stage in template.stages)
    assert len(ours.tiers) != len(template.tiers)
    assert (ours.edition, template.edition) == ("2006", "2024")


@pytest.mark.parametrize("name", names())
@pytest.mark.policy("8-b")
def test_it_comes_back_from_its_snapshot(name: str) -> None:
    policy = load(name)
    kept = json.loads(json.dumps(policy.snapshot()))
    assert restore(kept, "evidence") == policy
    assert kept["path"]["improved"]["targets"]["value"] is True


def test_nobody_changes_it(policy: Policy) -> None:
    with pytest.raises((ValidationError, FrozenInstanceError)):
        policy.name = "Another"  # type: ignore[misc]


def test_it_keeps_a_percent_with_a_fraction_exactly() -> None:
    changed = loads(
        FEDERATION.replace("target_percent = { value = 97,", "target_percent = { value = 96.7,"), "own.toml"
    )
    assert changed.measures.target_percent.value == Fraction(967, 10)
    assert changed.line("measures.target_percent").text == "96.7%"
    assert restore(changed.snapshot(), "kept").measures.target_percent.value == Fraction(967, 10)


@pytest.mark.policy("W-a")
def test_it_says_what_is_done_where_it_disagrees_with_itself(policy: Policy) -> None:
    assert [decision.id for decision in policy.decisions] == ["W-a", "W-b", "W-c", "W-d", "W-e", "W-f", "W-g"]
    assert all(policy.line(key).text for decision in policy.decisions for key in decision.settles)
