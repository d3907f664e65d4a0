"""The registers that a review's figures lack: live while it is open, and as they were kept once it is closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from rollcall.casework.models import Review
from rollcall.casework.queries.place import end_of_last_day
from rollcall.registers.queries.unclear import RegisterMissing, registers_missing
from rollcall.rules.sessions import half_of
from rollcall.rules.unclear import Unclear, unclear_words
from rollcall.schools.queries import facts_of


@dataclass(frozen=True)
class ClassMissing:
    """The registers of one class that are not in: how many sessions, and the first of them in words."""

    class_name: str
    n: int
    words: str


def missing_now(review: Review) -> list[RegisterMissing]:
    """The registers since the review before that are not in yet, up to the last session that this one counts."""
    facts = facts_of(review.school_id)
    last = Review.objects.filter(school=review.school_id, day__lt=review.day).order_by("-day").values("day").first()
    weeks = facts.policy_on(review.day).monitoring.review_every_weeks.value
    before = last["day"] if last else review.day - timedelta(weeks=weeks)
    return registers_missing(review.school_id, before + timedelta(days=1), end_of_last_day(facts, review.opened.at))


def kept(missing: Iterable[RegisterMissing]) -> list[dict[str, str]]:
    """Missing registers as a review keeps them."""
    return [{"class": one.class_name, "day": f"{one.day}", "half": one.half} for one in missing]


def missing_of(review: Review) -> list[ClassMissing]:
    """What a review's page says of registers that are not in, by class."""
    rows = kept(missing_now(review)) if review.closed_id is None else review.registers_missing
    found = []
    for name, some in groupby(sorted(rows, key=lambda one: one["class"]), key=lambda one: one["class"]):
        sessions = [Unclear(date.fromisoformat(one["day"]), half_of(one["half"]), "-") for one in some]
        said = unclear_words(sessions).replace("no mark on ", "")
        found.append(ClassMissing(name, len(sessions), said))
    return found
