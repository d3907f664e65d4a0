"""Where registers begin: at the one that is due, or a choice, or why there is none now; and which are not in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rollcall.accounts.door import Request, allows
from rollcall.accounts.permissions import TABLE
from rollcall.accounts.queries import Standing, takers
from rollcall.accounts.templatetags.words import clock
from rollcall.accounts.templatetags.words import half as half_words
from rollcall.registers.queries.missing import RegisterState, register_states, session_at
from rollcall.registers.views.answers import live_page
from rollcall.rules.sessions import HALVES, Half
from rollcall.rules.words import day_words
from rollcall.schools.models import SchoolClass
from rollcall.schools.queries import SchoolFacts, year_of
from rollcall.schools.queries.facts import facts_of_all

TONES = {"in": "good", "in late": "attention", "due": "waiting", "late": "urgent", "ahead": "closed"}
WORDS = {"in": "In", "in late": "In, taken late", "due": "Due", "late": "Not in", "ahead": "Not open yet"}
DESK = (
    ("All registers", "registers:today", "register:take"),
    ("Not in", "registers:missing", "register:missing"),
    ("Changes asked for", "registers:wishes", "register:decide"),
    ("Known absences", "registers:expect", "expectation:set"),
    ("Cover", "registers:cover", "register:cover"),
)
FARTHEST = timedelta(days=70)


@dataclass(frozen=True)
class Shown:
    """A class's register in a list: its state in words, and who takes it."""

    register: RegisterState
    words: str
    tone: str
    takers: str


@allows("register:take")
@never_cache
@require_GET
def landing(request: Request) -> HttpResponse:
    """To the register that is due; several classes are a list; nothing due is said with the reason."""
    day = request.at.date()
    mine = list(SchoolClass.objects.filter(reach(request.may, "register:take"), year_start=year_of(day)))
    facts = facts_of_all({c.school_id for c in mine})
    if len(mine) == 1:
        only = mine[0]
        if session := _due(facts[only.school_id], only.pk, request.at):
            return redirect("registers:register", only.pk, *session)
        told = [(only.name, _why_none(facts[only.school_id], only.pk, request.at))]
        return render(request, "registers/none_due.html", {"told": told, "only": only, "day": day})
    return _choice(request, mine, facts, day)


def _choice(request: Request, mine: list[SchoolClass], facts: dict[int, SchoolFacts], day: date) -> HttpResponse:
    _, half = session_at(facts, request.at)
    states = register_states(facts, day, half, request.at)
    wanted = {c.pk for c in mine}
    shown = _shown([s for s in states if s.school_class in wanted], day)
    shut = [school for school in facts if not any(s.school == school for s in states)]
    told = [(facts[school].name, _why_none(facts[school], None, request.at)) for school in shut]
    context = {"schools": _by_school(shown), "day": day, "half": half, "told": told, "mine": mine}
    context["desk"] = desk(request.may, "registers:today")
    return live_page(request, "registers/today.html", "registers/_partials/states.html", context)


@allows("register:missing")
@never_cache
@require_GET
def missing(request: Request) -> HttpResponse:
    """Which registers are not in, by school, now."""
    schools = request.may.schools("register:missing")
    facts = facts_of_all(schools)
    day, half = session_at(facts, request.at)
    states = register_states(facts, day, half, request.at)
    out = [s for s in states if s.state in ("due", "late", "ahead")]
    shut = [f for f in facts.values() if not any(s.school == f.school for s in states)]
    context = {
        "schools": _by_school(_shown(out, day)),
        "day": day,
        "half": half,
        "told": [(f.name, _why_none(f, None, request.at)) for f in shut],
        "n_in": len(states) - len(out),
        "n_all": len(states),
        "missing": True,
        "desk": desk(request.may, "registers:missing"),
    }
    return live_page(request, "registers/missing.html", "registers/_partials/states.html", context)


def desk(may: Standing, here: str) -> list[dict[str, str]]:
    """The pages around registers that this person may open, without the one that they are on."""
    return [
        {"label": label, "url": reverse(route)}
        for label, route, row in DESK
        if route != here and may.can_somewhere(row)
    ]


def reach(may: Standing, row: str) -> Q:
    """The condition that a class is one at which they may do `row`."""
    held = [h for h in may.held if h.role in TABLE[row].roles]
    if any(h.school is None for h in held):
        return Q()
    schools = {h.school for h in held if h.school_class is None}
    return Q(school__in=schools) | Q(pk__in={h.school_class for h in held if h.school_class is not None})


def _shown(states: Iterable[RegisterState], day: date) -> list[Shown]:
    states = list(states)
    by_class = takers([s.school_class for s in states], day)
    return [
        Shown(s, WORDS[s.state], TONES[s.state], " and ".join(t.name for t in by_class.get(s.school_class, [])))
        for s in states
    ]


def _by_school(shown: list[Shown]) -> list[tuple[str, list[Shown]]]:
    schools: dict[str, list[Shown]] = {}
    for one in shown:
        schools.setdefault(one.register.school_name, []).append(one)
    return list(schools.items())


def _due(facts: SchoolFacts, school_class: int, at: datetime) -> tuple[date, Half] | None:
    """The session whose register is open, or was the last to open today, for a class."""
    day = at.date()
    for half in reversed(HALVES):
        if _is_open(facts, day, half, school_class) and facts.has_begun(day, half, at):
            return day, half
    return None


def _is_open(facts: SchoolFacts, day: date, half: Half, school_class: int | None) -> bool:
    return year_of(day) in facts.years and facts.is_open(day, half, school_class)


def _why_none(facts: SchoolFacts, school_class: int | None, at: datetime) -> str:
    """Why no register is due, and when the next one opens, in a sentence or two."""
    day = at.date()
    coming = _next(facts, school_class, at)
    then = ""
    if coming:
        when = "today" if coming[0] == day else f"on {day_words(coming[0])}"
        opens = clock(facts.times_on(coming[0]).opens(coming[1]))
        then = f"The next register is the {half_words(coming[1])}'s and opens {when} at {opens}."
    if coming and coming[0] == day:
        return then
    return f"{why_shut(facts, school_class, day)} {then}".strip()


def why_shut(facts: SchoolFacts, school_class: int | None, day: date) -> str:
    closure = facts.closure_on(day, "AM", school_class)
    if closure:
        return f"Closed today: {closure.ground}."
    if day.weekday() > 4:
        return f"It is {day:%A}."
    return "Today is outside the school's terms."


def _next(facts: SchoolFacts, school_class: int | None, at: datetime) -> tuple[date, Half] | None:
    day = at.date()
    while day <= at.date() + FARTHEST:
        for half in HALVES:
            if _is_open(facts, day, half, school_class) and not facts.has_begun(day, half, at):
                return day, half
        day += timedelta(days=1)
    return None
