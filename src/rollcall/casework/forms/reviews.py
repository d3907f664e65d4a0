"""What a head of school chose in a review, in the room's words, with sentences for what is missing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from rollcall.accounts.asked import row_asked

CHOICES = [
    ("agree", "Agree with the proposal"),
    ("otherwise", "Do something else"),
    ("none", "No action"),
]


class DecisionForm(forms.Form):
    """The decision on one row: agree, something else with a reason, or no action with a reason."""

    key = forms.CharField(widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label="What do you decide?",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose agree, something else, or no action"},
    )
    step = forms.ChoiceField(label="What is done instead", required=False, help_text="Only for something else.")
    because = forms.CharField(
        label="Because",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed for something else and for no action. It is kept with the decision.",
    )

    def __init__(self, *args: Any, steps: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [("", "Choose"), *steps]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A reason for whatever is not agreement, and a step for something else."""
        given = super().clean() or {}
        choice = given.get("choice")
        if choice in ("otherwise", "none") and len(given.get("because", "").strip()) < 3:
            self.add_error("because", "Say why, in a few words")
        if choice == "otherwise" and not given.get("step"):
            self.add_error("step", "Say what is done instead")
        return given


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
