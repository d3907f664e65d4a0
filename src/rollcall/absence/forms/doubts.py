"""What is typed about a reason in doubt: the request, its answer, how the parents were told, the decision."""

from collections.abc import Sequence
from typing import Any

from django import forms

from rollcall.absence.forms.fields import day_field
from rollcall.absence.models import Doubt

SAID = (("phone", "By phone"), ("person", "In person"))


class AskForm(forms.Form):
    """Evidence asked for: of what, why, what would do, of whom, how and by when."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    kind = forms.ChoiceField(label="What is in doubt?", choices=Doubt.KINDS)
    first_day = day_field("First day away")
    last_day = day_field("Last day away")
    why = forms.CharField(
        label="Why is it asked for?",
        help_text="A whole sentence: the family reads it, and the record keeps it.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why evidence is asked for; it is never asked for without need."},
    )
    would_do = forms.MultipleChoiceField(label="What would do?", widget=forms.CheckboxSelectMultiple, required=False)
    other = forms.CharField(label="Something else that would do (optional)", max_length=120, required=False)
    contact = forms.TypedChoiceField(
        label="Who is asked?", coerce=int, widget=forms.RadioSelect, error_messages={"required": "Choose who is asked."}
    )
    how = forms.ChoiceField(label="How?", choices=Doubt.HOW, widget=forms.RadioSelect, initial="message")
    due = day_field("Answer by", error_messages={"required": "Give the day by which you want an answer."})

    def __init__(self, *args: Any, evidence: Sequence[str], adults: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["would_do"].choices = [(one, one[:1].upper() + one[1:]) for one in evidence]  # type: ignore[attr-defined]
        self.fields["contact"].choices = list(adults)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Something must do."""
        told: dict[str, Any] = super().clean() or {}
        if not told.get("would_do") and not told.get("other", "").strip():
            self.add_error("would_do", "Tick what would do, so that the family knows what to look for.")
        first, last = told.get("first_day"), told.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "The last day must not lie before the first.")
        return told

    def evidence(self) -> tuple[str, ...]:
        """All that would do."""
        other = self.cleaned_data["other"].strip()
        return (*self.cleaned_data["would_do"], *((other,) if other else ()))


class AnswerForm(forms.Form):
    """What the family answered."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    words = forms.CharField(label="What was shown or said", max_length=500, required=False)
    satisfied = forms.ChoiceField(
        label="Does it settle the matter?",
        choices=(("yes", "Yes: the absence stays authorised"), ("no", "No")),
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether it settles the matter."},
    )


class SaidForm(forms.Form):
    """The parents told by phone or in person."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    how = forms.ChoiceField(label="How were they told?", choices=SAID, widget=forms.RadioSelect, initial="phone")
    contact = forms.TypedChoiceField(
        label="Who was told?", coerce=int, widget=forms.RadioSelect, error_messages={"required": "Choose who was told."}
    )
    words = forms.CharField(label="What was said", max_length=300, required=False)

    def __init__(self, *args: Any, adults: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["contact"].choices = list(adults)  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The decision; the button pressed is the code, empty where the marks stay."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    code = forms.CharField(max_length=2, required=False, widget=forms.HiddenInput)
    because = forms.CharField(label="Why is it decided so?", max_length=500, required=False)
