"""A browser that somebody sits at: cookies, tokens and keys as the pages give them, and how long each answer took."""

import html
import http.client
import json
import re
import time
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from bench.asking import FORM

PATIENCE = 30


@dataclass(frozen=True)
class Given:
    """An answer: its status, the text, where it sends on to, and its version."""

    status: int
    text: str
    location: str = ""
    tag: str = ""

    def told(self) -> dict[str, Any]:
        """What a script is told."""
        found: dict[str, Any] = json.loads(self.text)
        return found


@dataclass
class Heard:
    """What all browsers heard: seconds by kind of request, and what went wrong."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        """How many requests were answered."""
        return sum(len(waits) for waits in self.waits.values())


class Visitor:
    """Somebody signed in, asking one thing after the other over the network."""

    def __init__(self, port: int, session: str, heard: Heard) -> None:
        self.port, self.heard = port, heard
        self.cookies = {settings.SESSION_COOKIE_NAME: session}

    def open(self, kind: str, path: str, headers: Mapping[str, str] | None = None) -> Given:
        """A page, or a part of one."""
        return self._ask(kind, "GET", path, None, {**(headers or {})}, {200, 304})

    def send(self, kind: str, path: str, told: Mapping[str, Any], expected: Set[int] = frozenset()) -> Given:
        """What a page's script sends; the answers that its script knows what to do with are no errors."""
        token = self.cookies.get(settings.CSRF_COOKIE_NAME, "")
        headers = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": token}
        return self._ask(kind, "POST", path, json.dumps(told).encode(), headers, {200, *expected})

    def press(self, kind: str, path: str, page: str, told: Mapping[str, Any]) -> Given:
        """A button of a form that stands on a page; the answer must send on to another page."""
        fields = {"csrfmiddlewaretoken": value_of(page, "csrfmiddlewaretoken"), **told}
        return self._ask(kind, "POST", path, urlencode(fields, doseq=True).encode(), {"Content-Type": FORM}, {302})

    def _ask(
        self, kind: str, way: str, path: str, body: bytes | None, headers: dict[str, str], expected: Set[int]
    ) -> Given:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        try:
            given = self._answered(way, path, body, headers)
        except (OSError, http.client.HTTPException) as trouble:
            given = Given(0, repr(trouble))
        self.heard.waits.setdefault(kind, []).append(time.perf_counter() - began)
        if given.status not in expected:
            self.heard.errors.append(f"{kind}: {path} was answered {given.status}: {_words(given.text)}")
        return given

    def _answered(self, way: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Given:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(way, path, body, dict(headers))
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Given(answer.status, text, answer.headers.get("Location", ""), answer.headers.get("ETag", ""))


def value_of(page: str, name: str, after: str = "") -> str:
    """What a field of a page holds: the first of that name after some text. Raises LookupError where there is none."""
    start = page.find(after)
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page[start:]) if start >= 0 else None
    if found is None:
        raise LookupError(f"The page has no field {name}{f' after {after}' if after else ''}: {_words(page)}")
    return html.unescape(found[1])


def _words(page: str) -> str:
    """The words of a page, short, to tell what it said."""
    main = page[page.find("<main") :] if "<main" in page else page
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:300]
