"""Meetings with families: those to come, those to be written down, those due at the policy's interval (7.4-b)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from rollcall.accounts.models import Grant
from rollcall.accounts.roles import Role
from rollcall.casework.models import AgreedAction, Meeting, Target
from rollcall.rules.policy import Policy, number_text
from rollcall.rules.words import day_words, listed, time_words
from rollcall.schools.models import PupilContact
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import in_force

FAMILY = ("step", "regular", "review", "other")
"""The kinds of meeting that are with a pupil's family."""
SHORTLY = timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """Somebody asked to a meeting, or who came: their name and as what; an adult of the pupil or a member of staff.

    contact: the id of the adult (Contact). actor: of the member of staff, as `journal.Actor` has it.
    """

    name: str
    as_: str
    contact: int | None = None
    actor: str = ""

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept with the meeting."""
        more: dict[str, Any] = {"contact": self.contact} if self.contact else {}
        return {"name": self.name, "as": self.as_, **more, **({"actor": self.actor} if self.actor else {})}

    def __str__(self) -> str:
        return f"{self.name} ({self.as_})" if self.as_ else self.name


def from_kept(kept: Iterable[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """People as a meeting keeps them."""
    return tuple(Asked(one["name"], one.get("as", ""), one.get("contact"), one.get("actor", "")) for one in kept)


@dataclass(frozen=True)
class MeetingLine:
    """One meeting in a list. `over`: its time has passed and nobody wrote down how it went."""

    id: int
    pupil: int | None
    pupil_name: str
    kind: str
    kind_words: str
    step: str
    at: datetime
    place: str
    asked: tuple[Asked, ...]
    how: str
    how_words: str
    next_review: date | None
    over: bool
    said: str = ""
    came: tuple[Asked, ...] = ()
    by: str = ""


def adults_of(pupil: int) -> tuple[list[Asked], list[Asked]]:
    """The adults of a pupil (by id) who may be asked to a meeting, and those who are barred; in the order to call."""
    may: list[Asked] = []
    barred: list[Asked] = []
    for link in PupilContact.objects.filter(pupil=pupil).select_related("contact").order_by("order", "id"):
        one = Asked(str(link.contact), link.relationship, link.contact_id)
        (barred if link.barred else may).append(one)
    return may, barred


def staff_of(school: int, day: date) -> list[Asked]:
    """The staff of a school (by id) who can be asked to a meeting on a day, by name, each once."""
    roles = [Role.HEAD, Role.LEADER, Role.DSL, Role.DEPUTY_DSL, Role.SECRETARY, Role.TEACHER, Role.EXECUTIVE]
    rows = Grant.objects.filter(in_force(day), role__in=[role.value for role in roles], user__is_active=True)
    found: dict[str, Asked] = {}
    for grant in rows.select_related("user__person", "school_class").order_by("id"):
        at_school = grant.school_class.school_id if grant.school_class else grant.school_id
        if at_school in (None, school):
            actor = f"user:{grant.user_id}"
            found.setdefault(actor, Asked(str(grant.user), Role(grant.role).label, None, actor))
    return sorted(found.values(), key=lambda one: one.name)


def barred_among(pupil: int, asked: Iterable[Asked]) -> str:
    """The name of the first of those asked who is barred from the pupil; empty where none is."""
    _, barred = adults_of(pupil)
    ids = {one.contact for one in barred}
    names = {one.name.casefold() for one in barred}
    return next((one.name for one in asked if one.contact in ids or one.name.strip().casefold() in names), "")


def invitation(meeting: Meeting) -> dict[str, str]:
    """The values of an invitation's own fields."""
    return {**_when(meeting), "meeting_about": meeting.about.rstrip(".") or "how we can help"}


def record(meeting: Meeting, policy: Policy) -> dict[str, str]:
    """The values of the fields of a letter that follows a meeting: its record, or the letter of its step."""
    outcome = meeting.outcome
    again = outcome.next_review
    every = policy.monitoring.review_every_weeks.value
    return {
        **_when(meeting),
        "meeting_about": meeting.about.rstrip(".") or "attendance",
        "meeting_came": listed(str(one) for one in from_kept(outcome.came)) or "nobody",
        "meeting_said": outcome.said,
        "agreed_actions": "\n".join(f"- {action_words(one)}" for one in meeting.actions.all())
        or "- Nothing new was agreed.",
        "agreed_targets": "\n".join(f"- {target_words(one)}" for one in standing_targets(meeting))
        or "- No target was set.",
        "next_review": f"{day_words(again)} {again.year}" if again else f"the next review, within {every} weeks",
    }


def _when(meeting: Meeting) -> dict[str, str]:
    at = meeting.at.astimezone(LONDON)
    staff = [str(one) for one in from_kept(meeting.asked) if one.contact is None]
    return {
        "meeting": f"{day_words(at.date())} {at.year} at {time_words(at)}",
        "meeting_place": meeting.place or "at school",
        "meeting_with": listed(staff) or "us",
    }


def action_words(one: AgreedAction) -> str:
    """Something agreed, as a line that a family can read."""
    by = f", by {day_words(one.due)}" if one.due else ""
    return f"{one.owner}: {one.what.rstrip('.')}{by}."


def target_words(one: Target) -> str:
    """A target as a line that a family can read."""
    if one.percent is None:
        return f"In school every day from {day_words(one.begins)} until {day_words(one.ends)}."
    percent = number_text(Fraction(one.percent))
    return f"At least {percent}% of sessions attended from {day_words(one.begins)} to {day_words(one.ends)}."


def standing_targets(meeting: Meeting) -> QuerySet[Target]:
    """The targets of a meeting that were not taken back."""
    return meeting.targets.filter(withdrawn__isnull=True)


def coming(school: int, at: datetime, pupils: Iterable[int] | None = None) -> list[MeetingLine]:
    """Meetings with families of a school that nobody has written down yet, the earliest first; of some pupils only."""
    return lines_of(_of(school, pupils).filter(outcome__isnull=True), at)


def held_lately(school: int, at: datetime, pupils: Iterable[int] | None = None) -> list[MeetingLine]:
    """Meetings with families of a school whose outcome was written down in the last two weeks, the latest first."""
    return lines_of(_of(school, pupils).filter(outcome__deed__at__gte=at - SHORTLY), at)[::-1]


def _of(school: int, pupils: Iterable[int] | None) -> QuerySet[Meeting]:
    """The meetings with families of a school; those of some pupils wherever they were planned, for they move along."""
    rows = Meeting.objects.filter(kind__in=FAMILY)
    return rows.filter(school=school) if pupils is None else rows.filter(pupil__in=list(pupils))


def meetings_of(pupil: int, at: datetime) -> list[MeetingLine]:
    """All meetings with a pupil's family (the pupil by id), the latest first; not those of agencies."""
    return lines_of(Meeting.objects.filter(pupil=pupil, kind__in=FAMILY), at)[::-1]


def open_actions(school: int, pupil: int | None = None, pupils: Iterable[int] | None = None) -> Sequence[AgreedAction]:
    """What was agreed and is not done yet: at a school (by id), or about one pupil or some; what is due first first.

    What agencies agreed at a meeting of theirs is not among it: that they meet is not for everybody.
    """
    rows = AgreedAction.objects.filter(done__isnull=True).select_related("pupil", "meeting")
    rows = rows.exclude(meeting__kind="multi_agency")
    about = pupils if pupil is None else [pupil]
    rows = rows.filter(school=school) if about is None else rows.filter(pupil__in=list(about))
    return sorted(rows, key=lambda one: (one.due is None, one.due or date.max, one.pk))


def lines_of(rows: QuerySet[Meeting], at: datetime) -> list[MeetingLine]:
    """Meetings as lines of a list, in the order of their time, in one query."""
    return [
        MeetingLine(
            id=one.pk,
            pupil=one.pupil_id,
            pupil_name=one.pupil.known_name if one.pupil else "",
            kind=one.kind,
            kind_words=one.get_kind_display(),
            step=one.step,
            at=one.at.astimezone(LONDON),
            place=one.place,
            asked=from_kept(one.asked),
            how=outcome.how if outcome else "",
            how_words=outcome.get_how_display() if outcome else "",
            next_review=outcome.next_review if outcome else None,
            over=outcome is None and one.at <= at,
            said=outcome.said if outcome else "",
            came=from_kept(outcome.came) if outcome else (),
            by=outcome.deed.name if outcome else "",
        )
        for one in rows.select_related("pupil", "outcome__deed").order_by("at", "id")
        for outcome in [getattr(one, "outcome", None)]
    ]


def targets_of(pupil: int) -> list[str]:
    """The targets of a pupil (by id) that stand, as lines, the latest first."""
    rows = Target.objects.filter(pupil=pupil, withdrawn__isnull=True).order_by("-id")
    return [target_words(one) for one in rows]
