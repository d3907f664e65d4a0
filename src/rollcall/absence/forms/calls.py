"""What people tap and type while they look for a child: tries at calling, reasons, words for the safeguarding lead."""

from typing import Any

from django import forms

from rollcall.absence.actions.calls import Tap
from rollcall.rules.policy import Policy


def tap_value(enrolment: int, link: int, number: str, outcome: str, seen: int) -> str:
    """A try as the value of a button."""
    return f"{enrolment}|{link}|{number}|{outcome}|{seen}"


class TapForm(forms.Form):
    """One tap: the button's value says all of it, the word beside it is optional."""

    key = forms.CharField(max_length=60)
    tap = forms.RegexField(regex=r"^\d+\|\d+\|[^|]{1,30}\|[a-z_]+\|\d+$")

    @property
    def enrolment(self) -> int:
        """About which child, by enrolment."""
        return int(self.cleaned_data["tap"].split("|")[0])

    @property
    def told(self) -> Tap:
        """The try."""
        enrolment, link, number, outcome, seen = self.cleaned_data["tap"].split("|")
        return Tap(int(link), number, outcome, str(self.data.get(f"words-{enrolment}", ""))[:300], int(seen))


class ReasonForm(forms.Form):
    """What a family said when they were reached."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    who = forms.CharField(label="Who told you", max_length=120)
    reason = forms.ChoiceField(
        label="Why is the child away?", error_messages={"required": "Tap the reason: it saves what you entered."}
    )
    note = forms.CharField(label="A note, if it helps", max_length=200, required=False)
    back_on = forms.DateField(
        label="Back on, if they said",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Give the day they are back as a date."},
    )

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (one.id, f"{one.name}: {one.code}" if one.code else f"{one.name}: N stands until it is decided")
            for one in policy.reasons
            if "absence" in one.asked
        ]


class WordsForm(forms.Form):
    """A few words with a key."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    words = forms.CharField(max_length=500, required=False)


class ReachForm(forms.Form):
    """How somebody wants to be told of an alert."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    by_email = forms.BooleanField(label="By e-mail", required=False)
    by_text = forms.BooleanField(label="By text", required=False)
    mobile = forms.CharField(label="Mobile number for texts", max_length=30, required=False)
