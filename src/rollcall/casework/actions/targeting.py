"""The pack for a targeting support meeting (A5-e): made by one press, and kept as it was made."""

from datetime import datetime

from django.db import transaction

from rollcall.casework.models import TargetingPack
from rollcall.casework.queries.targeting import targeting_contents
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.queries import SchoolFacts


def make_targeting_pack(facts: SchoolFacts, *, by: Actor, at: datetime, key: str) -> TargetingPack:
    """Gather what a school's targeting support meeting looks at, and keep it; the same key gives the same pack."""
    with transaction.atomic():
        try:
            deed = journal.begin("targeting.made", by=by, at=at, key=key, school=facts.school)
        except journal.AlreadyDone as done:
            return TargetingPack.objects.get(deed=done.deed)
        contents = targeting_contents(facts, at)
        return TargetingPack.objects.create(school_id=facts.school, day=at.date(), contents=contents, deed=deed)
