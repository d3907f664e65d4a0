"""What a person says of a file: which it is, what its columns hold, and what is to go out."""

from typing import Any

from django import forms

from rollcall.exchange.layouts import Options
from rollcall.exchange.models import KINDS
from rollcall.exchange.reading import PAGE_LIMITS, too_large
from rollcall.rules.sessions import SchoolYear

WHAT = [
    ("marks", "Marks, a row for each session"),
    ("figures", "Figures, a row for each pupil"),
    ("pupils", "Pupils with their details"),
]

FORMS = [("csv", "CSV, which any spreadsheet opens"), ("parquet", "Parquet, for large analysis; marks only")]


def year_choices(years: list[int]) -> list[tuple[int, str]]:
    """School years for a field, the latest first."""
    return [(start, SchoolYear(start).label) for start in sorted(years, reverse=True)]


class UploadForm(forms.Form):
    """A file, whose it is, and which year it is about."""

    school = forms.ChoiceField(label="School")
    kind = forms.ChoiceField(label="What is in the file", choices=KINDS, widget=forms.RadioSelect, initial="pupils")
    year = forms.TypedChoiceField(label="School year of the file", coerce=int)
    file = forms.FileField(
        label="File",
        help_text=f"CSV or an Excel workbook (.xlsx), up to {PAGE_LIMITS.n_bytes // 1_000_000} MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, schools: list[tuple[int, str]], years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = schools  # type: ignore[attr-defined]
        self.fields["year"].choices = year_choices(years)  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """A file over the limit is refused before it is read."""
        file = self.cleaned_data["file"]
        if file.size > PAGE_LIMITS.n_bytes:
            raise forms.ValidationError(too_large(PAGE_LIMITS))
        return file

    def options(self) -> Options:
        """What was said of the file."""
        return Options(self.cleaned_data["year"])


class ExportForm(forms.Form):
    """What is to go out, of which school and year."""

    school = forms.ChoiceField(label="School")
    year = forms.TypedChoiceField(label="School year", coerce=int)
    what = forms.ChoiceField(label="What", choices=WHAT, widget=forms.RadioSelect, initial="marks")
    form = forms.ChoiceField(
        label="Kind of file", choices=FORMS, widget=forms.RadioSelect, initial="csv", required=False
    )

    def __init__(self, *args: Any, schools: list[tuple[int, str]], years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = schools  # type: ignore[attr-defined]
        self.fields["year"].choices = year_choices(years)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """CSV where nothing else is said, and Parquet for marks alone."""
        given = super().clean() or {}
        given["form"] = given.get("form") or "csv"
        if given["form"] == "parquet" and given.get("what") != "marks":
            self.add_error("form", "Only marks go out as Parquet; choose CSV, or marks.")
        return given
