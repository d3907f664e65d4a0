"""A trip or activity as it is typed: what, when, who leads it, and who goes, on one form."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from rollcall.absence.actions.activities import Plan
from rollcall.absence.forms.fields import day_field
from rollcall.registers.models import HALVES
from rollcall.schools.models import Person
from rollcall.schools.queries.roll import Seat

Classes = Sequence[tuple[int, str, list[Seat]]]


class ActivityForm(forms.Form):
    """A plan. Whole classes are ticked; a child who goes beside them, or stays behind, is ticked by name."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    title = forms.CharField(label="What is it?", max_length=120, help_text="Such as “Museum of London”.")
    code = forms.ChoiceField(label="Code")
    first_day = day_field("First day")
    first_half = forms.ChoiceField(label="From", choices=[("AM", "the morning"), ("PM", "the afternoon")], initial="AM")
    last_day = day_field("Last day (empty: the same)", required=False)
    last_half = forms.ChoiceField(label="To", choices=[("AM", "the morning"), ("PM", "the afternoon")], initial="PM")
    weekly_until = day_field("Every week until (optional)", required=False)
    leader = forms.ChoiceField(label="Who leads it and confirms who is there?", required=False)
    leader_name = forms.CharField(label="Or somebody else, such as the other school", max_length=120, required=False)
    phone = forms.CharField(label="Number to ring on the day", max_length=30, required=False)
    classes = forms.TypedMultipleChoiceField(label="Whole classes", coerce=int, required=False)
    go = forms.TypedMultipleChoiceField(coerce=int, required=False)
    stay = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(
        self, *args: Any, codes: Iterable[tuple[str, str]], staff: Sequence[Person], classes: Classes, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.staff = {str(one.pk): one for one in staff}
        self.rooms = classes
        children = [(seat.enrolment, seat.name) for _, _, seats in classes for seat in seats]
        self._offer("code", [(code, f"{code}: {meaning}") for code, meaning in codes])
        self._offer("leader", [("", "Somebody else"), *((pk, str(one)) for pk, one in self.staff.items())])
        self._offer("classes", [(pk, name) for pk, name, _ in classes])
        self._offer("go", children)
        self._offer("stay", children)

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One day where no last day is given; somebody who confirms."""
        given: dict[str, Any] = super().clean() or {}
        given["last_day"] = given.get("last_day") or given.get("first_day")
        if not given.get("leader") and not given.get("leader_name", "").strip():
            self.add_error("leader", "Choose who confirms on the day who is there, or give a name.")
        return given

    def plan(self) -> Plan:
        """What is planned."""
        given = self.cleaned_data
        leader = self.staff.get(given["leader"])
        return Plan(
            title=given["title"],
            code=given["code"],
            first=(given["first_day"], given["first_half"]),
            last=(given["last_day"], given["last_half"]),
            leader=leader,
            leader_name=str(leader) if leader else given["leader_name"],
            phone=given["phone"],
            weekly_until=given["weekly_until"],
        )

    def children(self) -> list[int]:
        """The enrolments of who goes: everybody of the ticked classes but those who stay, and those who go beside."""
        given = self.cleaned_data
        whole = {seat.enrolment for pk, _, seats in self.rooms if pk in given["classes"] for seat in seats}
        return sorted((whole - set(given["stay"])) | set(given["go"]))

    @property
    def shown(self) -> list[tuple[int, str, bool, list[tuple[Seat, bool, bool]]]]:
        """The classes with their children, and what is ticked."""
        ticked = {name: {str(one) for one in self[name].value() or ()} for name in ("classes", "go", "stay")}
        return [
            (
                pk,
                name,
                str(pk) in ticked["classes"],
                [(one, str(one.enrolment) in ticked["go"], str(one.enrolment) in ticked["stay"]) for one in seats],
            )
            for pk, name, seats in self.rooms
        ]


class ReasonForm(forms.Form):
    """Why something is undone."""

    key = forms.CharField(max_length=40)
    reason = forms.CharField(max_length=200, min_length=3, error_messages={"required": "Say why, in a word or two."})
    following = forms.BooleanField(required=False)


class ConfirmForm(forms.Form):
    """Who said so, for which session; who is there comes by the button that is pressed."""

    key = forms.CharField(max_length=40)
    day = forms.DateField()
    half = forms.ChoiceField(choices=HALVES)
    said_by = forms.CharField(max_length=120, required=False)

    def session(self) -> tuple[date, Any]:
        """The session."""
        return self.cleaned_data["day"], self.cleaned_data["half"]
