"""The grounds on which this room's messages rest, asked in the second before they go."""

from rollcall.absence.queries import leaders, tried, unknown
from rollcall.absence.queries.alerts import alert_stands
from rollcall.absence.queries.asking import absent_stands
from rollcall.absence.queries.doubt_grounds import notice_stands, request_stands
from rollcall.absence.queries.doubts import NOTICE, REQUEST
from rollcall.absence.queries.kept import report_stands
from rollcall.absence.queries.leave import GROUND as LEAVE
from rollcall.absence.queries.leave_letters import leave_stands
from rollcall.absence.queries.reminders import GROUND, reminder_stands
from rollcall.outbox.grounds import Grounds


def grounds() -> Grounds:
    """The questions that this room answers for the outbox, by kind of ground."""
    return {
        "absence.report": report_stands,
        GROUND: reminder_stands,
        leaders.GROUND: leaders.leader_reminder_stands,
        REQUEST: request_stands,
        NOTICE: notice_stands,
        tried.ABSENT: absent_stands,
        "absence.alert": alert_stands,
        LEAVE: leave_stands,
        unknown.GROUND: unknown.last_day_stands,
    }
