"""The review before this one, as each head of school held it: letters agreed and sent, one left, the rest kept."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from rollcall import worker
from rollcall.accounts.models import User
from rollcall.accounts.queries import standing
from rollcall.casework.actions import NotDecided, close_review, decide, open_review
from rollcall.casework.models import Review
from rollcall.casework.queries.reviews import sends
from rollcall.demo.steps import moment
from rollcall.journal.actor import WORKER, Actor
from rollcall.outbox.actions import drain
from rollcall.rules.policy import Policy, restore
from rollcall.schools.models import School

# A letter takes a tenth of a second to set, so that a school agrees to a few and carries the others over.
AGREED = 3
LEFT = "Absence was one illness, now over; we watch it."
CARRIED = "The class teachers speak with these families first."


def hold_reviews(schools: Mapping[str, School], users: Mapping[str, User], day: date) -> int:
    """Hold the review of each school on the afternoon of a day, and send its letters; returns how many were sent."""
    at = moment(day, time(15, 40))
    for slug, school in schools.items():
        head = standing(users[f"head@{slug}.example"], day).actor(school.pk)
        review = open_review(school, by=head, at=at, key=f"demo.review.{slug}")
        _decide(review, restore(review.policy_kept, "the policy of the review"), head, at + timedelta(minutes=10))
        close_review(review, by=head, at=at + timedelta(minutes=25), carry_over=CARRIED)
    later = at + timedelta(minutes=30)
    return len(drain(grounds=worker.grounds(), by=WORKER, at=later, most=AGREED * 4 * len(schools)).sent)


def _decide(review: Review, policy: Policy, by: Actor, at: datetime) -> None:
    """Agree to the first letters that can go, and leave the next with a reason."""
    agreed = 0
    for row in review.rows.filter(check_first=False).order_by("id"):
        if not sends(policy, row.step):
            continue
        if agreed == AGREED:
            decide([row.pk], "none", because=LEFT, by=by, at=at, key=f"demo.decision.{row.pk}")
            return
        try:
            decide([row.pk], "agree", by=by, at=at, key=f"demo.decision.{row.pk}")
            agreed += 1
        except NotDecided:
            continue  # a family to whom nothing may be sent now
