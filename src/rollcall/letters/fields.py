"""The merge fields of letters, and the small language of wordings: `{field}` and nothing else.

An unknown field, a bracket that isn't closed or a value that is missing is named in a sentence with its line.
"""

import re
from collections.abc import Mapping

FIELDS: dict[str, str] = {
    "recipients_first_names": "first names of those the letter goes to",
    "child_first_name": "the child's first name, as known at school",
    "today_with_weekday": "the day of the letter, with its weekday",
    "figure_day": "the day up to which the figures count",
    "attendance_figure": "the attendance this school year, with its counts",
    "missed": "how many sessions were missed this school year",
    "target": "the target of the policy",
    "persistent_absence": "the share missed from which absence is persistent",
    "review_weeks": "after how long attendance is looked at again",
    "authority": "the local authority",
    "school_name": "the school",
    "contact": "whom to ring, and the number",
    "leave_asked": "the days that leave was asked for",
    "leave_asked_on": "the day on which leave was asked for",
    "leave_granted": "the days for which leave is granted",
    "leave_refused": "the days for which leave is not granted",
    "leave_why": "why it was decided so",
    "away_days": "the days of an absence that is looked into",
    "away_why": "why it is looked into",
    "away_evidence": "what evidence would settle it",
    "away_due": "the day by which an answer is due",
    "away_told": "what the school was told of the absence",
    "away_asked_on": "the day on which the family was asked",
    "away_answer": "what the family answered, or that nothing came",
}
"""Each field that a wording may use, with what it stands for."""

EXAMPLES: dict[str, str] = {
    "leave_asked": "from Thursday 6 June to Friday 7 June",
    "leave_asked_on": "Monday 13 May 2024",
    "leave_granted": "on Thursday 6 June",
    "leave_refused": "on Friday 7 June",
    "leave_why": "The wedding is on Thursday; one day is enough for it.",
    "away_days": "from Thursday 6 June to Friday 7 June",
    "away_why": "Leave for these days was asked for and was not granted.",
    "away_evidence": "a doctor's note, an appointment card",
    "away_due": "Friday 14 June",
    "away_told": "We were told that it was because of illness.",
    "away_asked_on": "Monday 10 June",
    "away_answer": "We have not had an answer.",
}
"""What stands in a preview for fields that belong to one request or absence: made up."""

TOLD_BY = {"measures.target_percent": "target", "measures.persistent_absent_percent": "persistent_absence"}
"""The field that tells a value of the policy (a letter's `tells`)."""

_BRACKETS = re.compile(r"\{([^{}\n]*)\}|[{}]")
# A letter that cites no law must not sound like one that does (5.2-e): the words it may not use.
_THREATS = re.compile(r"\b(fine[sd]?|penalt(?:y|ies)|offen[cs]es?|prosecut\w+|court|magistrates?|prison)\b", re.I)


class WordingError(ValueError):
    """A wording that can't be used; the message is a sentence for whoever edits it."""


def fields_in(text: str) -> list[str]:
    """The fields that a wording uses, in order. Raises WordingError naming the line of what is wrong."""
    found = []
    for match in _BRACKETS.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        name = match.group(1)
        if name is None:
            raise WordingError(f"Line {line}: there is a single {match.group()}; a field is written {{like_this}}.")
        if name not in FIELDS:
            raise WordingError(f"Line {line}: {{{name}}} is no field. There are {', '.join(sorted(FIELDS))}.")
        found.append(name)
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """A wording with its fields filled in. Raises WordingError, also for a field whose value is missing or empty."""
    missing = [name for name in fields_in(text) if not values.get(name)]
    if missing:
        raise WordingError(f"There is no value for {{{missing[0]}}} ({FIELDS[missing[0]]}).")
    return _BRACKETS.sub(lambda match: values[match.group(1)], text)


def threat_in(text: str) -> str:
    """The first word that speaks of a fine, an offence or a court; empty where there is none."""
    found = _THREATS.search(text)
    return found.group() if found else ""
