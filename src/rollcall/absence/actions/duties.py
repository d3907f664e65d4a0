"""What falls due by the clock at a school: the report at its time, reminders, alerts that nobody has acknowledged.

The worker asks every few seconds. A duty looks for what is due, does it once (its deed has a key of its own), and is
safe when two workers ask at the same time.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DatabaseError

from rollcall.absence.actions.chasing import chase_children
from rollcall.absence.actions.leaders import mark_what_was_said, remind_leaders
from rollcall.absence.actions.referring import refer_children
from rollcall.absence.actions.reminding import remind_of_registers
from rollcall.absence.actions.reporting import keep_and_send
from rollcall.absence.actions.unknown import remind_of_last_day
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import facts_of_all

log = logging.getLogger(__name__)
Duty = Callable[[SchoolFacts, datetime], None]
DUTIES: tuple[Duty, ...] = (
    mark_what_was_said,
    keep_and_send,
    remind_of_registers,
    remind_leaders,
    chase_children,
    remind_of_last_day,
    refer_children,
)


def do_what_is_due(at: datetime, others: Sequence[Duty] = ()) -> None:
    """Do at every school what the clock says is due at a moment; what has been done already is passed over.

    others: the duties of other rooms, which are done after this one's. A duty that fails is written to the log, and
    keeps no other from being done.
    """
    for facts in facts_of_all().values():
        for duty in (*DUTIES, *others):
            _do(duty, facts, at)


def _do(duty: Duty, facts: SchoolFacts, at: datetime) -> None:
    try:
        duty(facts, at)
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s failed at %s.", getattr(duty, "__name__", duty), facts.name)
