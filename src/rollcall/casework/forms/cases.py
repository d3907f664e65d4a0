"""What is typed about a case: a step that was done outside, the policy it is judged by, why it ends."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rollcall.absence.forms.fields import day_field

ENDS = (
    ("left", "The pupil left our schools"),
    ("age", "The pupil is no longer of compulsory school age"),
    ("done", "The path has come to its end"),
    ("mistake", "It was opened by mistake"),
)


def _because(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Because",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
        error_messages={"required": "Say why, in a few words."},
    )


class StepForm(forms.Form):
    """A step that was done: to whom, when, in what words."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    to_whom = forms.CharField(
        label="To whom?",
        max_length=160,
        help_text="A name with the post or the service, such as the authority's attendance lead.",
        error_messages={"required": "Say to whom: a name, a post or a service."},
    )
    day = day_field("On which day?", error_messages={"required": "Give the day on which it was done."})
    words = forms.CharField(
        label="What was said or sent?",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="It is kept with the case, with the figures of today.",
        error_messages={"required": "Say in a few words what was done."},
    )


class MoveForm(forms.Form):
    """Another version of the policy for a case, and where the pupil stands in it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    step = forms.ChoiceField(
        label="Where does the pupil stand there?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the step at which the pupil stands."},
    )
    because = _because("It is kept with the case.")

    def __init__(self, *args: Any, steps: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["step"].choices = list(steps)  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """How a case ends that no review ends."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    end = forms.ChoiceField(
        label="How does it end?",
        choices=ENDS,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how the case ends."},
    )
    because = _because("It is kept with the case.")
