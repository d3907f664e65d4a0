"""What is typed about penalty notices: the gate, what became of one, a word to a prompt, a notice to improve."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from rollcall.absence.forms.fields import day_field, time_field
from rollcall.casework.actions.improving import Chance
from rollcall.casework.actions.notice_events import GROUNDS, Told
from rollcall.casework.actions.notices import InPublic
from rollcall.casework.models import Notice, NoticeToImprove
from rollcall.casework.queries.gate import ANSWERS, Gate, Offer
from rollcall.casework.queries.liable import Parent
from rollcall.rules.policy.parts import ChecklistItem
from rollcall.rules.prompt import Session
from rollcall.rules.sessions import half_of

KEY = 40
FAR = date(2200, 1, 1)
LONG: dict[str, Any] = {"max_length": 1000, "widget": forms.Textarea(attrs={"rows": 3})}


def _key() -> forms.CharField:
    return forms.CharField(widget=forms.HiddenInput, max_length=KEY)


class GateForm(forms.Form):
    """Which parents, and all that stands before a notice (5.2-c). Each point of the checklist is a field of its own."""

    key = _key()
    sessions = forms.CharField(widget=forms.HiddenInput, required=False)
    contacts = forms.TypedMultipleChoiceField(
        label="Which parents?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each has a notice of their own.",
        error_messages={"required": "Choose at least one parent."},
    )
    support = forms.TypedMultipleChoiceField(
        label="Which support was offered?", coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    not_apt = forms.CharField(
        label="Or why support is not apt", required=False, help_text="Needed where none was offered.", **LONG
    )
    notes = forms.CharField(label="Notes to the answers (optional)", required=False, **LONG)

    def __init__(
        self,
        *args: Any,
        parents: Iterable[Parent],
        offers: Sequence[Offer],
        points: Sequence[ChecklistItem],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.points = points
        liable = [(one.contact, f"{one.name} ({one.relationship.lower()})") for one in parents if one.is_liable]
        self.fields["contacts"].choices = liable  # type: ignore[attr-defined]
        self.fields["support"].choices = [(one.id, one.words) for one in offers]  # type: ignore[attr-defined]
        if not offers:
            del self.fields["support"]
        for point in points:
            self.fields[point.id] = forms.ChoiceField(
                label=point.words,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": f"Answer this point: {point.words}."},
            )
        self.order_fields([*(name for name in self.fields if name != "notes"), "notes"])

    def gate(self) -> Gate:
        """The answers."""
        given = self.cleaned_data
        return Gate(
            support=tuple(given.get("support", ())),
            not_apt=given["not_apt"],
            answers={point.id: given[point.id] for point in self.points},
            notes=given["notes"],
        )

    def shown(self) -> list[Session]:
        """The sessions as they were on the page; what can't be read is left out, so that it is refused."""
        found: list[Session] = []
        for text in self.cleaned_data["sessions"].split():
            day, _, half = text.partition("/")
            try:
                found.append((date.fromisoformat(day), half_of(half)))
            except ValueError:
                continue
        return found


class PublicForm(GateForm):
    """An excluded child who was seen in a public place in school hours."""

    exclusion = forms.TypedChoiceField(label="During which exclusion?", coerce=int)
    day = day_field("On which day?")
    at = time_field("At what time?")
    place = forms.CharField(label="Where?", max_length=200)
    seen_by = forms.CharField(label="Who saw it?", max_length=120)
    reason_heard = forms.CharField(label="What reason was given (optional)", max_length=300, required=False)

    field_order = ("key", "sessions", "exclusion", "day", "at", "place", "seen_by", "reason_heard", "contacts")

    def __init__(self, *args: Any, exclusions: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["exclusion"].choices = list(exclusions)  # type: ignore[attr-defined]
        self.fields["at"].required = True
        for name in ("support", "not_apt"):
            self.fields.pop(name, None)

    def gate(self) -> Gate:
        """The answers; support is not asked about."""
        given = self.cleaned_data
        return Gate(answers={point.id: given[point.id] for point in self.points}, notes=given["notes"])

    def seen(self) -> InPublic:
        """What was seen."""
        given = self.cleaned_data
        return InPublic(
            given["exclusion"], given["day"], given["at"], given["place"], given["seen_by"], given["reason_heard"]
        )


class PressForm(forms.Form):
    """A button that asks for nothing more."""

    key = _key()


class NoteForm(PressForm):
    """A button with an optional word."""

    because = forms.CharField(label="A word to it (optional)", max_length=300, required=False)


class BecauseForm(PressForm):
    """A button that wants to know why."""

    because = forms.CharField(
        label="Why?", max_length=500, error_messages={"required": "Say why, in a few words: it is kept."}
    )


class RecordedForm(PressForm):
    """A notice that the authority or the police issued."""

    issued_by = forms.ChoiceField(
        label="Who issued it?",
        choices=[one for one in Notice.ISSUERS if one[0] in ("local_authority_officer", "police")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say who issued it."},
    )
    day = day_field("Issued on", error_messages={"required": "Give the day on which it was issued."})
    received = day_field("Received on (if they say so)", required=False)
    reference = forms.CharField(label="Their number for it (optional)", max_length=60, required=False)


class EventForm(PressForm):
    """What became of a notice. Which of the fields are needed depends on what it is."""

    kind = forms.ChoiceField(
        label="What is to be recorded?", widget=forms.RadioSelect, error_messages={"required": "Choose what it is."}
    )
    day = day_field("On which day?", error_messages={"required": "Give the day."})
    pounds = forms.DecimalField(
        label="Amount in pounds, for a payment",
        required=False,
        max_digits=7,
        decimal_places=2,
        error_messages={"invalid": "Give the amount as 60 or 60.50."},
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "class": "govuk-input--width-5"}),
    )
    ground = forms.ChoiceField(label="Ground, for a withdrawal", choices=[("", "Choose"), *GROUNDS], required=False)
    told_by = forms.CharField(label="Who told you (at the authority)", max_length=120, required=False)
    words = forms.CharField(label="In a few words", required=False, **LONG)

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]

    def told(self) -> Told:
        """What is recorded."""
        given = self.cleaned_data
        pence = None if given["pounds"] is None else int((given["pounds"] * Decimal(100)).to_integral_value())
        return Told(given["kind"], given["day"], pence, given["ground"], given["words"], given["told_by"])


class ImproveForm(PressForm):
    """A last chance: from when, for how long, what has to be reached, which help there is."""

    begins = day_field("Its first day", validators=[MaxValueValidator(FAR, "This is too far ahead: look at the year.")])
    weeks = forms.IntegerField(
        label="For how many weeks?",
        min_value=1,
        max_value=52,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    enough = forms.CharField(label="What has to be reached?", help_text="The family reads it as it stands.", **LONG)
    support = forms.CharField(
        label="Which help was and is offered?", help_text="The family reads it as it stands.", **LONG
    )

    def chance(self) -> Chance:
        """What is given."""
        given = self.cleaned_data
        return Chance(given["begins"], given["weeks"], given["enough"], given["support"])


class OutcomeForm(PressForm):
    """What came of a notice to improve."""

    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=NoticeToImprove.OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what came of it."},
    )
    words = forms.CharField(label="What was found?", error_messages={"required": "Say what was found."}, **LONG)
