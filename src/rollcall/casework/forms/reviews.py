"""What a head of school chose in a review, in the room's words, with sentences for what is missing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from rollcall.absence.forms.fields import day_field
from rollcall.accounts.asked import row_asked
from rollcall.casework.queries.handed import Hand

CHOICES = [
    ("agree", "Agree with the proposal"),
    ("otherwise", "Do something else"),
    ("none", "No action"),
    ("handed", "Hand to somebody"),
]


class DecisionForm(forms.Form):
    """The decision on rows: agree, something else or no action with a reason, or to whom they are handed for what."""

    key = forms.CharField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label="What do you decide?",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one: agree, something else, no action, or hand to somebody"},
    )
    step = forms.ChoiceField(label="What is done instead", required=False, help_text="Only for something else.")
    to = forms.ChoiceField(label="To whom it is handed", required=False, help_text="Only for handing to somebody.")
    due = day_field("By when? (optional)", required=False, help_text="Only for handing to somebody.")
    because = forms.CharField(
        label="Because, or what is to be done",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed for all but agreeing. It is kept with the decision.",
    )

    def __init__(self, *args: Any, steps: Iterable[tuple[str, str]], staff: Iterable[Hand] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [("", "Choose"), *steps]  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", "Choose"), *((one.actor, str(one)) for one in staff)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A reason for whatever is not agreement, and a step for something else."""
        given = super().clean() or {}
        choice = given.get("choice")
        if choice == "handed" and not given.get("to") and "to" not in self.errors:
            self.add_error("to", "Say to whom it is handed")
        if choice == "handed" and len(given.get("because", "").strip()) < 3:
            self.add_error("because", "Say what is to be done")
        if choice in ("otherwise", "none") and len(given.get("because", "").strip()) < 3:
            self.add_error("because", "Say why, in a few words")
        if choice == "otherwise" and not given.get("step"):
            self.add_error("step", "Say what is done instead")
        return given


class AdviceForm(forms.Form):
    """What somebody who may only advise puts forward on a row."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    step = forms.ChoiceField(label="What do you put forward?", error_messages={"required": "Say what you put forward"})
    because = forms.CharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever decides reads it. It is kept with the review.",
        error_messages={"required": "Say why, in a few words"},
    )

    def __init__(self, *args: Any, steps: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [("", "Choose"), *steps]  # type: ignore[attr-defined]


class HandForm(forms.Form):
    """A pupil handed to somebody: to whom, what is to be done, by when."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    to = forms.ChoiceField(label="To whom?", error_messages={"required": "Say to whom it is handed"})
    what = forms.CharField(
        label="What is to be done?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is to be done"},
    )
    due = day_field("By when? (optional)", required=False)

    def __init__(self, *args: Any, staff: Iterable[Hand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "Choose"), *((one.actor, str(one)) for one in staff)]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Closing a review; the reason is needed where rows are left."""

    key = forms.CharField(widget=forms.HiddenInput)
    carry_over = forms.CharField(
        label="Why the rest is carried over",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only needed while pupils are left: they come up again in the next review.",
    )


def chosen(query: QueryDict) -> list[int]:
    """The rows that were ticked; what is no number is passed over."""
    return [row for text in query.getlist("row") if (row := row_asked(text))]
