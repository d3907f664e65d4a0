"""Reminding teachers of a register that is late: one e-mail for each class and session to each who takes it (3.5-a).

A reminder is decided once, by its deed's key, and asked again just before it goes: the register may be in by then.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from rollcall.absence.queries.reminders import GROUND, LateRegister, late_registers
from rollcall.accounts.models import User
from rollcall.accounts.templatetags.words import clock, day, half
from rollcall.journal import actions as journal
from rollcall.journal.actor import SCHEDULER
from rollcall.journal.models import Deed
from rollcall.outbox import actions as outbox
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


def remind_of_registers(facts: SchoolFacts, at: datetime) -> None:
    """The duty: from the time a register is late until its session is over, remind whoever takes it, once.

    A class that nobody is named for has nobody to be reminded; the day page says so. Safe with two workers.
    """
    late = late_registers(facts, at)
    keys = {key_of(one.school_class, one.day, one.half): one for one in late}
    done = set(Deed.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    for key, one in keys.items():
        if key not in done and one.takers:
            remind(one, facts, at=at)


def remind(one: LateRegister, facts: SchoolFacts, *, at: datetime) -> int:
    """Put one reminder for each taker of a late register into the outbox; returns how many.

    Once for a class and session: a second call puts in nothing and returns 0.
    """
    key = key_of(one.school_class, one.day, one.half)
    about = f"{one.class_name}, {day(one.day)}, {half(one.half)}"
    try:
        with transaction.atomic():
            deed = journal.begin("register.reminded", by=SCHEDULER, at=at, key=key, school=facts.school, about=about)
            _put_all(one, one.takers, facts, deed, at)
    except journal.AlreadyDone:
        return 0
    return len(one.takers)


def _put_all(one: LateRegister, takers: Sequence[User], facts: SchoolFacts, deed: Deed, at: datetime) -> None:
    session = f"{day(one.day)}, {half(one.half)}"
    closed = clock(facts.closes_at(one.day, one.half).astimezone(LONDON))
    for user in takers:
        outbox.put(
            once=f"{GROUND}.{one.school_class}.{one.day}.{one.half}.{user.pk}",
            deed=deed,
            school=facts.school,
            channel="email",
            to_name=str(user),
            to_address=user.email,
            subject=f"The register of {one.class_name} is not in",
            body=(
                f"The register of {one.class_name} at {facts.name} for {session} closed at {closed} and is not in.\n\n"
                "Please take it now, or tell the office if somebody else should: until it is in, nobody can say which "
                "of the children are here.\n"
            ),
            ground=GROUND,
            ground_id=one.school_class,
            pupil=None,
            evidence={"day": one.day.isoformat(), "half": one.half, "user": user.pk},
            at=at,
            kind="staff.register_late",
        )


def key_of(school_class: int, on: date, which: str) -> str:
    """The key of the one reminder of a class's session."""
    return f"register-late-{school_class}-{on}-{which}"
