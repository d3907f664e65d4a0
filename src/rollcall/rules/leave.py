"""Leave of absence in days and codes: notice, what was granted day by day, what it costs, what follows a refusal (5.1).

Nothing here decides: a named person does, and these say what that comes to under the edition of the law of the day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rollcall.rules import codes

Outcome = Literal["granted", "partly", "refused"]

HOLIDAY = "holiday"
"""The id of the policy's reason that is a holiday."""

OBSERVANCE, TRAVELLING, PART_TIME = "R", "T", "C2"
NOT_GRANTED, WITHOUT_LEAVE = "G", "O"
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Span:
    """Days from one to another, both school days, with the code that they were granted; no code: refused."""

    first: date
    last: date
    code: str

    @property
    def granted(self) -> bool:
        """Whether they were granted."""
        return bool(self.code)


def notice_days(asked_on: date, first: date) -> int:
    """Whole days between the day on the form and the first day of the leave (5.1-b)."""
    return (first - asked_on).days


def is_late(notice: int, needed: int) -> bool:
    """Whether a request came with less notice than the policy asks for; it is marked so, not refused (5.1-b)."""
    return notice < needed


def check_days(first: date, last: date, asked_on: date, today: date) -> None:
    """Raise ValueError, with a sentence, for days that can't be: an end before the beginning, a form of tomorrow."""
    if last < first:
        raise ValueError("The last day lies before the first.")
    if last - first > LONGEST:
        raise ValueError("That is more than a year: give the days that are asked for now.")
    if asked_on > today:
        raise ValueError("The day on the form is still to come: give the day on which it was handed in.")


def spans_of(answers: Mapping[date, str]) -> tuple[Span, ...]:
    """The school days asked for, each with the code it is granted ("" refuses it), as runs of the same answer.

    A run goes on over days that nobody asked about, such as a weekend; every day lies in one run, in order.
    """
    spans: list[Span] = []
    for day in sorted(answers):
        if spans and spans[-1].code == answers[day]:
            spans[-1] = Span(spans[-1].first, day, answers[day])
        else:
            spans.append(Span(day, day, answers[day]))
    return tuple(spans)


def outcome_of(spans: Sequence[Span]) -> Outcome:
    """What a decision came to. Raises ValueError for no span."""
    if not spans:
        raise ValueError("A decision says something of at least one day.")
    granted = {span.granted for span in spans}
    if len(granted) == 2:
        return "partly"
    return "granted" if granted == {True} else "refused"


def grantable(edition: str, reason: str, code: str) -> tuple[str, ...]:
    """The codes that leave for a reason may be granted with under an edition, the likely one first.

    reason: its id in the policy; code: the one that it has there, or none. H stands only where the edition has it and
    a holiday was asked for; R and T only for their own reasons; a part-time timetable has a way of its own.
    """
    table = codes.table(edition)
    own = (code,) if code in (OBSERVANCE, TRAVELLING) and code in table else ()
    leave = [one for one in codes.WITH_LEAVE if one in table and one not in ("H", PART_TIME)]
    holiday = ("H",) if reason == HOLIDAY and "H" in table else ()
    return (*own, *holiday, *sorted(leave))


def refused_code(edition: str, reason: str) -> str:
    """The code of an absence for which leave was refused: G for a holiday where the edition has it, else O (5.1-c)."""
    return NOT_GRANTED if reason == HOLIDAY and NOT_GRANTED in codes.table(edition) else WITHOUT_LEAVE


def figure_after(attended: int, possible: int, ahead: int, cost: int) -> tuple[int, int]:
    """Attended and possible sessions at the end of the leave, if every other session until then is attended.

    ahead: the school sessions from now to the end of the leave; cost: those of the leave. Raises ValueError for a leave
    with more sessions than lie ahead.
    """
    if not 0 <= cost <= ahead:
        raise ValueError(f"A leave of {cost} sessions does not fit into {ahead}.")
    return attended + ahead - cost, possible + ahead


def is_tacked_on(first: date, last: date, school_days: Sequence[date]) -> bool:
    """Whether leave leads straight into a school holiday or out of one: more than a weekend without school beside it.

    school_days: of the year, in order.
    """
    before = max((day for day in school_days if day < first), default=None)
    after = min((day for day in school_days if day > last), default=None)
    return before is None or after is None or (first - before).days > 4 or (after - last).days > 4


def cautions(
    *, reason: str, n_days: int, most_days: int, holidays_attached: bool, tacked_on: bool, late_by: int
) -> tuple[str, ...]:
    """What whoever decides should see first, in sentences (5.1-a, 5.1-b)."""
    said = []
    if reason == HOLIDAY and not holidays_attached:
        said.append("The policy grants leave in exceptional circumstances only: a holiday is refused.")
    elif tacked_on and not holidays_attached:
        said.append("It lies beside a school holiday: a holiday tacked on to leave is refused.")
    if n_days > most_days:
        days = "day" if most_days == 1 else "days"
        said.append(f"It asks for {n_days} school days; leave is usually for {most_days} {days} at most.")
    if late_by > 0:
        said.append(f"It came {late_by} {'day' if late_by == 1 else 'days'} later than the policy asks.")
    return tuple(said)


def why_not_asker(*, barred: bool, lives_with: bool, responsible: bool) -> str:
    """Why an adult is not the one who may ask, the parent with whom the pupil normally lives (5.1-b); else empty."""
    if barred:
        return "Barred: do not contact, do not tell, do not release."
    if not lives_with:
        return "The pupil does not normally live with them."
    return "" if responsible else "They have no parental responsibility."
