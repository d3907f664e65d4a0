"""What a signed-in person holds on a day, and whether that lets them do a thing somewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Q, QuerySet

from rollcall.accounts.models import Grant, User
from rollcall.accounts.permissions import TABLE
from rollcall.accounts.roles import Role
from rollcall.journal.actor import Actor
from rollcall.outbox.grounds import Answer, Grounds
from rollcall.outbox.models import Message
from rollcall.schools.models import Post
from rollcall.schools.queries.roll import in_force

INVITATION = "invitation"


class NotAllowed(Exception):
    """A refusal in one sentence that can be shown as it is."""


@dataclass(frozen=True)
class Place:
    """Where a thing is: a school by id, and the classes by id that it belongs to. Empty means the federation.

    day: of a register's session; what belongs to no day has none.
    """

    school: int | None = None
    classes: frozenset[int] = frozenset()
    day: date | None = field(default=None, kw_only=True)


FEDERATION = Place()


@dataclass(frozen=True)
class Held:
    """One grant as a value; `days` are the first and last of cover."""

    role: Role
    school: int | None
    school_class: int | None
    days: tuple[date, date | None] | None = None

    def reaches(self, place: Place) -> bool:
        """Whether this grant holds at a place: a federation grant anywhere, a class grant for that class alone.

        Cover is for its own days' registers, and for no register before or after them.
        """
        if place.day and self.days and not self.days[0] <= place.day <= (self.days[1] or place.day):
            return False
        if self.school is None:
            return True
        if place.school != self.school:
            return False
        return self.school_class is None or self.school_class in place.classes


@dataclass(frozen=True)
class Standing:
    """What one person holds on one day; the `may` of every page."""

    user_id: int
    name: str
    held: tuple[Held, ...]
    positions: dict[int | None, str] = field(default_factory=dict)

    def can(self, row: str, place: Place = FEDERATION) -> bool:
        """Whether they may do `row` ("thing:act") at the place. Raises KeyError for a row the table has not."""
        roles = TABLE[row].roles
        return any(h.role in roles and h.reaches(place) for h in self.held)

    def can_somewhere(self, row: str) -> bool:
        """Whether any grant of theirs allows `row`, wherever it holds."""
        return any(h.role in TABLE[row].roles for h in self.held)

    def check_can(self, row: str, place: Place = FEDERATION) -> None:
        """Raise NotAllowed, with a sentence for them, unless they may."""
        if not self.can(row, place):
            where = " here" if self.can_somewhere(row) else ""
            raise NotAllowed(
                f"You may not {TABLE[row].words}{where}. If you should, ask your head of school or administrator."
            )

    def knows_school(self, school: int | None) -> bool:
        """Whether any grant of theirs touches the school, so that a refusal there may say more than "not found"."""
        return school is None or any(h.school is None or h.school == school for h in self.held)

    def schools(self, row: str) -> set[int] | None:
        """The ids of the schools at which they may do `row`; None stands for all of them."""
        mine = [h for h in self.held if h.role in TABLE[row].roles]
        if any(h.school is None for h in mine):
            return None
        return {h.school for h in mine if h.school is not None}

    def classes(self, row: str) -> set[int]:
        """The ids of the classes at which they may do `row` by a grant for that class alone."""
        return {h.school_class for h in self.held if h.role in TABLE[row].roles and h.school_class is not None}

    def has(self, *roles: Role) -> bool:
        """Whether they hold any of these roles anywhere."""
        return any(h.role in roles for h in self.held)

    def actor(self, school: int | None = None) -> Actor:
        """The `by` of what they do at a school, with the position they hold there."""
        position = self.positions.get(school) or self.positions.get(None) or self._role_at(school)
        return Actor(f"user:{self.user_id}", self.name, position)

    def _role_at(self, school: int | None) -> str:
        for h in self.held:
            if h.school in (None, school):
                return h.role.label
        return self.held[0].role.label if self.held else "no position"


_HOLDS = """
    SELECT 'grant', role, school_id, school_class_id, begins, ends FROM accounts_grant
    WHERE user_id = %s AND begins <= %s AND (ends IS NULL OR ends >= %s)
    UNION ALL SELECT 'post', position, school_id, NULL, begins, ends FROM schools_post
    WHERE person_id = %s AND begins <= %s AND (ends IS NULL OR ends >= %s)
"""


def standing(user: User, day: date) -> Standing:
    """What `user` holds on `day`: grants and positions in one query, for every page asks.

    By hand for the cost: to put this query together takes the ORM thirty times as long as to run it.
    """
    on = connection.ops.adapt_datefield_value(day)
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, [user.pk, on, on, user.person_id, on, on])
        rows = cursor.fetchall()
    held, positions = [], {}
    for kind, words, school, school_class, begins, ends in rows:
        if kind == "grant":
            days = (_as_day(begins), ends and _as_day(ends)) if words == Role.COVER.value else None
            held.append(Held(Role(words), school, school_class, days))
        else:
            positions[school] = words
    return Standing(user.pk, str(user), tuple(held), positions)


def _as_day(value: date | str) -> date:
    """A day as SQLite gives it, which is text, or as PostgreSQL does."""
    return date.fromisoformat(value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Taker:
    """Somebody who holds a class on a day: the grant's number, who, and whether only as cover."""

    grant: int
    name: str
    is_cover: bool
    user: int


def _held(classes: Iterable[int], day: date) -> QuerySet[Grant]:
    held = Grant.objects.filter(in_force(day), school_class__in=list(classes), user__is_active=True)
    return held.filter(role__in=(Role.TEACHER.value, Role.COVER.value)).select_related("user__person").order_by("id")


def takers_of(classes: Iterable[int], day: date) -> dict[int, list[User]]:
    """The people who hold each class on a day, as `takers`, for who writes to them; nobody twice."""
    found: dict[int, dict[int, User]] = {}
    for grant in _held(classes, day):
        found.setdefault(grant.school_class_id or 0, {})[grant.user_id] = grant.user
    return {room: list(people.values()) for room, people in found.items()}


def takers(classes: Iterable[int], day: date) -> dict[int, list[Taker]]:
    """Who holds each class on a day, as its teacher or as cover, in one query."""
    found: dict[int, list[Taker]] = {}
    rows = _held(classes, day).values_list(
        "id", "school_class", "role", "user", "user__email", "user__person__first", "user__person__last"
    )
    for pk, room, role, user, email, first, last in rows:
        name = email if first is None else f"{first} {last}"
        found.setdefault(room or 0, []).append(Taker(pk, name, role == Role.COVER.value, user))
    return found


def coverers(school: int, day: date) -> list[tuple[int, str]]:
    """Who may be given a class of a school to cover, as (user id, name): staff with a post there or federation-wide.

    Governors are left out: they never see a named pupil (3.1-a).
    """
    posts = Post.objects.filter(in_force(day)).filter(Q(school=school) | Q(school__isnull=True))
    governors = Grant.objects.filter(in_force(day), role=Role.GOVERNOR.value).values("user")
    users = User.objects.filter(is_active=True, person__in=posts.values("person")).exclude(pk__in=governors)
    return [(user.pk, str(user)) for user in users.order_by("person__first", "person__last", "id")]


def holders(role: Role, day: date, *, school: int | None = None, school_class: int | None = None) -> list[User]:
    """The people who hold a role on a day at a school (federation-wide ones too) or for a class."""
    rows = Grant.objects.filter(in_force(day), role=role.value, user__is_active=True)
    if school_class is not None:
        rows = rows.filter(school_class=school_class)
    elif school is not None:
        rows = rows.filter(Q(school=school) | Q(school__isnull=True))
    return [grant.user for grant in rows.select_related("user__person").order_by("id")]


def invitation_stands(message: Message, at: datetime) -> Answer:
    """Whether an invitation may still go: while the person may sign in, and has not done so."""
    user = User.objects.filter(pk=message.ground_id).first()
    if user is None or not user.is_active:
        return Answer(False, "The sign-in was stopped.")
    if user.email != message.to_address:
        return Answer(False, "They sign in with another address now; invite them again.")
    return Answer(True)


def grounds() -> Grounds:
    """The questions that this room answers for the outbox, by kind of ground."""
    return {INVITATION: invitation_stands}
