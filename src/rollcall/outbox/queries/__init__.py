"""What waits, went and became of each message; which channels and kinds work where; what is wrong with sending."""

from rollcall.outbox.carriers import channels, check_channel
from rollcall.outbox.queries.messages import (
    OUTCOMES,
    Held,
    Line,
    ToSeeTo,
    Try,
    held,
    messages,
    to_see_to,
    trail,
    waiting,
)
from rollcall.outbox.queries.switches import Switched, mode_of, modes_of, switches
from rollcall.outbox.queries.trouble import Trouble, trouble, troubles

__all__ = [
    "OUTCOMES",
    "Held",
    "Line",
    "Switched",
    "ToSeeTo",
    "Trouble",
    "Try",
    "channels",
    "check_channel",
    "held",
    "messages",
    "mode_of",
    "modes_of",
    "switches",
    "to_see_to",
    "trail",
    "trouble",
    "troubles",
    "waiting",
]
