"""Which alerts are for those alone who may see safeguarding facts: they say that a child has a social worker (3.3-a).

Whoever lacks `pupil:sensitive` reads them nowhere: not on the alerts page, not in the journal, not in a file for CPOMS.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from rollcall.absence.models import Alert

KINDS = ("social_worker",)
ROW = "pupil:sensitive"
"""The permission's row by which such facts are seen on a pupil's page, and all that follows from them."""


def reserved_alerts() -> QuerySet[Alert]:
    """The alerts that not everybody may know of."""
    return Alert.objects.filter(kind__in=KINDS)


def reserved_deeds(deeds: Iterable[int]) -> set[int]:
    """Those of some deeds (by id) that raised, acknowledged, passed on or closed such an alert; one query."""
    ids = list(deeds)
    about = ("deed_id", "acknowledged_id", "higher_id", "closed_id")
    wanted = Q()
    for field in about:
        wanted |= Q(**{f"{field}__in": ids})
    rows = reserved_alerts().filter(wanted).values_list(*about)
    return {pk for row in rows for pk in row if pk} & set(ids)
