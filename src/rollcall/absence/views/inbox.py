"""The inbox of a morning: what was left and waits, what was reported, what a mark denies; words in, words cleared."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.absence.actions import words as actions
from rollcall.absence.actions.barred import Stopped
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.forms.reports import BecauseForm, HandOnForm, WordForm
from rollcall.absence.models import Word
from rollcall.absence.queries.finding import children_of_number
from rollcall.absence.queries.reports import contradictions, reports_of_day, reports_of_word
from rollcall.absence.queries.still_standing import still_standing
from rollcall.absence.queries.words import countdown, hand_overs, uncleared
from rollcall.absence.views import desk
from rollcall.absence.views.live import LivePlace, live_page, live_place
from rollcall.absence.views.places import SchoolPlace, school_place
from rollcall.absence.views.stopped import OTHERWISE, stopped_page
from rollcall.absence.views.told_places import HandOverPlace, WordPlace, hand_over_place, word_place
from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import seats_of_school


@allows("word:log", place=live_place)
@never_cache
@require_GET
def inbox(request: Request, school: str) -> HttpResponse:
    """What waits, oldest first, with the time that is left; and what was reported today."""
    place: LivePlace = request.place

    def frame() -> dict[str, Any]:
        return {
            "school": place.facts.name,
            "slug": school,
            "day": request.at.date(),
            "tabs": desk.tabs(request.may, place.here, "absence:inbox"),
            "word": WordForm(initial={"key": new_key()}, auto_id="word_%s"),
            "saved": _saved(request),
            "undo_key": new_key(),
        }

    part = "absence/_partials/inbox.html"
    rights = ("doubt:ask", "hand_over:do", "mark:history", "register:decide")
    return live_page(request, "absence/inbox.html", part, lambda: _drawing(request, school), frame=frame, rights=rights)


def _drawing(request: Request, school: str) -> Mapping[str, Any]:
    facts, day = request.place.facts, request.at.date()
    return {
        "slug": school,
        "day": day,
        "countdown": countdown(facts, request.at),
        "waiting": uncleared(facts.school, request.at),
        "denied": contradictions(facts, day, request.at),
        "standing": still_standing(facts.school, day),
        "reports": reports_of_day(facts.school, day),
        "handed_on": hand_overs([facts.school], request.at),
    }


def _saved(request: Request) -> Word | None:
    """The call that was just entered, to be undone at once."""
    number = row_asked(request.GET.get("saved", ""))
    found = Word.objects.filter(pk=number, school=request.place.school, outcome="reported").first()
    return found if found and any(not one.withdrawn_at for one in reports_of_word(found.pk)) else None


@allows("word:log", place=school_place)
@require_POST
def leave(request: Request, school: str) -> HttpResponse:
    """Put a word into the inbox."""
    place: SchoolPlace = request.place
    form = WordForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was kept: say in two fields who left word, and what they said.")
        return redirect("absence:inbox", school)
    told = form.cleaned_data
    try:
        actions.leave_word(
            place.here,
            channel=told["channel"],
            caller=told["caller"],
            number=_number_in(told["caller"]),
            words=told["words"],
            left_at=place.facts.moment(request.at.date(), told["left_at"]) if told["left_at"] else None,
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{told['key']}",
        )
        messages.success(request, "The word waits in the inbox.")
    except NotLogged as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect("absence:inbox", school)


def _number_in(caller: str) -> str:
    """The number or address in "Pat Carter 07700 900123", so that the child can be offered by it."""
    address = next((part for part in caller.split() if "@" in part), "")
    digits = "".join(letter for letter in caller if letter.isdigit() or letter in "+ ").strip()
    return address or (digits if sum(letter.isdigit() for letter in digits) >= 9 else "")


@allows("word:log", place=word_place)
@never_cache
@require_GET
def word(request: Request, word: int) -> HttpResponse:
    """One word that waits: enter it, hand it on, or say why there is nothing to enter."""
    place: WordPlace = request.place
    left, day = place.left, request.at.date()
    children = children_of_number(place.here.pk, left.number, day) if not left.cleared_id else []
    context = {
        "school": place.here.name,
        "slug": place.here.slug,
        "left": left,
        "children": children,
        "reports": reports_of_word(word),
        "nothing": BecauseForm(initial={"key": new_key()}, auto_id="nothing_%s"),
        "hand_on": HandOnForm(
            children=seats_of_school(place.here.pk, day),
            initial={
                "key": new_key(),
                "caller": left.caller,
                "number": left.number,
                "about": left.words,
                "pupil": children[0].enrolment if len(children) == 1 else None,
            },
            auto_id="hand_on_%s",
        ),
        "tabs": desk.tabs(request.may, place.here, "absence:inbox"),
    }
    return render(request, "absence/word.html", context)


@allows("word:log", place=word_place)
@require_POST
def nothing(request: Request, word: int) -> HttpResponse:
    """Nothing to enter, because."""
    place: WordPlace = request.place
    form = BecauseForm(request.POST)
    try:
        if not form.is_valid():
            raise NotLogged("Say why there is nothing to enter: the word is kept with the reason.")
        actions.nothing_to_enter(
            place.left,
            because=form.cleaned_data["because"],
            otherwise=request.POST.get(OTHERWISE, "")[:300],
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{form.cleaned_data['key']}",
        )
        messages.success(request, "Cleared; it is kept with the reason.")
        return redirect("absence:word", word)
    except Stopped as stopped:
        return stopped_page(request, place.here, place, stopped, reverse("absence:inbox", args=[place.here.slug]))
    except NotLogged as refused:
        messages.error(request, str(refused))
        return redirect("absence:word", word)
    except AlreadyDone:
        pass
    return redirect("absence:inbox", place.here.slug)


@allows("word:log", place=word_place)
@require_POST
def word_back(request: Request, word: int) -> HttpResponse:
    """Put a word back that was cleared with nothing to enter."""
    form = BecauseForm(request.POST)
    try:
        if form.is_valid():
            key = f"{request.user.pk}-{form.cleaned_data['key']}"
            actions.put_back(request.place.left, by=request.may.actor(request.place.school), at=request.at, key=key)
    except NotLogged as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect("absence:word", word)


@allows("word:log", place=school_place)
@never_cache
@require_http_methods(["GET", "POST"])
def hand_on(request: Request, school: str) -> HttpResponse:
    """Hand a caller on to the head of school; `word` in the address is the word that it clears."""
    place: SchoolPlace = request.place
    left = Word.objects.filter(school=place.here, pk=row_asked(request.GET.get("word", ""))).first()
    form = HandOnForm(
        request.POST or None,
        children=seats_of_school(place.here.pk, request.at.date()),
        initial={"key": new_key(), "pupil": row_asked(request.GET.get("pupil", "")) or None},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.hand_on(
                place.here,
                caller=told["caller"],
                number=told["number"],
                about=told["about"],
                word=left,
                otherwise=request.POST.get(OTHERWISE, "")[:300],
                enrolment=Enrolment.objects.filter(pk=told["pupil"] or 0, school=place.here).first(),
                by=request.may.actor(place.school),
                at=request.at,
                key=f"{request.user.pk}-{told['key']}",
            )
        except Stopped as stopped:
            return stopped_page(request, place.here, place, stopped, reverse("absence:inbox", args=[school]))
        except NotLogged as refused:
            form.add_error(None, str(refused))
            return render(request, "absence/hand_on.html", _about(request, form), status=409)
        except AlreadyDone:
            pass
        messages.success(request, f"{told['caller']} is handed on: it is a task of the head of school now.")
        return redirect("absence:inbox", school)
    return render(request, "absence/hand_on.html", _about(request, form))


def _about(request: Request, form: HandOnForm) -> dict[str, Any]:
    here = request.place.here
    back = reverse("absence:inbox", args=[here.slug])
    return {"form": form, "school": here.name, "back": back, "tabs": desk.tabs(request.may, here, "absence:inbox")}


@allows("hand_over:do", place=hand_over_place)
@require_POST
def take_over(request: Request, hand_over: int) -> HttpResponse:
    """Say what came of a caller who was handed on."""
    place: HandOverPlace = request.place
    form = BecauseForm(request.POST)
    try:
        if not form.is_valid():
            raise NotLogged("Say what came of it, in a few words.")
        actions.take_over(
            place.handed,
            outcome=form.cleaned_data["because"],
            by=request.may.actor(place.school),
            at=request.at,
            key=f"{request.user.pk}-{form.cleaned_data['key']}",
        )
        messages.success(request, f"{place.handed.caller}: done.")
    except NotLogged as refused:
        messages.error(request, str(refused))
    except AlreadyDone:
        pass
    return redirect("absence:hand_overs", place.here.slug)
