"""A form of the policy as a form of a page: a field for each of its fields, checked as `rules.filling` says."""

from typing import Any

from django import forms

from rollcall.rules import filling
from rollcall.rules.filling import Answers, NotAnswered
from rollcall.rules.policy import Form, FormField

MOST = {"long": 4000, "people": 2000}
YES_NO = ((filling.YES, "Yes"), (filling.NO, "No"))


class FillForm(forms.Form):
    """One form to be filled in; `answers` is what was answered, once it is valid."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, given: Any, *, form: Form, key: str, last: Answers | None = None) -> None:
        """given: what was posted, if anything. last: what was answered before, to begin with."""
        initial = {name_of(field): filling.typed(field, last or {}) for field in form.fields}
        super().__init__(given, initial=initial | {"key": key})
        self.form, self.answers = form, dict[str, Any]()
        for field in form.fields:
            self.fields[name_of(field)] = _field(field)

    def clean(self) -> dict[str, Any]:
        """Each answer as its kind asks for it, with the sentence beside its own field."""
        given = super().clean() or {}
        for field in self.form.fields:
            name = name_of(field)
            if name in self.errors:
                continue
            try:
                answer = filling.answer_of(field, given.get(name, ""))
            except NotAnswered as error:
                self.add_error(name, str(error))
                continue
            if answer is not None:
                self.answers[field.id] = answer
        return given


def name_of(field: FormField) -> str:
    """The name of a field in the page, apart from the page's own."""
    return f"answer-{field.id}"


def _field(field: FormField) -> forms.CharField:
    most = MOST.get(field.kind, 200)
    return forms.CharField(
        label=field.label if field.needed else f"{field.label} (optional)",
        required=False,
        help_text=field.hint or ("One name a line" if field.kind == "people" else ""),
        max_length=most,
        error_messages={"max_length": f"“{field.label}” has room for {most} characters"},
        widget=_widget(field),
    )


def _widget(field: FormField) -> forms.Widget:
    if field.kind in ("long", "people"):
        return forms.Textarea(attrs={"rows": 3})
    if field.kind == "date":
        return forms.DateInput(attrs={"type": "date", "class": "govuk-input--width-10"})
    if field.kind in ("percent", "number"):
        mode = "decimal" if field.kind == "percent" else "numeric"
        return forms.TextInput(attrs={"inputmode": mode, "class": "govuk-input--width-5"})
    if field.kind == "yes_no":
        return forms.RadioSelect(choices=YES_NO)
    if field.kind == "choice":
        return forms.RadioSelect(choices=[(one, one) for one in field.choices])
    return forms.TextInput()
