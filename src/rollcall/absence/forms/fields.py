"""Days and times as every form of the day asks for them."""

from typing import Any

from django import forms

TIMES = ["%H:%M", "%H.%M", "%I.%M%p", "%I:%M%p"]


def day_field(label: str, *, autofocus: bool = False, **more: Any) -> forms.DateField:
    """A day, typed or picked."""
    attrs = {"type": "date", "class": "govuk-input--width-10", **({"autofocus": True} if autofocus else {})}
    widget = forms.DateInput(format="%Y-%m-%d", attrs=attrs)
    return forms.DateField(label=label, widget=widget, **more)


def time_field(label: str) -> forms.TimeField:
    """A time of day that may be left empty."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "govuk-input--width-5"})
    wrong = {"invalid": "Give the time as 10.30."}
    return forms.TimeField(label=label, widget=widget, required=False, input_formats=TIMES, error_messages=wrong)
