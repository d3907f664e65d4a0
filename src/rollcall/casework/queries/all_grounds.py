"""Every ground on which a message may rest, for the worker and for the office's pages alike."""

from rollcall.absence.queries import grounds as absence_grounds
from rollcall.accounts.queries import grounds as accounts_grounds
from rollcall.casework.queries.invitations import INVITATION, invitation_stands
from rollcall.casework.queries.letters import grounds as casework_grounds
from rollcall.casework.queries.meeting_reminders import REMINDER, reminder_stands
from rollcall.casework.queries.written import WRITTEN, written_stands
from rollcall.outbox.grounds import Grounds


def all_grounds() -> Grounds:
    """Kind of ground -> the question to ask before a message goes, gathered from every room that has one."""
    own: Grounds = {WRITTEN: written_stands, INVITATION: invitation_stands, REMINDER: reminder_stands}
    return {**accounts_grounds(), **absence_grounds(), **casework_grounds(), **own}
