"""The screen by the door: enrolled by the office, locked by wrong tries, and what a family enters there (A2-a)."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.db import transaction

from rollcall.absence.models import Device, DeviceTry
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.models import School

MOST_TRIES = 10
WITHIN = timedelta(minutes=1)


def digest(secret: str) -> str:
    """What is kept of the secret that a screen's browser holds."""
    return sha256(secret.encode()).hexdigest()


def actor_of(device: Device) -> Actor:
    """The `by` of what is entered at a screen."""
    return Actor(f"device:{device.pk}", device.name, "screen by the door")


@transaction.atomic
def enrol(school: School, name: str, *, by: Actor, at: datetime, key: str = "") -> tuple[Device, str]:
    """Enrol a screen; returns it with the secret for its browser, which is kept nowhere else.

    Raises ValueError without a name, AlreadyDone.
    """
    if not name.strip():
        raise ValueError("Give the screen a name, such as Front door.")
    deed = journal.begin("door.enrolled", by=by, at=at, key=key, school=school.pk, about=name.strip())
    secret = token_urlsafe(32)
    device = Device.objects.create(school=school, name=name.strip()[:60], secret=digest(secret), deed=deed)
    return device, secret


@transaction.atomic
def end(device: Device, *, by: Actor, at: datetime, key: str = "") -> None:
    """Stop a screen: what its browser holds opens nothing from now on. A second time changes nothing."""
    deed = journal.begin("door.ended", by=by, at=at, key=key, school=device.school_id, about=device.name)
    Device.objects.filter(pk=device.pk, ended__isnull=True).update(ended=deed)


@transaction.atomic
def unlock(device: Device, *, by: Actor, at: datetime, key: str = "") -> None:
    """Let a locked screen be used again."""
    journal.begin("door.unlocked", by=by, at=at, key=key, school=device.school_id, about=device.name)
    device.tries.all().delete()
    Device.objects.filter(pk=device.pk).update(locked_at=None)


@transaction.atomic
def note_wrong_try(device: Device, at: datetime) -> bool:
    """Keep one wrong try; returns whether it was one too many in a minute, which locks the screen."""
    DeviceTry.objects.create(device=device, at=at)
    DeviceTry.objects.filter(device=device, at__lte=at - WITHIN).delete()
    if device.tries.count() < MOST_TRIES:
        return False
    journal.begin("door.locked", by=actor_of(device), at=at, school=device.school_id, about=device.name)
    Device.objects.filter(pk=device.pk).update(locked_at=at)
    return True
