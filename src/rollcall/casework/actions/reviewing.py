"""Opening a review, which freezes what is proposed with its evidence, and closing it when all is decided (7.1-a)."""

from datetime import datetime

from django.db import transaction

from rollcall.casework.models import Decision, Review, ReviewRow
from rollcall.casework.queries.place import place
from rollcall.casework.queries.review_registers import kept, missing_now
from rollcall.casework.queries.row_kept import evidence, shown, with_unclear
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.registers.queries.standing import lock
from rollcall.rules import flow
from rollcall.rules.words import day_words
from rollcall.schools.models import LedgerCount, School


class NotReviewed(ValueError):
    """A review that can't be opened or closed; the message is a sentence for who asked."""


def open_review(school: School, *, by: Actor, at: datetime, key: str = "") -> Review:
    """Open the review of a school and freeze its rows, each with a copy of all it rests on (design law 7).

    The same key gives the same review. Raises NotReviewed while another is open, and for a second on one day.
    """
    with transaction.atomic():
        try:
            deed = journal.begin("review.opened", by=by, at=at, key=key, school=school.pk)
        except journal.AlreadyDone as done:
            return Review.objects.get(opened=done.deed)
        lock(school.pk)
        _check_may_open(school, at)
        number = LedgerCount.objects.values_list("last", flat=True).get(school=school)
        found = with_unclear(place(school.pk, at))
        review = Review.objects.create(
            school=school,
            day=at.date(),
            upto_number=number,
            policy=found.policy_id,
            policy_kept=found.policy.snapshot(),
            opened=deed,
        )
        ReviewRow.objects.bulk_create(
            [
                ReviewRow(
                    review=review,
                    pupil_id=row.seat.pupil,
                    step=row.proposal.what,
                    check_first=row.check_first,
                    evidence=kept,
                    shown=shown(kept),
                )
                for row in found.rows
                for kept in [evidence(row, found, number)]
            ],
            batch_size=200,
        )
    return review


def _check_may_open(school: School, at: datetime) -> None:
    last = Review.objects.filter(school=school).order_by("-day").first()
    if last is None:
        return
    when = day_words(last.day)
    if last.closed_id is None:
        raise NotReviewed(f"The review of {when} is still open: decide what is left in it and close it first.")
    if last.day >= at.date():
        raise NotReviewed(f"{school} was reviewed on {when} already; the next review can be opened from tomorrow.")


def close_review(review: Review, *, by: Actor, at: datetime, key: str = "", carry_over: str = "") -> int:
    """Close a review: from then on it never changes. Returns how many rows were carried over to the next one.

    carry_over: why rows that nobody decided are left to the next review; each gets that decision, by who closes.
    Rows that only wait for time need none. Registers that are not in by now are kept with the review.
    Raises NotReviewed while rows are undecided and no reason is given, and
    for a review closed before with another key.
    """
    missing = kept(missing_now(review))
    with transaction.atomic():
        try:
            deed = journal.begin(
                "review.closed", by=by, at=at, key=key, reason=carry_over.strip(), school=review.school_id
            )
        except journal.AlreadyDone:
            return 0
        held = Review.objects.select_for_update().get(pk=review.pk)
        if held.closed_id is not None:
            raise NotReviewed("This review is closed already, and stays as it is.")
        left = list(held.rows.filter(decision__isnull=True).exclude(step=flow.WAIT))
        if left and not carry_over.strip():
            raise NotReviewed(f"{_rows(len(left))} not decided: decide, or say why they are carried over.")
        Decision.objects.bulk_create(
            [Decision(row=row, choice="carried", step=row.step, because=carry_over.strip(), deed=deed) for row in left]
        )
        held.closed, held.registers_missing = deed, missing
        held.save(update_fields=["closed", "registers_missing"])
    review.closed = deed
    return len(left)


def _rows(n: int) -> str:
    return f"{n} {'row is' if n == 1 else 'rows are'}"
