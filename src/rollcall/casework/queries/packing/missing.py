"""What is missing in the evidence, as sentences for who makes a pack, and for who reads it."""

from collections.abc import Iterator, Sequence

from rollcall.casework.queries.notices import differences, sessions_shown
from rollcall.casework.queries.packing.agreed import meetings_of, support_of
from rollcall.casework.queries.packing.blocks import day
from rollcall.casework.queries.packing.day import undecided
from rollcall.casework.queries.packing.register import Extract
from rollcall.casework.queries.packing.subject import Subject
from rollcall.casework.queries.warnings import warnings_of
from rollcall.outbox.models import Message
from rollcall.rules.pupil_year import Cell
from rollcall.rules.words import counted, listed
from rollcall.schools.queries.facts import LONDON

MOST_NAMED = 5
NOT_GONE = ("held", "waiting", "sending", "failed", "unsure", "off", "stopped")


def missing(about: Subject, found: Sequence[Extract], messages: Sequence[Message]) -> list[str]:
    """Every gap in the evidence in a sentence, the register's first."""
    return [*_register(found, about), *_warned(about), *_letters(messages), *_meetings(about), *_support(about),
            *_asked(about), *_notice(about)]  # fmt: skip


def _register(found: Sequence[Extract], about: Subject) -> Iterator[str]:
    if not found:
        yield f"No session of {about.pupil.known_name} is counted since {day(about.since)}."
    for one in found:
        school = one.enrolled.school.name
        if one.missing:
            yield f"{school}: {counted(len(one.missing), 'session')} without a mark ({_named(one.missing)})."
        if one.unexplained:
            n = counted(len(one.unexplained), "session")
            yield f"{school}: {n} of which nobody has said why, code N ({_named(one.unexplained)})."
        if about.certified is None or one.enrolled.school.pk not in about.certified.schools:
            yield f"The extract of the register of {school} is not certified."


def _named(cells: Sequence[Cell]) -> str:
    days = list(dict.fromkeys(day(cell.day) for cell in cells))
    more = len(days) - MOST_NAMED
    return listed(days[:MOST_NAMED]) if more <= 0 else f"{', '.join(days[:MOST_NAMED])} and {counted(more, 'more day')}"


def _warned(about: Subject) -> Iterator[str]:
    policy = about.facts.policy_on(about.at.date())
    if policy.penalty.warned_by is None:
        return
    warned = warnings_of([about.pupil.pk], policy)
    if (
        about.notice is not None
        and about.notice.kind == "irregular"
        and not warned.get((about.pupil.pk, about.contact or 0))
    ):
        yield f"No warning went to {about.notice.to_name}."
    elif not warned:
        yield "No warning has gone to the family."


def _letters(messages: Sequence[Message]) -> Iterator[str]:
    for one in messages:
        if one.state in NOT_GONE:
            made = day(one.made_at.astimezone(LONDON).date())
            yield f"“{one.subject}” to {one.to_name}, made on {made}, has not gone: {one.get_state_display().lower()}."


def _meetings(about: Subject) -> Iterator[str]:
    rows = meetings_of(about)
    if not rows:
        yield "No meeting with the family is on record."
    for one, outcome in rows:
        if outcome is None and one.at <= about.at:
            yield f"Nobody wrote down how the meeting of {day(one.at.date())} went."


def _support(about: Subject) -> Iterator[str]:
    rows = support_of(about)
    if not rows:
        yield "No support is recorded as offered."
    for one in rows:
        if not one.answers.all():
            yield f"What became of the support of {day(one.day)} is not recorded: {about.typed(one.what)}."


def _asked(about: Subject) -> Iterator[str]:
    for one in undecided(about):
        yield f"Evidence was asked for about {one.span}, and nobody has decided: {one.state_words.lower()}."


def _notice(about: Subject) -> Iterator[str]:
    if about.notice is None:
        return
    if about.notice.issued_on is None:
        yield "The notice is not issued."
    for one in differences(sessions_shown(about.notice)):
        yield f"A mark that the notice rests on is another now. {one.words}."
