"""The worker as `rollcall serve` runs it beside the server, by the bench's clock, until it is told to stop."""

import signal
import sys
from threading import Event

import rollcall.wsgi  # noqa: F401 - first, for it prepares Django
from bench.clock import Clock
from rollcall import worker
from rollcall.demo import middleware

CLOCK = Clock.from_environment()


def main() -> None:
    """Go round until the end."""
    middleware.time_shown = lambda row, wall: CLOCK.shown()
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker.run(stop, lambda trouble: print(trouble, file=sys.stderr))


if __name__ == "__main__":
    main()
