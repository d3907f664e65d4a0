"""What is typed about a meeting: its plan, how it went with what was agreed and aimed for, and what was done since."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from rollcall.absence.forms.fields import TIMES, day_field
from rollcall.casework.actions.meetings import Plan
from rollcall.casework.actions.outcomes import Agreement, Aim, Outcome
from rollcall.casework.models import AgreedAction, MeetingOutcome
from rollcall.casework.queries.meetings import Asked
from rollcall.schools.queries.facts import LONDON

LINES = 4
"""How many agreements one page has room for; more come with another meeting."""
KINDS = (("regular", "Regular meeting with parents"), ("review", "Review of a plan"), ("other", "Another meeting"))


def _time(label: str, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "govuk-input--width-5"})
    return forms.TimeField(label=label, widget=widget, input_formats=TIMES, **more)


def _long(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **more)


class PlanForm(forms.Form):
    """A meeting with a family: when, where, who is asked, what about."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind = forms.ChoiceField(label="What for?", choices=KINDS, widget=forms.RadioSelect, initial="regular")
    day = day_field("Day", error_messages={"required": "Give the day of the meeting."})
    time = _time("Time", error_messages={"required": "Give the time.", "invalid": "Give the time as 15.30."})
    place = forms.CharField(label="Where? (optional; at school if empty)", max_length=200, required=False)
    adults = forms.MultipleChoiceField(label="Parents and carers", widget=forms.CheckboxSelectMultiple, required=False)
    staff = forms.MultipleChoiceField(label="Staff", widget=forms.CheckboxSelectMultiple, required=False)
    others = forms.CharField(label="Anybody else, such as an interpreter (optional)", max_length=200, required=False)
    about = _long("What is it about?", help_text="The family reads this in the invitation.", required=False)
    invite = forms.BooleanField(label="Write an invitation to the parents and carers ticked", required=False)

    def __init__(
        self, *args: Any, adults: Sequence[Asked], staff: Sequence[Asked], step: str = "", **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.asked = {str(one.contact): one for one in adults} | {one.actor: one for one in staff}
        self.fields["adults"].choices = [(str(one.contact), str(one)) for one in adults]  # type: ignore[attr-defined]
        self.fields["staff"].choices = [(one.actor, str(one)) for one in staff]  # type: ignore[attr-defined]
        if step:
            del self.fields["kind"]

    def plan(self, step: str = "", with_roles: Sequence[str] = ()) -> Plan:
        """The meeting that is wanted."""
        told = self.cleaned_data
        others = [Asked(told["others"].strip(), "")] if told["others"].strip() else []
        people = [self.asked[one] for one in (*told["adults"], *told["staff"])]
        return Plan(
            kind="step" if step else told["kind"],
            at=datetime.combine(told["day"], told["time"], LONDON),
            place=told["place"],
            about=told["about"],
            asked=(*people, *others),
            step=step,
            with_roles=tuple(with_roles),
        )


class OutcomeForm(forms.Form):
    """How a meeting went. The lines of what was agreed are fields of their own, each with its error beside it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    how = forms.ChoiceField(
        label="How did it go?",
        choices=MeetingOutcome.HOW,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how it went."},
    )
    came = forms.MultipleChoiceField(label="Who came?", widget=forms.CheckboxSelectMultiple, required=False)
    came_too = forms.CharField(label="Anybody else who came (optional)", max_length=200, required=False)
    said = _long("What was said, or why it did not take place", required=False)
    next_review = day_field("When is it looked at again? (optional)", required=False)
    target = forms.ChoiceField(
        label="A target, if one was agreed",
        choices=(("", "None"), ("percent", "A figure by a day"), ("every_day", "In every day until a day")),
        widget=forms.RadioSelect,
        required=False,
    )
    percent = forms.DecimalField(label="Figure in %", max_digits=5, decimal_places=2, required=False)
    target_begins = day_field("Target from", required=False)
    target_ends = day_field("Target until", required=False)
    moved_day = day_field("Moved to: day", required=False)
    moved_time = _time("Moved to: time", required=False)
    counts = forms.BooleanField(label="Take the step although the family did not come", required=False)

    def __init__(self, *args: Any, asked: Sequence[Asked], **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(n): one for n, one in enumerate(asked)}
        self.fields["came"].choices = [(n, str(one)) for n, one in self.people.items()]  # type: ignore[attr-defined]
        for n in range(1, LINES + 1):
            self.fields[f"what_{n}"] = forms.CharField(label="What", max_length=400, required=False)
            self.fields[f"side_{n}"] = forms.ChoiceField(label="Whose", choices=AgreedAction.SIDES, required=False)
            self.fields[f"owner_{n}"] = forms.CharField(label="Who does it", max_length=120, required=False)
            self.fields[f"due_{n}"] = day_field("By when", required=False)

    @property
    def agreed(self) -> list[list[forms.BoundField]]:
        """The fields of each line of what was agreed."""
        return [[self[f"{name}_{n}"] for name in ("what", "side", "owner", "due")] for n in range(1, LINES + 1)]

    def clean(self) -> dict[str, Any]:
        """What belongs together is all there."""
        told: dict[str, Any] = super().clean() or {}
        for n in range(1, LINES + 1):
            what, owner = told.get(f"what_{n}", "").strip(), told.get(f"owner_{n}", "").strip()
            if what and not owner:
                self.add_error(f"owner_{n}", "Say who does it.")
            if owner and not what:
                self.add_error(f"what_{n}", "Say what is done.")
        if told.get("target") and not told.get("target_ends"):
            self.add_error("target_ends", "Give the day until which the target runs.")
        if told.get("target") == "percent" and told.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", "Give the figure, such as 95.")
        if told.get("how") == "moved" and not (told.get("moved_day") and told.get("moved_time")):
            self.add_error("moved_day", "Give the new day and the new time.")
        return told

    def outcome(self, today: date) -> Outcome:
        """How it went."""
        told = self.cleaned_data
        too = [Asked(told["came_too"].strip(), "")] if told["came_too"].strip() else []
        held = told["how"] == "held"
        return Outcome(
            how=told["how"],
            said=told["said"],
            came=(*(self.people[one] for one in told["came"]), *too) if held else (),
            next_review=told["next_review"],
            actions=self._agreements(),
            targets=self._aims(today),
            moved_to=datetime.combine(told["moved_day"], told["moved_time"], LONDON)
            if told["how"] == "moved"
            else None,
            counts=told["counts"],
        )

    def _agreements(self) -> tuple[Agreement, ...]:
        told = self.cleaned_data
        return tuple(
            Agreement(told[f"side_{n}"] or "school", told[f"owner_{n}"], told[f"what_{n}"], told[f"due_{n}"])
            for n in range(1, LINES + 1)
            if told[f"what_{n}"].strip()
        )

    def _aims(self, today: date) -> tuple[Aim, ...]:
        told = self.cleaned_data
        if not told["target"]:
            return ()
        percent: Decimal | None = told["percent"] if told["target"] == "percent" else None
        return (Aim(told["target_begins"] or today, told["target_ends"], percent),)


class DoneForm(forms.Form):
    """Something agreed was done."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    words = forms.CharField(label="A word about it (optional)", max_length=300, required=False)


class TakeBackForm(forms.Form):
    """A target is taken back."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    because = forms.CharField(label="Why?", max_length=300, error_messages={"required": "Say why it is taken back."})
