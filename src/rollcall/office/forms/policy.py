"""Adopting a version of the policy: which document, from when, approved and reviewed when."""

from typing import Any

from django import forms

from rollcall.office.forms.asked import Asked, DayField
from rollcall.office.queries.policy import templates
from rollcall.rules.policy import PolicyError, loads, shipped_text

LARGEST = 1_000_000
OWN = "file"


class Dates(Asked):
    """The dates of a version (8-a)."""

    effective = DayField("Takes effect on", help_text="A day after today: a day that has been keeps its version.")
    approved = DayField("Approved by the full governing board on")
    review = DayField("Next review", help_text="At most 3 years after the approval.")


class WishForm(Dates):
    """A version that somebody thinks of adopting."""

    source = forms.ChoiceField(label="Which policy", widget=forms.RadioSelect)
    file = forms.FileField(
        label="A file of your own",
        required=False,
        help_text="TOML, such as the file of the version in force with some values changed.",
    )
    field_order = ("key", "source", "file", "effective", "approved", "review")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [*templates(), (OWN, "A file of your own")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The document that is meant, read and checked: each thing that is wrong is a line of its own."""
        given = super().clean() or {}
        if given.get("source") == OWN:
            given["document"] = self._uploaded(given.get("file"))
        elif given.get("source"):
            given["document"] = shipped_text(given["source"])
        return given

    def _uploaded(self, file: Any) -> str:
        if file is None:
            if "file" not in self.errors:
                self.add_error("file", "Choose the file.")
            return ""
        if file.size > LARGEST:
            self.add_error("file", "This file is too large to be a policy.")
            return ""
        try:
            text: str = file.read().decode("utf-8-sig")
            loads(text, file.name)
        except UnicodeDecodeError:
            self.add_error("file", f"{file.name} is not text in UTF-8; save it so in your editor.")
        except PolicyError as error:
            self.add_error("file", forms.ValidationError(list(error.problems)))
        else:
            return text
        return ""


class AdoptForm(Dates):
    """What was previewed, to be adopted as it was."""

    document = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("effective", "approved", "review"):
            self.fields[name].widget = forms.HiddenInput()
