"""Letters: exactly what will go to whom before it goes, and letters as they were sent."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Place, Request, allows
from rollcall.casework import actions, queries
from rollcall.casework.actions.letters import NotWritten, withdraw_letter
from rollcall.casework.forms.reviews import chosen
from rollcall.casework.models import LetterWritten, Review, ReviewRow, StepTaken
from rollcall.casework.queries.judged import judged, policy_of_review
from rollcall.casework.queries.letters import WRITTEN, Prepared, SentLetter, letter_pdf_kept
from rollcall.casework.queries.reviews import sends, words_for
from rollcall.casework.views.places import of_letter, of_review, row_of
from rollcall.documents.letter import CannotSet, LetterPage
from rollcall.journal import actions as journal
from rollcall.outbox.queries import trail
from rollcall.rules.policy import Policy
from rollcall.schools.queries.letterheads import pdf_of

OURS = (queries.GROUND, WRITTEN)
"""The grounds of the letters that can be withdrawn from their own page."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to send: for which rows (by id), another step than proposed and why, all by post."""

    rows: list[int]
    otherwise: str = ""
    because: str = ""
    by_post: bool = False


@allows("letter:see", place=of_review)
def letter(request: Request, review: int) -> HttpResponse:
    """Preview the letters of the rows chosen with their real figures; confirmed, they are decided and sent."""
    found = get_object_or_404(Review.objects.select_related("school"), pk=review)
    given = request.POST if request.method == "POST" else request.GET
    wish = Wish(
        chosen(given), given.get("otherwise", ""), given.get("because", ""), by_post=given.get("by_post") == "yes"
    )
    if request.method != "POST":
        return preview(request, found, wish)
    request.may.check_can("review:decide", Place(school=found.school_id))
    try:
        done = actions.decide(
            wish.rows,
            "otherwise" if wish.otherwise else "agree",
            step=wish.otherwise,
            because=wish.because,
            by_post=wish.by_post,
            by=request.may.actor(found.school_id),
            at=request.at,
            key=request.POST.get("key", ""),
        )
    except actions.NotDecided as error:
        return preview(request, found, wish, str(error))
    if not done.repeated:
        messages.success(request, _done(len(done.messages)))
    return redirect("casework:review", review=review)


def preview(request: Request, review: Review, wish: Wish, refusal: str = "") -> HttpResponse:
    """The page that shows exactly what would go to whom; nothing is written by showing it."""
    policy = policy_of_review(review)
    prepared = _prepared(request, review, wish)
    ready = [one for one in prepared if not one.problem]
    context = {
        "review": review,
        "ready": ready,
        "stopped": [one for one in prepared if one.problem],
        "n": sum(len(one.letters) for one in ready),
        "wish": wish,
        "otherwise_words": words_for(policy, wish.otherwise) if wish.otherwise else "",
        "refusal": refusal,
        "key": journal.new_key(),
        "may_decide": review.closed_id is None and request.may.can("review:decide", Place(school=review.school_id)),
        "school": review.school,
        "breadcrumbs": [
            ("Reviews", reverse("casework:reviews")),
            ("Review", reverse("casework:review", args=[review.pk])),
        ],
    }
    return render(request, "casework/letter.html", context)


def _prepared(request: Request, review: Review, wish: Wish) -> list[Prepared]:
    """The letters of those of the rows that send one and are not decided yet, each by the policy that judged it."""
    by, day = request.may.actor(review.school_id), request.at.date()
    wanted: dict[int, tuple[Policy, list[tuple[ReviewRow, str]]]] = {}
    rows = list(review.rows.filter(pk__in=wish.rows, decision__isnull=True).order_by("id"))
    policies = judged(rows, review)
    for row in rows:
        what, policy = wish.otherwise or row.step, policies[row.pk]
        if sends(policy, what) and (kind := policy.step(what).letter):
            wanted.setdefault(id(policy), (policy, []))[1].append((row, kind))
        elif wish.otherwise:
            raise Http404
    return [
        one
        for policy, some in wanted.values()
        for one in queries.prepare(some, policy, day=day, signed=(by.name, by.position), by_post=wish.by_post)
    ]


def _done(n: int) -> str:
    are = "letter is" if n == 1 else "letters are"
    return f"{n} {are} on the way: e-mails go by themselves, the rest waits to be printed."


@allows("letter:see", place=of_review)
def preview_pdf(request: Request, review: int, row: int, to: int) -> HttpResponse:
    """A letter to one adult as it would be printed, before anything is decided."""
    found = row_of(review, row)
    for one in _prepared(request, found.review, Wish([row], request.GET.get("otherwise", ""))):
        for ready in one.letters:
            if ready.recipient.contact == to:
                return _preview(request, ready.composed.page, review)
    raise Http404


def _preview(request: Request, page: LetterPage, review: int) -> HttpResponse:
    try:
        return _pdf(pdf_of(page, request.at.date()), "preview.pdf")
    except CannotSet as error:
        messages.error(request, str(error))
        return redirect("casework:review", review=review)


@allows("letter:see", place=of_letter)
def sent(request: Request, message: int) -> HttpResponse:
    """A letter as it was sent, with what it rests on and what became of it."""
    found = queries.sent_letter(message)
    journal.note_look("letter", by=request.may.actor(found.school), at=request.at, thing_id=message)
    rests_on = found.evidence.get("rests_on", {})
    context = {
        "letter": found,
        "school": request.place.here if found.pupil else found.school,
        "breadcrumbs": _way_to(found),
        "page": found.evidence.get("letter"),
        "rests_on": rests_on,
        "figure_day": date.fromisoformat(rests_on["through"]) if "through" in rests_on else None,
        "trail": trail(message),
        "key": journal.new_key(),
        "may_withdraw": found.waits and found.ground in OURS and request.may.can("review:decide", request.place),
    }
    return render(request, "casework/sent.html", context)


def _way_to(found: SentLetter) -> list[tuple[str, str]]:
    """The review that a letter came from, else the pupil's casework."""
    if "review" in found.evidence:
        review = reverse("casework:review", args=[found.evidence["review"]])
        return [("Reviews", reverse("casework:reviews")), ("Review", review)]
    return [("Casework", reverse("casework:pupil", args=[found.pupil]))] if found.pupil else []


@allows("letter:see", place=of_letter)
def sent_pdf(request: Request, message: int) -> HttpResponse:
    """The very PDF that was sent."""
    kept = letter_pdf_kept(message)
    if not kept:
        raise Http404
    return _pdf(kept, f"letter-{message}.pdf")


@allows("review:decide", place=of_letter)
@require_POST
def withdraw(request: Request, message: int) -> HttpResponse:
    """Take back a letter that has not gone, or the decision behind it; the outbox stops it when its turn comes."""
    found = queries.sent_letter(message)
    act = {"because": request.POST.get("because", ""), "key": request.POST.get("key", "")}
    by = request.may.actor(request.place.school)
    try:
        if found.ground == WRITTEN:
            withdraw_letter(get_object_or_404(LetterWritten, pk=found.ground_id), by=by, at=request.at, **act)
        else:
            step = get_object_or_404(StepTaken, pk=found.ground_id if found.ground == queries.GROUND else 0)
            actions.withdraw(step, by=by, at=request.at, **act)
        messages.success(request, "Withdrawn: what has not gone yet will not go.")
    except (actions.NotDecided, NotWritten) as refusal:
        messages.error(request, str(refusal))
    return redirect("casework:sent", message=message)


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
