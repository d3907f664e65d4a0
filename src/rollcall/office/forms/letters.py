"""A letter's wording in plain text, checked as it is typed and again when it is saved."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rollcall.office.forms.asked import Asked, TextBox


class WordingForm(Asked):
    """Subject and text of a letter, and for which school."""

    subject = forms.CharField(label="Subject", max_length=200)
    body = TextBox("Text", rows=18, help_text="Leave an empty line between paragraphs. A field is written {like_this}.")
    pupil = forms.ChoiceField(label="Preview with", required=False)

    def __init__(self, *args: Any, pupils: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pupil"].choices = [("", "Choose a pupil"), *pupils]  # type: ignore[attr-defined]
