"""Letters about a pupil that are no step of a review: what exactly would go to whom, and why one can't.

What is prepared here is what goes: a preview shows it, and `actions.letters` puts the same into the outbox.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from rollcall.casework.models import Case, LetterWritten
from rollcall.casework.queries.abouts import about_stands
from rollcall.casework.queries.cases import policy_of
from rollcall.casework.queries.letters import GONE, WRITTEN, Prepared, ToSend, on_roll_of, without_address
from rollcall.casework.queries.place import end_of_last_day
from rollcall.letters.fields import WordingError, fields_in
from rollcall.letters.queries import (
    Figure,
    Recipient,
    Recipients,
    compose_with,
    has_wording,
    hold_on,
    is_read_by_barred,
    may_be_written_to,
    recipients_of,
    told_lines,
    wordings_for,
)
from rollcall.letters.wordings import WordingText
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.policy import Letter, Line, Policy, number_text
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.words import day_words
from rollcall.schools.models import Pupil, School
from rollcall.schools.queries import SchoolFacts, facts_of, year_of
from rollcall.schools.queries.letterheads import Heading, letterhead_of

FIGURES = frozenset({"attendance_figure", "missed", "figure_day"})
NOBODY = "There is nobody to write to: see who was left out, and why."


@dataclass(frozen=True)
class Wanted:
    """A letter that is wanted: about whom (pupil's id), which of the policy, the values of its own fields.

    rests_on: what it is written on, copied, in plain JSON. "figures" {"attended", "possible"} with "through" (a day) is
    the year's attendance, worked out here where the letter tells it and nobody gave it. contacts: only these adults,
    by id; None for all who may be written to.
    """

    pupil: int
    letter: str
    more: Mapping[str, str] = field(default_factory=dict)
    rests_on: Mapping[str, Any] = field(default_factory=dict)
    contacts: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Ready(Prepared):
    """What would go for one wanted letter; `rests_on` is complete, as it will be kept."""

    wanted: Wanted = field(default_factory=lambda: Wanted(0, ""))
    rests_on: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sending:
    """What the letters of one go share: the school and its policy, the moment, who signs, how they go."""

    school: School
    policy: Policy
    policy_id: int | None
    at: datetime
    signed: tuple[str, ...]
    by_post: bool = False
    last_week: bool = False

    @property
    def day(self) -> date:
        """The day that the letters bear."""
        return self.at.date()

    @cached_property
    def told(self) -> dict[str, list[Line]]:
        """The policy's values that a letter may tell, by field."""
        return told_lines(self.policy)


def sending(
    school: int, *, at: datetime, signed: tuple[str, ...], case: Case | None = None, letter: str = "",
    by_post: bool = False, last_week: bool = False,
) -> Sending:  # fmt: skip
    """How letters of a school go at a moment: by the policy of the case where it has that letter, else by today's."""
    facts = facts_of(school)
    policy, number = facts.policy_on(at.date()), facts.policy_id_on(at.date())
    if case is not None:
        kept = policy_of(case)
        if any(one.id == letter for one in kept.letters):
            policy, number = kept, case.policy
    return Sending(School.objects.get(pk=school), policy, number, at, signed, by_post, last_week)


def preview_letter(
    pupil: int, letter: str, more: Mapping[str, str], *, school: int, signed: tuple[str, ...], at: datetime,
    case: Case | None = None, rests_on: Mapping[str, Any] | None = None, contacts: Iterable[int] | None = None,
    by_post: bool = False,
) -> Ready:  # fmt: skip
    """Exactly what `actions.letters.write_letter` would send with the same arguments; `problem` says why it can't."""
    given = Wanted(pupil, letter, more, rests_on or {}, None if contacts is None else tuple(contacts))
    go = sending(school, at=at, signed=signed, case=case, letter=letter, by_post=by_post)
    return prepare_letters([given], go)[0]


def prepare_letters(wanted: Sequence[Wanted], go: Sending) -> list[Ready]:
    """The letters that are wanted, each with who gets it, in order; a handful of queries, however many there are."""
    pupils = Pupil.objects.in_bulk([one.pupil for one in wanted])
    found = recipients_of(pupils, go.day)
    here = on_roll_of(go.school.pk, pupils, go.day)
    batch = _Batch(go, wordings_for({one.letter for one in wanted}, go.school.pk), letterhead_of(go.school.pk))
    figures = _figures([one for one in wanted if _tells_figure(one, batch.wordings)], here, go)
    return [
        _ready(one, pupils[one.pupil], found[one.pupil], figures.get(one.pupil, {}), batch)
        if one.pupil in here
        else Ready(0, str(pupils[one.pupil].known_name), (), (), GONE, one)
        for one in wanted
    ]


def _tells_figure(one: Wanted, wordings: Callable[[str, str], WordingText]) -> bool:
    return (
        has_wording(one.letter)
        and "figures" not in one.rests_on
        and bool(FIGURES & set(fields_in(wordings(one.letter, "").whole)))
    )


def _figures(asked: Sequence[Wanted], here: Mapping[int, int], go: Sending) -> dict[int, dict[str, Any]]:
    """What the year's figure is now, as it is kept with the letter, by pupil."""
    seats = {one.pupil: here[one.pupil] for one in asked if one.pupil in here}
    if not seats:
        return {}
    start, as_of = year_of(go.day), end_of_last_day(facts_of(go.school.pk), go.at)
    found = year_figures(go.school.pk, seats.values(), start, as_of)
    through = last_day_before(facts_of(go.school.pk), as_of)
    return {
        pupil: {
            "figures": {"attended": one.attended, "possible": one.possible},
            "through": through.isoformat(),
            "enrolment": seat,
            "year_start": start,
            "as_of": as_of.isoformat(),
        }
        for pupil, seat in seats.items()
        if (one := found.get(seat)) is not None
    }


def last_day_before(facts: SchoolFacts, as_of: datetime) -> date:
    """The last school day that counts at a moment (`place.end_of_last_day`); that day itself where there was none."""
    tomorrow = as_of.date() + timedelta(days=1 if as_of.time() > time() else 0)
    last = facts.calendar(year_of(as_of.date())).last_sessions(tomorrow, 1)
    return last[0][0] if last else as_of.date()


@dataclass(frozen=True)
class _Batch:
    """What was read once for all letters of one go."""

    go: Sending
    wordings: Callable[[str, str], WordingText]
    head: Heading


def _ready(one: Wanted, pupil: Pupil, found: Recipients, figures: Mapping[str, Any], batch: _Batch) -> Ready:
    name, to, go = pupil.known_name, _chosen(one, found), batch.go
    rests_on = {**figures, **one.rests_on, "policy": {"id": go.policy_id, "name": go.policy.name}}
    try:
        if found.held or not to:
            raise WordingError(found.held or NOBODY)
        letter = go.policy.letter(one.letter)
        if letter.only_after_raised_in_person and not one.rests_on.get("raised"):
            raise WordingError(
                f"{letter.name} is sent only after the matter was raised in person: write that down first."
            )
        rests_on |= _lines(letter)
        letters = tuple(_one(one, pupil, who, rests_on, batch) for who in to)
    except (WordingError, LookupError) as error:
        return Ready(0, name, (), found.left_out, str(error), one, rests_on)
    problem = without_address(letters)
    return Ready(0, name, () if problem else letters, found.left_out, problem, one, rests_on)


def _chosen(one: Wanted, found: Recipients) -> list[Recipient]:
    return [who for who in found.written if one.contacts is None or who.contact in one.contacts]


def _lines(letter: Letter) -> dict[str, Any]:
    """What of the policy's letter is asked again before it goes: the band of its figure, and the child's age."""
    kept: dict[str, Any] = {}
    if letter.from_percent is not None:
        kept["from_percent"] = number_text(letter.from_percent.value)
    if letter.below_percent is not None:
        kept["below_percent"] = number_text(letter.below_percent.value)
    if letter.compulsory_age_only:
        kept["compulsory_age_only"] = True
    return kept


def _one(one: Wanted, pupil: Pupil, who: Recipient, rests_on: Mapping[str, Any], batch: _Batch) -> ToSend:
    go, wording = batch.go, batch.wordings(one.letter, who.language)
    composed = compose_with(
        one.letter,
        pupil,
        one.more,
        recipient=who,
        school=go.school,
        policy=go.policy,
        day=go.day,
        signed=go.signed,
        figure=_figure(rests_on),
        last_week=go.last_week,
        draft=wording,
        head=batch.head,
    )
    return ToSend(who.reading(wording.language), composed, "print" if go.by_post else who.channel)


def _figure(rests_on: Mapping[str, Any]) -> Figure | None:
    if "figures" not in rests_on:
        return None
    counts = rests_on["figures"]
    return Figure(counts["attended"], counts["possible"], date.fromisoformat(rests_on["through"]))


def written_stands(message: Message, at: datetime) -> Answer:
    """Whether a message of a letter may still go: the letter, the child, the adult, and what it rests on."""
    rows = LetterWritten.objects.select_related("pupil", "school")
    written = rows.filter(pk=message.ground_id).first()
    if written is None:
        return Answer(False, "The letter that it belongs to is not there.")
    if written.withdrawn_id is not None:
        return Answer(False, "The letter was withdrawn.")
    pupil, day = written.pupil, at.date()
    if not on_roll_of(written.school_id, [pupil.pk], day):
        return Answer(False, f"{pupil.known_name} is no longer on the roll of {written.school}.")
    if held := hold_on(pupil.pk, day):
        return Answer(False, held)
    contact = message.evidence.get("contact")
    if contact is None or not may_be_written_to(pupil.pk, contact):
        return Answer(False, f"{message.to_name} may no longer be written to about {pupil.known_name}.")
    if is_read_by_barred(pupil.pk, message.channel, message.to_address):
        return Answer(False, "The address is also that of somebody barred.")
    if written.rests_on.get("compulsory_age_only") and not compulsory_age(pupil.born, day):
        return Answer(False, f"{pupil.known_name} is not of compulsory school age on {day_words(day)}.")
    return about_stands(written, at)


def written_may_have_gone(letter: int) -> bool:
    """Whether a letter (by id) has gone to anybody, or may have; locks its messages, so that none goes meanwhile."""
    rows = Message.objects.select_for_update().filter(ground=WRITTEN, ground_id=letter)
    return any(state in ("sending", "sent", "unsure") for state in rows.values_list("state", flat=True))


__all__ = ["WRITTEN", "Ready", "Sending", "Wanted", "prepare_letters", "preview_letter", "sending", "written_stands"]
