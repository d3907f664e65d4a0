"""Layouts that get a name, so that the next file of their kind needs no mapping."""

from datetime import datetime

from django.db import transaction

from rollcall.exchange.layouts import Layout
from rollcall.exchange.models import Preset
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.models import Federation


@transaction.atomic
def save_preset(federation: Federation, name: str, layout: Layout, *, by: Actor, at: datetime) -> Preset:
    """Save a layout under a name; one of that name is replaced, and the journal keeps who did it."""
    deed = journal.begin("preset.saved", by=by, at=at, reason=f"{name} ({layout.kind})")
    preset, _ = Preset.objects.update_or_create(
        federation=federation, kind=layout.kind, name=name, defaults={"layout": layout.as_data(), "deed": deed}
    )
    return preset


@transaction.atomic
def forget_preset(preset: Preset, *, by: Actor, at: datetime) -> None:
    """Remove a saved layout; files that it read stay as they are."""
    journal.begin("preset.removed", by=by, at=at, reason=f"{preset.name} ({preset.kind})")
    preset.delete()
