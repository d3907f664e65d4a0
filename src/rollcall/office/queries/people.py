"""Who works here, in which position, with which sign-in and roles; and who may do what, from the permission table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from rollcall.accounts.models import Grant, User
from rollcall.accounts.permissions import TABLE, Row
from rollcall.accounts.roles import Role
from rollcall.schools.models import Person, Post, School, SchoolClass
from rollcall.schools.queries.roll import in_force


@dataclass(frozen=True)
class PersonLine:
    """A person with what they hold on a day."""

    id: int
    name: str
    posts: tuple[str, ...]
    roles: tuple[str, ...]
    email: str
    active: bool
    has_password: bool


def people(schools: set[int] | None, day: date, words: str = "") -> list[PersonLine]:
    """Everybody who has a position or role at these schools (by id; None for all), by name, in four queries."""
    rows = Person.objects.select_related("user")
    for word in words.split():
        rows = rows.filter(Q(first__icontains=word) | Q(last__icontains=word))
    if schools is not None:
        rows = rows.filter(pk__in=_known_at(schools))
    posts, roles = _posts(day), _roles(day)
    return [_line(person, posts[person.pk], roles[person.pk]) for person in rows]


def _known_at(schools: Iterable[int]) -> set[int]:
    wanted = list(schools)
    held = Grant.objects.filter(school__in=wanted).values_list("user__person", flat=True)
    return {*Post.objects.filter(school__in=wanted).values_list("person", flat=True), *(pk for pk in held if pk)}


def is_known_at(person: int, schools: set[int] | None) -> bool:
    """Whether a person has, or had, a position or role at one of these schools (None for all)."""
    if schools is None:
        return True
    wanted = list(schools)
    at_post = Post.objects.filter(person=person, school__in=wanted).exists()
    return at_post or Grant.objects.filter(user__person=person, school__in=wanted).exists()


def is_wholly_at(person: int, schools: set[int] | None) -> bool:
    """Whether all that a person holds, or held, is at these schools: else their sign-in opens more than these."""
    if schools is None:
        return True
    places = set(Post.objects.filter(person=person).values_list("school", flat=True))
    places |= set(Grant.objects.filter(user__person=person).values_list("school", flat=True))
    return bool(places) and places <= schools


def person(person: int) -> Person | None:
    """A person with their sign-in, where they have one."""
    return Person.objects.select_related("user").filter(pk=person).first()


def account_of(person: Person) -> User | None:
    """A person's sign-in."""
    return User.objects.filter(person=person).first()


def posts_of(person: Person) -> list[Post]:
    """A person's positions, held and held before, the latest first."""
    return list(person.posts.select_related("school").order_by("-begins"))


def post_of(person: Person, post: int) -> Post | None:
    """One position of a person."""
    return Post.objects.select_related("school").filter(pk=post, person=person).first()


def grants_of(user: User) -> list[Grant]:
    """The roles that somebody holds and held before, the latest first, with who granted and ended them."""
    rows = Grant.objects.filter(user=user).select_related("school", "school_class", "deed", "ended_by")
    return list(rows.order_by("-begins", "-id"))


def grant_of(person: Person, grant: int) -> Grant | None:
    """One role of a person."""
    rows = Grant.objects.select_related("school", "school_class", "user")
    return rows.filter(pk=grant, user__person=person).first()


def place_chosen(chosen: str) -> tuple[School | None, SchoolClass | None] | None:
    """The school and class that one of `place_choices` names: neither for everywhere; None for one that is gone."""
    kind, _, pk = chosen.partition("-")
    if kind == "class":
        room = SchoolClass.objects.select_related("school").filter(pk=pk).first()
        return (room.school, room) if room else None
    if kind == "school":
        school = School.objects.filter(pk=pk).first()
        return (school, None) if school else None
    return None, None


def _posts(day: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for post in Post.objects.filter(in_force(day)).select_related("school"):
        found[post.person_id].append(str(post))
    return found


def _roles(day: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for grant in Grant.objects.filter(in_force(day)).select_related("school", "school_class", "user"):
        if grant.user.person_id:
            found[grant.user.person_id].append(str(grant))
    return found


def _line(person: Person, posts: list[str], roles: list[str]) -> PersonLine:
    user: User | None = getattr(person, "user", None)
    return PersonLine(
        person.pk,
        str(person),
        tuple(posts),
        tuple(roles),
        user.email if user else "",
        bool(user and user.is_active),
        bool(user and user.has_usable_password()),
    )


def who_may() -> list[tuple[str, list[tuple[Row, str, list[bool]]]]]:
    """The permission table by things: for each, its rows with the roles that may, in the order of the roles."""
    found: dict[str, list[tuple[Row, str, list[bool]]]] = {}
    for name, row in TABLE.items():
        thing = name.partition(":")[0]
        found.setdefault(thing, []).append((row, name, [role in row.roles for role in Role]))
    return list(found.items())


def school_choices(schools: set[int] | None) -> list[tuple[str, str]]:
    """Where a position may be: the federation (for who holds it everywhere), and each school."""
    rows = School.objects.all() if schools is None else School.objects.filter(pk__in=schools)
    everywhere = [("", "The whole federation")] if schools is None else []
    return everywhere + [(str(one.pk), one.name) for one in rows]


def place_choices(schools: set[int] | None, year_start: int) -> list[tuple[str, object]]:
    """Where a role may be granted: everywhere, a school, or a class of this year or the next."""
    rows = School.objects.all() if schools is None else School.objects.filter(pk__in=schools)
    places: list[tuple[str, object]] = [("everywhere", "The whole federation")] if schools is None else []
    rooms = SchoolClass.objects.filter(school__in=rows, year_start__in=(year_start, year_start + 1))
    by_school: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for room in rooms.order_by("year_start", "name"):
        label = f"{room.name}, {room.year_start}/{(room.year_start + 1) % 100:02}"
        by_school[room.school_id].append((f"class-{room.pk}", label))
    for school in rows:
        places.append((school.name, [(f"school-{school.pk}", f"All of {school.name}"), *by_school[school.pk]]))
    return places
