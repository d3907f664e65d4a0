"""Set-up: what is set and what is missing on the way to the first register, and what is known of each school."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from rollcall.accounts.door import Place, Request, allows
from rollcall.accounts.queries import FEDERATION
from rollcall.office.forms.asked import Pressed
from rollcall.office.forms.setup import TIMES, SchoolForm, TimesForm
from rollcall.office.queries import policy as policies
from rollcall.office.queries.setup import SchoolSetUp, Step, set_up
from rollcall.office.views.asking import Asking, Crumbs, ask
from rollcall.office.views.places import of_federation, of_school
from rollcall.schools import actions as schools
from rollcall.schools.models import Federation, School
from rollcall.schools.queries import facts_of, times_from_policy
from rollcall.schools.queries.policies import flags

FACTS = ("name", "urn", "la_number", "establishment_number", "phone", "email", "address", "notify_reply_to")


@allows("setup:see")
def setup(request: Request) -> HttpResponse:
    """How far each school is on the way to its first register, and where to go on."""
    found = set_up(request.may.schools("setup:see"), request.at.date())
    context = {
        "schools": [_shown(request, one) for one in found],
        "may_add": request.may.can("setup:edit", FEDERATION),
        "flags": flags(request.at.date()) if request.may.can_somewhere("policy:flags") else [],
        "may": {row: request.may.can_somewhere(f"{row}:see") for row in ("people", "policy", "journal")},
        "may_import": request.may.can_somewhere("import:run"),
        "imports": address("exchange:import"),
        "may_letters": request.may.can_somewhere("letter:edit"),
    }
    return render(request, "office/setup.html", context)


@allows("setup:see", place=of_school)
def school(request: Request, school: str) -> HttpResponse:
    """One school: its way to the first register, what is known of it, its times now."""
    found = request.place.of
    (own,) = set_up({found.pk}, request.at.date())
    context = {
        "own": _shown(request, own),
        "facts": found,
        "may_edit": request.may.can("setup:edit", request.place),
        "may_pupils": request.may.can("pupil:record", request.place),
        "may_letters": request.may.can("letter:edit", request.place),
        "may_switch": request.may.can("switch:set", request.place),
        "school": found,
        "breadcrumbs": crumbs(),
    }
    return render(request, "office/school.html", context)


def _shown(request: Request, own: SchoolSetUp) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"step": step, "url": _url(request, own, step)} for step in own.steps]
    begin = next((one for one in steps if not one["step"].done), None)
    return {"own": own, "steps": steps, "begin": begin, "url": reverse("office:school", args=[own.slug])}


def _url(request: Request, own: SchoolSetUp, step: Step) -> str:
    """Where a step is done, for who may go there."""
    needs = {
        "office:people": "people:see",
        "office:pupils": "pupil:record",
        "office:school_change": "setup:edit",
        "registers:today": "register:take",
    }
    place = Place(school=own.id)
    if not request.may.can(needs.get(step.route, "setup:see"), place):
        by_file = step.route == "office:pupils" and request.may.can("import:run", place)
        return address("exchange:import") if by_file else ""
    takes_school = step.route not in ("office:people", "registers:today")
    return address(step.route, *([own.slug] if takes_school else []))


def address(route: str, *arguments: Any) -> str:
    """The address of a route, or nothing where this installation has none such."""
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""


def crumbs(school: School | None = None, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of set-up."""
    way = [("Set-up", reverse("office:setup"))]
    if school is not None:
        way.append((school.name, reverse("office:school", args=[school.slug])))
    return [*way, *more]


@allows("setup:edit", place=of_federation)
def add_school(request: Request) -> HttpResponse:
    """Add a school; its times come from the policy where the policy names it."""
    form = SchoolForm(request.POST or None)
    back = reverse("office:setup")
    page = Asking("Add a school", back, act="Add this school", crumbs=crumbs())

    def do(given: dict[str, Any]) -> str:
        key = given.pop("key")
        federation = Federation.objects.get()
        made = schools.found_school(federation, **given, by=request.may.actor(), at=request.at, key=key)
        return f"{made} is added. Next: its times."

    return ask(request, form, page, do)


@allows("setup:edit", place=of_school)
def change_school(request: Request, school: str) -> HttpResponse:
    """Change what is known of a school."""
    found = request.place.of
    form = SchoolForm(request.POST or None, fixed=True, initial={fact: getattr(found, fact) for fact in FACTS})
    back = reverse("office:school", args=[school])
    page = Asking(f"What is known of {found}", back, crumbs=crumbs(found), school=found)

    def do(given: dict[str, Any]) -> str:
        key = given.pop("key")
        schools.change_school(found, given, by=request.may.actor(found.pk), at=request.at, key=key)
        return "Saved."

    return ask(request, form, page, do)


@allows("setup:see", place=of_school)
def times(request: Request, school: str) -> HttpResponse:
    """A school's times, by the day they begin, newest first."""
    found = request.place.of
    context = {
        "rows": found.times.order_by("-begins"),
        "names": TIMES,
        "today": request.at.date(),
        "may_edit": request.may.can("setup:edit", request.place),
        "school": found,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "office/times.html", context)


@allows("setup:edit", place=of_school)
def set_times(request: Request, school: str) -> HttpResponse:
    """Set a school's times from a day on; the first time they are proposed as the policy has them."""
    found = request.place.of
    form = TimesForm(request.POST or None, initial=_proposed(found, request.at.date()))
    back = reverse("office:times", args=[school])
    about = "Where the policy names times for this school, they are filled in. Days before keep the times they had."
    way = crumbs(found, ("Times of the day", back))
    page = Asking("Times of the day", back, about=about, crumbs=way, school=found)

    def do(given: dict[str, Any]) -> str:
        key = given.pop("key")
        schools.set_times(found, **given, by=request.may.actor(found.pk), at=request.at, key=key)
        return f"The times hold from {given['begins']:%-d %B %Y}."

    return ask(request, form, page, do)


def _proposed(school: School, day: Any) -> dict[str, Any]:
    """The times that stand, else the policy's for this school; from tomorrow, or the year's first day at first."""
    facts = facts_of(school.pk)
    latest = school.times.order_by("-begins").first()
    if latest is not None:
        return {"begins": day + timedelta(days=1)} | {name: getattr(latest, name) for name, *_ in TIMES}
    first = policies.first_day_of_year(day)
    try:
        return {"begins": first} | dict(times_from_policy(facts.policy_on(day), school.slug))
    except LookupError:
        return {"begins": first}


__all__ = ["Pressed", "add_school", "change_school", "crumbs", "school", "set_times", "setup", "times"]
