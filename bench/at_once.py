"""All teachers at once: the program served as `rollcall serve` serves it, and a thread for each, over the network."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from statistics import median
from threading import Barrier

from bench.asking import CSRF, cookies
from bench.databases import free_port
from rollcall.office.serving import web

PATIENCE = 30
WORKERS = 2
Visit = tuple[str, str, bytes | None]
"""A session, a path, and a body of JSON where something is sent."""


@contextmanager
def served(at: datetime, workers: int = WORKERS, clock: Mapping[str, str] | None = None) -> Iterator[int]:
    """A server on loopback at this process's database; gives its port, stops it after.

    Its clock stands at `at`, or runs as `clock` says (`bench.clock.Clock.environment`).
    """
    port = free_port()
    command = [*web("127.0.0.1", port, workers)[:-1], "bench.wsgi:application"]
    environment = {**os.environ, "BENCH_AT": at.isoformat(), **(clock or {})}
    # What it says goes beside the figures, which are on standard output.
    with subprocess.Popen(command, env=environment, stdout=sys.stderr) as server:
        try:
            _await(server, port)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()


def _await(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            visit(port, ("", "/account/login/", None))
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The bench's server did not start.")


def visit(port: int, wanted: Visit) -> float:
    """One request over the network; gives its milliseconds. Raises RuntimeError where the answer is not 200."""
    session, path, body = wanted
    headers = {"Cookie": cookies(session), "X-CSRFToken": CSRF, "Content-Type": "application/json"}
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        said = answer.read()
    finally:
        line.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}: {said[:300]!r}")
    return (time.perf_counter() - began) * 1000


def together(port: int, rounds: int, visits: Callable[[int], Sequence[Visit]]) -> tuple[float, float]:
    """Everybody's visit at the same moment, so many rounds: the median and the slowest in milliseconds.

    Two rounds go before for nothing. visits: who visits what, by the number of the round.
    """
    taken: list[float] = []
    for turn in range(rounds + 2):
        wanted = visits(turn)
        gate = Barrier(len(wanted))
        with ThreadPoolExecutor(len(wanted)) as threads:
            found = list(threads.map(lambda one, gate=gate: _when_all_are_here(gate, port, one), wanted))
        taken += found if turn > 1 else []
    return median(taken), max(taken)


def _when_all_are_here(gate: Barrier, port: int, wanted: Visit) -> float:
    gate.wait(PATIENCE)
    return visit(port, wanted)
