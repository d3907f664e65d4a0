"""An adult of a family, their numbers, and what they are to a pupil, as it is typed."""

import re
from typing import Any

from django import forms

from rollcall.office.forms.asked import Asked, TextBox, choices_of
from rollcall.schools.models import ContactPhone

N_PHONES = 4
KINDS = choices_of(ContactPhone, "kind")
LINK = ("relationship", "parental_responsibility", "lives_with", "barred", "barred_do")
DETAILS = ("title", "first", "last", "email", "address", "language")


class LinkForm(Asked):
    """What an adult is to a pupil."""

    relationship = forms.CharField(label="What they are to the pupil", max_length=40, help_text="Such as mother.")
    parental_responsibility = forms.BooleanField(label="Has parental responsibility", required=False)
    lives_with = forms.BooleanField(label="The pupil lives with them", required=False)
    barred = forms.BooleanField(
        label="Barred", required=False, help_text="Is never written to, told anything, or given the child."
    )
    barred_do = forms.CharField(
        label="What the office must do when they ring or come",
        max_length=200,
        required=False,
        help_text="Needed for who is barred. Why they are barred is kept apart, for the safeguarding lead alone.",
    )

    def clean(self) -> dict[str, Any]:
        """Who is barred comes with what to do."""
        given = super().clean() or {}
        if given.get("barred") and not (given.get("barred_do") or "").strip():
            self.add_error("barred_do", "Say what the office must do when they ring or come.")
        return given


class ContactForm(LinkForm):
    """An adult with their numbers in the order to try, and what they are to the pupil."""

    title = forms.CharField(label="Title", max_length=20, required=False)
    first = forms.CharField(label="First name", max_length=80)
    last = forms.CharField(label="Last name", max_length=80)
    email = forms.EmailField(label="E-mail", required=False)
    address = TextBox("Address", required=False)
    language = forms.CharField(label="Language to write in", max_length=40, initial="English")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, N_PHONES + 1):
            hint = "The first to try." if n == 1 else ""
            self.fields[f"number_{n}"] = forms.CharField(
                label=f"Phone {n}", max_length=30, required=False, help_text=hint
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(label=f"Kind of phone {n}", choices=KINDS, required=False)
        numbers = [f"{part}_{n}" for n in range(1, N_PHONES + 1) for part in ("number", "kind")]
        self.order_fields(["title", "first", "last", *LINK[:3], *numbers, "email", "address", "language"])

    def clean(self) -> dict[str, Any]:
        """A phone number has digits in it."""
        given = super().clean() or {}
        for n in range(1, N_PHONES + 1):
            number = given.get(f"number_{n}") or ""
            if number and len(re.sub(r"\D", "", number)) < 6:
                self.add_error(f"number_{n}", f"“{number}” is no phone number: it has too few digits.")
        return given


def phones_of(given: dict[str, Any]) -> list[tuple[str, str]]:
    """The numbers that a `ContactForm` says, in order."""
    numbers = [n for n in range(1, N_PHONES + 1) if given.get(f"number_{n}")]
    return [(given[f"number_{n}"].strip(), given[f"kind_{n}"] or "mobile") for n in numbers]


def phone_fields(phones: list[tuple[str, str]]) -> dict[str, str]:
    """Numbers as the form shows them."""
    found: dict[str, str] = {}
    for n, (number, kind) in enumerate(phones[:N_PHONES], 1):
        found |= {f"number_{n}": number, f"kind_{n}": kind}
    return found


class WhyForm(Asked):
    """Why an adult is barred, for the safeguarding lead alone."""

    why = TextBox("Why they are barred", required=False, help_text="Only the safeguarding lead sees this.")
