"""What may be answered on a form, and how answers are read again."""

from datetime import date

import pytest

from rollcall.rules import filling
from rollcall.rules.filling import NotAnswered
from rollcall.rules.policy import Form, FormField

FORM = Form(
    id="f",
    name="A form",
    purpose="To try",
    section="setting",
    fields=tuple(
        FormField(id=kind, label=kind.title(), kind=kind, choices=("A", "B") if kind == "choice" else ())
        for kind in ("text", "long", "yes_no", "date", "choice", "percent", "number", "people")
    ),
)
TYPED = {
    "text": " Sam ",
    "yes_no": "yes",
    "date": "2024-05-14",
    "choice": "B",
    "percent": "92.50%",
    "number": "007",
    "people": "Ann Lee\n\n Ben O’Dea ",
}


def test_answers_are_kept_plainly_and_read_again() -> None:
    kept = filling.answered(FORM, TYPED)
    assert kept == {
        "text": "Sam",
        "yes_no": "yes",
        "date": "2024-05-14",
        "choice": "B",
        "percent": "92.5",
        "number": "7",
        "people": ["Ann Lee", "Ben O’Dea"],
    }
    said = {field.id: filling.told(field, kept) for field in FORM.fields}
    assert said["date"] == "Tuesday 14 May 2024"
    assert said["percent"] == "92.5%"
    assert said["people"] == "Ann Lee\nBen O’Dea"
    assert (said["yes_no"], said["long"]) == ("Yes", "")
    assert {field.id: filling.typed(field, kept) for field in FORM.fields}["people"] == "Ann Lee\nBen O’Dea"


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("yes_no", "maybe", "answer yes or no"),
        ("date", "14/05/2024", "give a day"),
        ("choice", "C", "choose one of those offered"),
        ("percent", "101", "between 0 and 100"),
        ("percent", "1e-99999999", "between 0 and 100"),
        ("percent", "1/3", "between 0 and 100"),
        ("number", "-1", "give a whole number"),
        ("number", "٣", "give a whole number"),
        ("number", "9" * 99, "give a whole number"),
    ],
)
def test_what_is_no_answer_is_said_with_the_field(kind: str, typed: str, said: str) -> None:
    field = next(one for one in FORM.fields if one.kind == kind)
    with pytest.raises(NotAnswered, match=said) as error:
        filling.answer_of(field, typed)
    assert error.value.field == kind


def test_a_needed_field_needs_an_answer() -> None:
    with pytest.raises(NotAnswered, match="“Name” needs an answer"):
        filling.answer_of(FormField(id="n", label="Name", kind="text", needed=True), "  ")


def test_all_yes_looks_at_every_yes_or_no_and_at_nothing_else() -> None:
    assert filling.all_yes(FORM, {"yes_no": "yes"})
    assert not filling.all_yes(FORM, {"yes_no": "no"})
    assert not filling.all_yes(FORM, {})


def test_the_day_of_the_review_is_the_field_that_says_so() -> None:
    field = FormField(id="again", label="Again", kind="date", review=True)
    form = FORM.model_copy(update={"fields": (*FORM.fields, field)})
    assert filling.review_of(form, {"again": "2024-06-04"}) == date(2024, 6, 4)
    assert filling.review_of(form, {}) is None
