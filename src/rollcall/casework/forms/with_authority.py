"""What is typed about work with the authority: its point of contact, a meeting's plan and outcome, what is asked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms

from rollcall.absence.forms.fields import TIMES, day_field
from rollcall.casework.actions.meetings import Plan
from rollcall.casework.actions.outcomes import Agreement, Outcome
from rollcall.casework.actions.with_authority import Contact
from rollcall.casework.forms.meetings import LINES, OutcomeForm
from rollcall.casework.models import AuthorityContact
from rollcall.casework.queries.meetings import Asked
from rollcall.casework.queries.with_authority import AGENCY
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import Seat

HOW = (("held", "Held"), ("moved", "Moved to another time"), ("off", "Called off"))
SIDES = (("school", "The school"), ("authority", "The point of contact"), ("other", "Another service (signposting)"))


def _time(label: str, **more: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "govuk-input--width-5"})
    wrong = {"required": "Give the time.", "invalid": "Give the time as 15.30."}
    return forms.TimeField(label=label, widget=widget, input_formats=TIMES, error_messages=wrong, **more)


class ContactForm(forms.Form):
    """The authority's point of contact for a school."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give their name."})
    email = forms.EmailField(
        label="E-mail address (optional)",
        required=False,
        error_messages={"invalid": "Give the e-mail address as name@example.org."},
    )
    phone = forms.CharField(label="Telephone (optional)", max_length=30, required=False)
    helpline = forms.CharField(label="Daily helpline (optional)", max_length=30, required=False)

    @property
    def contact(self) -> Contact:
        """The point of contact as typed."""
        told = self.cleaned_data
        return Contact(told["name"], told["email"], told["phone"], told["helpline"])


class AuthorityPlanForm(forms.Form):
    """A meeting with the authority, or of several agencies about a pupil (then without a choice of kind)."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind = forms.ChoiceField(label="Which meeting?", widget=forms.RadioSelect)
    day = day_field("Day", error_messages={"required": "Give the day of the meeting."})
    time = _time("Time")
    place = forms.CharField(label="Where? (optional)", max_length=200, required=False)
    contact = forms.BooleanField(label="The authority's point of contact", required=False)
    staff = forms.MultipleChoiceField(label="Staff", widget=forms.CheckboxSelectMultiple, required=False)
    others = forms.CharField(label="Anybody else (optional)", max_length=200, required=False)
    about = forms.CharField(
        label="What is it about? (optional)", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[tuple[str, str]],
        staff: Sequence[Asked],
        contact: AuthorityContact | None,
        as_: str,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.asked = {one.actor: one for one in staff}
        self.spoc = Asked(contact.name, as_) if contact else None
        self.fields["staff"].choices = [(one.actor, str(one)) for one in staff]  # type: ignore[attr-defined]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if self.spoc is None:
            del self.fields["contact"]
        else:
            self.fields["contact"].label = str(self.spoc)
        if not kinds:
            del self.fields["kind"]

    @property
    def plan(self) -> Plan:
        """The meeting that is wanted."""
        told = self.cleaned_data
        people = [self.asked[one] for one in told["staff"]]
        if self.spoc and told["contact"]:
            people.insert(0, self.spoc)
        if told["others"].strip():
            people.append(Asked(told["others"].strip(), ""))
        at = datetime.combine(told["day"], told["time"], LONDON)
        return Plan(told.get("kind", AGENCY), at, told["place"], told["about"], tuple(people))


class AuthorityOutcomeForm(OutcomeForm):
    """How a meeting with the authority went, what each side does, and when the next one is."""

    next_day = day_field("Next meeting: day", required=False)
    next_time = _time("Next meeting: time", required=False)
    why_none = forms.CharField(label="Or why none is planned (optional)", max_length=300, required=False)

    def __init__(self, *args: Any, seats: Sequence[Seat], **more: Any) -> None:
        super().__init__(*args, **more)
        self.seats = seats
        for name in ("target", "percent", "target_begins", "target_ends", "counts", "next_review"):
            del self.fields[name]
        self.fields["how"].choices = HOW  # type: ignore[attr-defined]
        for n in range(1, LINES + 1):
            self.fields[f"side_{n}"].choices = SIDES  # type: ignore[attr-defined]
            attrs = {"list": "pupils-here"}
            self.fields[f"pupil_{n}"] = forms.CharField(
                label="About (optional)", max_length=200, required=False, widget=forms.TextInput(attrs=attrs)
            )

    @property
    def agreed(self) -> list[list[forms.BoundField]]:
        """The fields of each line of what was agreed."""
        names = ("what", "side", "owner", "due", "pupil") if self.seats else ("what", "side", "owner", "due")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, LINES + 1)]

    def clean(self) -> dict[str, Any]:
        """What belongs together is there, and each pupil named is one of the school."""
        told = super().clean()
        if bool(told.get("next_day")) != bool(told.get("next_time")) and "next_time" not in self.errors:
            self.add_error("next_day", "Give both the day and the time of the next meeting.")
        for n in range(1, LINES + 1):
            try:
                told[f"about_{n}"] = self._pupil(told.get(f"pupil_{n}", ""))
            except forms.ValidationError as error:
                self.add_error(f"pupil_{n}", error)
        return told

    def _pupil(self, name: str) -> int | None:
        if not name.strip():
            return None
        wanted = " ".join(name.split()).casefold()
        found = [one for one in self.seats if wanted in (one.name.casefold(), _labelled(one).casefold())]
        if len(found) != 1:
            said = "Nobody of this school has that name" if not found else "Several pupils have that name"
            raise forms.ValidationError(f"{said}: choose one of the list, with the class.")
        return found[0].pupil

    @property
    def labels(self) -> list[str]:
        """The pupils who can be named, for the list that helps with typing."""
        return [_labelled(one) for one in self.seats]

    @property
    def next_at(self) -> datetime | None:
        """When the next meeting is; None for none."""
        told = self.cleaned_data
        return datetime.combine(told["next_day"], told["next_time"], LONDON) if told["next_day"] else None

    def outcome(self, today: date) -> Outcome:
        """How it went."""
        told = self.cleaned_data
        too = [Asked(told["came_too"].strip(), "")] if told["came_too"].strip() else []
        moved = told["how"] == "moved"
        return Outcome(
            how=told["how"],
            said=told["said"],
            came=(*(self.people[one] for one in told["came"]), *too) if told["how"] == "held" else (),
            actions=self._agreements(),
            moved_to=datetime.combine(told["moved_day"], told["moved_time"], LONDON) if moved else None,
        )

    def _agreements(self) -> tuple[Agreement, ...]:
        told = self.cleaned_data
        lines = [n for n in range(1, LINES + 1) if told[f"what_{n}"].strip()]
        return tuple(
            Agreement(
                told[f"side_{n}"] or "school",
                told[f"owner_{n}"],
                told[f"what_{n}"],
                told[f"due_{n}"],
                pupil=told[f"about_{n}"],
            )
            for n in lines
        )


class AskForm(forms.Form):
    """Advice, guidance or training that the authority is asked for."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    what = forms.CharField(
        label="What is asked for?",
        max_length=400,
        help_text="Such as: training for new staff on codes; advice about a family, without the child's name.",
        error_messages={"required": "Say what the authority is asked for."},
    )
    due = day_field("By when? (optional)", required=False)


def _labelled(seat: Seat) -> str:
    return f"{seat.name}, {seat.class_name}"
