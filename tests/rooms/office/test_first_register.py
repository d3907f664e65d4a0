"""From an empty installation to a school's first register, by pages alone; and no page opens to who has no business."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from rollcall.accounts.models import Grant, User
from rollcall.accounts.queries import standing
from rollcall.letters.models import Wording
from rollcall.office.actions.founding import Founding, found
from rollcall.registers.actions import NewMark, record_marks, submit_register
from rollcall.registers.models import Submission
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.models import Enrolment, PartTimePattern, PolicyVersion, School
from tests.cast import DAY, Cast, moment, upn
from tests.rooms.office.test_letters import put
from tests.rooms.office.typing_in import fill_in, said

SCHOOL = {"slug": "hill", "name": "Hill School", "urn": "114400", "la_number": "845", "establishment_number": "2062"}


def client_of(email: str) -> Client:
    client = Client()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(User.objects.get(email=email), backend=backend)
    return client


def next_step(client: Client) -> str:
    (one,) = client.get(reverse("office:setup")).context["schools"]
    return one["begin"]["step"].name if one["begin"] else ""


def staff(admin: Client, first: str, role: str, place: str) -> None:
    """Add somebody with a position, a sign-in and a role."""
    school = School.objects.get()
    fill_in(admin, reverse("office:person_add"), first=first, last="Staff", position=role, school=str(school.pk))
    person = school.posts.get(person__first=first).person
    fill_in(admin, reverse("office:sign_in", args=[person.pk]), email=f"{first}@hill.example".lower())
    fill_in(admin, reverse("office:grant", args=[person.pk]), role=role, place=place, reason="starts")


def test_an_empty_installation_comes_to_its_first_register_by_pages_alone(db, clock) -> None:
    clock(moment(9, 5))
    wanted = Founding(
        federation="Hill School",
        name="Ada Administrator",
        email="ada@hill.example",
        password="tuesday-morning-register",
        document=shipped_text("national"),
        effective=date(2023, 9, 1),
        approved=date(2023, 7, 1),
        review=date(2026, 7, 1),
    )
    found(wanted, at=moment(8, 0, date(2024, 5, 1)))
    admin = client_of("ada@hill.example")
    assert "Begin here: add a school" in said(admin.get(reverse("office:setup")))
    fill_in(admin, reverse("office:school_add"), **SCHOOL)
    assert next_step(admin) == "Times of the day"
    times = {"begins": "2023-09-01", "gate": "08:50", "am_opens": "08:50", "am_due": "08:55", "am_closes": "09:25"}
    times |= {"pm_opens": "13:00", "pm_due": "13:00", "pm_closes": "13:30", "day_ends": "15:15"}
    fill_in(admin, reverse("office:times_set", args=["hill"]), **times)
    assert next_step(admin) == "School year and terms"
    fill_in(admin, reverse("office:year_set", args=["hill", 2023]), first_1="2024-04-15", last_1="2024-05-24")
    assert next_step(admin) == "Classes"
    fill_in(admin, reverse("office:classes_add", args=["hill"]), names="Owls")
    assert next_step(admin) == "Staff who can sign in"
    school = School.objects.get()
    staff(admin, "Sue", "secretary", f"school-{school.pk}")
    staff(admin, "Tom", "teacher", f"class-{school.classes.get().pk}")
    assert next_step(admin) == "Pupils"
    secretary = client_of("sue@hill.example")
    typed = {"upn": upn(1), "legal_first": "Aisha", "legal_last": "Begum", "born": "2015-01-01", "sex": "F"}
    room = {"school_class": str(school.classes.get().pk), "year_group": "4", "admitted": "2024-05-01"}
    fill_in(secretary, reverse("office:pupil_add", args=["hill"]), **typed, **room)
    assert next_step(admin) == "First register"
    teacher = client_of("tom@hill.example")
    register = reverse("registers:register", args=[school.classes.get().pk, DAY, "AM"])
    assert "Aisha Begum" in said(teacher.get(register))
    by = standing(Grant.objects.get(role="teacher").user, DAY).actor(school.pk)
    mark = NewMark(Enrolment.objects.get().pk, "/")
    record_marks(school.classes.get(), DAY, "AM", [mark], by=by, at=moment(9, 5), key="k")
    submit_register(school.classes.get(), DAY, "AM", by=by, at=moment(9, 5), key="s")
    assert Submission.objects.exists()
    assert next_step(admin) == ""
    assert "Everything is set" in said(admin.get(reverse("office:setup")))


def things(cast: Cast) -> list[str]:
    """An address for each kind of thing at Hamsey that an id in the address names."""
    by = {"by": cast.by, "at": cast.at}
    aisha, pupil = cast.enrolments["Aisha"], cast.pupil("Aisha").pk
    teacher = cast.users["teacher"]
    held = schools.hold(cast.pupil("Aisha"), "other", begins=DAY, note="", **by)
    pattern: PartTimePattern = schools.set_part_time(aisha, "Fri", begins=DAY, ends=DAY, **by)
    message = put(cast, "1", cast.hamsey.pk).pk
    closure = cast.hamsey.closures.get().pk
    contact = cast.pupil("Aisha").contacts.get().contact_id
    return [
        reverse("office:lift", args=[closure]),
        reverse("office:year_set", args=["hamsey", 2023]),
        reverse("office:roll", args=["hamsey", 2024]),
        reverse("office:same_classes", args=["hamsey", 2024]),
        reverse("office:hold_end", args=[pupil, held.pk]),
        reverse("office:part_time_end", args=[pupil, pattern.pk]),
        reverse("office:contact_share", args=[pupil, contact]),
        reverse("office:post_end", args=[teacher.person_id, teacher.person.posts.get().pk]),
        reverse("office:grant_end", args=[teacher.person_id, teacher.grants.get().pk]),
        reverse("office:message", args=[message]),
        reverse("office:letter_pdf", args=[message]),
        reverse("office:message_again", args=[message]),
        reverse("office:wording", args=["hamsey", "letter-1"]),
        reverse("office:wording_check", args=["hamsey", "letter-1"]),
    ]


@pytest.mark.parametrize("name", ["stranger", "wrens_teacher", "governor", "analyst", "cover"])
def test_nothing_that_an_address_names_opens_to_who_has_no_business(signed_in, cast: Cast, name: str) -> None:
    client = signed_in(name)
    for url in things(cast):
        for answer in (client.get(url), client.post(url, {"key": "x", "subject": "x", "body": "x"})):
            assert answer.status_code in (403, 404, 405), url
    assert not Wording.objects.exists()
    assert client.post(reverse("office:policy_adopt"), {"key": "x"}).status_code == 403
    assert PolicyVersion.objects.count() == 1


def test_a_things_id_under_another_pupil_or_person_is_not_found(signed_in, cast: Cast) -> None:
    by = {"by": cast.by, "at": cast.at}
    held = schools.hold(cast.pupil("Aisha"), "other", begins=DAY, note="", **by)
    ben, secretary = cast.pupil("Ben"), signed_in("secretary")
    assert secretary.get(reverse("office:hold_end", args=[ben.pk, held.pk])).status_code == 404
    contact = cast.pupil("Aisha").contacts.get().contact_id
    assert secretary.get(reverse("office:contact_change", args=[ben.pk, contact])).status_code == 404
    jade = cast.pupil("Jade").contacts.get().contact_id
    assert secretary.get(reverse("office:contact_share", args=[ben.pk, jade])).status_code == 404
    grant = cast.users["teacher"].grants.get()
    page = reverse("office:grant_end", args=[cast.users["head"].person_id, grant.pk])
    assert signed_in("admin").get(page).status_code == 404


def test_addresses_that_no_calendar_has_are_not_found(signed_in, cast: Cast) -> None:
    head = signed_in("head")
    for route, year in (("year_set", 3), ("roll", 99999)):
        assert head.get(reverse(f"office:{route}", args=["hamsey", year])).status_code == 404
    for query in ("year=abc", "year=99999999", "class=x"):
        assert head.get(f"{reverse('office:years', args=['hamsey'])}?{query}").status_code == 200
        assert head.get(f"{reverse('office:classes', args=['hamsey'])}?{query}").status_code == 200
        assert head.get(f"{reverse('office:pupils', args=['hamsey'])}?{query}").status_code == 200
