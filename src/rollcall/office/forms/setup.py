"""A school, its times, years, closures and classes, as they are typed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from rollcall.office.forms.asked import Asked, DayField, TextBox, TimeOfDay
from rollcall.rules import codes, identifiers

N_TERMS = 6
TIMES = (
    ("gate", "Gate closes", "Minutes late are counted from here."),
    ("am_opens", "Morning register may be taken from", ""),
    ("am_due", "Morning register is due", ""),
    ("am_closes", "Morning register closes", "Who comes later is marked U."),
    ("pm_opens", "Afternoon register may be taken from", ""),
    ("pm_due", "Afternoon register is due", ""),
    ("pm_closes", "Afternoon register closes", ""),
    ("day_ends", "School day ends", ""),
)


class SchoolForm(Asked):
    """What is known of a school."""

    name = forms.CharField(label="Name", max_length=200)
    slug = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
        label="Short name",
        max_length=60,
        error_messages={"invalid": "A short name has small letters from a to z, digits and hyphens, such as hamsey."},
        help_text="Small letters and hyphens, such as hamsey. The policy calls the school by it; it stays for good.",
    )
    urn = forms.CharField(label="URN (unique reference number)", max_length=6, help_text="Six digits.")
    la_number = forms.CharField(label="Local authority number", max_length=3, help_text="Three digits.")
    establishment_number = forms.CharField(label="Establishment number", max_length=4, help_text="Four digits.")
    phone = forms.CharField(label="Phone", max_length=30, required=False, help_text="Letters name it to families.")
    email = forms.EmailField(label="E-mail", required=False)
    address = TextBox("Address", required=False)
    notify_reply_to = forms.CharField(
        label="Reply address at GOV.UK Notify (its id)",
        max_length=60,
        required=False,
        help_text="Where e-mails go through GOV.UK Notify: add the school's address there, under Settings, Reply-to "
        "email addresses, and copy the id here. Empty: the service's own reply address, the same for all schools.",
    )

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        """`fixed`: the school is there already, and its short name stays."""
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["slug"]

    def clean_notify_reply_to(self) -> str:
        """An id as GOV.UK Notify gives them, or nothing."""
        return _checked(identifiers.check_notify_id, self.cleaned_data["notify_reply_to"])

    def clean_urn(self) -> str:
        """Six digits."""
        return _checked(identifiers.check_urn, self.cleaned_data["urn"])

    def clean_la_number(self) -> str:
        """Three digits."""
        return _checked(identifiers.check_authority, self.cleaned_data["la_number"])

    def clean_establishment_number(self) -> str:
        """Four digits."""
        return _checked(identifiers.check_establishment, self.cleaned_data["establishment_number"])


def _checked(check: Any, text: str) -> str:
    try:
        return str(check(text))
    except ValueError as error:
        raise forms.ValidationError(str(error)) from error


class TimesForm(Asked):
    """A school's times from a day on."""

    begins = DayField("From", help_text="The first day on which these times hold. Earlier days keep theirs.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, hint in TIMES:
            self.fields[name] = TimeOfDay(label, help_text=hint)


class YearForm(Asked):
    """The terms of a school year; half-terms lie between them. A row that is left empty is no term."""

    def __init__(self, *args: Any, start: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, N_TERMS + 1):
            self.fields[f"name_{n}"] = forms.CharField(label="Name", max_length=60, required=False)
            self.fields[f"first_{n}"] = DayField("First day", required=False)
            self.fields[f"last_{n}"] = DayField("Last day", required=False)
        self.start = start

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields, a row for each term."""
        return [(self[f"name_{n}"], self[f"first_{n}"], self[f"last_{n}"]) for n in range(1, N_TERMS + 1)]

    def clean(self) -> dict[str, Any]:
        """Each row is whole or empty, and there is one at least."""
        given = super().clean() or {}
        for n in range(1, N_TERMS + 1):
            filled = [bool(given.get(f"{part}_{n}")) for part in ("first", "last")]
            if any(filled) and not all(filled) and not self.errors:
                wanted = "last" if filled[0] else "first"
                self.add_error(f"{wanted}_{n}", f"Give the {wanted} day of term {n} as well.")
        if not self.errors and not terms_of(given):
            self.add_error("first_1", "Give the first and last day of one term at least.")
        return given


def terms_of(given: dict[str, Any]) -> list[tuple[str, date, date]]:
    """The terms that a `YearForm` says."""
    numbers = [n for n in range(1, N_TERMS + 1) if given.get(f"first_{n}") and given.get(f"last_{n}")]
    return [(given[f"name_{n}"] or f"Term {n}", given[f"first_{n}"], given[f"last_{n}"]) for n in numbers]


class ClosureForm(Asked):
    """A closure: when, what kind, why, and for whom."""

    kind = forms.ChoiceField(
        label="What kind",
        choices=[
            ("inset", "Staff training day (INSET)"),
            ("planned", "Another planned closure"),
            ("unplanned", "Unplanned: the school could not open"),
        ],
        widget=forms.RadioSelect,
    )
    first = DayField("First day")
    last = DayField("Last day", required=False, help_text="Empty for one day.")
    half = forms.ChoiceField(
        label="Which sessions",
        choices=[("", "Whole days"), ("AM", "Mornings only"), ("PM", "Afternoons only")],
        required=False,
    )
    ground = forms.CharField(label="Ground", max_length=200, help_text="Such as “first aid training” or “no heating”.")
    code = forms.ChoiceField(
        label="Code for an unplanned closure",
        required=False,
        help_text="A planned closure is always #.",
    )
    classes = forms.MultipleChoiceField(
        label="Only these classes", required=False, widget=forms.CheckboxSelectMultiple, help_text="None means all."
    )

    def __init__(self, *args: Any, classes: Iterable[tuple[int, str]], edition: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classes"].choices = list(classes)  # type: ignore[attr-defined]
        known = [c for c in codes.table(edition).values() if c.code.startswith("Y")]
        self.fields["code"].choices = [(c.code, f"{c.code}: {c.meaning}") for c in known]  # type: ignore[attr-defined]
        if not self.fields["classes"].choices:  # type: ignore[attr-defined]
            del self.fields["classes"]

    def clean(self) -> dict[str, Any]:
        """One day where no last day is given; # for what was planned."""
        given = super().clean() or {}
        given["last"] = given.get("last") or given.get("first")
        if given.get("kind") != "unplanned":
            given["code"] = "#"
        elif not given.get("code"):
            self.add_error("code", "Choose the code that says why the school could not open.")
        return given


class BankHolidaysForm(Asked):
    """Which bank holidays close the school."""

    days = forms.MultipleChoiceField(label="Bank holidays", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, days: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = list(days)  # type: ignore[attr-defined]


class ClassForm(Asked):
    """The name of a class, or of several, one a line."""

    name = forms.CharField(label="Name of the class", max_length=60)


class ClassesForm(Asked):
    """Classes of a year, one a line."""

    names = TextBox("Classes", rows=6, help_text="One name a line.")

    def clean_names(self) -> list[str]:
        """Each name once."""
        names = [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]
        if len({name.casefold() for name in names}) < len(names):
            raise forms.ValidationError("Give each name once.")
        if long := [name for name in names if len(name) > 60]:
            raise forms.ValidationError(f"“{long[0][:20]}…” is too long; 60 letters at most.")
        return names


class RollForm(Asked):
    """Where the pupils of each class and year group go next year."""

    def __init__(self, *args: Any, groups: Iterable[Any], classes: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not yet"), ("leave", "They leave the school"), *((str(pk), name) for pk, name in classes)]
        for group in groups:
            self.fields[group.field] = forms.ChoiceField(
                label=f"{group.class_name}, {group.year}: {group.n}",
                choices=choices,
                required=False,
                initial=group.likely,
            )


def plan_of(given: dict[str, Any]) -> dict[tuple[int, int], int | None]:
    """What a `RollForm` says, as `roll_forward` takes it."""
    plan: dict[tuple[int, int], int | None] = {}
    for name, wanted in given.items():
        if name.startswith("to_") and wanted:
            _, school_class, year_group = name.split("_")
            plan[int(school_class), int(year_group)] = None if wanted == "leave" else int(wanted)
    return plan
