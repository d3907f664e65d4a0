"""The only writer of messages, attempts and switches: putting one in, sending, printing, what a person decides."""

from rollcall.outbox.actions.draining import LEASE, Drained, drain
from rollcall.outbox.actions.following import Followed, follow
from rollcall.outbox.actions.pressing import Pressed, hold_back, release, send_again, settle
from rollcall.outbox.actions.printing import Printed, mark_printed, post_out, print_all
from rollcall.outbox.actions.putting import New, put, put_many
from rollcall.outbox.actions.recording import LOOKS, PAUSES
from rollcall.outbox.actions.switching import set_mode, set_modes
from rollcall.outbox.grounds import Answer, Grounds, Question

__all__ = [
    "LEASE",
    "LOOKS",
    "New",
    "PAUSES",
    "Answer",
    "Drained",
    "Followed",
    "Grounds",
    "Pressed",
    "Printed",
    "Question",
    "drain",
    "follow",
    "hold_back",
    "mark_printed",
    "post_out",
    "print_all",
    "put",
    "put_many",
    "release",
    "send_again",
    "set_mode",
    "set_modes",
    "settle",
]
