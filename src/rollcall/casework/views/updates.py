"""The update to all parents: who gets which text and who is kept back, one press, and each round as it was made."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.updates import NotUpdated, Press, send_updates, withdraw_round
from rollcall.casework.models import UpdateRound
from rollcall.casework.queries.rounds import round_view, rounds_of
from rollcall.casework.queries.updates import UpdateLine, UpdatePlan, update_plan
from rollcall.casework.queries.written import Ready, prepare_letters, sending
from rollcall.casework.views import desk
from rollcall.casework.views.places import RowPlace, SchoolPlace, row_place, school_place
from rollcall.journal.actions import new_key
from rollcall.rules.updates import UNTOLD
from rollcall.rules.words import counted


@dataclass(frozen=True)
class Kept:
    """One line of who is kept back, as who asks may know it; typed: the reason to include that was typed."""

    line: UpdateLine
    reasons: tuple[tuple[str, str], ...]
    may_include: bool
    typed: str = ""


@dataclass(frozen=True)
class Text:
    """One of the texts: how many get it, and the letter to the first of them as it would go."""

    name: str
    n: int
    example: Ready


@dataclass(frozen=True)
class Typed:
    """What was typed so far, and what was wrong with it; wrong_at: about whom (pupil's id)."""

    include: dict[int, str] = field(default_factory=dict)
    because: str = ""
    by_post: bool = False
    refusal: str = ""
    wrong_at: int | None = None


@allows("update:send", place=school_place)
def updates(request: Request, school: str) -> HttpResponse:
    """What a round would be, with who is kept back first; sent by one press."""
    place: SchoolPlace = request.place
    if request.method != "POST":
        return _page(request, Typed(by_post=request.GET.get("by_post") == "yes"))
    given = request.POST
    typed = Typed(_include(request), given.get("because", ""), given.get("by_post") == "yes")
    if given.get("do") != "send":
        return _page(request, typed)
    knows = request.may.can("pupil:sensitive", place)
    press = Press(typed.include, typed.because, typed.by_post, given.get("seen", "") or "-", knows)
    try:
        made = send_updates(
            place.here.pk, press, by=request.may.actor(place.school), at=request.at, key=given.get("key", "")
        )
    except NotUpdated as refusal:
        wrong = Typed(typed.include, typed.because, typed.by_post, str(refusal), refusal.pupil)
        return _page(request, wrong)
    messages.success(request, "The updates are on the way: e-mails go by themselves, the rest waits to be printed.")
    return redirect("casework:round", updateround=made.pk)


def _include(request: Request) -> dict[int, str]:
    """Why somebody is included, by pupil; lines left empty stay kept back."""
    named = {name.removeprefix("why-"): why for name, why in request.POST.items() if name.startswith("why-")}
    return {pupil: str(why) for text, why in named.items() if (pupil := row_asked(text)) and str(why).strip()}


def _page(request: Request, typed: Typed) -> HttpResponse:
    place: SchoolPlace = request.place
    plan = update_plan(place.here.pk, request.at, by_post=typed.by_post)
    knows = request.may.can("pupil:sensitive", place)
    shown = _shown(request, plan, typed)
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:updates"),
        "plan": plan,
        "texts": _texts(request, plan, typed),
        "kept": [_kept(line, knows, typed) for line in plan.kept],
        "shown": shown,
        "n_letters": sum(len(line.to) for line in plan.go),
        "typed": typed,
        "rounds": rounds_of(place.here.pk),
        "key": new_key(),
    }
    return render(request, "casework/updates.html", context, status=422 if typed.refusal else 200)


def _kept(line: UpdateLine, knows: bool, typed: Typed) -> Kept:
    hidden = line.is_sensitive and not knows
    reasons = ((UNTOLD, ""),) if hidden else tuple((one.why, one.do) for one in line.reasons)
    return Kept(line, reasons, line.may_go and not hidden, typed.include.get(line.seat.pupil, ""))


def _texts(request: Request, plan: UpdatePlan, typed: Typed) -> list[Text]:
    """Each text of the round with how many get it, and one real letter of it."""
    first: dict[str, UpdateLine] = {}
    for line in plan.go:
        first.setdefault(line.letter, line)
    n_of = Counter(line.letter for line in plan.go)
    ready = _ready(request, plan, list(first.values()), typed)
    found = zip(first.values(), ready, strict=True)
    return [Text(line.letter_name, n_of[line.letter], one) for line, one in found]


def _shown(request: Request, plan: UpdatePlan, typed: Typed) -> Ready | None:
    """The letters about one pupil exactly as they would go, where one was asked for."""
    wanted = row_asked(request.GET.get("pupil", ""))
    lines = [line for line in (*plan.go, *plan.kept) if line.seat.pupil == wanted and line.letter and line.may_go]
    knows = request.may.can("pupil:sensitive", request.place)
    lines = [line for line in lines if knows or not line.is_sensitive]
    return _ready(request, plan, lines, typed)[0] if lines else None


def _ready(request: Request, plan: UpdatePlan, lines: Sequence[UpdateLine], typed: Typed) -> list[Ready]:
    by = request.may.actor(plan.school)
    signed = (by.name, by.position)
    go = sending(plan.school, at=request.at, signed=signed, by_post=typed.by_post, last_week=plan.last_week)
    return prepare_letters([line.wanted for line in lines], go) if lines else []


def _round(request: Request, refusal: str = "", because: str = "") -> HttpResponse:
    place: RowPlace[UpdateRound] = request.place
    view = round_view(place.row, knows=request.may.can("pupil:sensitive", place))
    context = {
        "school": place.here,
        "view": view,
        "round": place.row,
        "n": counted(len(view.lines), "pupil"),
        "may_see_letters": request.may.can("letter:see", place),
        "refusal": refusal,
        "because": because,
        "key": new_key(),
        "breadcrumbs": [("Updates", reverse("casework:updates", args=[place.here.slug]))],
    }
    return render(request, "casework/round.html", context, status=422 if refusal else 200)


@allows("update:send", place=row_place(UpdateRound))
def round(request: Request, updateround: int) -> HttpResponse:
    """One round as it was made."""
    return _round(request)


@allows("update:send", place=row_place(UpdateRound))
@require_POST
def round_back(request: Request, updateround: int) -> HttpResponse:
    """Take a round back while nothing of it has gone, or say on its page why it can't be."""
    place: RowPlace[UpdateRound] = request.place
    because = request.POST.get("because", "")
    try:
        by = request.may.actor(place.school)
        withdraw_round(place.row, because=because, by=by, at=request.at, key=request.POST.get("key", ""))
    except NotUpdated as refusal:
        return _round(request, str(refusal), because)
    messages.success(request, "The round is withdrawn: nothing of it will go.")
    return redirect("casework:round", updateround=updateround)
