"""Who is told of an alert, and how: who holds the positions that the policy names, by the channels they chose."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rollcall.absence.models import Reach
from rollcall.accounts.models import User
from rollcall.accounts.queries import holders
from rollcall.accounts.roles import Role
from rollcall.outbox.numbers import NotMobile, mobile
from rollcall.outbox.queries import channels
from rollcall.rules.policy import Policy

HOLDS = {
    "dsl": Role.DSL,
    "deputy_dsl": Role.DEPUTY_DSL,
    "head_of_school": Role.HEAD,
    "headteacher": Role.HEAD,
    "executive_headteacher": Role.EXECUTIVE,
    "attendance_lead": Role.HEAD,
    "attendance_officer": Role.SECRETARY,
    "office_staff": Role.OFFICE,
}
"""The role that stands for a position of the policy; a position without one is told nothing, and the next one is."""


@dataclass(frozen=True)
class Address:
    """One way to one person: the channel of the outbox, and where it leads."""

    user: int
    name: str
    channel: str
    where: str


def people(roles: Iterable[str], day: date, school: int) -> list[User]:
    """Who holds these positions (the policy's ids) at a school (by id) on a day, each once."""
    wanted = [HOLDS[role] for role in roles if role in HOLDS]
    found = {user.pk: user for role in wanted for user in holders(role, day, school=school)}
    return list(found.values())


def addresses(users: Iterable[User]) -> list[Address]:
    """How these are reached, in one query: by e-mail to their sign-in, and by text, as each chose.

    Who chose a text that can't go, for the number is no mobile or no texts are set up here, is told by e-mail.
    """
    wanted = list(users)
    chosen = {one.person_id: one for one in Reach.objects.filter(person__in=[u.person_id for u in wanted])}
    found = []
    for user in wanted:
        reach = chosen.get(user.person_id or 0)
        number = text_number(reach)
        if number:
            found.append(Address(user.pk, str(user), "text", number))
        if not number or reach is None or reach.by_email:
            found.append(Address(user.pk, str(user), "email", user.email))
    return found


def text_number(reach: Reach | None) -> str:
    """The number that texts go to; empty where none do."""
    if reach is None or not reach.by_text or "text" not in channels():
        return ""
    try:
        return mobile(reach.mobile)
    except NotMobile:
        return ""


def position_words(role: str, policy: Policy) -> str:
    """A position as the policy calls it."""
    try:
        return policy.role(role).name
    except LookupError:
        return role
