"""Support offered to families: a school's offers and counts, an offer entered, and what became of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.casework.actions.support import NotSupported, answer_offer, offer_support
from rollcall.casework.forms.support import AnswerForm, OfferForm
from rollcall.casework.models import SupportOffered
from rollcall.casework.queries.support import support_page
from rollcall.casework.views import desk
from rollcall.casework.views.places import PupilPlace, RowPlace, SchoolPlace, pupil_place, row_place, school_place
from rollcall.journal.actions import new_key
from rollcall.rules.words import sentence

NOT_SAID = "Press what became of the offer."
offer_place = row_place(SupportOffered, "offer")


@allows("case:see", place=school_place)
@never_cache
@require_GET
def support(request: Request, school: str) -> HttpResponse:
    """Offers that wait for an answer, each answered with one press, and how each kind of support fared this year."""
    place: SchoolPlace = request.place
    context = {
        "school": place.here,
        "tabs": desk.tabs(request.may, place.here, "casework:support"),
        "page": support_page(place.here.pk, place.facts.policy_on(request.at.date()), request.at),
        "may_set": request.may.can("support:set", place),
        "key": new_key(),
        "back": reverse("casework:support", args=[place.here.slug]),
    }
    return render(request, "casework/support.html", context)


@allows("support:set", place=pupil_place)
@never_cache
@require_http_methods(["GET", "POST"])
def support_offer(request: Request, pupil: int) -> HttpResponse:
    """Write down what was offered to a pupil's family."""
    place: PupilPlace = request.place
    policy = place.facts.policy_on(request.at.date())
    initial = {"key": new_key(), "day": request.at.date()}
    form = OfferForm(request.POST or None, policy=policy, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            offer_support(
                form.offer, pupil=pupil, school=place.here.pk, policy=policy,
                by=request.may.actor(place.here.pk), at=request.at, key=form.cleaned_data["key"],
            )  # fmt: skip
        except NotSupported as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Written down. Say what became of it once you know.")
            return redirect(f"{reverse('casework:pupil', args=[pupil])}#support")
    known = place.enrolment.pupil
    crumbs = [(f"{known.known_name}: casework", reverse("casework:pupil", args=[pupil]))]
    context = {"form": form, "pupil": known, "school": place.here, "breadcrumbs": crumbs}
    return render(request, "casework/support_offer.html", context)


@allows("support:set", place=offer_place)
@require_POST
def support_answer(request: Request, offer: int) -> HttpResponse:
    """What became of an offer, from the school's page or the pupil's."""
    place: RowPlace[SupportOffered] = request.place
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise NotSupported(NOT_SAID if "answer" in form.errors else "A word about it has at most 300 characters.")
        done = answer_offer(
            place.row, form.cleaned_data["answer"], note=form.cleaned_data["note"], school=place.here.pk,
            by=request.may.actor(place.here.pk), at=request.at, key=form.cleaned_data["key"],
        )  # fmt: skip
    except NotSupported as refusal:
        messages.error(request, f"{place.row.what}: {refusal}")
    else:
        messages.success(request, sentence(f"{place.row.what}: {done.get_answer_display().lower()}"))
    if request.POST.get("from") == "school":
        return redirect("casework:support", school=place.here.slug)
    return redirect(f"{reverse('casework:pupil', args=[place.row.pupil_id])}#support")
