"""Set-up of schools by page: each form once, errors beside the field, what stood before in the journal."""

from datetime import date, time

import pytest
from django.urls import reverse

from rollcall.journal.models import Change, Deed
from rollcall.rules.policy import load
from rollcall.schools import actions as schools
from rollcall.schools.actions import Refused
from rollcall.schools.models import ClassMembership, Closure, School, SchoolClass, Term
from rollcall.schools.queries import facts_of, times_from_policy
from tests.cast import Cast
from tests.rooms.office.typing_in import fields_of, fill_in, said

SHORT = "A short name has small letters from a to z, digits and hyphens, such as hamsey."
NEW = {
    "name": "Plumpton Primary School",
    "slug": "plumpton",
    "urn": "114402",
    "la_number": "845",
    "establishment_number": "2063",
    "phone": "01273 890000",
}


def test_set_up_says_what_is_missing_and_where_to_begin(signed_in, cast: Cast) -> None:
    page = said(signed_in("admin").get(reverse("office:setup")))
    assert "Hamsey Primary School 6 of 7 steps are done" in page
    assert "First register not yet taken Begin here" in page


def test_a_school_is_added_and_led_to_its_first_register(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    fill_in(admin, reverse("office:school_add"), **NEW)
    made = School.objects.get(slug="plumpton")
    assert "Times of the day none yet Begin here" in said(admin.get(reverse("office:setup")))
    fill_in(admin, reverse("office:times_set", args=["plumpton"]))
    expected = times_from_policy(load("federation"), "plumpton")
    assert made.times.get().gate == expected["gate"] == time(8, 40)
    fill_in(
        admin,
        reverse("office:year_set", args=["plumpton", 2023]),
        name_1="Autumn",
        first_1="2023-09-04",
        last_1="2023-12-15",
    )
    assert Term.objects.get(year__school=made).name == "Autumn"
    fill_in(admin, reverse("office:classes_add", args=["plumpton"]), names="Larks\nRobins")
    assert set(made.classes.values_list("name", "year_start")) == {("Larks", 2023), ("Robins", 2023)}


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("urn", "12345", "'12345' is not a school's URN, which has six digits."),
        ("la_number", "84", "'84' is not a local authority's number, which has three digits."),
        ("establishment_number", "20x2", "'20x2' is not an establishment number, which has four digits."),
        ("urn", "114400", "Hamsey Primary School has 114400 already."),
        ("slug", "Plumpton Primary", SHORT),
        ("slug", "plumpton_", SHORT),
        ("slug", "-plumpton", SHORT),
        ("slug", "hamsey", "Hamsey Primary School has hamsey already."),
        ("establishment_number", "2062", "Hamsey Primary School has the number 845/2062 already."),
    ],
)
def test_a_number_that_cannot_be_is_refused_beside_its_field(signed_in, cast: Cast, field, typed, sentence) -> None:
    answer = fill_in(signed_in("admin"), reverse("office:school_add"), **(NEW | {field: typed}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == [sentence]
    assert not School.objects.filter(slug="plumpton").exists()


def test_a_form_posted_twice_is_one_deed(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    data = fields_of(admin.get(reverse("office:school_add")).content.decode()) | NEW
    for _ in range(2):
        assert admin.post(reverse("office:school_add"), data).status_code == 302
    assert Deed.objects.filter(kind="school.founded", reason=NEW["name"]).count() == 1


def test_a_change_keeps_what_stood_before(signed_in, cast: Cast) -> None:
    fill_in(signed_in("head"), reverse("office:school_change", args=["hamsey"]), phone="01273 400000")
    change = Change.objects.get(thing="school", field="phone", deed__kind="school.changed")
    assert (change.before, change.after) == ("", "01273 400000")
    assert change.deed.name == "Harriet Head"


@pytest.mark.policy("4.1-f")
def test_times_hold_from_their_day_and_never_for_days_that_have_been(signed_in, cast: Cast) -> None:
    url = reverse("office:times_set", args=["hamsey"])
    refused = fill_in(signed_in("head"), url, begins="2024-05-13", am_closes="09:20")
    assert "choose today or a later day" in refused.context["form"].errors["begins"][0]
    fill_in(signed_in("head"), url, begins="2024-06-03", am_closes="09:20")
    facts = facts_of(cast.hamsey.pk)
    assert facts.times_on(date(2024, 6, 2)).am_closes == time(9, 15)
    assert facts.times_on(date(2024, 6, 3)).am_closes == time(9, 20)
    wrong = fill_in(signed_in("head"), url, begins="2024-07-01", am_closes="08:00")
    assert wrong.status_code == 422 and "register closes” (" in said(wrong)


def test_terms_that_overlap_are_refused_and_nothing_is_lost(signed_in, cast: Cast) -> None:
    url = reverse("office:year_set", args=["hamsey", 2023])
    answer = fill_in(signed_in("head"), url, first_2="2023-10-20")
    assert "before the term ahead of it has ended" in said(answer)
    assert Term.objects.filter(year__school=cast.hamsey, year__start=2023).count() == 6


def test_a_closure_takes_its_sessions_out_and_gives_them_back_when_lifted(signed_in, cast: Cast) -> None:
    head = signed_in("head")
    fill_in(
        head, reverse("office:close", args=["hamsey"]), kind="inset", first="2024-06-28", ground="First aid", half="PM"
    )
    day = date(2024, 6, 28)
    facts = facts_of(cast.hamsey.pk)
    assert (facts.is_open(day, "AM"), facts.is_open(day, "PM")) == (True, False)
    closure = Closure.objects.get(ground="First aid")
    assert closure.code == "#"
    fill_in(head, reverse("office:lift", args=[closure.pk]), reason="Moved to another day")
    assert facts_of(cast.hamsey.pk).is_open(day, "PM")
    assert "Lifted by Harriet Head: Moved to another day" in said(head.get(reverse("office:years", args=["hamsey"])))


@pytest.mark.policy("4.1-d")
def test_an_unplanned_closure_says_its_code(signed_in, cast: Cast) -> None:
    url = reverse("office:close", args=["hamsey"])
    typed = {"kind": "unplanned", "first": "2024-05-15", "ground": "No heating"}
    assert "Choose the code" in said(fill_in(signed_in("head"), url, **typed, code=""))
    fill_in(signed_in("head"), url, **typed, code="Y")
    assert Closure.objects.get(ground="No heating").code == "Y"


def test_bank_holidays_are_offered_and_closed_by_one_press(signed_in, cast: Cast) -> None:
    head = signed_in("head")
    url = f"{reverse('office:years', args=['hamsey'])}?year=2022"
    assert "1 May 2023" in said(head.get(url))
    data = fields_of(head.get(url).content.decode())
    for _ in range(2):
        head.post(reverse("office:bank_holidays", args=["hamsey"]), data)
    made = Closure.objects.filter(school=cast.hamsey, kind="bank_holiday", first__lt=date(2023, 8, 1))
    assert date(2023, 5, 1) in set(made.values_list("first", flat=True))
    assert made.count() == len(data["days"])
    assert "Bank holidays within the terms" not in said(head.get(url))


def test_a_year_rolls_forward_and_nothing_is_lost(signed_in, cast: Cast) -> None:
    head = signed_in("head")
    before = ClassMembership.objects.count()
    url = reverse("office:roll", args=["hamsey", 2024])
    assert "There is no class in 2024/25 yet" in said(head.get(url))
    head.post(reverse("office:same_classes", args=["hamsey", 2024]), {"key": "k"})
    rooms = {one.name: one for one in SchoolClass.objects.filter(school=cast.hamsey, year_start=2024)}
    old = cast.classes
    fill_in(
        head,
        url,
        **{f"to_{old['Kestrels'].pk}_4": str(rooms["Kestrels"].pk), f"to_{old['Wrens'].pk}_4": "leave"},
    )
    assert ClassMembership.objects.count() == before + 6
    aisha = cast.enrolments["Aisha"].memberships.order_by("begins")
    assert [(m.school_class.name, m.year_group, m.ends) for m in aisha] == [
        ("Kestrels", 4, date(2024, 7, 31)),
        ("Kestrels", 5, None),
    ]
    cast.enrolments["Gus"].refresh_from_db()
    assert cast.enrolments["Gus"].left == date(2024, 7, 31)
    assert "Everybody has a place in 2024/25" in said(head.get(url))
    assert "9" in said(head.get(reverse("office:pupils", args=["hamsey"])))


@pytest.mark.parametrize(
    "name", ["setup", "years", "classes", "pupils", "numbers", "people", "outbox", "journal", "letters"]
)
def test_no_list_asks_the_database_a_question_a_row(signed_in, cast: Cast, name, django_assert_max_num_queries) -> None:
    client = signed_in("exec")
    needs_school = name in ("years", "classes", "pupils", "numbers")
    url = reverse(f"office:{name}", args=["hamsey"] if needs_school else [])
    client.get(url)
    with django_assert_max_num_queries(12):
        assert client.get(url).status_code == 200


def test_the_office_sees_set_up_and_changes_none(signed_in, cast: Cast) -> None:
    office = signed_in("office")
    assert office.get(reverse("office:times", args=["hamsey"])).status_code == 200
    assert office.post(reverse("office:times_set", args=["hamsey"]), {}).status_code == 403
    assert office.get(reverse("office:times", args=["barcombe"])).status_code == 404


@pytest.mark.policy("8-b")
def test_times_of_a_day_that_is_past_stay_as_they_were(cast: Cast) -> None:
    times = times_from_policy(load("federation"), "hamsey") | {"gate": time(8, 50)}
    with pytest.raises(Refused, match="keep their times"):
        schools.set_times(cast.hamsey, begins=date(2024, 5, 13), by=cast.by, at=cast.at, **times)
    schools.set_times(cast.hamsey, begins=date(2024, 5, 14), by=cast.by, at=cast.at, **times)
    assert facts_of(cast.hamsey.pk).times_on(date(2024, 5, 13)).gate == time(8, 40)
