"""What every form of the office has: the key that makes the same press one deed, and a day typed as a date."""

from typing import Any

from django import forms
from django.db.models import Model

from rollcall.journal.actions import new_key


def choices_of(model: type[Model], field: str) -> list[tuple[Any, Any]]:
    """The choices of a column, as its model has them."""
    return list(getattr(model._meta.get_field(field), "choices", None) or [])


class Asked(forms.Form):
    """A form with its key; posted twice it is one deed."""

    key = forms.CharField(widget=forms.HiddenInput, initial=new_key, max_length=80)


class DayField(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        errors = {"invalid": f"“{label}” must be a date, such as 14 May 2026."}
        super().__init__(label=label, widget=widget, error_messages=errors, **kwargs)


class TimeOfDay(forms.TimeField):
    """A time of day."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        errors = {"invalid": f"“{label}” must be a time, such as 09:15."}
        super().__init__(label=label, widget=widget, error_messages=errors, **kwargs)


class TextBox(forms.CharField):
    """Some lines of text."""

    def __init__(self, label: str, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class ReasonForm(Asked):
    """Why something is done, in a few words."""

    reason = forms.CharField(label="Why", max_length=200, help_text="It is kept with who did it and when.")


class Until(Asked):
    """The last day of something."""

    last_day = DayField("Last day")


class UntilBecause(Until):
    """The last day of something, and why it ends."""

    reason = forms.CharField(label="Why", max_length=200, help_text="It is kept with who did it and when.")


class Pressed(Asked):
    """A button alone."""
