"""Who does a thing: a person in a position, or one of the program's own workers.

An `Actor` is the `by` of every action. Its name and position are copied into what it does, so that the record
still says who it was after they have moved on.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`id` is stable ("user:12", "worker"); `position` is the one held where the deed was done."""

    id: str
    name: str
    position: str


WORKER = Actor("worker", "Rollcall", "outbox worker")
SCHEDULER = Actor("scheduler", "Rollcall", "scheduler")
INSTALLER = Actor("installer", "Rollcall", "set-up")
