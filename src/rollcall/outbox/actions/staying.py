"""Whether a message stays where it is, and why: too late, its kind switched off, not seen, or its ground gone.

Asked in the second before it goes, by whichever way.
"""

from dataclasses import dataclass, field
from datetime import datetime

from rollcall.journal.actor import Actor
from rollcall.outbox import outcomes
from rollcall.outbox.actions.recording import stop
from rollcall.outbox.grounds import Grounds, ask
from rollcall.outbox.kinds import ASK, OFF
from rollcall.outbox.models import Message
from rollcall.outbox.queries.switches import modes_of

WHY_HELD = "At this school somebody looks at this kind of message before it goes."
WHY_OFF = "This kind of message is switched off at this school."
TOO_LATE = "It was not sent in time, and is of no use any more."


@dataclass
class Gate:
    """What is asked of each message in one round; a school's switches are read once."""

    grounds: Grounds
    by: Actor
    at: datetime
    modes: dict[int, dict[str, str]] = field(default_factory=dict)

    def stays(self, message: Message) -> str:
        """The state that a message is put in because it may not go, the reason in its trail; empty where it may."""
        state, why = self._judged(message)
        if state and state != message.state:
            outcome = outcomes.STOPPED if state == "stopped" else state
            stop(message, why, self.by, self.at, state=state, outcome=outcome)
        return state

    def _judged(self, message: Message) -> tuple[str, str]:
        if message.expires is not None and message.expires <= self.at:
            return "stopped", TOO_LATE
        mode = self._mode(message)
        if mode == OFF:
            return "off", WHY_OFF
        answer = ask(message, self.grounds, self.at)
        if not answer.stands:
            return "stopped", answer.why
        held = message.state == "held" or (mode == ASK and not message.seen)
        return ("held", WHY_HELD) if held else ("", "")

    def _mode(self, message: Message) -> str:
        if message.school not in self.modes:
            self.modes[message.school] = modes_of(message.school)
        return self.modes[message.school].get(message.kind, ASK)
