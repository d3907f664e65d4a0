"""What an answer on a form may be, by the kind of its field, and what a filled-in form says about itself.

Answers are kept as plain JSON: text, a day as "2024-05-14", a percent as "92.5", a list of names; what is empty is left
out. Nothing here decides what follows from a form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from rollcall.rules.policy import Form, FormField, number_text
from rollcall.rules.words import day_words

YES, NO = "yes", "no"
PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
Answers = Mapping[str, Any]


class NotAnswered(ValueError):
    """An answer that a field can't have; the message is a sentence, `field` the field's id."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


def answered(form: Form, given: Mapping[str, str]) -> dict[str, Any]:
    """What was typed (text by the field's id) as the answers that are kept; NotAnswered for the first wrong one."""
    found = {}
    for field in form.fields:
        if (answer := answer_of(field, given.get(field.id, ""))) is not None:
            found[field.id] = answer
    return found


def answer_of(field: FormField, typed: str) -> Any:
    """One answer from what was typed; None for nothing. Raises NotAnswered."""
    text = typed.strip()
    if not text:
        if field.needed:
            raise NotAnswered(field.id, f"“{field.label}” needs an answer")
        return None
    return _READ.get(field.kind, _text)(field, text)


def all_yes(form: Form, answers: Answers) -> bool:
    """Whether every yes-or-no of a form was answered with yes."""
    return all(answers.get(field.id) == YES for field in form.fields if field.kind == "yes_no")


def review_of(form: Form, answers: Answers) -> date | None:
    """The day on which what was written is looked at again, where the form has one."""
    found = next((answers.get(field.id) for field in form.fields if field.review), None)
    return date.fromisoformat(found) if found else None


def told(field: FormField, answers: Answers) -> str:
    """An answer as it is read, empty for none."""
    answer = answers.get(field.id)
    if answer is None:
        return ""
    if field.kind == "date":
        day = date.fromisoformat(answer)
        return f"{day_words(day)} {day.year}"
    if field.kind == "people":
        return "\n".join(answer)
    if field.kind == "percent":
        return f"{answer}%"
    return {YES: "Yes", NO: "No"}.get(answer, str(answer)) if field.kind == "yes_no" else str(answer)


def typed(field: FormField, answers: Answers) -> str:
    """An answer as it would be typed again."""
    answer = answers.get(field.id)
    return "" if answer is None else "\n".join(answer) if field.kind == "people" else str(answer)


def _text(_: FormField, text: str) -> str:
    return text


def _yes_no(field: FormField, text: str) -> str:
    if text not in (YES, NO):
        raise NotAnswered(field.id, f"“{field.label}”: answer yes or no")
    return text


def _day(field: FormField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise NotAnswered(field.id, f"“{field.label}”: give a day, such as 14 May 2024") from None


def _choice(field: FormField, text: str) -> str:
    if text not in field.choices:
        raise NotAnswered(field.id, f"“{field.label}”: choose one of those offered")
    return text


def _percent(field: FormField, text: str) -> str:
    plain = text.removesuffix("%").strip()
    if not PERCENT.fullmatch(plain) or Fraction(plain) > 100:
        raise NotAnswered(field.id, f"“{field.label}”: give a percent between 0 and 100, such as 92.5")
    return number_text(Fraction(plain))


def _number(field: FormField, text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise NotAnswered(field.id, f"“{field.label}”: give a whole number")
    return str(int(text))


def _people(_: FormField, text: str) -> list[str]:
    return [name for line in text.splitlines() if (name := line.strip())]


_READ = {
    "yes_no": _yes_no,
    "date": _day,
    "choice": _choice,
    "percent": _percent,
    "number": _number,
    "people": _people,
}


def kept_form(kept: Mapping[str, Any]) -> Form:
    """The form that was kept as plain JSON beside its answers (`model_dump(mode="json")`)."""
    return Form.model_validate_json(json.dumps(kept))
