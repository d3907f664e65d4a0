"""An excluded child in a public place: what was seen, checked against the Act before a notice is proposed (5.2-c).

Another act than irregular attendance, with amounts of its own. Education and Inspections Act 2006 s103.
"""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from rollcall.casework.models import Notice, NoticeEvent
from rollcall.casework.queries.gate import PUBLIC
from rollcall.casework.queries.liable import Parent
from rollcall.journal import actions as journal
from rollcall.rules.ahead import school_days
from rollcall.rules.penalties import public_place_days
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.sessions import HALVES
from rollcall.rules.words import counted, day_words, time_words
from rollcall.schools.models import Exclusion, Pupil
from rollcall.schools.queries import SchoolFacts


class NotDone(ValueError):
    """A notice of which nothing was written; the message is a sentence for who wanted it. `field`: beside which."""

    def __init__(self, said: str, field: str = "") -> None:
        super().__init__(said)
        self.field = field


@dataclass(frozen=True)
class InPublic:
    """An excluded child seen in a public place in school hours without good reason: another act's notice."""

    exclusion: int
    day: date
    at: time
    place: str
    seen_by: str
    reason_heard: str


def seen_in_public(
    pupil: Pupil, parent: Parent, given: InPublic | None, facts: SchoolFacts, day: date
) -> dict[str, Any]:
    """What was seen, as the notice keeps it: in the first school days of an exclusion, in school hours, of school age.

    Raises NotDone with a sentence where it was not, and for a day about which this parent has a notice.
    """
    if given is None:
        raise NotDone("Say when and where the child was seen.", "day")
    rows = Exclusion.objects.filter(pk=given.exclusion, enrolment__pupil=pupil, withdrawn__isnull=True)
    exclusion = rows.first()
    if exclusion is None:
        raise NotDone(f"Choose an exclusion of {pupil.known_name}.", "exclusion")
    _check_seen(pupil, exclusion, given, facts, day)
    if len(given.place.strip()) < journal.LEAST_REASON or len(given.seen_by.strip()) < journal.LEAST_REASON:
        raise NotDone("Say where the child was, and who saw it.", "place")
    again = Notice.objects.filter(
        pupil=pupil, contact=parent.contact, kind=PUBLIC, evidence__in_public__day=f"{given.day}"
    )
    if again.exclude(
        events__in=NoticeEvent.objects.filter(kind__in=("dropped", "withdrawn"), taken_back=None)
    ).exists():
        raise NotDone(f"{parent.name} has a notice about {day_words(given.day)} already.", "day")
    return {
        "exclusion": {"id": exclusion.pk, "begins": f"{exclusion.begins}", "ends": f"{exclusion.ends or ''}"},
        "day": f"{given.day}",
        "at": time_words(given.at),
        "place": given.place.strip(),
        "seen_by": given.seen_by.strip(),
        "reason_heard": given.reason_heard.strip(),
    }


def _check_seen(pupil: Pupil, exclusion: Exclusion, given: InPublic, facts: SchoolFacts, today: date) -> None:
    most = public_place_days(given.day)
    if given.day > today or not exclusion.begins <= given.day or (exclusion.ends and given.day > exclusion.ends):
        raise NotDone(f"{day_words(given.day)} is not a day of this exclusion that has been.", "day")
    nth = school_days(exclusion.begins, given.day, facts.is_school_day, most + 1)
    if not any(facts.is_open(given.day, half) for half in HALVES):
        raise NotDone(f"{day_words(given.day)} was no school day.", "day")
    if nth > most:
        raise NotDone(f"Only the first {counted(most, 'school day')} of an exclusion count for this notice.", "day")
    times = facts.times_on(given.day)
    if not times.am_opens <= given.at <= times.day_ends:
        raise NotDone(f"School hours that day were {time_words(times.am_opens)} to {time_words(times.day_ends)}.", "at")
    if not compulsory_age(pupil.born, given.day):
        raise NotDone(f"{pupil.known_name} was not of compulsory school age on {day_words(given.day)}.", "day")
