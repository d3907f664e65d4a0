"""Years with their terms, closures, bank holidays, classes, and rolling a year forward."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import new_key
from rollcall.office.forms.asked import Pressed, ReasonForm
from rollcall.office.forms.setup import (
    N_TERMS,
    BankHolidaysForm,
    ClassesForm,
    ClassForm,
    ClosureForm,
    RollForm,
    YearForm,
    plan_of,
    terms_of,
)
from rollcall.office.queries import setup as queries
from rollcall.office.views.asking import Asking, ask, done
from rollcall.office.views.places import of_class, of_closure, of_school
from rollcall.office.views.setup import crumbs
from rollcall.rules.sessions import SchoolYear
from rollcall.schools import actions as schools
from rollcall.schools.models import Closure, School, Term
from rollcall.schools.queries import facts_of

EARLIEST, LATEST = 1990, 2100


@allows("setup:see", place=of_school)
def years(request: Request, school: str) -> HttpResponse:
    """A school's years with their terms, and the closures of one year."""
    found = request.place.of
    year = SchoolYear(_year(request.GET.get("year"), request.at.date()))
    lines = queries.years_of(found.pk, request.at.date())
    terms = next((line.terms for line in lines if line.start == year.start), ())
    closures = queries.closures_of(found.pk, year)
    days = queries.holidays_to_close(year, terms, closures)
    context = {
        "years": lines,
        "year": year,
        "closures": closures,
        "holidays": BankHolidaysForm(days=days, initial={"days": [day for day, _ in days]}) if days else None,
        "may_edit": request.may.can("setup:edit", request.place),
        "school": found,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "office/years.html", context)


def _year(text: str | None, day: date) -> int:
    if text and text.isdigit() and EARLIEST <= int(text) <= LATEST:
        return int(text)
    return SchoolYear.of(day).start


@allows("setup:edit", place=of_school)
def set_year(request: Request, school: str, year: int) -> HttpResponse:
    """Set the terms of a year."""
    if not EARLIEST <= year <= LATEST:
        raise Http404
    found = request.place.of
    form = YearForm(request.POST or None, start=year, initial=_terms(found, year))
    back = reverse("office:years", args=[school])
    label = SchoolYear(year).label
    way = crumbs(found, ("Years and closures", back))
    page = Asking(f"Terms of {label}", back, crumbs=way, school=found, template="office/year.html")

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(found.pk)
        schools.add_year(found, year, terms_of(given), by=actor, at=request.at, key=given["key"])
        return f"The terms of {label} are set."

    return ask(request, form, page, do)


def _terms(school: School, year: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for n, term in enumerate(Term.objects.filter(year__school=school, year__start=year)[:N_TERMS], 1):
        found |= {f"name_{n}": term.name, f"first_{n}": term.first, f"last_{n}": term.last}
    return found


@allows("setup:edit", place=of_school)
def close(request: Request, school: str) -> HttpResponse:
    """Lay a closure over sessions: a training day, or a day on which the school could not open."""
    found = request.place.of
    rooms = found.classes.filter(year_start=SchoolYear.of(request.at.date()).start)
    edition = facts_of(found.pk).edition_on(request.at.date())
    form = ClosureForm(request.POST or None, classes=[(one.pk, one.name) for one in rooms], edition=edition)
    back = reverse("office:years", args=[school])
    about = "Marks that were made on these days stay beneath, and show again if the closure is lifted."
    way = crumbs(found, ("Years and closures", back))
    page = Asking("Close the school or some classes", back, act="Close", about=about, crumbs=way, school=found)

    def do(given: dict[str, Any]) -> str:
        chosen = rooms.filter(pk__in=given.pop("classes", []))
        key, code, half = given.pop("key"), given.pop("code"), given.pop("half")
        made = schools.close_sessions(
            found, **given, code=code, half=half, classes=chosen, by=request.may.actor(found.pk), at=request.at, key=key
        )
        return f"{made.get_kind_display()}: {made.ground}. Registers of those sessions are not asked for."

    return ask(request, form, page, do)


@allows("setup:edit", place=of_closure)
def lift(request: Request, closure: int) -> HttpResponse:
    """Lift a closure, with a reason; the record of it stays."""
    row: Closure = request.place.of
    form = ReasonForm(request.POST or None)
    back = reverse("office:years", args=[row.school.slug])
    when = f"{row.first:%-d %B %Y} to {row.last:%-d %B %Y}"
    about = f"{row.get_kind_display()}: {row.ground}, {when}. The marks beneath it show again."
    way = crumbs(row.school, ("Years and closures", back))
    page = Asking("Lift this closure", back, act="Lift it", about=about, crumbs=way, school=row.school)

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(row.school_id)
        schools.lift_closure(row, by=actor, at=request.at, reason=given["reason"], key=given["key"])
        return "The closure is lifted."

    return ask(request, form, page, do)


@allows("setup:edit", place=of_school)
@require_POST
def bank_holidays(request: Request, school: str) -> HttpResponse:
    """Close the school on the bank holidays that were offered and ticked."""
    found = request.place.of
    year = SchoolYear(_year(request.POST.get("year"), request.at.date()))
    terms = Term.objects.filter(year__school=found, year__start=year.start)
    days = queries.holidays_to_close(year, terms, queries.closures_of(found.pk, year))
    form = BankHolidaysForm(request.POST, days=days)
    if form.is_valid():
        names = {day.isoformat(): (day, name) for day, name in queries.bank_holidays(year).items()}
        chosen = dict(names[one] for one in form.cleaned_data["days"])
        actor, key = request.may.actor(found.pk), form.cleaned_data["key"]

        def do() -> str:
            made = schools.close_bank_holidays(found, chosen, by=actor, at=request.at, key=key)
            return f"Closed on {len(made)} bank holiday{'' if len(made) == 1 else 's'}."

        done(request, None, do)
    return redirect(f"{reverse('office:years', args=[school])}?year={year.start}")


@allows("setup:see", place=of_school)
def classes(request: Request, school: str) -> HttpResponse:
    """The classes of a year, with their pupils and teachers."""
    found, today = request.place.of, request.at.date()
    year = SchoolYear(_year(request.GET.get("year"), today))
    day = min(max(today, year.first), year.last)
    context = {
        "lines": queries.classes_of(found.pk, year.start, day),
        "year": year,
        "before": year.start - 1,
        "after": year.start + 1,
        "may_edit": request.may.can("setup:edit", request.place),
        "may_pupils": request.may.can("pupil:record", request.place),
        "school": found,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "office/classes.html", context)


@allows("setup:edit", place=of_school)
def add_classes(request: Request, school: str) -> HttpResponse:
    """Add classes of a year, one a line."""
    found = request.place.of
    year = SchoolYear(_year(request.GET.get("year"), request.at.date()))
    form = ClassesForm(request.POST or None)
    back = f"{reverse('office:classes', args=[school])}?year={year.start}"
    way = crumbs(found, ("Classes", back))
    page = Asking(f"Add classes for {year}", back, act="Add them", crumbs=way, school=found)

    def do(given: dict[str, Any]) -> str:
        made = schools.add_classes(
            found, year.start, given["names"], by=request.may.actor(found.pk), at=request.at, key=given["key"]
        )
        return f"Added: {', '.join(one.name for one in made)}."

    return ask(request, form, page, do)


@allows("setup:edit", place=of_class)
def rename_class(request: Request, school_class: int) -> HttpResponse:
    """Give a class another name."""
    row = request.place.of
    form = ClassForm(request.POST or None, initial={"name": row.name})
    back = f"{reverse('office:classes', args=[row.school.slug])}?year={row.year_start}"
    page = Asking(f"Rename {row}", back, crumbs=crumbs(row.school, ("Classes", back)), school=row.school)

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(row.school_id)
        schools.rename_class(row, given["name"].strip(), by=actor, at=request.at, key=given["key"])
        return f"The class is called {row.name} now."

    return ask(request, form, page, do)


@allows("setup:edit", place=of_school)
def roll(request: Request, school: str, year: int) -> HttpResponse:
    """Move pupils up into the classes of a year; who has a place there already is left alone."""
    if not EARLIEST <= year <= LATEST:
        raise Http404
    found = request.place.of
    groups = queries.groups_to_roll(found.pk, year)
    rooms = list(found.classes.filter(year_start=year).values_list("pk", "name"))
    form = RollForm(request.POST or None, groups=groups, classes=rooms)
    back = f"{reverse('office:classes', args=[school])}?year={year}"
    way = crumbs(found, ("Classes", back))
    more = {"groups": groups, "rooms": rooms, "year": SchoolYear(year), "key": new_key(), "found": found}
    title = f"Move pupils up into {SchoolYear(year)}"
    page = Asking(title, back, "Move them", crumbs=way, school=found, more=more, template="office/roll.html")

    def do(given: dict[str, Any]) -> str:
        actor, key = request.may.actor(found.pk), given.pop("key")
        rolled = schools.roll_forward(found, year, plan_of(given), by=actor, at=request.at, key=key)
        return f"{rolled.moved} pupils have their place in {SchoolYear(year)}; {rolled.leaving} leave the school."

    return ask(request, form, page, do)


@allows("setup:edit", place=of_school)
@require_POST
def same_classes(request: Request, school: str, year: int) -> HttpResponse:
    """Make this year's classes for the next year too."""
    found = request.place.of
    form = Pressed(request.POST)
    if form.is_valid() and EARLIEST <= year <= LATEST:
        actor, key = request.may.actor(found.pk), form.cleaned_data["key"]

        def do() -> str:
            made = schools.same_classes(found, year, by=actor, at=request.at, key=key)
            return f"Made for {SchoolYear(year)}: {', '.join(one.name for one in made) or 'none, they are there'}."

        done(request, None, do)
    return redirect("office:roll", school=school, year=year)
