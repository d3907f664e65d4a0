"""The only writer of sign-ins and grants; each grant keeps who gave it, when and why."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from rollcall.accounts.models import Grant, User
from rollcall.accounts.queries import INVITATION
from rollcall.accounts.roles import Role
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.outbox import actions as outbox
from rollcall.outbox.models import Message
from rollcall.outbox.secret import SECRET
from rollcall.schools.actions import Refused
from rollcall.schools.models import Person, School, SchoolClass

NO_SCHOOL = 0
"""The school of a message that is the federation's own."""


@transaction.atomic
def make_user(
    person: Person,
    *,
    email: str,
    password: str | None,
    by: Actor,
    at: datetime,
    user_id: int | None = None,
    key: str = "",
) -> User:
    """Let a member of staff sign in; without a password they set one by the reset link.

    Raises Refused for an e-mail address that somebody signs in with already, or a person who has a sign-in.
    """
    deed = journal.begin("account.made", by=by, at=at, key=key, reason=f"sign-in for {person}")
    _check_free(email, person)
    user = User(email=email.strip().lower(), person=person, id=user_id)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save(force_insert=True)
    journal.note_changes(deed, "person", person.pk, {"sign-in": ("", user.email)})
    return user


def _check_free(email: str, person: Person) -> None:
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise Refused(f"Somebody signs in with {email} already.", "email")
    if User.objects.filter(person=person).exists():
        raise Refused(f"{person} has a sign-in already.")


@transaction.atomic
def change_sign_in(user: User, *, email: str, is_active: bool, by: Actor, at: datetime, key: str = "") -> None:
    """Change the address that somebody signs in with, or stop or allow their sign-in. Raises Refused."""
    deed = journal.begin("account.changed", by=by, at=at, key=key, reason=f"sign-in of {user}")
    tidy = email.strip().lower()
    if User.objects.filter(email__iexact=tidy).exclude(pk=user.pk).exists():
        raise Refused(f"Somebody else signs in with {tidy} already.", "email")
    changes = {"email": (user.email, tidy), "may sign in": (user.is_active, is_active)}
    journal.note_changes(deed, "person", user.person_id or 0, changes)
    user.email, user.is_active = tidy, is_active
    user.save(update_fields=["email", "is_active"])


@transaction.atomic
def invite(user: User, *, link: str, by: Actor, at: datetime, key: str = "") -> Message:
    """Put an invitation in the outbox: `link` is where the person chooses a password, and is for them alone."""
    deed = journal.begin("account.invited", by=by, at=at, key=key, reason=f"invitation for {user}")
    body = (
        f"Dear {user},\n\nYou can now sign in to Rollcall, where the school keeps its attendance registers. "
        f"Choose your password on this page:\n\n{SECRET}\n\nThe page works for three days, and once. "
        f"Afterwards sign in with {user.email}.\n\n{by.name}\n{by.position}"
    )
    return outbox.put(
        once=f"invitation:{deed.pk}",
        deed=deed,
        school=NO_SCHOOL,
        channel="email",
        to_name=str(user),
        to_address=user.email,
        subject="Your sign-in to Rollcall",
        body=body,
        ground=INVITATION,
        ground_id=user.pk,
        pupil=None,
        evidence={},
        at=at,
        secret=link,
        expires=at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    )


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

    Raises Refused for a teacher's or cover's role without a class and for any other role at one (`Role.is_for_class`),
    ValueError when the class is another school's, and AlreadyDone when `key` was used.
    """
    _check_reach(role, school_class)
    if school_class is not None:
        if school is not None and school.pk != school_class.school_id:
            raise ValueError(f"{school_class} is not a class of {school}.")
        school = school_class.school
    deed = journal.begin(
        "grant.given",
        by=by,
        at=at,
        key=key,
        reason=reason,
        school=school.pk if school else None,
        about=f"{role.label} at {school_class or school or 'the federation'}: {user}",
    )
    return Grant.objects.create(
        user=user, role=role.value, school=school, school_class=school_class, begins=begins, ends=ends, deed=deed
    )


def _check_reach(role: Role, school_class: SchoolClass | None) -> None:
    if role.is_for_class and school_class is None:
        raise Refused(f"Choose the class: the role “{role.label}” is for a class.", "place")
    if school_class is not None and not role.is_for_class:
        where = f"the school, or the whole federation, not {school_class} alone"
        raise Refused(f"The role “{role.label}” is for a whole school: choose {where}.", "place")


@transaction.atomic
def end_grant(held: Grant, *, by: Actor, at: datetime, last_day: date, reason: str, key: str = "") -> None:
    """End a grant after `last_day`, the day before it began for one that never holds; the row stays, with who and why.

    Raises Refused for the last grant of an administrator: somebody must be able to let people in.
    """
    held.ended_by = journal.begin(
        "grant.ended", by=by, at=at, key=key, reason=reason, school=held.school_id, about=f"{held}: {held.user}"
    )
    others = Grant.objects.filter(role=Role.ADMINISTRATOR.value, ends__isnull=True, user__is_active=True)
    if held.role == Role.ADMINISTRATOR.value and not others.exclude(pk=held.pk).exists():
        raise Refused("This is the last administrator; grant the role to somebody else first.")
    held.ends = last_day
    held.save(update_fields=["ends", "ended_by"])
