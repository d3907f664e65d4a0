"""Open day pages by the hundred: each asks every second as the page's script does, while marks are saved beside them.

Two hundred lines are kept open over the network from one thread, so that the asking costs little beside the answers. A
mark is news from the moment at which somebody pressed; how old a screen is, is the time from there until that screen
has been given the mark.
"""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.asking import CSRF, cookies

EVERY = 1.0
"""Seconds from an answer to the next question, as the page's script waits."""

NEVER = 3600.0

IN = re.compile(rb'headline__number">(\d+) <span class="headline__of">of')
"""How many children the page says are in."""


@dataclass
class Seen:
    """What happened: marks by number with the moment they were pressed, what each screen showed when, and answers."""

    pressed: list[float] = field(default_factory=list)
    shown: list[list[tuple[float, int]]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    n_parts: int = 0

    def ages(self) -> list[float]:
        """For every mark and screen the seconds until it was shown there; an hour where it never was."""
        return [self._age(screen, n) for screen in self.shown for n in range(len(self.pressed))]

    def _age(self, screen: list[tuple[float, int]], n: int) -> float:
        return next((at - self.pressed[n] for at, n_in in screen if n_in > n), NEVER)


def watch(port: int, path: str, sessions: Sequence[str], n: int, seconds: int, press: Callable[[int], bytes]) -> Seen:
    """Open `n` pages of `path` on one server for so many seconds, and each second send what `press` gives by number."""
    return asyncio.run(_watch(port, path, sessions, n, seconds, press))


async def _watch(
    port: int, path: str, sessions: Sequence[str], n: int, seconds: int, press: Callable[[int], bytes]
) -> Seen:
    seen, over = Seen(shown=[[] for _ in range(n)]), asyncio.Event()
    asked = [_question(path, sessions[number % len(sessions)]) for number in range(n)]
    screens = [
        asyncio.create_task(_screen(port, asked[number], EVERY * number / n, seen, seen.shown[number], over))
        for number in range(n)
    ]
    await asyncio.sleep(2 * EVERY)
    began = time.perf_counter()
    for number in range(seconds):
        await asyncio.sleep(max(0.0, began + number - time.perf_counter()))
        await _press(port, press(number), seen)
    await asyncio.sleep(3 * EVERY if seconds > 3 else EVERY)
    over.set()
    await asyncio.gather(*screens)
    return seen


def _question(path: str, session: str) -> Callable[[str], bytes]:
    def ask(tag: str) -> bytes:
        known = f"If-None-Match: {tag}\r\n" if tag else ""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies(session)}\r\nX-Part: live\r\n"
        return f"{head}{known}\r\n".encode()

    return ask


async def _screen(
    port: int,
    ask: Callable[[str], bytes],
    delay: float,
    seen: Seen,
    shown: list[tuple[float, int]],
    over: asyncio.Event,
) -> None:
    """One page that is open: asks, notes what it is given, waits, asks again."""
    await asyncio.sleep(delay)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    tag = ""
    while not over.is_set():
        began = time.perf_counter()
        writer.write(ask(tag))
        status, headers, body = await _answer(reader)
        now = time.perf_counter()
        seen.waits.append(now - began)
        if status == 200 and (found := IN.search(body)):
            tag = headers["etag"]
            shown.append((now, int(found[1])))
            seen.n_parts += 1
        elif status != 304:
            seen.errors.append(f"{status}: {body[:200]!r}")
        await asyncio.sleep(float(headers.get("x-again", EVERY * 1000)) / 1000)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(head[0].split()[1]), headers, body


async def _press(port: int, request: bytes, seen: Seen) -> None:
    """Somebody marks one more child present; counted from the press."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    seen.pressed.append(time.perf_counter())
    writer.write(request)
    status, _, body = await _answer(reader)
    writer.close()
    if status != 200:
        seen.errors.append(f"a mark was answered {status}: {body[:200]!r}")


def pressing(path: str, session: str, body: bytes) -> bytes:
    """A save of a register as the page's script sends it."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies(session)}\r\nX-CSRFToken: {CSRF}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
