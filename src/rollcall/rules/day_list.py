"""The day as a list (A6): each line with its time, from when it is late, who sees to it, and how it stands.

The lines are the policy's, their times the school's own where it keeps some; registers in the afternoon, which the
appendix leaves out, stand among them (4.1-a). A line is due from its time, and late from the next one (W-f).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from rollcall.rules.policy import Policy
from rollcall.rules.policy.day import TIME_NAMES

State = Literal["ahead", "due", "late", "done"]
LATE_SLIPS, REGISTERS, CLOSE, REPORT, CALLS, FRIENDLY = (
    "late-slips",
    "registers",
    "close",
    "absentee-report",
    "calls",
    "friendly-call",
)
AFTERNOON = "afternoon-registers"
SEEN = frozenset({LATE_SLIPS, REGISTERS, CLOSE, REPORT, CALLS, FRIENDLY, AFTERNOON})
"""The lines that the program sees for itself; every other is ticked by a person."""

LAST_LINE_LATE_AFTER = timedelta(minutes=30)
REPORT_LATE_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class DayLine:
    """One line of the list: what, by whom in words, from when it is due and from when late.

    when: "at", "from" or "by" its time, as the policy has it. is_seen: the program sees for itself whether it is done.
    """

    id: str
    action: str
    owners: tuple[str, ...]
    when: str
    at: time
    late_at: time

    @property
    def is_seen(self) -> bool:
        """Whether nobody needs to tick it."""
        return self.id in SEEN

    def state(self, clock: time, is_done: bool) -> State:
        """How it stands at a time of day: done, whatever the time; else ahead, due or late."""
        if is_done:
            return "done"
        if clock < self.at:
            return "ahead"
        return "late" if clock >= self.late_at else "due"


def times_of_day(policy: Policy, school: str, own: Mapping[str, time]) -> dict[str, time]:
    """Every time of a school's day by its name in the policy (`gate`, `calls_from`, ...).

    own: those that the school keeps for itself, which win (4.1-f). A school that the policy doesn't name has the
    policy's times for all; a time that nobody gives is left out.
    """
    named = {one.slug: one.times for one in policy.schools}.get(school)
    found: dict[str, time] = {}
    for name in TIME_NAMES:
        given = (named and getattr(named, name)) or getattr(policy.times, name)
        if name in own:
            found[name] = own[name]
        elif given:
            found[name] = given.value
    return found


def day_list(policy: Policy, times: Mapping[str, time]) -> tuple[DayLine, ...]:
    """The lines of the day in the order of their times. times: of `times_of_day`; a line whose time is not among them
    is left out.
    """
    steps = [step for step in policy.day if step.time in times]
    lines = [(times[step.time], n, step.id, step.action, step.owners, step.when) for n, step in enumerate(steps)]
    takers = next((step.owners for step in policy.day if step.id == REGISTERS), ())
    if "afternoon_opens" in times:
        opens = times["afternoon_opens"]
        lines.append((opens, len(steps), AFTERNOON, "Registers are taken in the afternoon", takers, "by"))
    lines.sort(key=lambda line: line[:2])
    moments = sorted({at for at, *_ in lines})
    return tuple(
        DayLine(
            id=one,
            action=action,
            owners=tuple(policy.role(owner).name for owner in owners),
            when=when,
            at=at,
            late_at=_late_at(policy, one, at, times, moments),
        )
        for at, _, one, action, owners, when in lines
    )


def _late_at(policy: Policy, line: str, at: time, times: Mapping[str, time], moments: list[time]) -> time:
    closes = times.get("morning_closes", at)
    if line in (LATE_SLIPS, REGISTERS):
        return max(at, closes)
    if line == AFTERNOON:
        return max(at, times.get("afternoon_closes", at))
    if line == REPORT:
        return _after(at, REPORT_LATE_AFTER)
    if line == CALLS:
        longest = max(risk.all_contacts_after_minutes for risk in policy.risk)
        return max(_after(at, REPORT_LATE_AFTER), _after(closes, timedelta(minutes=longest)))
    return next((moment for moment in moments if moment > at), _after(at, LAST_LINE_LATE_AFTER))


def _after(at: time, more: timedelta) -> time:
    """A time of day so much later, and no later than the day's last minute."""
    then = datetime.combine(date.min, at) + more
    return then.time() if then.date() == date.min else time.max
