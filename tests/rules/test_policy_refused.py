"""A wrong policy is refused, with one line for each thing that is wrong: file, key, value, what was expected."""

from importlib.resources import files
from pathlib import Path

import pytest

from rollcall.rules.policy import PolicyError, load, loads

FEDERATION = (files("rollcall.rules") / "policies" / "federation.toml").read_text(encoding="utf-8")
LAST_TIMES = """gate = { value = 08:45:00, section = "4.1" }
morning_late_counted_from = { value = 08:45:00, section = "EM" }

[[day]]"""


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (
            "report_absence_by = { value = 08:30:00,",
            'report_absence_by = { value = "8.30",',
            ["own.toml: times.report_absence_by.value is '8.30'; expected a time such as 09:15:00."],
        ),
        (
            "notice_days = { value = 14,",
            "notice_days = { value = 14.5,",
            ["own.toml: leave.notice_days.value is 14.5; expected a whole number."],
        ),
        (
            "notice_days = { value = 14,",
            "notice_day = { value = 14,",
            [
                "own.toml: leave.notice_days is missing; expected this key.",
                "own.toml: leave.notice_day is {'value': 14, 'section': '5.1'}; expected no such key.",
            ],
        ),
        (
            "target_percent = { value = 97,",
            "target_percent = { value = 970,",
            ["own.toml: measures.target_percent.value is 970; expected a percent between 0 and 100."],
        ),
        (
            "target_percent = { value = 97,",
            "target_percent = { value = true,",
            ["own.toml: measures.target_percent.value is True; expected an exact number such as 97 or 92.5."],
        ),
        (
            'name = "Monitoring"\nfrom_percent = 95',
            'name = "Monitoring"\nfrom_percent = 89',
            ["own.toml: stages[2].from_percent is 90; expected less than 89, the line of the stage before."],
        ),
        (
            "from_percent = 80\nto_percent = 92",
            "from_percent = 80\nto_percent = 91",
            ["own.toml: tiers[1].to_percent is 91; expected 92, so that no figure falls between tiers."],
        ),
        (
            'owners = ["playground_supervisor", "class_teacher"]',
            'owners = ["lollipop_man", "class_teacher"]',
            ["own.toml: day[1].owners is 'lollipop_man'; expected the id of one of the roles of this policy."],
        ),
        (
            'yes = "monitoring"\nno = "referral"',
            'yes = "monitoring"\nno = "monitoring"',
            [
                f"own.toml: path.steps[{at}].id is '{step}'; "
                "expected a step that a yes or a no of an earlier one leads to."
                for at, step in ((4, "referral"), (5, "penalty-notice"))
            ],
        ),
        (
            LAST_TIMES,
            "[[day]]",
            [
                "own.toml: schools[3].times.gate is missing; expected a time such as 09:15:00, here or under [times].",
                "own.toml: schools[3].times.morning_late_counted_from is missing; "
                "expected a time such as 09:15:00, here or under [times].",
            ],
        ),
        (
            "morning_opens = { value = 09:00:00,",
            "morning_opens = { value = 09:20:00,",
            [
                f"own.toml: schools[{school}].times.{key} is 09:15:00; expected 09:20:00 or later."
                for school in range(4)
                for key in ("morning_overdue", "morning_closes")
            ],
        ),
        (
            'id = "update-middle"\nname = "Weekly update, middle"\nkind = "update"\nfrom_percent = { value = 95,',
            'id = "update-middle"\nname = "Weekly update, middle"\nkind = "update"\nfrom_percent = { value = 96,',
            ["own.toml: letters[1].from_percent is 96; expected 95, where the update below it ends."],
        ),
        (
            'id = "behaviour"',
            'id = "safeguarding"',
            ["own.toml: links[1] is 'safeguarding'; expected a name that no other entry of links has."],
        ),
    ],
)
def test_it_names_the_place_the_value_and_what_was_expected(old: str, new: str, lines: list[str]) -> None:
    assert FEDERATION.count(old) == 1
    text = FEDERATION.replace(old, new)
    with pytest.raises(PolicyError) as caught:
        loads(text, "own.toml")
    assert caught.value.problems == tuple(lines)
    assert str(caught.value) == "\n".join(lines)


def test_it_refuses_what_is_no_toml() -> None:
    with pytest.raises(PolicyError, match=r"^own.toml: this is not valid TOML: .*line 2"):
        loads('slug = "x"\nname = \n', "own.toml")


def test_it_refuses_a_policy_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        PolicyError, match="no policy can be read here; give a TOML file or one of: federation, national"
    ):
        load(tmp_path / "none.toml")


def test_it_reads_a_school_s_own_file(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(FEDERATION.replace("notice_days = { value = 14,", "notice_days = { value = 21,"), encoding="utf-8")
    assert load(own).leave.notice_days.value == 21
