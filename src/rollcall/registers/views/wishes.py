"""Changes to marks that stand after closing: a teacher asks, with a reason; the office accepts or declines."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.registers import actions
from rollcall.registers.actions import NewMark, NotSaved
from rollcall.registers.forms import AskForm, ReasonForm
from rollcall.registers.queries.page import Line, register_page
from rollcall.registers.queries.wishes import decided_wishes, open_wishes
from rollcall.registers.views.answers import or_not_written
from rollcall.registers.views.faces import ASKING, face, meaning, options
from rollcall.registers.views.places import ClassPlace, WishPlace, session_place, wish_place
from rollcall.registers.views.today import desk
from rollcall.rules.codes import WITH_MINUTES
from rollcall.rules.sessions import Half, half_of
from rollcall.rules.words import day_words
from rollcall.schools.models import ClassMembership
from rollcall.schools.queries.roll import on_roll


@allows("register:take", place=session_place)
@never_cache
@require_http_methods(["GET", "POST"])
@or_not_written
def ask(request: Request, school_class: int, day: date, half: Half) -> HttpResponse:
    """Ask for a change to one pupil's mark; the pupil is `?pupil=` with the enrolment's number."""
    place: ClassPlace = request.place
    page = register_page(place.room, place.facts, day, half, request.at)
    wanted = request.POST.get("enrolment") or request.GET.get("pupil", "")
    line = next((line for line in page.lines if str(line.enrolment) == wanted), None)
    if line is None:
        raise Http404
    form = AskForm(request.POST or None, initial=_as_it_stands(line))
    if request.method == "POST" and form.is_valid() and _asked(request, form, day, half):
        messages.success(request, f"Asked: the office will decide on {line.name}'s mark.")
        return redirect("registers:register", school_class, day, half)
    edition = place.facts.edition_on(day)
    context = {
        "form": form,
        "page": page,
        "line": line,
        "face": face(line.code, meaning(line.code, edition)),
        "options": options(edition, half, ASKING),
        "school": page.school_name,
    }
    return render(request, "registers/ask.html", context, status=422 if form.errors else 200)


def _as_it_stands(line: Line) -> dict[str, Any]:
    return {"key": new_key(), "enrolment": line.enrolment, "minutes": line.minutes or None}


def _asked(request: Request, form: AskForm, day: date, half: Half) -> bool:
    told, place = form.cleaned_data, request.place
    mark = NewMark(told["enrolment"], told["code"], told["minutes"] if told["code"] in WITH_MINUTES else None)
    try:
        actions.ask_for_change(
            place.room,
            day,
            half,
            mark,
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{told['key']}",
            reason=told["reason"],
        )
    except NotSaved as refused:
        form.add_error("code", str(refused))
        return False
    return True


@allows("register:decide")
@never_cache
@require_GET
def wishes(request: Request) -> HttpResponse:
    """What teachers have asked for and waits for a decision, and what was decided lately."""
    schools = request.may.schools("register:decide")
    waiting = [
        {"wish": w, "key": new_key(), "standing": face(w.standing), "wanted": face(w.wanted)}
        for w in open_wishes(schools)
    ]
    context = {
        "waiting": waiting,
        "decided": decided_wishes(schools),
        "desk": desk(request.may, "registers:wishes"),
    }
    return render(request, "registers/wishes.html", context)


@allows("register:decide", place=wish_place)
@never_cache
@require_POST
@or_not_written
def decide(request: Request, wish: int) -> HttpResponse:
    """Accept a wish, which amends the mark, or decline it with a reason."""
    place: WishPlace = request.place
    form = ReasonForm(request.POST)
    if place.wish is None or not form.is_valid():
        messages.error(request, "This form is not whole; nothing was decided. Try again.")
        return redirect("registers:wishes")
    found = place.wish
    seat = ClassMembership.objects.filter(on_roll(found.day), enrolment=found.enrolment_id).first()
    if seat is None:
        messages.error(request, f"{found.enrolment.pupil} is in no class on {found.day:%-d %B %Y}; decline the wish.")
        return redirect("registers:wishes")
    accept = request.POST.get("answer") == "accept"
    try:
        actions.decide_change(
            found,
            seat.school_class,
            accept=accept,
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{form.cleaned_data['key']}",
            reason=form.cleaned_data["reason"],
            may_decide=request.may.can("mark:decide", place),
        )
    except (NotSaved, AlreadyDone) as refused:
        messages.error(request, str(refused))
    else:
        word = f"is now {found.wanted}" if accept else f"stays {found.standing}"
        messages.success(request, f"{found.enrolment.pupil} {word} for the {_session(found.day, found.half)}.")
    return redirect("registers:wishes")


def _session(day: date, half: str) -> str:
    return f"{'morning' if half_of(half) == 'AM' else 'afternoon'} of {day_words(day)}"
