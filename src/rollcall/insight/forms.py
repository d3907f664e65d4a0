"""What a person typed to find pupils, turned into what the list is narrowed to."""

from collections.abc import Sequence
from typing import Any

from django import forms

from rollcall.insight.queries.lists import Wanted


class PupilSearch(forms.Form):
    """The row of fields above the list; a value that makes no sense narrows nothing."""

    q = forms.CharField(label="Name", required=False, max_length=80)
    school = forms.CharField(label="School", required=False, widget=forms.Select)
    room = forms.IntegerField(label="Class", required=False, widget=forms.Select)
    stage = forms.IntegerField(label="Stage", required=False, widget=forms.Select)
    missing = forms.BooleanField(label="Only with missing marks", required=False)

    def wanted(self) -> Wanted:
        """What was asked for."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        return Wanted(
            words=given.get("q", ""),
            school=given.get("school", ""),
            school_class=given.get("room") or 0,
            stage=given.get("stage"),
            only_missing=bool(given.get("missing")),
        )

    def offer(
        self,
        schools: Sequence[tuple[str, str]],
        classes: Sequence[tuple[int, str]],
        stages: Sequence[tuple[int, str]],
    ) -> None:
        """Fill the choices with what the person may see; a choice of one thing is left out."""
        for name, values in (("school", schools), ("room", classes), ("stage", stages)):
            if len(values) < 2 and name != "stage":
                del self.fields[name]
            else:
                self.fields[name].widget.choices = [("", "All"), *values]  # type: ignore[attr-defined]
