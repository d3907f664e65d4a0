"""The worker at the front door: it knows the clock and every room that can say whether a message still stands.

It does what falls due by the clock, sends what waits in the outbox, a few at a time, and asks what became of what it
sent; it stops between rounds when it is asked to. A carrier of messages that is away holds nothing else up.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Event

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from rollcall.absence.actions.duties import do_what_is_due
from rollcall.casework.actions.duties import DUTIES as CASEWORK
from rollcall.casework.queries.all_grounds import all_grounds
from rollcall.demo import middleware
from rollcall.journal.actor import WORKER
from rollcall.outbox.actions import Drained, drain, follow
from rollcall.outbox.grounds import Grounds

A_FEW = 5
PAUSE = 2.0
LONG_PAUSE = 20.0


def grounds() -> Grounds:
    """Every ground a message may rest on, with the question to ask before it is sent."""
    return all_grounds()


def now() -> datetime:
    """The time that people see: the demo's clock in a demo, else the real one."""
    return middleware.time_shown(middleware.demo_row(), timezone.now())


def send_once() -> Drained:
    """One round: do what the clock says is due, send a few of the messages that wait, learn what became of others."""
    do_what_is_due(now(), CASEWORK)
    done = drain(grounds=grounds(), by=WORKER, at=now(), most=A_FEW)
    follow(by=WORKER, at=now())
    return done


def run(stop: Event, say: Callable[[str], None], *, pause: float = PAUSE) -> None:
    """Go round until `stop` is set; a database or a carrier of messages that is away is said once and waited for."""
    said = ""
    while not stop.is_set():
        trouble, worked, rest = "", 0, pause
        try:
            close_old_connections()
            done = send_once()
            trouble, worked = done.unreachable, done.n
        except DatabaseError as error:
            trouble, rest = f"The database can't be used: {error}", LONG_PAUSE
        if trouble and trouble != said:
            say(trouble)
        said = trouble
        if worked < A_FEW:
            stop.wait(rest)
