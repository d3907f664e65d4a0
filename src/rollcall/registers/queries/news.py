"""Whether anything has moved at a school: a version for pages that ask every few seconds."""

from datetime import datetime, time

from rollcall.journal.models import Deed
from rollcall.schools.queries.facts import LONDON


def version_of(school: int, at: datetime) -> str:
    """A text that changes with every deed of a school (by id) on the day of `at`.

    It counts deeds instead of taking the latest id, for ids may commit out of order and a late one must be news too.
    """
    day = at.astimezone(LONDON).date()
    midnight = datetime.combine(day, time(0), LONDON)
    return f"{day:%Y%m%d}-{Deed.objects.filter(school=school, at__gte=midnight).count()}"
