"""People, their positions, sign-ins and roles, as they are typed."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rollcall.accounts.roles import Role
from rollcall.office.forms.asked import Asked, DayField

Choices = Iterable[tuple[Any, Any]]


class PersonForm(Asked):
    """A person's name."""

    first = forms.CharField(label="First name", max_length=80)
    last = forms.CharField(label="Last name", max_length=80)


class PostForm(Asked):
    """A position at a school, or across the federation (3.7-c)."""

    position = forms.CharField(
        label="Position", max_length=80, help_text="As it stands beside their name on what they do."
    )
    school = forms.ChoiceField(label="At", required=False)
    begins = DayField("From")

    def __init__(self, *args: Any, schools: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = list(schools)  # type: ignore[attr-defined]


class SignInForm(Asked):
    """The address that somebody signs in with."""

    email = forms.EmailField(label="E-mail address to sign in with")


class SignInChangeForm(SignInForm):
    """The address, and whether they may sign in at all."""

    is_active = forms.BooleanField(
        label="May sign in", required=False, help_text="Without the tick they are out at once; what they did stays."
    )


class GrantForm(Asked):
    """A role at a class, a school, or everywhere, for a time, with a reason."""

    role = forms.ChoiceField(label="Role", choices=[("", "Choose a role"), *((r.value, r.label) for r in Role)])
    place = forms.ChoiceField(label="Where")
    begins = DayField("From")
    ends = DayField("Until", required=False, help_text="Empty until somebody ends it.")
    reason = forms.CharField(label="Why", max_length=200, help_text="It is kept with who granted it.")

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "Choose where"), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        given = super().clean() or {}
        begins, ends = given.get("begins"), given.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", "The last day can't lie before the first.")
        return given
