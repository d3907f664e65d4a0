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
    "threshold_sessions": "how many unauthorised sessions lead to a penalty notice",
    "threshold_school_weeks": "in how many school weeks those sessions are counted",
    "fine_lower": "the lower amount of a penalty notice, and within how many days",
    "fine_higher": "the higher amount of a penalty notice, and within how many days",
    "improve_weeks": "how long a notice to improve runs",
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
    "late_marks": "the late marks that a letter is about, with their days and minutes",
    "raised_on": "the day on which the matter was raised in person",
    "meeting": "the day and time of a meeting",
    "meeting_place": "where a meeting is",
    "meeting_with": "whom a meeting is with",
    "meeting_about": "what a meeting is about",
    "meeting_came": "who came to a meeting",
    "meeting_said": "what was said at a meeting",
    "next_review": "the day on which it is looked at again",
    "agreed_actions": "what was agreed, each with who does it and by when",
    "agreed_targets": "the targets that were agreed",
    "contract_school": "what the school takes upon itself",
    "contract_family": "what the family takes upon itself",
    "contract_until": "the day up to which a contract runs",
    "support_given": "the help that was offered",
    "unauthorised_so_far": "the unauthorised sessions so far, and since when",
    "warning_from": "the first day that a warning counts from",
    "risen_from": "the attendance before it rose",
    "risen_to": "the attendance after it rose",
    "risen_weeks": "over how many school weeks it rose",
    "improve_until": "the day on which a notice to improve ends",
    "notice_why": "what a penalty notice is for",
    "notice_law": "the Act that a penalty notice is issued under",
    "notice_sessions": "the sessions that a penalty notice rests on",
    "notice_amounts": "what is to be paid, and by when",
    "notice_paid_to": "to whom a penalty notice is paid",
    "notice_issued_by": "who issues a penalty notice",
    "notice_unpaid": "what follows where it is not paid",
}
"""Each field that a wording may use, with what it stands for."""

OF_THE_FIGURE = ("figure_day", "attendance_figure", "missed")
"""The fields that tell a pupil's attendance this year."""
BY_ITSELF = (
    ("recipients_first_names", "child_first_name", "today_with_weekday", "authority", "school_name", "contact")
    + ("target", "persistent_absence", "review_weeks", "threshold_sessions", "threshold_school_weeks")
    + ("fine_lower", "fine_higher", "improve_weeks", *OF_THE_FIGURE)
)
"""The fields that are filled without anybody's doing; those of the figure in every letter but answers about absence."""

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
    "late_marks": "- Monday 3 June: 12 minutes late\n- Thursday 6 June: 45 minutes late, after the register had closed",
    "raised_on": "Friday 24 May",
    "meeting": "Tuesday 11 June 2024 at 3.30pm",
    "meeting_place": "at school",
    "meeting_with": "the class teacher",
    "meeting_about": "what makes it hard to be at school each day",
    "meeting_came": "Ann Example (mother) and the class teacher",
    "meeting_said": "Mornings are hard since the move. A place at breakfast club would help.",
    "next_review": "Tuesday 25 June",
    "agreed_actions": "- The class teacher meets them at the gate each morning, from Wednesday 12 June\n"
    "- The family rings before 8.30 on any day away",
    "agreed_targets": "- At least 95% of sessions by Friday 28 June",
    "contract_school": "- A place at breakfast club from Monday 10 June",
    "contract_family": "- To be at the gate by 8.35 each day",
    "contract_until": "Friday 19 July 2024",
    "support_given": "- Breakfast club, offered on Monday 20 May and taken up",
    "unauthorised_so_far": "6 sessions since Monday 15 April",
    "warning_from": "Wednesday 12 June 2024",
    "risen_from": "88.4% (46 of 52 sessions)",
    "risen_to": "98.0% (50 of 51 sessions)",
    "risen_weeks": "5 school weeks",
    "improve_until": "Friday 12 July 2024",
    "notice_why": "irregular attendance at school",
    "notice_law": "Education Act 1996",
    "notice_sessions": "- Monday 3 June, morning and afternoon\n- Tuesday 4 June, morning",
    "notice_amounts": "£60 by Friday 5 July 2024, or £120 by Friday 12 July 2024",
    "notice_paid_to": "the local authority",
    "notice_issued_by": "the executive headteacher",
    "notice_unpaid": "If it is not paid by then, the local authority decides whether to prosecute.",
}
"""What stands in a preview for fields that belong to one request or absence: made up."""

TOLD_BY = {
    "measures.target_percent": "target",
    "measures.persistent_absent_percent": "persistent_absence",
    "measures.threshold_sessions": "threshold_sessions",
    "measures.threshold_school_weeks": "threshold_school_weeks",
    "penalty.lower_pounds": "fine_lower",
    "penalty.higher_pounds": "fine_higher",
    "penalty.improve_least_weeks": "improve_weeks",
    "penalty.improve_most_weeks": "improve_weeks",
}
"""The field that tells a value of the policy (a letter's `tells`)."""

# What shows nothing, or turns the order of letters about; the joiners that Arabic, Persian and Hindi need are let be.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]")
_BRACKETS = re.compile(r"\{([^{}\n]*)\}|[{}]")
# A letter that cites no law must not sound like one that does (5.2-e): the words it may not use.
_THREATS = re.compile(r"\b(fine[sd]?|penalt(?:y|ies)|offen[cs]es?|prosecut\w+|court|magistrates?|prison)\b", re.I)


class WordingError(ValueError):
    """A wording that can't be used; the message is a sentence for whoever edits it."""


def fields_in(text: str) -> list[str]:
    """The fields that a wording uses, in order. Raises WordingError naming the line of what is wrong."""
    found = []
    if hidden := _HIDDEN.search(text):
        line, code = text.count("\n", 0, hidden.start()) + 1, ord(hidden.group())
        raise WordingError(f"Line {line}: there is a character that can't be printed (U+{code:04X}); type it anew.")
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
