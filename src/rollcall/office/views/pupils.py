"""Pupils: the list, joining, standing facts, moving class or school, leaving."""

import contextlib
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from rollcall.accounts.door import Request, allows
from rollcall.journal import actions as journal
from rollcall.journal.queries import changes_of
from rollcall.office.forms.pupils import (
    ORDINARY,
    SENSITIVE,
    ClassMoveForm,
    FactsForm,
    JoiningForm,
    LeaverForm,
    SafeguardingForm,
)
from rollcall.office.queries import pupils as queries
from rollcall.office.views.asking import Asking, Crumbs, ask
from rollcall.office.views.places import PupilPlace, of_pupil, of_school
from rollcall.office.views.setup import address, crumbs
from rollcall.rules.sessions import SchoolYear
from rollcall.schools import actions as schools
from rollcall.schools.models import Pupil, SchoolClass
from rollcall.schools.queries import facts_of, siblings_of

A_PAGE = 100


@allows("pupil:record", place=of_school)
def pupils(request: Request, school: str) -> HttpResponse:
    """A school's pupils, of one class or found by name; those who left or are still to join apart."""
    found, today = request.place.of, request.at.date()
    words, chosen = request.GET.get("q", "").strip(), request.GET.get("class", "")
    room = int(chosen) if chosen.isdigit() else None
    gone = request.GET.get("show") == "others"
    lines = (
        queries.others_of(found.pk, today, words)
        if gone
        else queries.pupils_of(found.pk, today, school_class=room, words=words)
    )
    context = {
        "page": Paginator(lines, A_PAGE).get_page(request.GET.get("page")),
        "n": len(lines),
        "classes": found.classes.filter(year_start=SchoolYear.of(today).start),
        "room": room,
        "words": words,
        "gone": gone,
        "may_edit": request.may.can("pupil:edit", request.place),
        "may_import": request.may.can("import:run", request.place),
        "imports": address("exchange:import"),
        "school": found,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "office/pupils.html", context)


@allows("pupil:record", place=of_school)
def numbers(request: Request, school: str) -> HttpResponse:
    """The pupils with fewer different emergency numbers than the policy asks for (3.7-b)."""
    found, today = request.place.of, request.at.date()
    least = facts_of(found.pk).policy_on(today).absence.least_contact_numbers
    context = {
        "lines": queries.few_numbers(found.pk, today, least.value),
        "least": least,
        "school": found,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "office/numbers.html", context)


@allows("pupil:edit", place=of_school)
def add_pupil(request: Request, school: str) -> HttpResponse:
    """Put a pupil on the school's roll: a new one, or one whom the federation knows by their UPN."""
    found, today = request.place.of, request.at.date()
    rooms = queries.classes_to_choose(today, found.pk)
    form = JoiningForm(
        request.POST or None, classes=rooms, initial={"admitted": today, "school_class": _asked(request)}
    )
    back = reverse("office:pupils", args=[school])
    about = "" if rooms else "There is no class yet: add the classes first."
    page = Asking("Add a pupil", back, "Add this pupil", about, crumbs(found, ("Pupils", back)), school=found)

    def do(given: dict[str, Any]) -> str:
        room = SchoolClass.objects.select_related("school").get(pk=given["school_class"], school=found)
        pupil = Pupil(**{fact: given[fact] for fact in ORDINARY})
        made = schools.admit(
            pupil,
            room,
            year_group=given["year_group"],
            admitted=given["admitted"],
            by=request.may.actor(found.pk),
            at=request.at,
            key=given["key"],
        )
        return f"{made.pupil} is on roll from {made.admitted:%-d %B %Y}. Next: add who to call."

    return ask(request, form, page, do)


def _asked(request: Request) -> str:
    return request.GET.get("class", "")


@allows("pupil:record", place=of_pupil)
def record(request: Request, pupil: int) -> HttpResponse:
    """One pupil's standing facts: what each reader may see of them, and what they may change."""
    place: PupilPlace = request.place
    journal.note_look("pupil", by=request.may.actor(place.school), at=request.at, thing_id=pupil, detail="record")
    found = queries.record_of(place.pupil)
    context = {
        "pupil": place.pupil,
        "enrolment": place.enrolment,
        "record": found,
        "today": request.at.date(),
        "siblings": _siblings(request, pupil),
        "key": journal.new_key(),
        "may_edit": request.may.can("pupil:edit", place),
        "may_sensitive": request.may.can("pupil:sensitive", place),
        "may_why": request.may.can("pupil:barred_why", place),
        "history": _history(request, place),
        "figures": address("insight:pupil", pupil),
        "school": place.enrolment.school,
        "breadcrumbs": pupil_crumbs(place)[:-1],
    }
    return render(request, "office/record.html", context)


def _siblings(request: Request, pupil: int) -> list[tuple[int, str]]:
    """Those whose record the reader may see as well: a child at another school is not named to this one's office."""
    found = []
    for pk, name in siblings_of(pupil):
        with contextlib.suppress(Http404):
            if request.may.can("pupil:record", of_pupil(pk, request.at)):
                found.append((pk, name))
    return found


def _history(request: Request, place: PupilPlace) -> list[Any]:
    """What changed, without the sensitive facts for who may not see them."""
    lines = changes_of("pupil", place.pupil.pk)
    if request.may.can("pupil:sensitive", place):
        return lines
    return [line for line in lines if line.what not in SENSITIVE]


def pupil_crumbs(place: PupilPlace) -> Crumbs:
    """The way to a page about a pupil."""
    school = place.enrolment.school
    way = [("Pupils", reverse("office:pupils", args=[school.slug]))]
    return crumbs(school, *way, (place.pupil.known_name, reverse("office:record", args=[place.pupil.pk])))


def asking(place: PupilPlace, title: str, act: str = "Save", about: str = "") -> Asking:
    """A page that asks about a pupil, and leads back to their record."""
    back = reverse("office:record", args=[place.pupil.pk])
    return Asking(title, back, act, about, pupil_crumbs(place), school=place.enrolment.school)


@allows("pupil:edit", place=of_pupil)
def change_facts(request: Request, pupil: int) -> HttpResponse:
    """Change a pupil's ordinary facts."""
    return _change(request, FactsForm, ORDINARY, f"Details of {request.place.pupil}")


@allows("pupil:sensitive", place=of_pupil)
def change_sensitive(request: Request, pupil: int) -> HttpResponse:
    """Change the facts that few may see."""
    journal.note_look(
        "pupil", by=request.may.actor(request.place.school), at=request.at, thing_id=pupil, detail="safeguarding"
    )
    return _change(request, SafeguardingForm, SENSITIVE, f"Safeguarding facts of {request.place.pupil}")


def _change(request: Request, kind: Any, facts: tuple[str, ...], title: str) -> HttpResponse:
    place: PupilPlace = request.place
    form = kind(request.POST or None, initial={fact: getattr(place.pupil, fact) for fact in facts})

    def do(given: dict[str, Any]) -> str:
        schools.change_pupil(
            Pupil.objects.get(pk=place.pupil.pk),
            {fact: given[fact] for fact in facts},
            by=request.may.actor(place.school),
            at=request.at,
            school=place.enrolment.school,
            key=given["key"],
        )
        return "Saved."

    return ask(request, form, asking(place, title), do)


@allows("pupil:edit", place=of_pupil)
def move_class(request: Request, pupil: int) -> HttpResponse:
    """Move a pupil to another class of the school; their marks stay with them."""
    place: PupilPlace = request.place
    now = queries.record_of(place.pupil).now
    rooms = queries.classes_to_choose(request.at.date(), place.school)
    form = ClassMoveForm(request.POST or None, classes=rooms, initial=_tomorrow(request))
    about = f"Now in {now.school_class}, since {now.begins:%-d %B %Y}." if now else ""
    page = asking(place, f"Move {place.pupil} to another class", "Move", about)

    def do(given: dict[str, Any]) -> str:
        to = get_object_or_404(SchoolClass, pk=given["school_class"], school=place.school)
        schools.move_class(place.enrolment, to, **_when(request, given))
        return f"{place.pupil} is in {to} from {given['begins']:%-d %B %Y}."

    return ask(request, form, page, do)


def _tomorrow(request: Request) -> dict[str, Any]:
    now = queries.record_of(request.place.pupil).now
    return {"begins": request.at.date() + timedelta(days=1), "year_group": now.year_group if now else 0}


def _when(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    actor = request.may.actor(request.place.school)
    return {
        "begins": given["begins"],
        "year_group": given["year_group"],
        "by": actor,
        "at": request.at,
        "key": given["key"],
    }


@allows("pupil:edit", place=of_pupil)
def move_school(request: Request, pupil: int) -> HttpResponse:
    """Move a pupil to another school of the federation; both schools keep what is theirs."""
    place: PupilPlace = request.place
    rooms = queries.classes_to_choose(request.at.date(), but=place.school)
    form = ClassMoveForm(request.POST or None, classes=rooms, initial=_tomorrow(request))
    about = "They leave this school the day before. Their marks here stay here, and the other school sees them too."
    page = asking(place, f"Move {place.pupil} to another school", "Move", about)

    def do(given: dict[str, Any]) -> str:
        to = get_object_or_404(SchoolClass.objects.select_related("school"), pk=given["school_class"])
        schools.move_school(place.enrolment, to, **_when(request, given))
        return f"{place.pupil} is at {to.school} from {given['begins']:%-d %B %Y}."

    answer = ask(request, form, page, do)
    may_follow = request.may.can("pupil:record", of_pupil(pupil, request.at))
    if answer.status_code == 302 and not may_follow:
        return redirect("office:pupils", school=place.enrolment.school.slug)
    return answer


@allows("pupil:edit", place=of_pupil)
def leave(request: Request, pupil: int) -> HttpResponse:
    """Record a pupil's last day on roll."""
    place: PupilPlace = request.place
    form = LeaverForm(request.POST or None)
    about = "Their marks stay, and are kept as long as the law and the policy ask."
    page = asking(place, f"{place.pupil} leaves", "Record the last day", about)

    def do(given: dict[str, Any]) -> str:
        actor = request.may.actor(place.school)
        schools.record_leaver(
            place.enrolment,
            last_day=given["last_day"],
            reason=given["reason"],
            by=actor,
            at=request.at,
            key=given["key"],
        )
        return f"{place.pupil}'s last day is {given['last_day']:%-d %B %Y}."

    return ask(request, form, page, do)
