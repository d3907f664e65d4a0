"""Deciding rows of a review: one pupil's with all it rests on, or many after reading them; and advising on one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Place, Request, allows
from rollcall.casework import actions
from rollcall.casework.actions.advising import NotAdvised
from rollcall.casework.actions.advising import advise as put_forward
from rollcall.casework.actions.handing import Task, hand_rows
from rollcall.casework.forms.reviews import AdviceForm, DecisionForm, chosen
from rollcall.casework.models import Review, ReviewRow
from rollcall.casework.queries.advice import advice_on, advisable
from rollcall.casework.queries.handed import hands
from rollcall.casework.queries.judged import judged, policy_of_row
from rollcall.casework.queries.letters import letters_of_row
from rollcall.casework.queries.review_row import row_view
from rollcall.casework.queries.reviews import choices, sends
from rollcall.casework.views.letters import Wish, preview
from rollcall.casework.views.places import of_review, row_of
from rollcall.journal import actions as journal
from rollcall.rules.policy import Policy
from rollcall.rules.words import counted


@allows("review:see", place=of_review)
def row(request: Request, review: int, row: int) -> HttpResponse:
    """One pupil's row with all it rests on, what others put forward, and its decision."""
    found = row_of(review, row)
    form = _form(request, [found], bound=request.method == "POST")
    if request.method != "POST":
        by = request.may.actor(found.review.school_id)
        journal.note_look("pupil", by=by, at=request.at, thing_id=found.pupil_id, detail="in a review")
        return _show_row(request, found, form)
    request.may.check_can("review:decide", Place(school=found.review.school_id))
    answer = _decided(request, found.review, [found], form) if form.is_valid() else None
    return answer or _show_row(request, found, form)


@allows("review:decide", place=of_review)
def many(request: Request, review: int) -> HttpResponse:
    """Many rows at once, each with its reasons to be read first; what writes to families is previewed."""
    found = get_object_or_404(Review.objects.select_related("school"), pk=review)
    given = request.POST if request.method == "POST" else request.GET
    rows = list(found.rows.filter(pk__in=chosen(given), decision__isnull=True).order_by("id"))
    for one in rows:
        one.review = found
    if not rows or found.closed_id is not None:
        messages.error(request, "Choose at least one pupil of this review who is not decided yet.")
        return redirect("casework:review", review=review)
    form = _form(request, rows, bound="decide" in given)
    answer = _decided(request, found, rows, form) if form.is_bound and form.is_valid() else None
    return answer or _show_many(request, found, rows, form)


def _form(request: Request, rows: Sequence[ReviewRow], *, bound: bool) -> DecisionForm:
    """What can be decided on all of some rows of one review."""
    review, first = rows[0].review, policy_of_row(rows[0])
    staff = hands(review.school_id, [one.pupil_id for one in rows], request.at.date())
    given = request.POST if bound else None
    return DecisionForm(given, steps=choices(first), staff=staff, initial={"key": journal.new_key()})


def _decided(request: Request, review: Review, rows: Sequence[ReviewRow], form: DecisionForm) -> HttpResponse | None:
    """Decide as the form says, or show what would go to families first; None where it was refused, said in the form."""
    told, by, ids = form.cleaned_data, request.may.actor(review.school_id), [one.pk for one in rows]
    policies = judged(list(rows), review)
    step = told["step"] if told["choice"] == "otherwise" else ""
    writes = [sends(policies[one.pk], step or one.step) for one in rows]
    act: dict[str, Any] = {"by": by, "at": request.at, "key": told["key"]}
    try:
        if told["choice"] == "handed":
            hand_rows(ids, Task(told["to"], told["because"], told["due"]), **act)
        elif told["choice"] != "none" and any(writes):
            if not all(writes):
                raise actions.NotDecided("Some of these write to families and some do not: decide them apart.")
            return preview(request, review, Wish(ids, step, told["because"]))
        else:
            actions.decide(ids, told["choice"], step=step, because=told["because"], **act)
    except actions.NotDecided as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, f"Decided for {_whom(rows)}.")
    return redirect("casework:review", review=review.pk)


def _whom(rows: Sequence[ReviewRow]) -> str:
    return str(rows[0].shown["name"]) if len(rows) == 1 else counted(len(rows), "pupil")


def _show_many(request: Request, review: Review, rows: Sequence[ReviewRow], form: DecisionForm) -> HttpResponse:
    policies = judged(list(rows), review)
    context = {
        "rows": [row_view(one, policies[one.pk]) for one in rows],
        "form": form,
        "review": review,
        "school": review.school,
        "breadcrumbs": _way(review),
    }
    return render(request, "casework/many.html", context, status=422 if form.errors else 200)


@allows("review:advise", place=of_review)
@require_POST
def advise(request: Request, review: int, row: int) -> HttpResponse:
    """Put something forward on a row, or say on its page why it can't be."""
    found = row_of(review, row)
    form = AdviceForm(request.POST, steps=advisable(found))
    if form.is_valid():
        by = request.may.actor(found.review.school_id)
        try:
            put_forward(found, **form.cleaned_data, by=by, at=request.at)
            messages.success(request, "Put forward: whoever decides sees it beside the proposal.")
            return redirect("casework:row", review=review, row=row)
        except NotAdvised as refusal:
            form.add_error(None, str(refusal))
    return _show_row(request, found, _form(request, [found], bound=False), form)


def _show_row(request: Request, found: ReviewRow, form: DecisionForm, advice: AdviceForm | None = None) -> HttpResponse:
    policy, here = policy_of_row(found), Place(school=found.review.school_id)
    shown = row_view(found, policy)
    is_open = found.review.closed_id is None and shown.decision is None
    decides, advises = request.may.can("review:decide", here), request.may.can("review:advise", here)
    blank = AdviceForm(steps=advisable(found), initial={"key": journal.new_key()})
    context = {
        "row": shown,
        "form": form if decides and is_open else None,
        "advice_form": (advice or blank) if advises and not decides and is_open else None,
        "advice": advice_on(found, policy),
        "letters": letters_of_row(found.pk),
        "meets": _meets(policy, shown.decision.step if shown.decision else found.step),
        "review": found.review,
        "school": found.review.school,
        "breadcrumbs": _way(found.review),
    }
    wrong = form.errors or (advice and advice.errors)
    return render(request, "casework/row.html", context, status=422 if wrong else 200)


def _way(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("casework:reviews")), ("Review", reverse("casework:review", args=[review.pk]))]


def _meets(policy: Policy, what: str) -> str:
    """The step to plan a meeting for, where what is proposed or was decided is taken by one."""
    return next((step.id for step in policy.path.steps if step.id == what and step.meeting_with), "")
