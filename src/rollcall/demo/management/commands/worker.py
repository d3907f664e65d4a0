"""`rollcall worker`: sends what waits in the outbox until it is told to stop (TERM or Ctrl-C), or once."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rollcall import worker


class Command(BaseCommand):
    help = "Send the messages that wait, asking of each whether its reason still stands."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--once for a single pass over all that is due; --pause between rounds."""
        parser.add_argument("--once", action="store_true", help="send what is due now, then stop")
        parser.add_argument(
            "--pause", type=float, default=worker.PAUSE, help="seconds between rounds with nothing to do"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and finish the message in hand before stopping."""
        if options["once"]:
            return self._once()
        stop = Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        self.stdout.write("The worker sends what waits. Stop it with Ctrl-C.")
        self.stdout.flush()
        worker.run(stop, self._say, pause=options["pause"])
        self.stdout.write("The worker has stopped; what it had not sent still waits.")
        return None

    def _once(self) -> None:
        sent, said = 0, ""
        while True:
            done = worker.send_once()
            sent += len(done.sent)
            if done.unreachable and done.unreachable != said:
                self._say(done.unreachable)
            said = done.unreachable
            if done.n == 0:
                break
        self.stdout.write(f"Sent {sent} {'message' if sent == 1 else 'messages'}.")

    def _say(self, trouble: str) -> None:
        self.stderr.write(trouble)
