"""Every ground on which a message may rest, for the worker and for the office's pages alike."""

from rollcall.absence.queries import grounds as absence_grounds
from rollcall.accounts.queries import grounds as accounts_grounds
from rollcall.casework.queries.letters import grounds as casework_grounds
from rollcall.casework.queries.written import WRITTEN, written_stands
from rollcall.outbox.grounds import Grounds


def all_grounds() -> Grounds:
    """Kind of ground -> the question to ask before a message goes, gathered from every room that has one."""
    return {**accounts_grounds(), **absence_grounds(), **casework_grounds(), WRITTEN: written_stands}
