"""People by page: positions, sign-ins by invitation, roles with a reason, and the table of who may do what."""

from datetime import date

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from rollcall.accounts.models import Grant, User
from rollcall.accounts.permissions import TABLE
from rollcall.accounts.queries import grounds, standing
from rollcall.accounts.roles import Role
from rollcall.journal.actor import WORKER
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.schools.models import Person
from tests.cast import DAY, Cast
from tests.rooms.office.typing_in import fill_in, said


def person_url(name: str, person: Person, *more: object) -> str:
    return reverse(f"office:{name}", args=[person.pk, *more])


def add_nia(admin: Client, cast: Cast) -> Person:
    fill_in(
        admin,
        reverse("office:person_add"),
        first="Nia",
        last="New",
        position="Teaching assistant",
        school=str(cast.hamsey.pk),
    )
    return Person.objects.get(first="Nia")


@pytest.mark.policy("3.7-c")
def test_one_person_holds_different_positions_at_different_schools(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    nia = add_nia(admin, cast)
    fill_in(admin, person_url("post_add", nia), position="Cook", school=str(cast.barcombe.pk), begins="2024-05-01")
    page = said(admin.get(person_url("person", nia)))
    assert "Teaching assistant, Hamsey Primary School" in page and "Cook, Barcombe Primary School" in page
    fill_in(admin, person_url("sign_in", nia), email="nia@example.org")
    fill_in(admin, person_url("grant", nia), role="office", place=f"school-{cast.hamsey.pk}", reason="helps out")
    may = standing(User.objects.get(email="nia@example.org"), DAY)
    assert may.actor(cast.hamsey.pk).position == "Teaching assistant"
    assert may.actor(cast.barcombe.pk).position == "Cook"
    post = nia.posts.get(position="Cook")
    fill_in(admin, person_url("post_end", nia, post.pk), last_day="2024-05-31")
    assert nia.posts.get(position="Cook").ends == date(2024, 5, 31)


def test_an_invitation_waits_in_the_outbox_and_leads_to_a_password(signed_in, cast: Cast, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    admin = signed_in("admin")
    nia = add_nia(admin, cast)
    fill_in(admin, person_url("sign_in", nia), email="Nia@Example.org")
    for _ in range(2):
        admin.post(person_url("invite", nia), {"key": "once", "how": "send"})
    message = Message.objects.get(ground="invitation")
    link = message.secret
    assert link.startswith("http") and link not in message.body
    shown = said(signed_in("exec").get(reverse("office:message", args=[message.pk])))
    assert "for its reader alone" in shown and link not in shown
    assert drain(grounds=grounds(), by=WORKER, at=cast.at).sent == [message.pk]
    assert link in mail.outbox[0].body
    message.refresh_from_db()
    assert message.secret == ""
    assert "Link removed" in said(signed_in("exec").get(reverse("office:message", args=[message.pk])))
    client = Client()
    page = client.get(link, follow=True)
    typed = {"password1": "a-quiet-otter-sings", "password2": "a-quiet-otter-sings"}
    client.post(page.redirect_chain[-1][0], typed)
    user = User.objects.get(email="nia@example.org")
    assert user.check_password("a-quiet-otter-sings")


def test_an_invitation_is_not_sent_once_the_sign_in_is_stopped(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    nia = add_nia(admin, cast)
    fill_in(admin, person_url("sign_in", nia), email="nia@example.org")
    admin.post(person_url("invite", nia), {"key": "once", "how": "send"})
    fill_in(admin, person_url("sign_in", nia), is_active=None)
    assert drain(grounds=grounds(), by=WORKER, at=cast.at).stopped
    assert "nia@example.org, stopped" in said(admin.get(person_url("person", nia)))


def test_a_link_is_shown_to_be_handed_over_and_the_journal_says_so(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    nia = add_nia(admin, cast)
    fill_in(admin, person_url("sign_in", nia), email="nia@example.org")
    page = admin.post(person_url("invite", nia), {"key": "shown", "how": "show"})
    assert "/account/password/reset/key/" in page.content.decode()
    assert "Saw a link to choose a password: link for Nia New" in said(admin.get(reverse("office:journal")))


def test_a_role_is_granted_with_a_reason_and_ended_with_one(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    wren = cast.users["wrens_teacher"]
    page = person_url("grant", wren.person)
    assert "Choose the class" in said(
        fill_in(admin, page, role="teacher", place=f"school-{cast.hamsey.pk}", reason="x")
    )
    fill_in(admin, page, role="teacher", place=f"class-{cast.kestrels.pk}", reason="Job share")
    made = Grant.objects.get(user=wren, school_class=cast.kestrels)
    assert made.deed.reason == "Job share" and made.deed.name == "Ada Administrator"
    fill_in(admin, person_url("grant_end", wren.person, made.pk), last_day="2024-05-20", reason="Share over")
    shown = said(admin.get(person_url("person", wren.person)))
    assert "Ended by Ada Administrator: Share over" in shown


@pytest.mark.parametrize("role", [role for role in Role if not role.is_for_class])
def test_a_role_that_means_nothing_at_one_class_is_refused_there(signed_in, cast: Cast, role: Role) -> None:
    admin, wren = signed_in("admin"), cast.users["wrens_teacher"]
    held = Grant.objects.count()
    page = person_url("grant", wren.person)
    answer = fill_in(admin, page, role=role.value, place=f"class-{cast.kestrels.pk}", reason="x")
    assert answer.status_code == 422
    sentence = (
        f"The role “{role.label}” is for a whole school: choose the school, or the whole federation, not Kestrels"
    )
    assert answer.context["form"].errors["place"][0].startswith(sentence)
    assert Grant.objects.count() == held


def test_the_last_administrator_stays(signed_in, cast: Cast) -> None:
    admin, ada = signed_in("admin"), cast.users["admin"]
    held = Grant.objects.get(user=ada)
    answer = fill_in(admin, person_url("grant_end", ada.person, held.pk), last_day="2024-05-20", reason="off")
    assert "This is the last administrator" in said(answer)
    held.refresh_from_db()
    assert held.ends is None


def test_an_address_is_one_persons_alone(signed_in, cast: Cast) -> None:
    admin = signed_in("admin")
    nia = add_nia(admin, cast)
    answer = fill_in(admin, person_url("sign_in", nia), email="HEAD@example.org")
    assert "Somebody signs in with HEAD@example.org already." in answer.context["form"].errors["email"][0]


@pytest.mark.policy("3")
def test_who_may_do_what_is_drawn_from_the_table_itself(signed_in, cast: Cast) -> None:
    page = signed_in("head").get(reverse("office:who_may"))
    text = said(page)
    for row in TABLE.values():
        assert row.words[1:] in text
    rows = {name: may for _, rows in page.context["things"] for _, name, may in rows}
    assert rows["pupil:barred_why"] == [role in (Role.DSL, Role.DEPUTY_DSL) for role in Role]


def test_a_head_sees_the_people_of_their_school_and_grants_nothing(signed_in, cast: Cast) -> None:
    head = signed_in("head")
    page = said(head.get(reverse("office:people")))
    assert "Tom Teacher" in page and "Sam Stranger" not in page
    assert head.get(person_url("person", cast.users["stranger"].person)).status_code == 404
    assert head.post(person_url("invite", cast.users["teacher"].person), {"key": "x"}).status_code == 403


def test_an_administrator_of_one_school_opens_no_door_to_another(signed_in, cast: Cast) -> None:
    Grant.objects.filter(user=cast.users["admin"]).update(school=cast.hamsey)
    admin = signed_in("admin")
    for name in ("exec", "stranger"):
        assert admin.post(person_url("invite", cast.users[name].person), {"key": "x"}).status_code == 404
    page = person_url("grant", cast.users["teacher"].person)
    wrong = fill_in(admin, page, role="head", place="everywhere", reason="x")
    assert wrong.status_code == 422
    assert Grant.objects.filter(user=cast.users["teacher"]).count() == 1
