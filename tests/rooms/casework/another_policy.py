"""A policy of a school's own, with other stages, tiers, letters and another path, made from the federation's file."""

import re

from rollcall.rules.policy import shipped_text

PATH = """
[path]
starts_below_percent = { value = 96, section = "own" }
starts_without_improvement_at_stage = { value = 1, section = "own" }

[path.improved]
over_school_weeks = { value = 1, section = "own" }
at_least_percent = { value = 90, section = "own" }
least_sessions = { value = 4, section = "own" }
codes_apart = { value = ["I"], section = "own" }

[[path.steps]]
id = "watching"
name = "Watching"
owners = ["attendance_officer"]
act_within_school_days = { value = 3, section = "own" }
question = "Is attendance a worry?"
yes = "friendly-word"
no = "watching"
section = "own"

[[path.steps]]
id = "friendly-word"
name = "A friendly word"
owners = ["class_teacher"]
act_within_school_days = { value = 3, section = "own" }
letter = "friendly-word"
question = "Is it better?"
yes = "watching"
no = "visit"
section = "own"

[[path.steps]]
id = "visit"
name = "A visit at home"
owners = ["deputy_head"]
act_within_school_days = { value = 10, section = "own" }
refers_to = "attendance_lead"
question = "Is it better?"
yes = "friendly-word"
no = "round-table"
section = "own"

[[path.steps]]
id = "round-table"
name = "A round table of all who know the family, the family among them, to agree on what will help"
owners = ["head_of_school", "dsl", "class_teacher"]
act_within_school_days = { value = 10, section = "own" }
meeting_with = ["head_of_school"]
sets_targets = true
question = "Is it better?"
yes = "watching"
no = "visit"
section = "own"
"""

STAGES = """
[[stages]]
number = 0
name = "Good"
from_percent = 98
section = "own"

[[stages]]
number = 1
name = "A worry"
from_percent = 92
section = "own"

[[stages]]
number = 2
name = "A great worry"
from_percent = 0
section = "own"
"""

LETTER = """
[[letters]]
id = "friendly-word"
name = "A friendly word"
kind = "warning"
fields = ["recipients_first_names", "child_first_name", "today_with_weekday", "attendance_figure"]
section = "own"

[[letters]]
"""
TIERS = {(93, 100): (97, 100), (80, 92): (85, 96), (51, 79): (60, 84), (0, 50): (0, 59)}


def another_policy() -> str:
    """Its document."""
    text = shipped_text("federation")
    text = text.replace(
        'flow_chart_with_letter = { value = "letter-1"', 'flow_chart_with_letter = { value = "friendly-word"'
    )
    text = _part(text, r"\[\[stages\]\]", r"\[path\]", STAGES)
    text = _part(text, r"\[path\]", r"\[\[letters\]\]", PATH + LETTER)
    text = text[: text.index("[[decisions]]")]
    for (low, high), (lower, higher) in TIERS.items():
        old, new = (f"from_percent = {a}\nto_percent = {b}\n" for a, b in ((low, high), (lower, higher)))
        assert old in text
        text = text.replace(old, new)
    return text


def _part(text: str, first: str, then: str, new: str) -> str:
    """The text with what stands from the first heading up to (or with) another exchanged."""
    begins = re.search(rf"^{first}$", text, re.M)
    assert begins
    ends = re.compile(rf"^{then}$", re.M).search(text, begins.end())
    assert ends
    rest = ends.end() + 1 if new.rstrip().endswith("[[letters]]") else ends.start()
    return f"{text[: begins.start()]}{new}{text[rest:]}"
