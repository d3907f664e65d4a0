"""The ladder of a child who is not accounted for: first call, every contact, then safeguarding (4.5-a).

How soon each step is due is the policy's, by the child's risk, in minutes after the register closed; who is called
next follows from the contacts' order and what was tried. It decides nothing by the clock that it is not given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Outcome = Literal["reached", "no_answer", "message", "wrong_number"]
State = Literal["done", "due", "overdue", "ahead"]

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Times:
    """Minutes after the register closed by which each step is due, as the policy has them for a colour of risk."""

    first_call: int
    all_contacts: int
    dsl_told: int


@dataclass(frozen=True)
class Adult:
    """One contact as a ladder sees them: a number of the caller's own, their numbers in order, whether barred."""

    link: int
    numbers: tuple[str, ...]
    barred: bool = False


@dataclass(frozen=True)
class Attempt:
    """One try at one number of one contact (None: a contact who is no longer on the list)."""

    link: int | None
    number: str
    outcome: Outcome
    at: datetime


@dataclass(frozen=True)
class Step:
    """One step: when it is due, how it stands at the moment asked about, and when it was done."""

    name: str
    due_at: datetime
    state: State
    done_at: datetime | None = None


@dataclass(frozen=True)
class Ladder:
    """Where a ladder stands. began: when the register closed. opens_at: from when calls are made.

    next_call: the contact (by link) and the number to try next; None where nobody is left. in_vain: every contact who
    may be called was tried and nobody was reached, which is so at once where nobody may be called. last_tried_at: when
    the last of them was.
    """

    began: datetime
    opens_at: datetime
    at: datetime
    steps: tuple[Step, ...]
    next_call: tuple[int, str] | None
    reached: bool
    in_vain: bool
    last_tried_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether calls are made by now."""
        return self.at >= self.opens_at

    @property
    def minutes(self) -> int:
        """Whole minutes since it began; 0 before."""
        return max((self.at - self.began) // _MINUTE, 0)

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done."""
        return next((step for step in self.steps if step.state != "done"), None)

    @property
    def is_overdue(self) -> bool:
        """Whether a step is."""
        return any(step.state == "overdue" for step in self.steps)

    @property
    def must_tell(self) -> bool:
        """Whether the safeguarding lead's step has come without being done."""
        return self.steps[-1].state in ("due", "overdue")


def ladder(
    times: Times,
    *,
    began: datetime,
    calls_from: datetime | None,
    adults: Sequence[Adult],
    attempts: Sequence[Attempt],
    told_at: datetime | None,
    at: datetime,
) -> Ladder:
    """Where the ladder of one child stands at a moment.

    began: when the register closed. calls_from: the time from which the office calls (A6), which a child whose first
    call is due earlier does not wait for; None where there is none, as in the afternoon. adults: the contacts in the
    order to call. attempts: what was tried in this absence, oldest first. told_at: when the safeguarding lead was told.
    A step is due in the minute of its time and overdue once that minute has passed.
    """
    first, all_, dsl = (began + minutes * _MINUTE for minutes in (times.first_call, times.all_contacts, times.dsl_told))
    opens_at = first if calls_from is None else min(first, calls_from)
    made = list(attempts)
    reached = next((one.at for one in made if one.outcome == "reached"), None)
    tried = _tried_at(adults, made)
    all_at = reached or tried
    steps = (
        _step("first_call", first, made[0].at if made else all_at, at, opens_at),
        _step("all_contacts", all_, all_at, at, opens_at),
        _step("dsl_told", dsl, told_at, at, dsl),
    )
    in_vain = reached is None and (tried is not None or not _callable(adults))
    return Ladder(began, opens_at, at, steps, next_call(adults, made), reached is not None, in_vain, tried)


def next_call(adults: Sequence[Adult], attempts: Sequence[Attempt]) -> tuple[int, str] | None:
    """Who is to be called next, and on which number: first everybody once, then their other numbers, then again.

    Nobody who is barred, no wrong number, and nobody where no number is left. A wrong number leads to the same
    contact's next; in later rounds the number that was tried least comes first.
    """
    numbers = [(place, adult.link, number) for place, adult in enumerate(_callable(adults)) for number in adult.numbers]
    wrong = {one.number for one in attempts if one.outcome == "wrong_number"}
    left = [one for one in numbers if one[2] not in wrong]
    if not left:
        return None
    rights = [one for one in attempts if one.outcome != "wrong_number"]

    def order(one: tuple[int, int, str]) -> tuple[int, int, int]:
        _, link, number = one
        on_number = sum(a.number == number for a in rights)
        on_adult = sum(a.link == link for a in rights)
        return on_number, on_adult, one[0]

    _, link, number = min(left, key=order)
    return link, number


def _callable(adults: Sequence[Adult]) -> list[Adult]:
    return [adult for adult in adults if adult.numbers and not adult.barred]


def _tried_at(adults: Sequence[Adult], attempts: Sequence[Attempt]) -> datetime | None:
    """When the last contact who may be called was first tried, None while one is left (or there is none)."""
    firsts = [_first_try(adult, attempts) for adult in _callable(adults)]
    times = [one for one in firsts if one is not None]
    return max(times) if times and len(times) == len(firsts) else None


def _first_try(adult: Adult, attempts: Sequence[Attempt]) -> datetime | None:
    """When a contact was first tried on a number that is theirs, or the last of their numbers proved wrong."""
    for one in attempts:
        if one.outcome != "wrong_number" and (one.link == adult.link or one.number in adult.numbers):
            return one.at
    wrong = {one.number: one.at for one in attempts if one.outcome == "wrong_number"}
    return max(wrong[number] for number in adult.numbers) if set(adult.numbers) <= set(wrong) else None


def _step(name: str, due_at: datetime, done_at: datetime | None, at: datetime, from_at: datetime) -> Step:
    if done_at is not None:
        return Step(name, due_at, "done", done_at)
    if at >= due_at + _MINUTE:
        return Step(name, due_at, "overdue")
    return Step(name, due_at, "due" if at >= from_at else "ahead")
