"""Facts of a pupil with a first and a last day: holds on messages, part-time patterns, exclusions."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules.ahead import WEEKDAYS
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import Enrolment, Exclusion, Hold, PartTimePattern, Pupil


def pattern_of(chosen: Iterable[str]) -> str:
    """Sessions such as "WedPM", "FriAM" and "FriPM" as a pattern is kept: "WedPM Fri"."""
    ticked = set(chosen)
    words = []
    for day in WEEKDAYS:
        halves = [half for half in ("AM", "PM") if f"{day}{half}" in ticked]
        words += [day] if len(halves) == 2 else [f"{day}{half}" for half in halves]
    return " ".join(words)


def hold_faults(begins: date, ends: date | None) -> list[Refused]:
    """Everything for which a hold can't be."""
    return _span_faults(begins, ends)


def part_time_faults(away: str, begins: date, ends: date, others: Iterable[tuple[str, date, date]]) -> list[Refused]:
    """Everything for which a part-time pattern can't be; others: (away, first day, last day) of the pupil's others."""
    found = _span_faults(begins, ends)
    if not away or not all(word.removesuffix("AM").removesuffix("PM") in WEEKDAYS for word in away.split()):
        found.append(Refused("Choose the sessions of the week that the pupil does not attend.", "away"))
    for other, first, last in others:
        if first <= ends and last >= begins:
            words = f"Another pattern ({other}) holds from {first:%-d %B} to {last:%-d %B %Y}."
            return [*found, Refused(words, "begins")]
    return found


def exclusion_faults(permanent: bool, begins: date, ends: date | None, provision_from: date | None) -> list[Refused]:
    """Everything for which an exclusion can't be: a suspension has a last day, a permanent one none."""
    found = _span_faults(begins, ends)
    if not permanent and ends is None:
        found.append(Refused("A suspension has a last day.", "ends"))
    if permanent and ends is not None:
        found.insert(0, Refused("A permanent exclusion has no last day; leave it empty.", "ends"))
    if provision_from and provision_from < begins:
        found.append(Refused("Alternative provision can't begin before the exclusion.", "provision_from"))
    return found


def _span_faults(begins: date, ends: date | None) -> list[Refused]:
    if ends is not None and ends < begins:
        return [Refused(f"The last day can't lie before the first, {begins:%-d %B %Y}.", "ends")]
    return []


def _check(faults: list[Refused]) -> None:
    if faults:
        raise faults[0]


@transaction.atomic
def hold(
    pupil: Pupil,
    kind: str,
    *,
    begins: date,
    note: str,
    by: Actor,
    at: datetime,
    ends: date | None = None,
    school: int | None = None,
    key: str = "",
) -> Hold:
    """Hold all messages to a pupil's family for a time; `school` (by id) is where the deed is shown."""
    deed = journal.begin("hold.set", by=by, at=at, key=key, reason=note, school=school)
    _check(hold_faults(begins, ends))
    made = Hold.objects.create(pupil=pupil, kind=kind, begins=begins, ends=ends, note=note, deed=deed)
    journal.note_changes(deed, "pupil", pupil.pk, {"hold": ("", f"{made} to {ends or 'further notice'}")})
    return made


@transaction.atomic
def end_hold(held: Hold, *, last_day: date, by: Actor, at: datetime, school: int | None = None, key: str = "") -> None:
    """Let messages go again after `last_day`; the hold stays on record. Raises Refused for a day before it began."""
    deed = journal.begin("hold.ended", by=by, at=at, key=key, reason=str(held), school=school)
    _check(hold_faults(held.begins, last_day))
    journal.note_changes(deed, "pupil", held.pupil_id, {"hold until": (held.ends, last_day)})
    held.ends = last_day
    held.save(update_fields=["ends"])


@transaction.atomic
def set_part_time(
    enrolment: Enrolment, away: str, *, begins: date, ends: date, by: Actor, at: datetime, key: str = ""
) -> PartTimePattern:
    """Say which sessions of a week a part-time pupil does not attend between two days, such as "WedPM Fri".

    Raises Refused where it names no session, runs backwards, or lies over another pattern of theirs.
    """
    deed = journal.begin("part_time.set", by=by, at=at, key=key, reason=away, school=enrolment.school_id)
    _check(part_time_faults(away, begins, ends, enrolment.part_time.values_list("away", "begins", "ends")))
    made: PartTimePattern = PartTimePattern.objects.create(
        enrolment=enrolment, begins=begins, ends=ends, away=away, deed=deed
    )
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"part-time": ("", made)})
    return made


@transaction.atomic
def end_part_time(pattern: PartTimePattern, *, last_day: date, by: Actor, at: datetime, key: str = "") -> None:
    """Let a part-time pattern end on another day. Raises Refused for a day before it began."""
    deed = journal.begin("part_time.ended", by=by, at=at, key=key, school=pattern.enrolment.school_id)
    _check(_span_faults(pattern.begins, last_day))
    journal.note_changes(deed, "pupil", pattern.enrolment.pupil_id, {"part-time until": (pattern.ends, last_day)})
    pattern.ends = last_day
    pattern.save(update_fields=["ends"])


@transaction.atomic
def record_exclusion(
    enrolment: Enrolment,
    *,
    begins: date,
    ends: date | None,
    permanent: bool,
    provision_from: date | None,
    by: Actor,
    at: datetime,
    key: str = "",
) -> Exclusion:
    """Record a suspension or permanent exclusion. Raises Refused: a suspension has a last day, a permanent one none."""
    deed = journal.begin("exclusion.recorded", by=by, at=at, key=key, school=enrolment.school_id)
    _check(exclusion_faults(permanent, begins, ends, provision_from))
    made: Exclusion = Exclusion.objects.create(
        enrolment=enrolment, begins=begins, ends=ends, permanent=permanent, provision_from=provision_from, deed=deed
    )
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"exclusion": ("", f"{made} to {ends or 'for good'}")})
    return made


@transaction.atomic
def arrange_provision(
    exclusion: Exclusion, *, begins: date | None, by: Actor, at: datetime, reason: str = "", key: str = ""
) -> None:
    """Say from which day other education is provided during an exclusion; None for none after all.

    Raises Refused for a day before the exclusion, or for one that was withdrawn.
    """
    enrolment = exclusion.enrolment
    deed = journal.begin("exclusion.provision", by=by, at=at, key=key, reason=reason, school=enrolment.school_id)
    _check(exclusion_faults(exclusion.permanent, exclusion.begins, exclusion.ends, begins))
    _check_stands(exclusion)
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"provision from": (exclusion.provision_from, begins)})
    exclusion.provision_from = begins
    exclusion.save(update_fields=["provision_from"])


@transaction.atomic
def withdraw_exclusion(exclusion: Exclusion, *, by: Actor, at: datetime, reason: str, key: str = "") -> None:
    """Withdraw an exclusion that was recorded wrongly or is cancelled; it stays on record, and marks stay as they are.

    Raises Refused for one that was withdrawn before.
    """
    enrolment = exclusion.enrolment
    deed = journal.begin("exclusion.withdrawn", by=by, at=at, key=key, reason=reason, school=enrolment.school_id)
    _check_stands(exclusion)
    journal.note_changes(deed, "pupil", enrolment.pupil_id, {"exclusion": (str(exclusion), "withdrawn")})
    exclusion.withdrawn = deed
    exclusion.save(update_fields=["withdrawn"])


def _check_stands(exclusion: Exclusion) -> None:
    if exclusion.withdrawn_id:
        raise Refused("This exclusion was withdrawn before.")
