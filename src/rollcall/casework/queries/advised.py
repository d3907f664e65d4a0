"""Who put something forward on which rows of a review, and which rows come from the review before."""

from collections.abc import Sequence
from dataclasses import dataclass

from rollcall.casework.models import Advice, ReviewRow


@dataclass(frozen=True)
class CarriedLine:
    """A row that was carried over and is not decided yet: whose, and where it comes from in a sentence."""

    id: int
    name: str
    words: str


def advised(rows: Sequence[int]) -> dict[int, str]:
    """The names of who put something forward on rows (by id), by row; in one query."""
    found: dict[int, list[str]] = {}
    for row, name in Advice.objects.filter(row__in=rows).values_list("row", "deed__name") if rows else ():
        found.setdefault(row, []).append(name)
    return {row: ", ".join(dict.fromkeys(names)) for row, names in found.items()}


def carried_in(review: int) -> list[CarriedLine]:
    """The rows of a review (by id) that were left over from the one before and are not decided yet."""
    rows = ReviewRow.objects.filter(review=review, decision__isnull=True, shown__carried__startswith="Left")
    return [CarriedLine(*row) for row in rows.values_list("id", "shown__name", "shown__carried")]
