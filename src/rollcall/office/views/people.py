"""People: who works here, their positions, sign-ins and roles; and who may do what."""

from typing import Any, TypeVar

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts import actions as accounts
from rollcall.accounts.door import Place, Request, allows
from rollcall.accounts.models import User
from rollcall.accounts.roles import Role
from rollcall.journal import actions as journal
from rollcall.office.forms.asked import Pressed, Until, UntilBecause
from rollcall.office.forms.people import GrantForm, PersonForm, PostForm, SignInChangeForm, SignInForm
from rollcall.office.queries import people as queries
from rollcall.office.views.asking import Asking, Crumbs, ask, done
from rollcall.office.views.setup import crumbs
from rollcall.schools import actions as schools
from rollcall.schools.models import Person, School
from rollcall.schools.queries import year_of

T = TypeVar("T")


def person_of(request: Request, person: int, row: str) -> Person:
    """A person whom the signed-in one may see, or change, at a school of theirs; Http404 for any other."""
    found = queries.person(person)
    reaches = queries.is_wholly_at if row == "people:grant" else queries.is_known_at
    if found is None or not reaches(person, request.may.schools(row)):
        raise Http404
    return found


@allows("people:see")
def people(request: Request) -> HttpResponse:
    """Everybody at one's schools, with positions, roles and sign-in."""
    words = request.GET.get("q", "").strip()
    context = {
        "lines": queries.people(request.may.schools("people:see"), request.at.date(), words),
        "words": words,
        "may_grant": request.may.can_somewhere("people:grant"),
        "breadcrumbs": crumbs(),
    }
    return render(request, "office/people.html", context)


@allows("people:see")
def who_may(request: Request) -> HttpResponse:
    """The permission table as it is: each act, and the roles that may."""
    context = {"things": queries.who_may(), "roles": [role.label for role in Role], "breadcrumbs": _crumbs()}
    return render(request, "office/who_may.html", context)


@allows("people:see")
def person(request: Request, person: int) -> HttpResponse:
    """One person: positions, sign-in, roles held and held before."""
    found = person_of(request, person, "people:see")
    user: User | None = getattr(found, "user", None)
    context = {
        "person": found,
        "account": user,
        "posts": queries.posts_of(found),
        "grants": queries.grants_of(user) if user else [],
        "today": request.at.date(),
        "key": journal.new_key(),
        "may_grant": request.may.can_somewhere("people:grant"),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "office/person.html", context)


def _crumbs(*more: tuple[str, str]) -> Crumbs:
    return crumbs(None, ("People", reverse("office:people")), *more)


def _asking(person: Person, title: str, act: str = "Save", about: str = "") -> Asking:
    back = reverse("office:person", args=[person.pk])
    return Asking(title, back, act, about, _crumbs((str(person), back)))


def _by(request: Request, school: int | None = None) -> dict[str, Any]:
    return {"by": request.may.actor(school), "at": request.at}


@allows("people:grant")
def add(request: Request) -> HttpResponse:
    """Add a member of staff or a governor with their first position."""
    mine = request.may.schools("people:grant")
    form = PostForm(request.POST or None, schools=queries.school_choices(mine), initial={"begins": request.at.date()})
    form.fields = PersonForm().fields | form.fields
    page = Asking("Add a person", reverse("office:people"), "Add", crumbs=_crumbs())

    def do(given: dict[str, Any]) -> str:
        school = _school(request, given["school"])
        made = schools.take_on_person(
            given["first"],
            given["last"],
            given["position"],
            begins=given["begins"],
            school=school,
            key=given["key"],
            **_by(request, school.pk if school else None),
        )
        return f"{made} is added. Next: a sign-in and a role, on their page."

    return ask(request, form, page, do)


def _school(request: Request, pk: str) -> School | None:
    """The school chosen, checked: nobody gives anything at a school that is not theirs."""
    request.may.check_can("people:grant", Place(school=int(pk) if pk else None))
    return _there(queries.place_chosen(f"school-{pk}"))[0] if pk else None


def _there(found: T | None) -> T:
    """What was asked for; Http404 where there is none such."""
    if found is None:
        raise Http404
    return found


@allows("people:grant")
def rename(request: Request, person: int) -> HttpResponse:
    """Change a person's name."""
    found = person_of(request, person, "people:grant")
    form = PersonForm(request.POST or None, initial={"first": found.first, "last": found.last})

    def do(given: dict[str, Any]) -> str:
        schools.rename_person(_there(queries.person(person)), **given, **_by(request))
        return "Saved."

    return ask(request, form, _asking(found, f"Name of {found}"), do)


@allows("people:grant")
def add_post(request: Request, person: int) -> HttpResponse:
    """Give a person another position; they may hold different ones at different schools."""
    found = person_of(request, person, "people:grant")
    choices = queries.school_choices(request.may.schools("people:grant"))
    form = PostForm(request.POST or None, schools=choices, initial={"begins": request.at.date()})

    def do(given: dict[str, Any]) -> str:
        school = _school(request, given.pop("school"))
        made = schools.add_post(found, **given, school=school, **_by(request, school.pk if school else None))
        return f"{made}, from {made.begins:%-d %B %Y}."

    return ask(request, form, _asking(found, f"A position for {found}", "Give it"), do)


@allows("people:grant")
def end_post(request: Request, person: int, post: int) -> HttpResponse:
    """End a position."""
    found = person_of(request, person, "people:grant")
    row = _there(queries.post_of(found, post))
    request.may.check_can("people:grant", Place(school=row.school_id))
    form = Until(request.POST or None, initial={"last_day": request.at.date()})

    def do(given: dict[str, Any]) -> str:
        schools.end_post(row, **given, **_by(request, row.school_id))
        return f"{row} ends on {given['last_day']:%-d %B %Y}."

    return ask(request, form, _asking(found, f"End: {row}", "End it"), do)


@allows("people:grant")
def sign_in(request: Request, person: int) -> HttpResponse:
    """Make a sign-in for a person, or change it."""
    found = person_of(request, person, "people:grant")
    user: User | None = getattr(found, "user", None)
    if user is not None:
        return _change_sign_in(request, found, user)
    form = SignInForm(request.POST or None)
    about = "They choose their password themselves, by a link that works once. Nobody else knows it."

    def do(given: dict[str, Any]) -> str:
        made = accounts.make_user(found, email=given["email"], password=None, key=given["key"], **_by(request))
        return f"{found} can sign in as {made.email} once they have chosen a password. Next: invite them."

    return ask(request, form, _asking(found, f"A sign-in for {found}", "Make it", about), do)


def _change_sign_in(request: Request, person: Person, user: User) -> HttpResponse:
    form = SignInChangeForm(request.POST or None, initial={"email": user.email, "is_active": user.is_active})

    def do(given: dict[str, Any]) -> str:
        accounts.change_sign_in(_there(queries.account_of(person)), **given, **_by(request))
        return "Saved." if given["is_active"] else f"{person} can't sign in any more."

    return ask(request, form, _asking(person, f"Sign-in of {person}"), do)


@allows("people:grant")
@require_POST
def invite(request: Request, person: int) -> HttpResponse:
    """Send a link by which a person chooses their password, or show it to be handed over."""
    found = person_of(request, person, "people:grant")
    user = _there(queries.account_of(found))
    if not user.is_active:
        raise Http404
    form = Pressed(request.POST)
    if not form.is_valid():
        return redirect("office:person", person=person)
    link, key = _link(request, user), form.cleaned_data["key"]
    if request.POST.get("how") == "show":
        journal.begin("account.link_shown", reason=f"link for {found}", key=key, **_by(request))
        return render(request, "office/link.html", {"person": found, "link": link, "breadcrumbs": _crumbs()})

    def do() -> str:
        accounts.invite(user, link=link, key=key, **_by(request))
        return f"An invitation to {user.email} waits to be sent; Letters shows what became of it."

    done(request, None, do)
    return redirect("office:person", person=person)


def _link(request: Request, user: User) -> str:
    arguments = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return request.build_absolute_uri(reverse("account_reset_password_from_key", kwargs=arguments))


@allows("people:grant")
def grant(request: Request, person: int) -> HttpResponse:
    """Grant a role at a class, a school or everywhere, with a reason."""
    found = person_of(request, person, "people:grant")
    user = _there(queries.account_of(found))
    today = request.at.date()
    choices = queries.place_choices(request.may.schools("people:grant"), year_of(today))
    form = GrantForm(request.POST or None, places=choices, initial={"begins": today})

    def do(given: dict[str, Any]) -> str:
        school, room = _there(queries.place_chosen(given.pop("place")))
        request.may.check_can("people:grant", Place(school=school.pk if school else None))
        role = Role(given.pop("role"))
        made = accounts.grant(
            user, role, **given, school=school, school_class=room, **_by(request, school.pk if school else None)
        )
        return f"{made}, from {made.begins:%-d %B %Y}."

    return ask(request, form, _asking(found, f"Grant {found} a role", "Grant it"), do)


@allows("people:grant")
def end_grant(request: Request, person: int, grant: int) -> HttpResponse:
    """End a role after a day, with a reason."""
    found = person_of(request, person, "people:grant")
    held = _there(queries.grant_of(found, grant))
    request.may.check_can("people:grant", Place(school=held.school_id))
    form = UntilBecause(request.POST or None, initial={"last_day": request.at.date()})

    def do(given: dict[str, Any]) -> str:
        accounts.end_grant(held, **given, **_by(request, held.school_id))
        return f"{held} ends on {given['last_day']:%-d %B %Y}."

    return ask(request, form, _asking(found, f"End: {held}", "End it"), do)
