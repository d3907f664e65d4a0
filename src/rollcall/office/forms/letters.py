"""A letter's wording in plain text, checked as it is typed and again when it is saved; and the school's letterhead."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rollcall.letters.wordings import WordingText
from rollcall.office.forms.asked import Asked, TextBox
from rollcall.rules.policy import Letter

PARTS = ("greeting", "law", "wishes", "closing")
"""The parts of a wording beside its subject and body that can be typed."""


class WordingForm(Asked):
    """The parts of a letter, and whom to see it with; only the parts that this letter can have."""

    subject = forms.CharField(label="Subject", max_length=200)
    greeting = forms.CharField(label="Greeting", max_length=200, required=False)
    body = TextBox("Text", rows=18, help_text="Leave an empty line between paragraphs. A field is written {like_this}.")
    law = TextBox(
        "About the law",
        rows=5,
        required=False,
        help_text="Added only for a child of compulsory school age. Empty, where nothing is to be added.",
    )
    wishes = TextBox("Good wishes", rows=2, required=False, help_text="Added only in the last week of a term.")
    closing = forms.CharField(label="Closing words", max_length=200, required=False)
    pupil = forms.ChoiceField(label="Preview with", required=False)

    def __init__(
        self, typed: Any = None, *, letter: Letter, now: WordingText, pupils: Iterable[tuple[int, str]]
    ) -> None:
        super().__init__(typed, initial={part: getattr(now, part) for part in ("subject", "body", *PARTS)})
        self.fields["pupil"].choices = [("", "Choose a pupil"), *pupils]  # type: ignore[attr-defined]
        if not letter.cites or letter.compulsory_age_only:
            del self.fields["law"]
        if not letter.wishes_in_last_week:
            del self.fields["wishes"]

    def parts(self) -> dict[str, str]:
        """What was typed of the parts beside subject and body; an empty greeting or close stays as it is in use."""
        typed = {part: self.cleaned_data[part] for part in PARTS if part in self.fields}
        return {part: words for part, words in typed.items() if words or part in ("law", "wishes")}


class LetterheadForm(Asked):
    """What the school's letters bear."""

    strapline = forms.CharField(
        label="A line under the school's name (optional)", max_length=120, required=False, help_text="Such as a motto."
    )
    logo = forms.FileField(
        label="Logo (optional)", required=False, help_text="A PNG or a plain SVG, of 100 KB at most. Empty keeps it."
    )
    logo_alt = forms.CharField(
        label="What the logo shows",
        max_length=120,
        required=False,
        help_text="Read out to who listens to the letter, such as “An oak tree”.",
    )
    no_logo = forms.BooleanField(label="No logo any more", required=False)
    signatory = forms.CharField(
        label="Who signs every letter (optional)",
        max_length=120,
        required=False,
        help_text="Empty where each letter is signed by who sends it.",
    )
    signatory_position = forms.CharField(label="Their position", max_length=120, required=False)
