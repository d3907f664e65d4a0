"""A call about an absence as the office types it: who, why, until when, who rang; and the inbox's short forms."""

from collections.abc import Sequence
from typing import Any

from django import forms

from rollcall.absence.actions.reports import Absence, Caller
from rollcall.absence.forms.fields import day_field, time_field
from rollcall.absence.models import Word
from rollcall.absence.queries.callers import CallerChoice
from rollcall.schools.queries.roll import Seat

ELSE = "else"
PARTS = (("day", "The whole day"), ("AM", "The morning only"), ("PM", "The afternoon only"))


class ReportForm(forms.Form):
    """One call about a child and their brothers and sisters; the button that is pressed is the reason."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    children = forms.TypedMultipleChoiceField(
        label="Who is away?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick the child who is away."},
    )
    caller = forms.ChoiceField(
        label="Who rang?", widget=forms.RadioSelect, error_messages={"required": "Tap who rang, or somebody else."}
    )
    caller_name = forms.CharField(label="Name, and what they are to the child", max_length=120, required=False)
    caller_number = forms.CharField(label="Their number", max_length=120, required=False)
    otherwise = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    note = forms.CharField(label="Note, in their words (optional)", max_length=200, required=False)
    back_on = day_field("Expected back on (optional)", required=False)
    day = day_field("Day away", error_messages={"required": "Give the day they are away."})
    part = forms.ChoiceField(label="Away for", choices=PARTS, widget=forms.RadioSelect, initial="day")
    channel = forms.ChoiceField(label="How we were told", choices=Word.CHANNELS, initial="phone")
    out_at = time_field("Away from (leave empty if from the start of the day)")
    back_at = time_field("Back at (leave empty if not back that day)")
    evidence_seen = forms.BooleanField(label="A card, letter or text about it was seen", required=False)
    beside = forms.BooleanField(label="This is another absence: enter it beside that one", required=False)
    reason = forms.CharField(
        label="Why?",
        max_length=40,
        widget=forms.HiddenInput,
        error_messages={"required": "Tap the reason; that saves it."},
    )

    def __init__(self, *args: Any, children: Sequence[Seat], callers: Sequence[CallerChoice], **more: Any) -> None:
        super().__init__(*args, **more)
        shown = [(seat.enrolment, f"{seat.name}, {seat.class_name}") for seat in children]
        self.fields["children"].choices = shown  # type: ignore[attr-defined]
        who = [(one.value, f"{one.label}. {one.warning.upper()}" if one.warning else one.label) for one in callers]
        self.fields["caller"].choices = [*who, (ELSE, "Somebody else")]  # type: ignore[attr-defined]
        self.callers = {one.value: one for one in callers}

    def clean(self) -> dict[str, Any]:
        """Somebody else has a name."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("caller") == ELSE and not told.get("caller_name", "").strip():
            self.add_error("caller_name", "Give the name of who rang.")
        return told

    def absence(self) -> Absence:
        """What was said."""
        told = self.cleaned_data
        names = ("reason", "day", "part", "back_on", "evidence_seen", "note")
        return Absence(**{name: told[name] for name in names}, out_at=told["out_at"], back_at=told["back_at"])

    def who(self) -> Caller:
        """Who rang."""
        told, one = self.cleaned_data, self.callers.get(self.cleaned_data["caller"])
        if one is None:
            return Caller(told["caller_name"], told["caller_number"], None, told["channel"], told["otherwise"])
        return Caller(one.name, one.number, one.link, told["channel"], told["otherwise"])


class WordForm(forms.Form):
    """A word left, in two fields; how it came is one tap, if it was no voicemail."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    caller = forms.CharField(label="Who, and the number or address", max_length=120, required=False)
    words = forms.CharField(label="What they said", max_length=1000, required=False)
    channel = forms.ChoiceField(
        label="How it came",
        choices=Word.CHANNELS,
        initial="voicemail",
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
    )
    left_at = time_field("Left at, if that was a while ago (optional)")


class BecauseForm(forms.Form):
    """A key and a reason in words."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    because = forms.CharField(label="Because", max_length=500, required=False)


class HandOnForm(forms.Form):
    """A caller for the head of school, about a child of the school where it is about one."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    caller = forms.CharField(label="Who rang", max_length=120, error_messages={"required": "Say who rang."})
    number = forms.CharField(label="On which number (optional)", max_length=120, required=False)
    pupil = forms.TypedChoiceField(label="About which child (optional)", coerce=int, empty_value=None, required=False)
    about = forms.CharField(
        label="What it is about",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what it is about."},
    )

    def __init__(self, *args: Any, children: Sequence[Seat], **more: Any) -> None:
        super().__init__(*args, **more)
        shown = [(seat.enrolment, f"{seat.name}, {seat.class_name}") for seat in children]
        self.fields["pupil"].choices = [("", "Nobody in particular"), *shown]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Which reports of a call to withdraw, and why."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reports = forms.TypedMultipleChoiceField(
        label="Whose report?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick whose report to withdraw."},
    )
    because = forms.CharField(label="Why is it withdrawn?", max_length=500, required=False)
    again = forms.BooleanField(label="Then enter the call for another child", required=False)


class CodeForm(forms.Form):
    """The code of a report that has none of its own, and why."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    code = forms.ChoiceField(label="Code", error_messages={"required": "Choose the code."})
    because = forms.CharField(label="Why is this the code?", max_length=500, required=False)

    def __init__(self, *args: Any, codes: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["code"].choices = [("", "Choose"), *codes]  # type: ignore[attr-defined]
