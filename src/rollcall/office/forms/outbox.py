"""What the office says of messages: these were printed, this one is to go again."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rollcall.office.forms.asked import Asked


class PrintedForm(Asked):
    """Which letters were printed and posted."""

    letters = forms.MultipleChoiceField(label="Printed and posted", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, letters: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letters"].choices = list(letters)  # type: ignore[attr-defined]
