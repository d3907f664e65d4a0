"""Leave as it is typed: the request from the form, the decision day by day, a suspected holiday."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from rollcall.absence.actions.leave import Wish
from rollcall.absence.actions.leave_answering import Answer
from rollcall.absence.forms.fields import day_field
from rollcall.absence.models import Doubt, LeaveDecision
from rollcall.absence.queries.leave_days import LeaveDay
from rollcall.letters.queries import Recipient
from rollcall.rules.policy import Policy
from rollcall.rules.words import day_words
from rollcall.schools.queries.families import ContactFact
from rollcall.schools.queries.roll import Seat

ELSE = "else"
AS_TICKED, ALL, NONE = "ticked", "grant", "refuse"
WHYS = (
    ("refused", "Leave for these days was asked for and was not granted."),
    ("siblings", "Brothers or sisters were away from their school on the same days."),
    ("told", "Somebody told us that the family was away."),
    ("beside", "The days lie beside a school holiday or a weekend."),
    ("silent", "We have not been able to reach the family on these days."),
)
"""What makes a holiday likely, in sentences that the family can read: nobody who told is named."""


class LeaveForm(forms.Form):
    """One request for a child and their brothers and sisters; the button that is pressed is the reason."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    children = forms.TypedMultipleChoiceField(
        label="For whom?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick the child for whom leave is asked."},
    )
    first = day_field("First day", autofocus=True, error_messages={"required": "Give the first day."})
    last = day_field("Last day (leave empty for one day)", required=False)
    asker = forms.ChoiceField(
        label="Who asks?", widget=forms.RadioSelect, error_messages={"required": "Tap who asks, or somebody else."}
    )
    asker_name = forms.CharField(label="Somebody else: their name", max_length=120, required=False)
    asked_on = day_field("Day on the form", error_messages={"required": "Give the day on the form."})
    words = forms.CharField(
        label="In their words (optional)", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    evidence = forms.CharField(label="Evidence seen (optional)", max_length=200, required=False)
    reason = forms.CharField(
        label="Why?",
        max_length=40,
        widget=forms.HiddenInput,
        error_messages={"required": "Tap why leave is asked for; that saves it."},
    )

    def __init__(self, *args: Any, children: Sequence[Seat], contacts: Sequence[ContactFact], **more: Any) -> None:
        super().__init__(*args, **more)
        shown = [(seat.enrolment, f"{seat.name}, {seat.class_name}") for seat in children]
        self.fields["children"].choices = shown  # type: ignore[attr-defined]
        who = [(str(one.link), _adult(one)) for one in contacts]
        self.fields["asker"].choices = [*who, (ELSE, "Somebody else")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody else has a name."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("asker") == ELSE and not told.get("asker_name", "").strip():
            self.add_error("asker_name", "Give the name of who asks.")
        return told

    def wish(self) -> Wish:
        """What stands on the form."""
        told = self.cleaned_data
        return Wish(
            reason=told["reason"],
            first=told["first"],
            last=told["last"] or told["first"],
            asked_on=told["asked_on"],
            asker=None if told["asker"] == ELSE else int(told["asker"]),
            asker_name=told["asker_name"],
            words=told["words"],
            evidence=told["evidence"],
        )


def _adult(one: ContactFact) -> str:
    who = f"{one.name} ({one.relationship.lower()})"
    if one.barred:
        return f"{who}. BARRED: DO NOT CONTACT, DO NOT TELL, DO NOT RELEASE"
    if not one.lives_with:
        return f"{who}, the pupil does not normally live with them"
    return who if one.parental_responsibility else f"{who}, without parental responsibility"


class DecisionForm(forms.Form):
    """A decision on a request: for all of its days, none of them, or each as it is ticked."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    choice = forms.ChoiceField(
        label="Decision", choices=[(ALL, "Grant"), (NONE, "Refuse"), (AS_TICKED, "As ticked, day by day")]
    )
    code = forms.ChoiceField(label="Granted with", required=False)
    why = forms.CharField(
        label="Why?",
        help_text="A sentence or two. The family reads it, and the record keeps it.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why, in a sentence that the family can read."},
    )
    how = forms.ChoiceField(
        label="How does the family hear of it?", choices=LeaveDecision.HOW, widget=forms.RadioSelect
    )
    to = forms.TypedChoiceField(label="Who gets the answer?", coerce=int, empty_value=None, required=False)
    told_words = forms.CharField(
        label="Where you tell them yourself: whom, how, and what you said", max_length=300, required=False
    )
    body = forms.CharField(label="Religious body that sets the day apart", max_length=120, required=False)
    advice = forms.CharField(label="Its advice, where it was asked (optional)", max_length=300, required=False)
    group = forms.ChoiceField(label="Group that the policy names", required=False)
    conditions = forms.MultipleChoiceField(
        label="All of these hold", required=False, widget=forms.CheckboxSelectMultiple
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(
        self,
        *args: Any,
        days: Sequence[LeaveDay],
        codes: Sequence[tuple[str, str]],
        written: Sequence[Recipient],
        policy: Policy,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.days, self.offered = list(days), [code for code, _ in codes]
        self._choices("code", codes)
        self._choices("to", [(one.contact, f"{one.name} ({one.relationship.lower()})") for one in written])
        groups = policy.leave.traveller_groups
        self._choices("group", [("", "Choose"), *((one, one) for one in (groups.value if groups else ()))])
        self._choices(
            "conditions", [(one, one[:1].upper() + one[1:]) for one in policy.leave.traveller_conditions.value]
        )
        for one in self.days:
            self.fields[self.name_of(one.day)] = forms.ChoiceField(
                label=day_words(one.day),
                choices=[("", "Refused"), *((code, f"Granted: {words}") for code, words in codes)],
                required=False,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--small govuk-radios--inline"}),
                disabled=one.has_begun,
            )

    def _choices(self, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    @staticmethod
    def name_of(day: date) -> str:
        """The field of one day."""
        return f"day-{day:%Y-%m-%d}"

    @property
    def day_fields(self) -> list[Any]:
        """The fields of the days, in order."""
        return [self[self.name_of(one.day)] for one in self.days]

    def answer(self) -> Answer:
        """The decision as it was typed."""
        told = self.cleaned_data
        code = told["code"] or (self.offered[0] if self.offered else "")
        all_of_them = {ALL: code, NONE: ""}
        days = {one.day: all_of_them.get(told["choice"], told.get(self.name_of(one.day), "")) for one in self.days}
        if told["choice"] == ALL:
            days = {one.day: "" if one.has_begun else code for one in self.days}
        names = ("why", "how", "to", "told_words", "body", "advice", "group")
        return Answer(days=days, conditions=tuple(told["conditions"]), **{name: told[name] for name in names})


class HolidayForm(forms.Form):
    """A suspected holiday: which days, why, what would change it, who is asked how, by when (5.1-c)."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    first_day = day_field("First day away", error_messages={"required": "Give the first day away."})
    last_day = day_field("Last day away (leave empty for one day)", required=False)
    whys = forms.MultipleChoiceField(
        label="Why is it suspected?", choices=WHYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(
        label="Something else, in a sentence that the family can read (optional)", max_length=300, required=False
    )
    would_do = forms.MultipleChoiceField(
        label="What would change it?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick what would change it."},
    )
    contact = forms.TypedChoiceField(
        label="Who is asked?", coerce=int, widget=forms.RadioSelect, error_messages={"required": "Choose who is asked."}
    )
    how = forms.ChoiceField(label="How?", choices=Doubt.HOW, widget=forms.RadioSelect, initial="message")
    due = day_field("Answer by", error_messages={"required": "Give the day by which you want an answer."})

    def __init__(self, *args: Any, evidence: Sequence[str], adults: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        shown = [(one, one[:1].upper() + one[1:]) for one in evidence]
        self.fields["would_do"].choices = shown  # type: ignore[attr-defined]
        self.fields["contact"].choices = list(adults)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """There is a why, and the days follow one another."""
        told: dict[str, Any] = super().clean() or {}
        if not told.get("whys") and not told.get("why", "").strip():
            self.add_error("whys", "Say why it is suspected: the family is told, and the record keeps it.")
        if told.get("first_day") and told.get("last_day") and told["last_day"] < told["first_day"]:
            self.add_error("last_day", "The last day must not lie before the first.")
        return told

    @property
    def because(self) -> str:
        """All of the why, as the family reads it."""
        told, words = self.cleaned_data, dict(WHYS)
        return " ".join([*(words[one] for one in told["whys"]), told["why"].strip()]).strip()
