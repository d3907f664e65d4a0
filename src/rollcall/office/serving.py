"""Running the program: the web server and the worker as processes beside each other, stopped together.

The server is granian over WSGI; the worker is `rollcall worker`. When one of them ends, the other is stopped too, so
that nothing is left half running.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from time import sleep
from types import FrameType

THREADS = 4
PATIENCE = 10
LOOK_EVERY = 0.2


class CannotServe(Exception):
    """The server can't be started; the message says why and what to do."""


def check_port(host: str, port: int) -> None:
    """Raise CannotServe for an address that is taken, or that this machine has not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(f"{host}:{port} can't be served ({error.strerror}): choose another --port.") from error


def web(host: str, port: int, workers: int) -> list[str]:
    """The command that serves pages."""
    address = ["--host", host, "--port", str(port)]
    size = ["--workers", str(workers), "--blocking-threads", str(THREADS)]
    quiet = ["--log-level", "warning"]
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        *address,
        *size,
        *quiet,
        "rollcall.wsgi:application",
    ]


def worker() -> list[str]:
    """The command that sends what waits in the outbox."""
    return [sys.executable, "-m", "rollcall.cli", "worker"]


def run_together(commands: Sequence[Sequence[str]], ready: Callable[[], None]) -> int:
    """Run commands until one ends or this process is asked to stop (Ctrl-C or TERM); returns the exit code.

    0 when asked to stop; else the code of the one that ended by itself. `ready` is called once all are started.
    """
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    # Sessions of their own: a Ctrl-C that reaches them too, and then our TERM, leaves a server hanging on its port.
    running = [subprocess.Popen(command, start_new_session=True) for command in commands]
    try:
        ready()
        while not asked and all(process.poll() is None for process in running):
            sleep(LOOK_EVERY)
        ended = next((process.returncode for process in running if process.returncode is not None), 0)
        return 0 if asked else ended or 1
    finally:
        _end(running)
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # The whole session: granian's own workers hold the port too.
            os.killpg(process.pid, signal.SIGKILL)
