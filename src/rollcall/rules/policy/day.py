"""The clock times of a school day: what every school keeps, what one school keeps for itself, and the day as a list.

A time that a school doesn't give for itself is the one that the policy gives for all (4.1, A6).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from rollcall.rules.policy.values import Clock, Entry, Frozen, Positive, RoleId, TimeName, Value, Words

Session = Literal["AM", "PM"]
SlotTime = Value[Clock] | None


class Times(Frozen):
    """Times as given, for all schools or for one; what isn't given here is given there."""

    report_absence_by: SlotTime = None
    explain_absence_by: SlotTime = None
    gate: SlotTime = None
    morning_opens: SlotTime = None
    morning_overdue: SlotTime = None
    morning_closes: SlotTime = None
    morning_late_counted_from: SlotTime = None
    absentee_report: SlotTime = None
    calls_from: SlotTime = None
    afternoon_opens: SlotTime = None
    afternoon_overdue: SlotTime = None
    afternoon_closes: SlotTime = None
    afternoon_late_counted_from: SlotTime = None
    friendly_call: SlotTime = None


class School(Entry):
    """A school that the policy names, with the times that are its own."""

    slug: Words
    name: Words
    times: Times


class DayStep(Entry):
    """A line of the day's list (A6): who does what, at, from or by which of the school's times."""

    number: Positive
    id: Words
    action: Words
    owners: tuple[RoleId, ...]
    when: Literal["at", "from", "by"]
    time: TimeName


class Register(NamedTuple):
    """The times of one session's register."""

    opens: Value[Clock]
    overdue: Value[Clock]
    closes: Value[Clock]
    late_counted_from: Value[Clock]


class SchoolDay(Frozen):
    """All times of one school, each with its section."""

    slug: str
    name: str
    report_absence_by: Value[Clock]
    explain_absence_by: Value[Clock]
    gate: Value[Clock]
    morning_opens: Value[Clock]
    morning_overdue: Value[Clock]
    morning_closes: Value[Clock]
    morning_late_counted_from: Value[Clock]
    absentee_report: Value[Clock]
    calls_from: Value[Clock]
    afternoon_opens: Value[Clock]
    afternoon_overdue: Value[Clock]
    afternoon_closes: Value[Clock]
    afternoon_late_counted_from: Value[Clock]
    friendly_call: Value[Clock]

    def register(self, session: Session) -> Register:
        """The times of the morning's or the afternoon's register."""
        if session == "AM":
            return Register(
                self.morning_opens, self.morning_overdue, self.morning_closes, self.morning_late_counted_from
            )
        return Register(
            self.afternoon_opens, self.afternoon_overdue, self.afternoon_closes, self.afternoon_late_counted_from
        )


TIME_NAMES = tuple(Times.model_fields)
