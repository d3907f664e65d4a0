"""What is typed for a letter by hand, and about a talk in person."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from rollcall.absence.forms.fields import day_field
from rollcall.casework.queries.prefill import LISTS
from rollcall.letters.fields import FIELDS

LONG = frozenset(("meeting_about", "meeting_said", "meeting_came"))


class WriteForm(forms.Form):
    """The fields that belong to one letter, each named by what it stands for; a list has a line for each."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    by_post = forms.BooleanField(label="Print all of them, whoever has an e-mail address", required=False)

    def __init__(self, *args: Any, names: Sequence[str], known: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.names = names
        for name in names:
            self.fields[name] = _field(name)
            self.initial.setdefault(name, known.get(name, ""))
        self.order_fields([*names, "by_post"])

    def values(self) -> dict[str, str]:
        """The values of the letter's own fields, lists as lines that begin with "- "."""
        return {name: _lines(self.cleaned_data[name]) if name in LISTS else _plain(self, name) for name in self.names}


def _plain(form: forms.Form, name: str) -> str:
    return " ".join(str(form.cleaned_data[name]).split())


def _lines(text: str) -> str:
    found = (" ".join(line.split()).removeprefix("- ") for line in text.splitlines())
    return "\n".join(f"- {line}" for line in found if line)


def _field(name: str) -> forms.CharField:
    words = FIELDS.get(name, name)
    label = words[:1].upper() + words[1:]
    needed = {"required": f"Fill in {words}."}
    if name in LISTS or name in LONG:
        box = forms.Textarea(attrs={"rows": 4})
        hint = "A line for each." if name in LISTS else ""
        return forms.CharField(label=label, widget=box, max_length=3000, help_text=hint, error_messages=needed)
    return forms.CharField(label=label, max_length=300, error_messages=needed)


class RaiseForm(forms.Form):
    """A talk with a parent in person: when, with whom, what was said."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    day = day_field("Day of the talk", error_messages={"required": "Give the day of the talk."})
    with_whom = forms.CharField(
        label="With whom?", max_length=120, error_messages={"required": "Say with whom it was raised."}
    )
    said = forms.CharField(
        label="What was said?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write down what was said."},
    )
