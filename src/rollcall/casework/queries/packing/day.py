"""The log of calls and word received in a pack, requests for leave with their decisions, and evidence asked for."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rollcall.absence.queries.doubts import Doubted
from rollcall.absence.queries.evidence import doubts_about, late_slips, reports_about, spoken
from rollcall.absence.queries.leave import Decided, Leave, leave_of
from rollcall.absence.queries.reports import Reported
from rollcall.casework.queries.packing.blocks import Block, day, exhibit, facts, heading, items, moment, table
from rollcall.casework.queries.packing.subject import Subject
from rollcall.rules.words import counted

LOG_HEAD = ("When", "What", "Who", "Words that were noted")
Line = tuple[datetime, str, str, str]


def exhibits(about: Subject, messages: Iterable[Line]) -> list[dict[str, Any]]:
    """Three exhibits: the log, leave, evidence asked for."""
    leave = [one for one in leave_of(about.enrolments) if one.last >= about.since]
    doubts = doubts_about(about.enrolments, about.since, about.at)
    return [
        exhibit("Calls, messages and word received", [_log(about, messages)], f"Since {day(about.since)}."),
        exhibit("Requests for leave and their decisions", [part for one in leave for part in _leave(one, about)]),
        exhibit("Evidence that was asked for", [part for one in doubts for part in _doubt(one, about)]),
    ]


def _log(about: Subject, messages: Iterable[Line]) -> Block:
    lines = [*messages, *(line for one in reports_about(about.enrolments, about.since) for line in _reported(one))]
    lines += [(one.at, one.what, one.who, one.words) for one in spoken(about.enrolments, about.since)]
    lines += _slips(about)
    rows = [(moment(at), what, who, about.typed(words)) for at, what, who, words in sorted(lines, key=lambda x: x[0])]
    return table(LOG_HEAD, (4, 7, 5, 8), rows)


def _reported(one: Reported) -> Iterator[Line]:
    told = f"{one.caller or 'Somebody'} told us ({one.channel.lower()}): {one.reason_name.lower()}, {one.span}"
    yield one.received_at, told, one.logged_by, one.note
    if one.withdrawn_at:
        yield one.withdrawn_at, f"Report withdrawn: {one.span}", one.withdrawn_by, one.withdrawn_why


def _slips(about: Subject) -> Iterator[Line]:
    for one in late_slips(about.enrolments, about.since):
        assert one.confirmed is not None
        late = f", {one.minutes} minutes late" if one.minutes else ""
        what = f"Came late: marked {one.code}{late}"
        yield one.arrived_at, what, f"{one.confirmed.name}, {one.confirmed.position}", one.words


def _leave(one: Leave, about: Subject) -> list[Block]:
    note = f" ({one.asker_note})" if one.asker_note else ""
    rows = facts(
        ("Asked for by", f"{one.asker}{note}, on {day(one.asked_on)}, {counted(one.notice_days, 'day')} ahead"),
        ("Reason", f"{one.reason_name}. {about.typed(one.words)}".strip()),
        ("Evidence given", about.typed(one.evidence)),
        ("Where it stands", one.state_words),
        ("Withdrawn", f"{one.withdrawn_by}: {about.typed(one.withdrawn_why)}" if one.withdrawn_by else ""),
    )
    decisions = [*one.earlier, *([one.decision] if one.decision else [])]
    return [heading(f"Leave for {one.days}"), rows, *(_decided(each, about) for each in decisions)]


def _decided(one: Decided, about: Subject) -> Block:
    taken_back = f"{one.withdrawn_by}, {moment(one.withdrawn_at)}: {about.typed(one.withdrawn_why)}"
    return facts(
        ("Decided", f"{one.state_words}: {one.by}, {one.position}, {moment(one.at)}"),
        ("Granted", one.granted),
        ("Not granted", one.refused),
        ("Because", about.typed(one.why)),
        ("The family was told", f"{one.how_words}, {one.told_to}. {about.typed(one.told_words)}".strip()),
        ("Taken back", taken_back if one.withdrawn_by else ""),
    )


def _doubt(one: Doubted, about: Subject) -> Sequence[Block]:
    of = f"of {one.asked_of or 'the family'} ({one.asked_how.lower()})"
    rows = facts(
        ("Asked", f"{moment(one.asked_at)}, by {one.asked_by}, {of}"),
        ("Because", about.typed(one.why)),
        ("What would do", "; ".join(one.would_do)),
        ("By", day(one.due)),
        ("Where it stands", one.state_words),
    )  # fmt: skip
    steps = [
        f"{moment(step.at)}: {step.what}, {step.who}{f'. {about.typed(step.detail)}' if step.detail else ''}"
        for step in one.steps
    ]
    return [heading(f"{one.kind_words}: {one.span}"), rows, *([items(steps)] if steps else [])]


def undecided(about: Subject) -> list[Doubted]:
    """Evidence that was asked for and is not decided on."""
    return [one for one in doubts_about(about.enrolments, about.since, about.at) if one.owner]
