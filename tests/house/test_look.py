"""The shared parts of pages: every code has a face, every error leads to its field, every template can be read."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import get_template, render_to_string

from rollcall.accounts.templatetags.marks import face
from rollcall.rules.codes import EDITIONS, Counts, table

SOURCE = Path(__file__).resolve().parents[2] / "src" / "rollcall"
TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))


class Everything(forms.Form):
    """A field of every kind that pages use."""

    name = forms.CharField(label="Name", help_text="As on the register")
    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.ChoiceField(label="Why", choices=[("I", "Ill"), ("M", "Appointment")], widget=forms.RadioSelect)
    which = forms.MultipleChoiceField(label="Which", choices=[("AM", "Morning")], widget=forms.CheckboxSelectMultiple)
    group = forms.ChoiceField(label="Class", choices=[("", "Choose"), ("K", "Kestrels")])
    note = forms.CharField(label="Note", widget=forms.Textarea)
    sure = forms.BooleanField(label="I have seen it", help_text="On paper")
    word = forms.CharField(label="Password", widget=forms.PasswordInput)
    file = forms.FileField(label="File")


def page_with(form: forms.Form) -> str:
    """The error summary and the form as a page shows them."""
    context = {"form": form}
    return render_to_string("_partials/errors.html", context) + render_to_string("_partials/form.html", context)


def test_every_error_leads_to_an_input_of_its_field() -> None:
    form = Everything(data={})
    page = page_with(form)
    targets = re.findall(r'<a href="#([^"]*)"', page)
    assert len(targets) == len(form.fields)
    inputs = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]*)"', page))
    assert set(targets) <= inputs


def test_every_hint_and_error_is_named_by_its_field() -> None:
    page = page_with(Everything(data={}))
    ids = set(re.findall(r'\bid="([^"]*)"', page))
    named = {one for names in re.findall(r'aria-describedby="([^"]*)"', page) for one in names.split()}
    assert {"id_name_helptext", "id_name_error", "id_why_error"} <= named
    assert named <= ids


def test_an_error_names_its_field_even_where_django_does_not() -> None:
    page = page_with(Everything(data={}))
    assert "This field is required" not in page
    assert page.count("Fill in “Name”.") == page.count("Choose an answer to “Why”.") == 2


def test_what_was_typed_is_kept_and_shown_as_text() -> None:
    page = page_with(Everything(data={"name": '"><b>Ben', "why": "M", "note": "</textarea>x"}))
    assert "&quot;&gt;&lt;b&gt;Ben" in page
    assert re.search(r'value="M"[^>]*checked', page)
    assert "<b>" not in page and "&lt;/textarea&gt;x" in page


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_code_has_the_face_of_how_it_counts(edition: str) -> None:
    for code in table(edition).values():
        assert face(code.code) == code.counts_as.label
    assert face("-") == face("") == "missing"


def test_the_style_sheet_draws_every_face() -> None:
    drawn = (SOURCE / "static" / "src" / "_marks.scss").read_text()
    assert [counts.label for counts in Counts if f".mark--{counts.label}" not in drawn] == []


def test_a_mark_says_what_it_is_without_colour() -> None:
    late = render_to_string("_partials/mark.html", {"code": "L", "meaning": "Late"})
    assert 'data-code="L"' in late and 'title="Late"' in late
    assert "no mark" in render_to_string("_partials/mark.html", {"code": "-"})


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_template_can_be_read(path: Path) -> None:
    get_template(str(path).rsplit("/templates/", 1)[1])


def test_the_page_for_a_fault_of_ours_needs_nothing_to_work() -> None:
    for name in ("500.html", "403_csrf.html"):
        page = render_to_string(name)
        assert page.count("<h1") == 1 and 'lang="en-GB"' in page


def test_the_shell_stands_without_anybody_signed_in() -> None:
    page = render_to_string("404.html", {"nav": [], "who": None}, request=None)
    assert 'href="#main-content"' in page and 'id="main-content"' in page
    assert "not a GOV.UK service" in page
