"""What a penalty notice costs, from when its days run, what is left to pay, and whether a further one may be issued.

Reads law/penalties.toml for an edition and a day. It knows no parent and no child: the notices issued before to the
same parent for the same child are given as days, payments as pence. What rests on memory alone is marked in the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rollcall.rules.codes import day_under, edition_on
from rollcall.rules.dated import law
from rollcall.rules.school_age import birthday
from rollcall.rules.words import counted, day_words
from rollcall.rules.working_days import working_day_after

Due = Literal["not received", "reduced", "full", "paid", "unpaid"]


@dataclass(frozen=True)
class NoticeTerms:
    """Pounds and days from receipt. `reduced` is None where nothing is taken off for paying early."""

    reduced: int | None
    reduced_days: int | None
    full: int
    full_days: int
    source: str


@dataclass(frozen=True)
class Payment:
    """Money that the authority says it had for a notice, on a day, in pence."""

    day: date
    pence: int


@dataclass(frozen=True)
class Standing:
    """Where a notice stands on a day: what is due now in pence, until and with which day, and what was paid.

    settled_at: the amount in pence that was met in its time; None while none was. late: pence that came after the last
    day, which the authority answers for.
    """

    state: Due
    due: int
    until: date | None
    paid: int
    late: int = 0
    settled_at: int | None = None
    settled_on: date | None = None

    def days_left(self, today: date) -> int | None:
        """Days left to pay what is due now, today's own among them as 0; None where nothing runs."""
        return None if self.until is None else (self.until - today).days


class NoFurtherNotice(ValueError):
    """The most notices have been issued; another legal step is needed."""


class Superseded(ValueError):
    """An edition of the law that is not in force: no notice may be issued at its amounts."""


def notice_terms(edition: str, day: date, issued_before: Iterable[date] = ()) -> NoticeTerms:
    """Amounts of a notice issued on `day` under `edition`, after those issued to this parent for this child.

    The National Framework counts notices within three years from the first, since it began. Raises NoFurtherNotice for
    a third, NotInForce before the first amounts known. Source: SI 2007/1867 as amended by SI 2024/210.
    """
    asked = day_under(edition, day)
    n_counted = len(counted_notices(edition, day, issued_before))
    step = law("penalties", "second_notice" if n_counted else "first_notice").on(asked)
    if n_counted and n_counted >= law("penalties", "notices_at_most").value(asked):
        raise NoFurtherNotice(
            f"{n_counted} notices have been issued to this parent for this child in three years; consider another step."
        )
    value = step.value
    return NoticeTerms(value.get("reduced"), value.get("reduced_days"), value["full"], value["full_days"], step.source)


def public_place_terms(day: date) -> NoticeTerms:
    """Amounts of a notice about an excluded child in a public place; none counts towards another notice.

    Source: Education and Inspections Act 2006 s103 and s105.
    """
    step = law("penalties", "public_place").on(day)
    value = step.value
    return NoticeTerms(value["reduced"], value["reduced_days"], value["full"], value["full_days"], step.source)


def public_place_days(day: date) -> int:
    """On how many first days of an exclusion a parent answers for the child being out in public. EIA 2006 s103."""
    days: int = law("penalties", "public_place_days").value(day)
    return days


def counted_notices(edition: str, day: date, issued_before: Iterable[date]) -> list[date]:
    """Those earlier notices that count on `day`, oldest first; none under the 2006 edition, which counts none.

    A period opens with a notice and lasts three years; the first notice after its end opens the next period.
    """
    if edition == "2006":
        return []
    first_day = day_under(edition, date.min)
    years = law("penalties", "notices_years").value(day_under(edition, day))
    period: list[date] = []
    for issued in sorted(issue for issue in issued_before if first_day <= issue <= day):
        period = [*period, issued] if period and issued < birthday(period[0], years) else [issued]
    return period if period and day < birthday(period[0], years) else []


def check_edition(edition: str, day: date) -> None:
    """Raise Superseded where the law has another edition on a day than the one that a notice would be issued under."""
    in_force = edition_on(day)
    if in_force != edition:
        raise Superseded(
            f"The policy is written under the law of {edition}; on {day:%-d %B %Y} that of {in_force} is in force. "
            "Adopt a policy under it before a notice is issued."
        )


def received_by_post(posted: date) -> date:
    """The day on which a notice posted first class counts as received: a working day, bank holidays left out.

    Unless the contrary is shown, which is recorded as the day of receipt. Source: Interpretation Act 1978 s7.
    """
    return working_day_after(posted, law("penalties", "post_working_days").value(posted))


def last_day(received: date, days: int) -> date:
    """The last day of a period counted from receipt: the day of receipt does not count, the last does to midnight.

    Weekends and bank holidays are days like any other, and the period does not wait for the next working day.
    """
    return received + timedelta(days=days)


def standing(terms: NoticeTerms, received: date | None, payments: Iterable[Payment], today: date) -> Standing:
    """Where a notice stands at the end of `today`, from what was paid by then.

    The reduced amount settles it where it was all there by the last day of its period; from then on the full amount is
    owed, less what was paid; nothing that comes after the last day settles it. Before receipt nothing runs, and what
    was paid counts as paid in time.
    """
    so_far = sorted((one for one in payments if one.day <= today), key=lambda one: one.day)
    paid = sum(one.pence for one in so_far)
    steps = _steps(terms, received)
    for pence, until in steps:
        met = _met(so_far, pence, until)
        if met is not None:
            return Standing("paid", 0, None, paid, _late(so_far, steps[-1][1]), pence, met)
    if received is None:
        return Standing("not received", steps[0][0] - paid, None, paid)
    for pence, until in steps:
        if until is not None and today <= until:
            state: Due = "full" if (pence, until) == steps[-1] else "reduced"
            return Standing(state, pence - paid, until, paid)
    late = _late(so_far, steps[-1][1])
    return Standing("unpaid", max(steps[-1][0] - paid, 0), None, paid, late)


def standing_words(now: Standing, today: date) -> str:
    """Where a notice stands, as a page says it."""
    if now.state == "paid":
        assert now.settled_on is not None and now.settled_at is not None
        return f"Paid: {pounds(now.settled_at)} met on {day_words(now.settled_on)}"
    part = f", {pounds(now.paid)} paid in part" if now.paid else ""
    if now.state == "not received":
        return f"Not received yet: {pounds(now.due)} due once it is{part}"
    if now.until is None:
        return f"Unpaid after the last day: {pounds(now.due)} left{part}"
    left = now.days_left(today)
    when = "today is the last day" if not left else f"{counted(left, 'day')} left"
    return f"{pounds(now.due)} due until {day_words(now.until)} ({when}){part}"


def pounds(pence: int) -> str:
    """Pence as people write them: £60, £12.50."""
    whole, rest = divmod(pence, 100)
    return f"£{whole:,}.{rest:02}" if rest else f"£{whole:,}"


def _steps(terms: NoticeTerms, received: date | None) -> list[tuple[int, date | None]]:
    """The amounts in pence with the last day of each."""
    offered = [(terms.reduced, terms.reduced_days), (terms.full, terms.full_days)]
    return [
        (amount * 100, None if received is None else last_day(received, days))
        for amount, days in offered
        if amount is not None and days is not None
    ]


def _met(payments: Iterable[Payment], pence: int, until: date | None) -> date | None:
    """The day on which an amount was all there, by its last day."""
    total = 0
    for one in payments:
        if until is not None and one.day > until:
            return None
        total += one.pence
        if total >= pence:
            return one.day
    return None


def _late(payments: Iterable[Payment], last: date | None) -> int:
    return sum(one.pence for one in payments if last is not None and one.day > last)
