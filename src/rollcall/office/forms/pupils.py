"""A pupil's facts, moves, leaving and spans, as they are typed."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rollcall.office.forms.asked import Asked, DayField, choices_of
from rollcall.rules import identifiers
from rollcall.rules.ahead import WEEKDAYS
from rollcall.schools.models import Hold, Pupil

ORDINARY = (
    "upn",
    "legal_first",
    "legal_last",
    "known_first",
    "known_last",
    "born",
    "sex",
    "sen",
    "free_meals",
    "pupil_premium",
    "traveller",
)
SENSITIVE = ("looked_after", "child_protection", "social_worker", "young_carer", "risk", "confidential", "medical")
YEAR_GROUPS = [
    ("", "Choose a year group"),
    (-1, "Nursery"),
    (0, "Reception"),
    *((n, f"Year {n}") for n in range(1, 14)),
]
Choices = Iterable[tuple[Any, Any]]


class FactsForm(Asked):
    """A pupil's ordinary facts. Without a known-as name, the legal one is used."""

    upn = forms.CharField(label="UPN (unique pupil number)", max_length=20, help_text="A letter and twelve characters.")
    legal_first = forms.CharField(label="Legal first name", max_length=80)
    legal_last = forms.CharField(label="Legal last name", max_length=80)
    known_first = forms.CharField(label="Known-as first name", max_length=80, required=False, help_text="If different.")
    known_last = forms.CharField(label="Known-as last name", max_length=80, required=False, help_text="If different.")
    born = DayField("Date of birth")
    sex = forms.ChoiceField(label="Sex", choices=choices_of(Pupil, "sex"), widget=forms.RadioSelect)
    sen = forms.ChoiceField(label="Special educational needs", choices=choices_of(Pupil, "sen"), initial="N")
    free_meals = forms.BooleanField(label="Free school meals", required=False)
    pupil_premium = forms.BooleanField(label="Pupil premium", required=False)
    traveller = forms.BooleanField(
        label="Traveller family",
        required=False,
        help_text="One of the groups that the policy names: code T may be used.",
    )

    def clean_upn(self) -> str:
        """The form and check letter of a UPN."""
        try:
            return identifiers.check_upn(self.cleaned_data["upn"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """The known-as name is the legal one where it is left empty."""
        given = super().clean() or {}
        for part in ("first", "last"):
            given[f"known_{part}"] = given.get(f"known_{part}") or given.get(f"legal_{part}", "")
        return given


class JoiningForm(FactsForm):
    """A pupil who joins: the facts, and the class from a day on."""

    school_class = forms.ChoiceField(label="Class")
    year_group = forms.TypedChoiceField(label="Year group", choices=YEAR_GROUPS, coerce=int)
    admitted = DayField("First day on roll")

    def __init__(self, *args: Any, classes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [("", "Choose a class"), *classes]  # type: ignore[attr-defined]


class SafeguardingForm(Asked):
    """Facts that few may see."""

    looked_after = forms.BooleanField(label="Looked after by a local authority", required=False)
    child_protection = forms.BooleanField(label="On a child protection plan", required=False)
    social_worker = forms.CharField(
        label="Social worker and how to reach them", max_length=200, required=False, help_text="Name, phone, e-mail."
    )
    young_carer = forms.BooleanField(label="Young carer", required=False)
    risk = forms.ChoiceField(
        label="Risk when missing without a word",
        choices=choices_of(Pupil, "risk"),
        widget=forms.RadioSelect,
        help_text="Red is followed up first.",
    )
    confidential = forms.BooleanField(
        label="That the pupil is at this school is confidential", required=False, help_text="Nobody outside is told."
    )
    medical = forms.CharField(label="Medical or long-term condition", max_length=200, required=False)


class ClassMoveForm(Asked):
    """To which class, in which year group, from when."""

    school_class = forms.ChoiceField(label="To the class")
    year_group = forms.TypedChoiceField(label="Year group", choices=YEAR_GROUPS, coerce=int)
    begins = DayField("From")

    def __init__(self, *args: Any, classes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [("", "Choose a class"), *classes]  # type: ignore[attr-defined]


class LeaverForm(Asked):
    """A pupil's last day on roll, and why."""

    last_day = DayField("Last day on roll")
    reason = forms.CharField(
        label="Where they go, or why they leave", max_length=200, help_text="Such as the name of the new school."
    )


class HoldForm(Asked):
    """A time in which nothing is sent to the family."""

    kind = forms.ChoiceField(label="Why", choices=choices_of(Hold, "kind"), widget=forms.RadioSelect)
    begins = DayField("From")
    ends = DayField("Until", required=False, help_text="Empty until somebody ends it.")
    note = forms.CharField(label="Note", max_length=200, required=False)


class PartTimeForm(Asked):
    """The sessions of a week that a part-time pupil does not attend."""

    away = forms.MultipleChoiceField(
        label="Sessions not attended",
        choices=[
            (f"{day}{half}", f"{words} {'morning' if half == 'AM' else 'afternoon'}")
            for day, words in zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), strict=True)
            for half in ("AM", "PM")
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    begins = DayField("From")
    ends = DayField("Until", help_text="A part-time timetable is agreed for a time, and reviewed.")


class ExclusionForm(Asked):
    """A suspension or permanent exclusion."""

    permanent = forms.TypedChoiceField(
        label="What it is",
        choices=[("no", "A suspension"), ("yes", "A permanent exclusion")],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    begins = DayField("First day")
    ends = DayField("Last day", required=False, help_text="For a suspension.")
    provision_from = DayField(
        "Alternative provision from", required=False, help_text="From that day the pupil is no longer marked E."
    )
