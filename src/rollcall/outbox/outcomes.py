"""What can come of one try to send a message, whoever carries it, in the same few words.

A carrier is the mail server or GOV.UK Notify. What is the carrier's fault is no message's: then all of its messages
wait together, and it is knocked at again after a pause that grows.
"""

from dataclasses import dataclass
from typing import Protocol

from rollcall.outbox.models import Message

BEGUN, SENT, LATER, REFUSED, UNSURE = "begun", "sent", "later", "refused", "unsure"
UNCLEAR, FOUND, AWAY = "unclear", "found", "away"
STOPPED, PRINTED, AGAIN, HELD, OFF, RELEASED, WIPED = "stopped", "printed", "again", "held", "off", "released", "wiped"
DELIVERED, LATE, SETTLED, POSTED = "delivered", "late", "settled", "posted"

FAILURES = {
    "permanent-failure": "the address or number does not exist, or takes no messages",
    "temporary-failure": "it could not be delivered in time: the phone was off, or the mailbox full",
    "technical-failure": "something broke between the service and the network",
    "validation-failed": "the letter's pages do not fit the printer's rules",
    "virus-scan-failed": "the letter's file was refused by the virus check",
    "cancelled": "it was cancelled at the service",
}
"""What a carrier may report of a message it had taken, in our words: it was not delivered."""

DELIVERIES = {"delivered": "Delivered.", "received": "Printed and posted.", "sent": "Sent abroad; no more is known."}
"""What a carrier may report of a message that arrived, as far as it can know."""


@dataclass(frozen=True)
class Outcome:
    """What came of one try: SENT, FOUND (gone earlier), LATER (may be tried again), REFUSED (for good), UNSURE (may
    have gone, and nobody can tell) or UNCLEAR (may have gone, and the carrier can tell). `is_away`: the fault is the
    carrier's, and `why` says so shortly, such as "can't be reached".
    """

    kind: str
    detail: str = ""
    id: str = ""
    status: str = ""
    is_away: bool = False
    why: str = ""


class Unreachable(Exception):
    """The carrier could not be asked, so nothing went. `why` is short, as "can't be reached"."""

    def __init__(self, detail: str, why: str = "can't be reached") -> None:
        super().__init__(detail)
        self.why = why


class Post(Protocol):
    """Who carries messages, for one round of sending. Not to be shared between threads."""

    def open(self) -> None:
        """Get ready. Raises Unreachable."""

    def find(self, message: Message) -> Outcome | None:
        """What became of an earlier try of which nothing is known; None where it never arrived. Raises Unreachable."""

    def send(self, message: Message) -> Outcome:
        """Hand one message over. Raises Unreachable where it surely was not."""

    def close(self) -> None:
        """Let go of the connection."""
