"""The only writer of sign-ins and grants; each grant keeps who gave it, when and why."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from rollcall.accounts.models import Grant, User
from rollcall.accounts.roles import Role
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.models import Person, School, SchoolClass


@transaction.atomic
def make_user(
    person: Person, *, email: str, password: str | None, by: Actor, at: datetime, user_id: int | None = None
) -> User:
    """Let a member of staff sign in; without a password they set one by the reset link."""
    user = User(email=email.strip().lower(), person=person, id=user_id)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save(force_insert=True)
    journal.begin("account.made", by=by, at=at, reason=f"sign-in for {person}")
    return user


@transaction.atomic
def share_password(users: Sequence[User], password: str, *, by: Actor, at: datetime) -> None:
    """Give several people one first password, made unreadable once for all of them."""
    unreadable = make_password(password)
    for user in users:
        user.password = unreadable
    User.objects.bulk_update(users, ["password"])
    journal.begin("account.password_shared", by=by, at=at, reason=f"{len(users)} sign-ins")


@transaction.atomic
def grant(
    user: User,
    role: Role,
    *,
    by: Actor,
    at: datetime,
    begins: date,
    ends: date | None = None,
    school: School | None = None,
    school_class: SchoolClass | None = None,
    reason: str = "",
    key: str = "",
) -> Grant:
    """Grant a role at a class, a school, or (neither given) across the federation.

    Raises ValueError when the class is another school's, and AlreadyDone when `key` was used.
    """
    if school_class is not None:
        if school is not None and school.pk != school_class.school_id:
            raise ValueError(f"{school_class} is not a class of {school}.")
        school = school_class.school
    deed = journal.begin(
        "grant.given",
        by=by,
        at=at,
        key=key,
        reason=reason or f"{role.label} for {user}",
        school=school.pk if school else None,
    )
    return Grant.objects.create(
        user=user, role=role.value, school=school, school_class=school_class, begins=begins, ends=ends, deed=deed
    )


@transaction.atomic
def end_grant(held: Grant, *, by: Actor, at: datetime, last_day: date, reason: str) -> None:
    """End a grant after `last_day`; the row stays, with who ended it and why."""
    held.ended_by = journal.begin("grant.ended", by=by, at=at, reason=reason, school=held.school_id)
    held.ends = last_day
    held.save(update_fields=["ends", "ended_by"])
