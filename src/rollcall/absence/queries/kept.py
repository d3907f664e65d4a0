"""Absentee reports as they were: which days have one, what it said, and whether its message may still go (A6-b)."""

from dataclasses import dataclass
from datetime import date, datetime

from rollcall.absence.models import KeptReport
from rollcall.absence.queries.report import days_before, report_due
from rollcall.absence.queries.report_values import AbsenteeReport, from_kept
from rollcall.accounts.queries import holders
from rollcall.accounts.roles import Role
from rollcall.outbox.grounds import Answer
from rollcall.outbox.models import Message
from rollcall.schools.queries import SchoolFacts

LISTED = 40


@dataclass(frozen=True)
class KeptDay:
    """A school day with its kept report: at what time, up to which number; `at` None where none was kept."""

    day: date
    at: datetime | None
    is_late: bool = False
    number: int = 0
    n_unexplained: int = 0
    n_unknown: int = 0
    n_explained: int = 0


def kept_report(school: int, day: date) -> AbsenteeReport | None:
    """What the report of a school (by id) said on a day, from what was kept alone; None where none was."""
    kept = KeptReport.objects.filter(school=school, day=day).values_list("content", flat=True).first()
    return None if kept is None else from_kept(kept)


def kept_at(school: int, day: date) -> datetime | None:
    """At what time the report of a school (by id) was kept on a day, if it was."""
    return KeptReport.objects.filter(school=school, day=day).values_list("deed__at", flat=True).first()


def kept_days(facts: SchoolFacts, at: datetime, before: date | None = None) -> list[KeptDay]:
    """The reports of the last school days up to today or before a day, newest first, with days that have none.

    Days before the school's first report are left out. Two statements.
    """
    first = KeptReport.objects.filter(school=facts.school).order_by("day").values_list("day", flat=True).first()
    if first is None:
        return []
    due = report_due(facts, at.date())
    today = [at.date()] if before is None and due is not None and at >= due else []
    days = [day for day in [*today, *days_before(facts, before or at.date(), LISTED)] if day >= first]
    rows = KeptReport.objects.filter(school=facts.school, day__in=days)
    found = {row.day: _line(from_kept(row.content)) for row in rows}
    return [found.get(day) or KeptDay(day, None) for day in days]


def _line(report: AbsenteeReport) -> KeptDay:
    counts = (report.n_unexplained, report.n_unknown, report.n_explained)
    return KeptDay(report.day, report.at, report.is_late, report.number or 0, *counts)


def report_stands(message: Message, at: datetime) -> Answer:
    """Whether a message with a kept report may still go: on its own day, to a head of the school at their address."""
    kept = KeptReport.objects.filter(pk=message.ground_id).first()
    if kept is None:
        return Answer(False, "The absentee report that it carries is no longer kept.")
    if at.date() != kept.day:
        return Answer(False, "The day that the absentee report is about is over.")
    heads = {head.email for head in holders(Role.HEAD, kept.day, school=kept.school_id)}
    if message.to_address not in heads:
        return Answer(False, f"{message.to_name} does not head the school, or has another address now.")
    return Answer(True)
