"""What is asked when an evidence pack is made: its period, what it is for, and whether the maker certifies it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from rollcall.absence.forms.fields import day_field

WHOLE = ""


class PackForm(forms.Form):
    """A pack: from which day on, for which notice, certified by who presses or by nobody yet."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    notice = forms.ChoiceField(label="What is it for?", widget=forms.RadioSelect, required=False)
    since = day_field(
        "First day of the extract of the register",
        error_messages={"required": "Give the first day of the extract.", "invalid": "Give the day as 4 9 2023."},
    )
    certify = forms.BooleanField(
        label="I certify the extracts of the register",
        help_text="Your name and position stand on each, with the words that it is a true extract.",
        required=False,
    )

    def __init__(
        self, *args: Any, notices: Sequence[tuple[str, str]], may_certify: bool, today: date, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.today = today
        self.fields["notice"].choices = [(WHOLE, "The whole record"), *notices]  # type: ignore[attr-defined]
        if not notices:
            del self.fields["notice"]
        if not may_certify:
            del self.fields["certify"]

    def clean_since(self) -> date:
        """No day that is still to come."""
        since: date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError("This day is still to come: an extract ends today.")
        return since

    @property
    def notice_id(self) -> int | None:
        """The notice that it is for, by id; None for the whole record."""
        chosen = self.cleaned_data.get("notice")
        return int(chosen) if chosen else None

    @property
    def is_certified(self) -> bool:
        """Whether the maker certifies it."""
        return bool(self.cleaned_data.get("certify"))
