"""Founding an installation: federation, first administrator and policy, all or nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from rollcall.accounts.actions import grant, make_user
from rollcall.accounts.roles import Role
from rollcall.journal.actor import INSTALLER
from rollcall.schools import actions as schools
from rollcall.schools.models import Federation


@dataclass(frozen=True)
class Founding:
    """What an installation begins with."""

    federation: str
    name: str
    email: str
    password: str
    document: str
    effective: date
    approved: date
    review: date


@transaction.atomic
def found(wanted: Founding, *, at: datetime) -> Federation:
    """Found the federation. Raises ValueError (a sentence) where it can't be, and then nothing is written."""
    by: dict[str, Any] = {"by": INSTALLER, "at": at}
    federation = schools.found_federation(wanted.federation, **by)
    schools.adopt_policy(
        federation,
        document=wanted.document,
        effective=wanted.effective,
        approved=wanted.approved,
        review=wanted.review,
        founding=True,
        **by,
    )
    first, _, last = wanted.name.strip().rpartition(" ")
    person = schools.add_person(first or last, last if first else "", **by)
    schools.add_post(person, Role.ADMINISTRATOR.label, begins=at.date(), **by)
    user = make_user(person, email=wanted.email, password=wanted.password, **by)
    grant(user, Role.ADMINISTRATOR, begins=at.date(), reason="first administrator", **by)
    return federation
