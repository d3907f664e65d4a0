"""Pupils by page: joining, moving, leaving, contacts, and who may see and set what."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from rollcall.journal.models import Change, Look
from rollcall.registers.actions import NewMark, record_marks
from rollcall.registers.models import Entry
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, Pupil, PupilContact
from tests.cast import DAY, Cast, upn
from tests.rooms.office.typing_in import fields_of, fill_in, said

ZOE = {
    "upn": upn(99),
    "legal_first": "Zoë",
    "legal_last": "Zander",
    "born": "2015-03-04",
    "sex": "F",
    "year_group": "4",
    "admitted": "2024-05-13",
}


def url(name: str, cast: Cast, child: str = "Aisha", *more: object) -> str:
    return reverse(f"office:{name}", args=[cast.pupil(child).pk, *more])


def join(client, cast: Cast, **typed):
    room = {"school_class": str(cast.kestrels.pk)}
    return fill_in(client, reverse("office:pupil_add", args=["hamsey"]), **(ZOE | room | typed))


def test_a_pupil_joins_once_however_often_the_form_is_posted(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    page = reverse("office:pupil_add", args=["hamsey"])
    data = fields_of(secretary.get(page).content.decode()) | ZOE | {"school_class": str(cast.kestrels.pk)}
    for _ in range(2):
        assert secretary.post(page, data).status_code == 302
    zoe = Pupil.objects.get(upn=upn(99))
    assert zoe.known_name == "Zoë Zander"
    assert zoe.enrolments.get().memberships.get().school_class == cast.kestrels
    assert "Zoë Zander" in said(secretary.get(reverse("office:pupils", args=["hamsey"])))


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("upn", "A123", "is not a UPN"),
        ("upn", "A" + upn(99)[1:], "does not agree with its check letter"),
        ("upn", upn(1), "Aisha Begum has the UPN"),
        ("born", "31/31/2015", "must be a date"),
        ("school_class", "", "This field is required."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(signed_in, cast: Cast, field, typed, sentence) -> None:
    answer = join(signed_in("secretary"), cast, **{field: typed})
    assert answer.status_code == 422
    assert sentence in answer.context["form"].errors[field][0]
    assert not Pupil.objects.filter(legal_first="Zoë").exists()


def test_moving_class_loses_nothing(signed_in, cast: Cast) -> None:
    aisha = cast.enrolments["Aisha"]
    record_marks(cast.kestrels, DAY, "AM", [NewMark(aisha.pk, "/")], by=cast.actor("teacher"), at=cast.at, key="k1")
    wrens = cast.classes["Wrens"]
    fill_in(signed_in("secretary"), url("move_class", cast), school_class=str(wrens.pk), begins="2024-05-20")
    rows = list(aisha.memberships.values_list("school_class", "begins", "ends"))
    assert rows == [
        (cast.kestrels.pk, date(2023, 9, 4), date(2024, 5, 19)),
        (wrens.pk, date(2024, 5, 20), None),
    ]
    assert Entry.objects.filter(enrolment=aisha).count() == 1
    change = Change.objects.get(thing="pupil", thing_id=aisha.pupil_id, field="class", before="Kestrels")
    assert change.after == "Wrens"


def test_moving_school_ends_one_enrolment_and_begins_another(signed_in, cast: Cast) -> None:
    otters = cast.classes["Otters"]
    answer = fill_in(signed_in("head"), url("move_school", cast), school_class=str(otters.pk), begins="2024-05-14")
    assert answer["Location"] == reverse("office:pupils", args=["hamsey"]), "who has gone is the other school's to see"
    rows = cast.pupil("Aisha").enrolments.order_by("admitted").values_list("school__slug", "left")
    assert list(rows) == [("hamsey", date(2024, 5, 13)), ("barcombe", None)]


def test_a_leaver_stays_on_record(signed_in, cast: Cast) -> None:
    head = signed_in("head")
    early = fill_in(head, url("leave", cast), last_day="2023-01-01", reason="moves away")
    assert "joined on 4 September 2023" in said(early)
    fill_in(head, url("leave", cast), last_day="2024-05-13", reason="moves away")
    assert "Aisha Begum's last day is 13 May 2024." in said(head.get(url("record", cast)))
    assert "Aisha" not in said(head.get(reverse("office:pupils", args=["hamsey"])))
    assert "Aisha" in said(head.get(f"{reverse('office:pupils', args=['hamsey'])}?show=others"))
    assert "last day Monday 13 May 2024" in said(head.get(url("record", cast)))


@pytest.mark.policy("3.3-a")
def test_safeguarding_facts_are_seen_and_set_by_few(signed_in, cast: Cast) -> None:
    dsl = signed_in("dsl")
    fill_in(dsl, url("safeguarding", cast), social_worker="Wil Worker, 01273 111111", risk="red")
    assert Pupil.objects.get(pk=cast.pupil("Aisha").pk).risk == "red"
    assert "Wil Worker" in said(dsl.get(url("record", cast)))
    secretary = signed_in("secretary")
    assert secretary.get(url("safeguarding", cast)).status_code == 403
    assert "Wil Worker" not in said(secretary.get(url("record", cast)))
    assert "social" not in said(secretary.get(url("record", cast))).lower()
    assert signed_in("teacher").get(url("record", cast)).status_code == 403
    assert signed_in("stranger").get(url("record", cast)).status_code == 404


def test_looking_at_a_record_is_noted(signed_in, cast: Cast) -> None:
    signed_in("secretary").get(url("record", cast))
    assert Look.objects.get(what="pupil", thing_id=cast.pupil("Aisha").pk).name == "Sue Secretary"


def test_why_somebody_is_barred_is_for_the_safeguarding_lead_alone(signed_in, cast: Cast) -> None:
    link = PupilContact.objects.get(pupil=cast.pupil("Aisha"))
    page = url("contact_change", cast, "Aisha", link.contact_id)
    secretary, dsl = signed_in("secretary"), signed_in("dsl")
    assert "Say what the office must do" in said(fill_in(secretary, page, barred="on"))
    fill_in(secretary, page, barred="on", barred_do="Ring the DSL")
    fill_in(dsl, url("contact_why", cast, "Aisha", link.contact_id), why="A court order")
    assert "Ring the DSL" in said(secretary.get(url("record", cast)))
    assert "court" not in said(secretary.get(url("record", cast)))
    assert signed_in("head").get(url("contact_why", cast, "Aisha", link.contact_id)).status_code == 403
    assert not Change.objects.filter(after__icontains="court").exists()
    off = fill_in(secretary, url("contact_off", cast, "Aisha", link.contact_id), reason="asked to")
    assert "is barred. Lift that first" in said(off)


def test_contacts_are_added_ordered_shared_and_taken_off(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    fill_in(
        secretary,
        url("contact_add", cast),
        first="Gran",
        last="Begum",
        relationship="Grandmother",
        number_1="07700 900500",
        number_2="01273 400000",
        kind_2="home",
    )
    gran = Contact.objects.get(first="Gran")
    assert list(gran.phones.values_list("number", "kind")) == [("07700 900500", "mobile"), ("01273 400000", "home")]
    secretary.post(url("contact_up", cast, "Aisha", gran.pk), {"key": "up"})
    assert PupilContact.objects.get(contact=gran).order == 1
    assert "Use Gran Begum (Aisha Begum)" in said(secretary.get(f"{url('contact_add', cast, 'Ben')}?q=gran"))
    fill_in(secretary, url("contact_share", cast, "Ben", gran.pk), relationship="Neighbour", lives_with="on")
    aisha = PupilContact.objects.get(contact=gran, pupil=cast.pupil("Aisha"))
    fill_in(secretary, url("contact_change", cast, "Aisha", gran.pk), lives_with="on", number_1="07700 900501")
    assert "Lives with the same adult: Ben Carter" in said(secretary.get(url("record", cast)))
    change = Change.objects.get(thing="contact", field="phones", deed__kind="contact.changed")
    assert change.before.startswith("07700 900500") and change.after.startswith("07700 900501")
    fill_in(secretary, url("contact_off", cast, "Aisha", gran.pk), reason="moved away")
    assert not PupilContact.objects.filter(pk=aisha.pk).exists()
    assert Contact.objects.filter(pk=gran.pk).exists()


@pytest.mark.policy("3.7-b")
def test_pupils_with_fewer_than_two_different_numbers_are_listed_until_it_is_put_right(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    page = reverse("office:numbers", args=["hamsey"])
    assert "9 pupils to put right" in said(secretary.get(page))
    link = PupilContact.objects.get(pupil=cast.pupil("Aisha"))
    number = link.contact.phones.get().number
    change = url("contact_change", cast, "Aisha", link.contact_id)
    fill_in(secretary, change, number_2=f"+44 {number[1:]}")
    assert "Aisha" in said(secretary.get(page)), "the same number written otherwise is one number"
    fill_in(secretary, change, number_2="01273 400000")
    assert "Aisha" not in said(secretary.get(page))


def test_holds_part_time_and_exclusions_keep_to_their_days(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    fill_in(secretary, url("hold_add", cast), kind="bereavement", note="grandfather")
    assert "Nothing is sent to this family: bereavement" in said(secretary.get(url("record", cast)))
    held = cast.pupil("Aisha").holds.get()
    fill_in(secretary, url("hold_end", cast, "Aisha", held.pk), last_day="2024-05-20")
    held.refresh_from_db()
    assert held.ends == date(2024, 5, 20)
    away = {"away": ["WedPM", "FriAM", "FriPM"], "ends": "2024-06-14"}
    fill_in(secretary, url("part_time_add", cast), **away)
    assert cast.enrolments["Aisha"].part_time.get().away == "WedPM Fri"
    again = fill_in(secretary, url("part_time_add", cast), **away)
    assert "Another pattern (WedPM Fri) holds" in said(again)
    page = url("exclusion_add", cast)
    assert "A suspension has a last day." in said(fill_in(secretary, page, permanent="no"))
    fill_in(secretary, page, permanent="no", begins="2024-05-15", ends="2024-05-16")
    assert cast.enrolments["Aisha"].exclusions.get().ends == date(2024, 5, 16)


def test_details_are_changed_and_what_stood_before_is_kept(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    fill_in(secretary, url("facts", cast), known_first="Ash", free_meals="on")
    page = said(secretary.get(url("record", cast)))
    assert "Ash Begum" in page and "known_first: Aisha to Ash" in page


def test_a_brother_at_another_school_is_named_to_who_may_see_his_record_alone(signed_in, cast: Cast) -> None:
    home = PupilContact.objects.get(pupil=cast.pupil("Aisha"), order=1)
    PupilContact.objects.filter(pk=home.pk).update(lives_with=True)
    for order, child in enumerate(("Ben", "Jade"), 2):
        link = {"contact": home.contact, "order": order, "relationship": "Mother", "lives_with": True}
        PupilContact.objects.create(pupil=cast.pupil(child), **link)
    office, leads = (said(signed_in(name).get(url("record", cast))) for name in ("secretary", "exec"))
    assert "Ben Carter" in office
    assert "Jade King" not in office
    assert "Jade King" in leads


def test_who_moves_school_later_stays_with_the_office_that_has_them_now(signed_in, cast: Cast) -> None:
    later = {"begins": DAY + timedelta(days=20), "year_group": 3, "by": cast.by, "at": cast.at}
    schools.move_school(cast.enrolments["Aisha"], cast.classes["Otters"], **later)
    assert signed_in("secretary").get(url("record", cast)).status_code == 200
    assert signed_in("stranger").get(url("record", cast)).status_code == 404
