"""What a named person chose on the authority's process: an exit or a way in, with a reason where one is needed."""

from collections.abc import Iterable
from typing import Any

from django import forms


class ExitForm(forms.Form):
    """One of the exits that can be taken; seen: the last step that was before whoever chose."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    answer = forms.ChoiceField(
        label="What happens next?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what happens next",
            "invalid_choice": "This can't be taken from here, or not yet: choose one of those offered",
        },
    )
    because = forms.CharField(
        label="Because",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where it is not what is proposed. It is kept with the step.",
    )

    def __init__(self, *args: Any, ways: Iterable[tuple[str, str]], **more: Any) -> None:
        """ways: each answer with what it says."""
        super().__init__(*args, **more)
        self.fields["answer"].choices = list(ways)  # type: ignore[attr-defined]
