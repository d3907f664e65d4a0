"""What people type into registers, turned into the room's words, with a sentence for what can't be read.

A register arrives in two ways: as JSON from the page's script, and as an ordinary form from a browser without scripts.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms

from rollcall.registers.actions import NewMark
from rollcall.rules.codes import MISSING, WITH_MINUTES
from rollcall.rules.lateness import MOST_MINUTES

KEY = re.compile(r"[A-Za-z0-9-]{8,40}")
MOST_BYTES = 200_000
MOST_MARKS = 200


class Unreadable(ValueError):
    """What was sent is no register; the sentence says what is wrong."""


@dataclass(frozen=True)
class Save:
    """A save as it was sent: the request's own key, the marks, the reason, and who the page was opened for."""

    key: str
    marks: list[NewMark]
    reason: str
    user: int | None


def read_save(body: bytes) -> Save:
    """The save in a JSON body `{key, user, reason, marks: [{enrolment, code, minutes, seen, ground}]}`.

    Raises Unreadable, with a sentence, for anything else.
    """
    sent = _object(body)
    key, marks, reason = sent.get("key"), sent.get("marks"), sent.get("reason", "")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Unreadable("A save needs a key of 8 to 40 letters, digits and hyphens.")
    if not isinstance(marks, list) or not marks:
        raise Unreadable("A save needs a list of marks.")
    if len(marks) > MOST_MARKS:
        raise Unreadable(f"A save has at most {MOST_MARKS} marks; this one has {len(marks)}.")
    if not isinstance(reason, str) or len(reason) > 1000:
        raise Unreadable("The reason must be a text of at most 1,000 characters.")
    return Save(key, [_mark(mark) for mark in marks], reason, _whole(sent.get("user"), "user"))


def read_key(body: bytes) -> tuple[str, dict[str, Any]]:
    """The key of a JSON body that carries one, and the whole of it."""
    sent = _object(body)
    key = sent.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Unreadable("This needs a key of 8 to 40 letters, digits and hyphens.")
    return key, sent


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > MOST_BYTES:
        raise Unreadable(f"A save has at most {MOST_BYTES} bytes; this one has {len(body)}.")
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("What was sent is not JSON.") from error
    if not isinstance(sent, dict):
        raise Unreadable("What was sent is not a JSON object.")
    return sent


def _mark(sent: Any) -> NewMark:
    if not isinstance(sent, dict):
        raise Unreadable("Each mark must be an object with enrolment and code.")
    enrolment = _whole(sent.get("enrolment"), "enrolment")
    code, seen, ground = sent.get("code"), sent.get("seen"), sent.get("ground", "")
    if enrolment is None or not 0 < enrolment < 2**63:
        raise Unreadable("Each mark must name an enrolment by its number.")
    if not isinstance(code, str) or not 1 <= len(code) <= 2:
        raise Unreadable("Each mark must have a code of one or two characters.")
    if not (seen is None or isinstance(seen, str)) or not isinstance(ground, str) or len(ground) > 200:
        raise Unreadable("A mark's `seen` and `ground` must be short texts.")
    return NewMark(enrolment, code, _whole(sent.get("minutes"), "minutes"), seen, ground)


def _whole(value: Any, name: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(f"`{name}` must be a whole number.")
    return value


@dataclass(frozen=True)
class Posted:
    """A register posted as a form: the marks that differ from what stood, sentences for those that can't be read."""

    marks: list[NewMark]
    problems: dict[int, str]


def read_posted(data: Mapping[str, str], enrolments: list[int], present: str, minutes_now: int | None) -> Posted:
    """The marks of a posted register for these pupils.

    Each pupil has `mark-`, `other-`, `seen-`, `minutes-` and `ground-` with the enrolment's number, and `was-` and
    `said-` with the minutes and the ground that stood. The one of mark and other that differs from what stood is meant.
    Who comes late without minutes gets the clock's, where it has any; who was late before keeps those that stood.
    """
    posted = Posted([], {})
    for enrolment in enrolments:
        seen = data.get(f"seen-{enrolment}", MISSING)
        code = _meant(data.get(f"mark-{enrolment}", ""), data.get(f"other-{enrolment}", ""), seen)
        minutes_text = data.get(f"minutes-{enrolment}", "").strip()
        if code is None:
            posted.problems[enrolment] = "Two different marks are chosen for this pupil; choose one."
            continue
        if minutes_text and not minutes_text.isascii() or minutes_text and not minutes_text.isdigit():
            posted.problems[enrolment] = "Minutes late must be a whole number."
            continue
        late = code in WITH_MINUTES
        by_the_clock = minutes_now if late and seen not in WITH_MINUTES else None
        minutes = int(minutes_text[:4]) if minutes_text and late else by_the_clock
        ground, said = data.get(f"ground-{enrolment}", "").strip()[:200], data.get(f"said-{enrolment}", "")
        if code != seen or ground != said or (late and minutes_text != data.get(f"was-{enrolment}", "")):
            posted.marks.append(NewMark(enrolment, code, minutes, seen, ground))
    return posted


def _meant(mark: str, other: str, seen: str) -> str | None:
    chosen = {code for code in (mark, other) if code and code != seen}
    if len(chosen) > 1:
        return None
    return chosen.pop()[:2] if chosen else seen


class ReasonForm(forms.Form):
    """A key and a reason."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.CharField(label="Reason", max_length=500, required=False)


class AskForm(forms.Form):
    """A teacher's wish to change a mark that stands when the register has closed."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    enrolment = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    code = forms.CharField(max_length=2)
    minutes = forms.IntegerField(required=False, min_value=0, max_value=MOST_MINUTES)
    reason = forms.CharField(
        label="Why should it change?",
        max_length=500,
        min_length=3,
        error_messages={"required": "Say why the mark should change: the office decides on the reason."},
    )


class PaperTimeForm(forms.Form):
    """When a paper register was taken."""

    taken_at = forms.TimeField(
        required=False,
        input_formats=["%H:%M", "%H.%M", "%I.%M%p", "%I:%M%p"],
        error_messages={"invalid": "Give the time on the paper as 9.05 or 9.05am."},
    )

    def moment(self, day: date, now: datetime) -> datetime | None:
        """The time on the paper as a moment of the register's day, if one was given."""
        taken: time | None = self.cleaned_data.get("taken_at")
        return datetime.combine(day, taken, now.tzinfo) if taken else None


class CoverForm(forms.Form):
    """A class for somebody for a day."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    school_class = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    user = forms.IntegerField(min_value=1, error_messages={"required": "Choose who takes the class."})
    day = forms.DateField(widget=forms.HiddenInput)
