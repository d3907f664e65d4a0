"""Words that were left and wait to be cleared, and callers whom the head of school is to take (3.6-a)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.absence.models import HandOver, Word
from rollcall.rules.reporting import minutes_in_words
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


@dataclass(frozen=True)
class LeftWord:
    """One word that waits. `waited` is how long, in words."""

    id: int
    school: int
    channel: str
    channel_words: str
    received_at: datetime
    caller: str
    number: str
    words: str
    by: str
    waited: str


@dataclass(frozen=True)
class Countdown:
    """How long until the calls begin, in words; `is_over` once they have."""

    calls_from: datetime
    words: str
    is_over: bool


@dataclass(frozen=True)
class HandedOn:
    """One caller handed on to the head of school, with what came of it once that is said."""

    id: int
    school: int
    school_name: str
    caller: str
    number: str
    about: str
    pupil: str
    enrolment: int | None
    handed_by: str
    handed_at: datetime
    waited: str
    done_by: str
    done_at: datetime | None
    outcome: str


def uncleared(school: int, at: datetime) -> list[LeftWord]:
    """What was left at a school (by id) and nobody has cleared, oldest first, in one query."""
    rows = Word.objects.filter(school=school, cleared__isnull=True).select_related("deed").order_by("received_at", "id")
    return [_left(word, at) for word in rows]


def _left(word: Word, at: datetime) -> LeftWord:
    return LeftWord(
        id=word.pk,
        school=word.school_id,
        channel=word.channel,
        channel_words=word.get_channel_display(),
        received_at=word.received_at,
        caller=word.caller,
        number=word.number,
        words=word.words,
        by=word.deed.name,
        waited=waited(word.received_at, at),
    )


def waited(since: datetime, at: datetime) -> str:
    """How long something has waited, in words."""
    return minutes_in_words(max(0, int((at - since) / timedelta(minutes=1))))


def countdown(facts: SchoolFacts, at: datetime) -> Countdown | None:
    """How long is left to clear the inbox before calls begin; None on a day without school."""
    day = at.astimezone(LONDON).date()
    if not (facts.is_open(day, "AM") or facts.is_open(day, "PM")):
        return None
    begins = facts.moment(day, facts.policy_on(day).school(facts.slug).calls_from.value)
    minutes = -(-(begins - at) // timedelta(minutes=1))
    if minutes <= 0:
        return Countdown(begins, "Calls have begun", True)
    return Countdown(begins, f"{minutes_in_words(minutes)} until calls begin", False)


def hand_overs(schools: Iterable[int] | None, at: datetime, *, done_since: date | None = None) -> list[HandedOn]:
    """Callers handed on at these schools (by id; None is all) and not taken yet, oldest first.

    done_since: those taken on or after a day instead, newest first.
    """
    rows = HandOver.objects.select_related("deed", "done", "school", "enrolment__pupil")
    if schools is not None:
        rows = rows.filter(school__in=list(schools))
    if done_since is None:
        rows = rows.filter(done__isnull=True).order_by("id")
    else:
        since = datetime(done_since.year, done_since.month, done_since.day, tzinfo=LONDON)
        rows = rows.filter(done__at__gte=since).order_by("-done__at", "-id")
    return [_handed(row, at) for row in rows]


def _handed(row: HandOver, at: datetime) -> HandedOn:
    return HandedOn(
        id=row.pk,
        school=row.school_id,
        school_name=row.school.name,
        caller=row.caller,
        number=row.number,
        about=row.about,
        pupil=row.enrolment.pupil.known_name if row.enrolment else "",
        enrolment=row.enrolment_id,
        handed_by=row.deed.name,
        handed_at=row.deed.at,
        waited=waited(row.deed.at, at),
        done_by=row.done.name if row.done else "",
        done_at=row.done.at if row.done else None,
        outcome=row.done.reason if row.done else "",
    )
