"""What a penalty notice costs and whether a further one may be issued at all.

Reads law/penalties.toml for an edition and a day. It knows no parent and no child: the notices issued before to the
same parent for the same child are given as days. What rests on memory alone is marked in the file and can be asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rollcall.rules.codes import day_under
from rollcall.rules.dated import law
from rollcall.rules.school_age import birthday


@dataclass(frozen=True)
class NoticeTerms:
    """Pounds and days from receipt. `reduced` is None where nothing is taken off for paying early."""

    reduced: int | None
    reduced_days: int | None
    full: int
    full_days: int
    source: str


class NoFurtherNotice(ValueError):
    """The most notices have been issued; another legal step is needed."""


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
