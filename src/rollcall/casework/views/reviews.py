"""The fortnightly review: the list of reviews, one review, agreeing and closing."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import Place, Request, allows
from rollcall.casework import actions, queries
from rollcall.casework.forms.reviews import CloseForm, chosen
from rollcall.casework.models import Review
from rollcall.casework.queries.advised import carried_in
from rollcall.casework.queries.judged import judged
from rollcall.casework.queries.review_registers import missing_of
from rollcall.casework.queries.reviews import sends
from rollcall.casework.views import desk
from rollcall.casework.views.places import of_review, of_school
from rollcall.journal import actions as journal
from rollcall.schools.models import School


@allows("review:see")
def reviews(request: Request) -> HttpResponse:
    """The reviews of the schools somebody may see, and what is due."""
    schools = queries.reviews_of(request.may, request.at)
    may_open = {one.school for one in schools if request.may.can("review:decide", Place(school=one.school))}
    lines = [replace(one, tabs=desk.tabs_of(request.may, one.school, one.slug)) for one in schools]
    context = {"schools": lines, "may_open": may_open, "key": journal.new_key()}
    return render(request, "casework/reviews.html", context)


@allows("review:decide", place=of_school)
@require_POST
def open_review(request: Request, school: str) -> HttpResponse:
    """Freeze a new review and go to it."""
    found = get_object_or_404(School, slug=school)
    try:
        opened = actions.open_review(
            found, by=request.may.actor(found.pk), at=request.at, key=request.POST.get("key", "")
        )
    except actions.NotReviewed as refusal:
        messages.error(request, str(refusal))
        return redirect("casework:reviews")
    return redirect("casework:review", review=opened.pk)


@allows("review:see", place=of_review)
def review(request: Request, review: int) -> HttpResponse:
    """One review: rows by what is proposed, most serious first, and what is left."""
    journal.note_look("review", by=request.may.actor(), at=request.at, thing_id=review)
    return _show(request, review, CloseForm(initial={"key": journal.new_key()}))


def _show(request: Request, review: int, form: CloseForm) -> HttpResponse:
    view = queries.review_view(review, row_asked(request.GET.get("page", "")) or 1)
    context = {
        "view": view,
        "form": form,
        "key": journal.new_key(),
        "may_decide": view.closed_at is None and request.may.can("review:decide", Place(school=view.school)),
        "carried": carried_in(review) if view.closed_at is None else [],
        "registers": missing_of(Review.objects.select_related("opened").defer("policy_kept").get(pk=review)),
        "breadcrumbs": [("Reviews", reverse("casework:reviews"))],
        "school": view.school_name,
    }
    return render(request, "casework/review.html", context)


@allows("review:decide", place=of_review)
@require_POST
def agree(request: Request, review: int) -> HttpResponse:
    """Agree with what is proposed for the rows chosen; what writes to families is previewed first."""
    found = get_object_or_404(Review, pk=review)
    wanted = found.rows.filter(decision__isnull=True)
    what = request.POST.get("all", "")
    rows = list(wanted.filter(step=what) if what else wanted.filter(pk__in=chosen(request.POST)))
    policies = judged(rows, found)
    sending = [row for row in rows if sends(policies[row.pk], row.step)]
    if sending:
        query = "&".join(f"row={row.pk}" for row in sending)
        return redirect(f"{reverse('casework:letter', args=[review])}?{query}")
    try:
        done = actions.decide(
            [row.pk for row in rows],
            "agree",
            by=request.may.actor(found.school_id),
            at=request.at,
            key=request.POST.get("key", ""),
        )
    except actions.NotDecided as refusal:
        messages.error(request, str(refusal))
    else:
        if not done.repeated:
            messages.success(request, f"Agreed for {done.rows} {'pupil' if done.rows == 1 else 'pupils'}.")
    return redirect("casework:review", review=review)


@allows("review:decide", place=of_review)
@require_POST
def close(request: Request, review: int) -> HttpResponse:
    """Close a review, or say on its page why it can't be."""
    found = get_object_or_404(Review, pk=review)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            actions.close_review(found, by=request.may.actor(found.school_id), at=request.at, **form.cleaned_data)
            messages.success(request, "The review is closed and stays as it is.")
            return redirect("casework:review", review=review)
        except actions.NotReviewed as refusal:
            form.add_error("carry_over", str(refusal))
    return _show(request, review, form)
