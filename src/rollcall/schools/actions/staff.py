"""Members of staff and governors, and the positions they hold at each school (3.7-c)."""

from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import Person, Post, School


@transaction.atomic
def add_person(first: str, last: str, *, by: Actor, at: datetime, key: str = "", school: int | None = None) -> Person:
    """Add a member of staff or a governor; `school` (by id) is where the deed is shown."""
    journal.begin("person.added", by=by, at=at, key=key, reason=f"{first} {last}", school=school)
    return Person.objects.create(first=first, last=last)


@transaction.atomic
def rename_person(person: Person, first: str, last: str, *, by: Actor, at: datetime, key: str = "") -> None:
    """Change a person's name; what they did before keeps the name they had."""
    deed = journal.begin("person.renamed", by=by, at=at, key=key, reason=f"{person} to {first} {last}")
    journal.note_changes(deed, "person", person.pk, {"first": (person.first, first), "last": (person.last, last)})
    person.first, person.last = first, last
    person.save(update_fields=["first", "last"])


@transaction.atomic
def add_post(
    person: Person,
    position: str,
    *,
    begins: date,
    by: Actor,
    at: datetime,
    school: School | None = None,
    key: str = "",
) -> Post:
    """Give a person a position at a school, or across the federation."""
    deed = journal.begin(
        "post.given",
        by=by,
        at=at,
        key=key,
        reason=f"{position}: {person}",
        school=school.pk if school else None,
    )
    post = Post.objects.create(person=person, school=school, position=position, begins=begins)
    journal.note_changes(deed, "person", person.pk, {"position": ("", f"{post} from {begins}")})
    return post


@transaction.atomic
def end_post(post: Post, *, last_day: date, by: Actor, at: datetime, key: str = "") -> None:
    """End a position after `last_day`; the row stays. Raises Refused for a day before it began."""
    deed = journal.begin("post.ended", by=by, at=at, key=key, reason=str(post), school=post.school_id)
    if last_day < post.begins:
        raise Refused(f"This position began on {post.begins:%-d %B %Y}; choose that day or a later one.", "last_day")
    journal.note_changes(deed, "person", post.person_id, {f"{post} until": (post.ends, last_day)})
    post.ends = last_day
    post.save(update_fields=["ends"])


@transaction.atomic
def take_on_person(
    first: str,
    last: str,
    position: str,
    *,
    begins: date,
    by: Actor,
    at: datetime,
    school: School | None = None,
    key: str = "",
) -> Person:
    """Add a person with their first position, all or nothing."""
    person = add_person(first, last, by=by, at=at, key=key, school=school.pk if school else None)
    add_post(person, position, begins=begins, by=by, at=at, school=school)
    return person
