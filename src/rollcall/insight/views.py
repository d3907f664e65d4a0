"""Looking: where people land, lists of pupils, a pupil's, class's and school's pages, the schools side by side."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html

from rollcall.accounts.door import Place, allows
from rollcall.accounts.roles import Role
from rollcall.casework.queries.handed import n_handed
from rollcall.insight.drawing import Link, pupil_rows, trend, year_in_words, year_table
from rollcall.insight.forms import PupilSearch
from rollcall.insight.queries import pupil as pupils
from rollcall.insight.queries.group import LOOKED, GroupPage, absences_now, class_page, school_page
from rollcall.insight.queries.home import today, waits
from rollcall.insight.queries.lists import pupil_list
from rollcall.insight.queries.pupil import OnPath, PupilPage
from rollcall.insight.queries.schools import schools_page
from rollcall.insight.queries.who import KnownPupil, NoSuchPupil, known_pupil
from rollcall.journal import actions as journal
from rollcall.rules.phones import dialled
from rollcall.rules.pupil_year import Cell
from rollcall.rules.shares import Share
from rollcall.rules.words import counted
from rollcall.schools.models import School, SchoolClass
from rollcall.schools.queries import facts_of, year_of
from rollcall.schools.queries.families import ContactFact, contacts_of, holds_of
from rollcall.schools.queries.policies import Flag, flags

A_PAGE = 100
LEADERS = (Role.HEAD, Role.LEADER, Role.DSL, Role.DEPUTY_DSL)
OFFICE = (Role.SECRETARY, Role.OFFICE)


def _say_handed(request: Any) -> None:
    """Say on the page where somebody lands what was handed to them, where that page has no list of what waits."""
    n = n_handed(request.may.actor().id) if request.may.can_somewhere("handed:do") else 0
    if n:
        words = f"{counted(n, 'pupil')} handed to you"
        messages.info(request, format_html('<a class="govuk-link" href="{}">{}</a>', reverse("casework:handed"), words))


@allows("home:see")
def home(request: Any) -> HttpResponse:
    """Where a person lands, by what they hold: a register, the schools, or today with what waits for them."""
    may = request.may
    sees_today = may.has(*LEADERS, *OFFICE)
    if not sees_today or may.has(*OFFICE):
        _say_handed(request)
    if may.has(Role.TEACHER, Role.COVER) and not may.has(Role.EXECUTIVE) and not sees_today:
        return redirect("registers:today")
    if may.has(*OFFICE) and not may.has(*LEADERS, Role.EXECUTIVE):
        return redirect("absence:choose")
    if may.has(Role.EXECUTIVE) or (may.has(Role.GOVERNOR) and not sees_today):
        return redirect("insight:schools")
    context = {
        "today": today(may.schools("register:missing"), request.at) if sees_today else None,
        "waits": waits(may, request.at) if sees_today else None,
        "sees_unheard": sees_today,
        "is_analyst": may.has(Role.ANALYST),
        "is_administrator": may.has(Role.ADMINISTRATOR),
        "holds_nothing": not may.held,
        "flags": _overdue(request),
    }
    return render(request, "insight/home.html", context)


@allows("pupil:see")
def list_pupils(request: Any) -> HttpResponse:
    """The pupils that a person may see, lowest attendance first."""
    form = PupilSearch(request.GET)
    found = pupil_list(request.may, form.wanted(), request.at)
    form.offer(found.schools, found.classes, found.stages)
    page = Paginator(found.found, A_PAGE).get_page(request.GET.get("page"))
    several = len(found.schools) > 1
    rows = pupil_rows(list(page.object_list), with_school=several)
    context = {"form": form, "list": found, "page": page, "rows": rows, "several": several}
    return render(request, "insight/pupils.html", context)


def _class_place(school_class: int, **_: object) -> Place:
    room = get_object_or_404(SchoolClass, pk=school_class)
    return Place(room.school_id, frozenset({room.pk}))


def _school_place(school: str, **_: object) -> Place:
    return Place(get_object_or_404(School, slug=school).pk)


@allows("class:see", place=_class_place)
def of_class(request: Any, school_class: int) -> HttpResponse:
    """A class: its figures, its pupils against the lines, who is away in a row. Looking it through is noted (7.1-e)."""
    room = get_object_or_404(SchoolClass, pk=school_class)
    journal.note_look(LOOKED, by=request.may.actor(room.school_id), at=request.at, thing_id=room.pk)
    page = class_page(facts_of(room.school_id), room.pk, request.at)
    return render(request, "insight/class.html", {"room": room, **_group(page, room.name)})


@allows("school:see", place=_school_place)
def of_school(request: Any, school: str) -> HttpResponse:
    """A school: the same of all its pupils, and class by class."""
    facts = facts_of(get_object_or_404(School, slug=school).pk)
    page = school_page(facts, request.at)
    return render(request, "insight/school.html", _group(page, facts.name))


def _group(page: GroupPage, name: str) -> dict[str, Any]:
    """The page with its drawing and its lists of pupils, each pupil in one of them."""
    lists = (
        ("Severely absent", page.severe),
        ("Persistently absent", page.persistent),
        ("Others below the target", page.others_below),
    )
    chart = _trend(name, page.weeks, page.policy.measures.target_percent.value)
    return {"page": page, "chart": chart, "lists": [(words, len(lines), pupil_rows(lines)) for words, lines in lists]}


def _trend(name: str, weeks: Sequence[tuple[date, Share]], target: Fraction | None) -> str:
    return trend(f"Attendance of {name} by week", weeks, target)


@allows("school:see", place=_school_place)
def absences(request: Any, school: str) -> HttpResponse:
    """Everyone at a school who is away in a row now, from a number of days on."""
    facts = facts_of(get_object_or_404(School, slug=school).pk)
    asked = request.GET.get("days", "1")
    days = min(int(asked), 100) if asked.isdecimal() and int(asked) else 1
    lines = absences_now(facts, request.at, 2 * days)
    return render(request, "insight/absences.html", {"facts": facts, "lines": lines, "days": days})


@allows("school:summary")
def schools(request: Any) -> HttpResponse:
    """The schools side by side, no names; small numbers are hidden from who may not see the pupils."""
    may, shown = request.may, request.may.schools("school:summary")
    named = may.schools("school:see") if may.can_somewhere("school:see") else set()
    everywhere = named is None or (shown is not None and shown <= named)
    page = schools_page(shown, request.at, hide_small=not everywhere)
    context = {
        "page": page,
        "charts": [(line, _trend(line.name, line.weeks, page.target_percent)) for line in page.lines],
        "opens": [line.slug for line in page.lines if named is None or line.school in named],
        "today": today(named, request.at) if named != set() else None,
        "waits": waits(may, request.at) if named != set() else None,
        "flags": _overdue(request),
    }
    return render(request, "insight/schools.html", context)


def _overdue(request: Any) -> list[Flag]:
    """An overdue review of the policy, for who is to be told (8-a)."""
    told = request.may.can_somewhere("policy:flags")
    return [flag for flag in flags(request.at.date()) if flag.kind == "overdue"] if told else []


@allows("pupil:see")
def pupil(request: Any, pupil: int) -> HttpResponse:
    """A pupil's year: the picture, the figures with what is behind them, what happened. Looking is noted."""
    known = _known(request, pupil)
    page = pupils.pupil_page(known, _year(request, known), request.at)
    journal.note_look("pupil", by=request.may.actor(known.place.school), at=request.at, thing_id=pupil)
    link, (happened, on_path) = _history(request, known), _happened(request, known, with_calls=False)
    context = {
        "known": known,
        "page": page,
        "picture": year_table(page.weeks, f"{known.pupil.known_name} in {page.year.label}", link) if page else "",
        "in_words": year_in_words(page.weeks) if page else "",
        "happened": happened,
        "on_path": on_path,
        "sees_case": known.is_here_now and request.may.can("case:see", known.place),
        "fills_forms": known.is_here_now and request.may.can("form:fill", known.place),
        "has_more": _sees_calls(request, known),
        "sees_history": link is not None,
    }
    return render(request, "insight/pupil.html", {**context, **_standing_facts(request, known, page)})


@allows("pupil:see")
def all_happened(request: Any, pupil: int) -> HttpResponse:
    """All that happened, with what the office did about absences: the pupil's page fetches it when it stands."""
    known = _known(request, pupil)
    by = request.may.actor(known.place.school)
    journal.note_look("pupil", by=by, at=request.at, thing_id=pupil, detail="What happened")
    happened, _ = _happened(request, known, with_calls=_sees_calls(request, known))
    context = {"known": known, "happened": happened, "sees_history": _history(request, known) is not None}
    return render(request, "insight/happened.html", context)


def _sees_calls(request: Any, known: KnownPupil) -> bool:
    """Whether reports, calls and leave are for this person's eyes."""
    return known.is_here_now and request.may.can("pupil:record", known.place)


def _known(request: Any, pupil: int) -> KnownPupil:
    try:
        return known_pupil(request.may, pupil, request.at.date())
    except NoSuchPupil:
        raise Http404 from None


def _year(request: HttpRequest, known: KnownPupil) -> int:
    """The year asked for, else this one, else the last in which the pupil was on roll."""
    asked = request.GET.get("year", "")
    years = known.years
    if asked:
        if not asked.isdecimal() or int(asked) not in years:
            raise Http404
        return int(asked)
    this = year_of(request.at.date())  # type: ignore[attr-defined]
    return this if this in years or not years else years[0]


def _history(request: Any, known: KnownPupil) -> Link | None:
    """The address of a mark's history; worked out once, for four hundred of them."""
    if not request.may.can("mark:history", known.place):
        return None
    somewhere = reverse("registers:history", kwargs={"enrolment": 0, "day": date(2000, 1, 1), "half": "AM"})
    before, after = somewhere.split("0/2000-01-01/am")

    def link(cell: Cell) -> str:
        return f"{before}{cell.enrolment}/{cell.day.isoformat()}/{cell.half.lower()}{after}"

    return link


def _happened(request: Any, known: KnownPupil, *, with_calls: bool) -> tuple[list[pupils.Happened], OnPath | None]:
    may, here = request.may, known.place
    return pupils.story(
        known,
        with_steps=known.is_here_now and may.can("review:see", here),
        with_letters=known.is_here_now and may.can("letter:see", here),
        with_calls=with_calls,
        with_case=with_calls and may.can("case:see", here),
    )


def _few_numbers(contacts: Sequence[ContactFact], page: PupilPage | None) -> int:
    """How many more different numbers to call the policy wants (3.7-b); 0 where there are enough."""
    if page is None:
        return 0
    numbers = {dialled(number) for one in contacts if not one.barred for number, _ in one.phones}
    return max(page.policy.absence.least_contact_numbers.value - len(numbers), 0)


def _standing_facts(request: Any, known: KnownPupil, page: PupilPage | None) -> dict[str, Any]:
    """What stands of the pupil, each part only for who may see it where the pupil is now."""
    may, here = request.may, known.place
    sees_contacts = may.can("pupil:contacts", here)
    contacts = contacts_of(known.pupil.pk) if sees_contacts else None
    return {
        "contacts": contacts,
        "few_numbers": contacts is not None and _few_numbers(contacts, page),
        "holds": holds_of(known.pupil) if sees_contacts else [],
        "sees_sensitive": may.can("pupil:sensitive", here),
        "sees_barred_why": may.can("pupil:barred_why", here),
    }
