"""Closing the school from its day: which sessions, for whom, why."""

from collections.abc import Sequence
from typing import Any

from django import forms

from rollcall.rules.closing import WHYS
from rollcall.rules.codes import says_ground

WHEN = (("", "The whole day"), ("AM", "The morning"), ("PM", "The afternoon"))


class CloseForm(forms.Form):
    """A closure today, of the school or of some classes."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    half = forms.ChoiceField(label="Which sessions?", choices=WHEN, widget=forms.RadioSelect, required=False)
    why = forms.ChoiceField(
        label="Why?",
        choices=[(pk, why.words) for pk, why in WHYS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it closes: the code depends on it."},
    )
    ground = forms.CharField(
        label="Ground",
        max_length=200,
        help_text="Such as “no heating”. It is kept with the closure.",
        error_messages={"required": "Say in words why it closes."},
    )
    classes = forms.TypedMultipleChoiceField(
        label="Only these classes (none ticked: the whole school)",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, classes: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["classes"].choices = list(classes)  # type: ignore[attr-defined]

    def clean_ground(self) -> str:
        """A ground says something (A1-e)."""
        ground: str = self.cleaned_data["ground"].strip()
        if not says_ground(ground):
            raise forms.ValidationError("Say in words why it closes.")
        return ground
