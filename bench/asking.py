"""A signed-in person asking for pages through the very handler that a server calls, middleware and all, at what cost.

Time is taken from the call to the last byte and the clean-up after it; statements are those with data in them: what
only begins or ends a transaction is apart.
"""

import io
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connection
from django.test import Client

from rollcall.accounts.models import User

APART = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
CSRF = "b" * 32
FORM = "application/x-www-form-urlencoded"
Handler = Callable[[dict[str, Any], Callable[..., Any]], Any]


@dataclass(frozen=True)
class Answer:
    """What came back, and what it cost: milliseconds on the wall and of this process's work, statements."""

    status: int
    kind: str
    body: bytes
    wall: float
    work: float
    statements: tuple[str, ...]

    @property
    def is_page(self) -> bool:
        """Whether it is a page that is there."""
        return self.status == 200 and self.kind.startswith("text/html")


@dataclass(frozen=True)
class Cost:
    """Many answers together."""

    best: float
    median: float
    p95: float
    work: float
    n_statements: int
    n_bytes: int

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> "Cost":
        """Times in milliseconds, work the median; the most statements and bytes."""
        walls = [answer.wall for answer in answers]
        return cls(
            best=min(walls),
            median=median(walls),
            p95=quantiles(walls, n=20)[-1] if len(walls) > 1 else walls[0],
            work=median(answer.work for answer in answers),
            n_statements=max(len(answer.statements) for answer in answers),
            n_bytes=max(len(answer.body) for answer in answers),
        )


class Statements:
    """Notes the statements that a connection runs."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql)
        if not text.lstrip().upper().startswith(APART):
            self.noted.append(text)
        return execute(sql, params, many, context)


def session_of(user: User) -> str:
    """The cookie of a fresh session."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def cookies(session: str) -> str:
    """The cookies that a browser would send."""
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"


class Person:
    """Somebody signed in."""

    def __init__(self, user: User, handler: Handler) -> None:
        self.handler, self.session = handler, session_of(user)

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/json") -> Answer:
        """One request: GET, or with a body POST."""
        path, _, query = path.partition("?")
        asked: dict[str, Any] = {
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": cookies(self.session),
            "HTTP_X_CSRFTOKEN": CSRF,
            "CONTENT_TYPE": kind if body else "",
            "CONTENT_LENGTH": str(len(body or b"")),
            "wsgi.input": io.BytesIO(body or b""),
        }
        setup_testing_defaults(asked)
        said: list[Any] = []
        counted = Statements()
        with connection.execute_wrapper(counted):
            wall, work = time.perf_counter(), time.process_time()
            with closing(self.handler(asked, lambda *given: said.append(given))) as parts:
                content = b"".join(parts)
            wall, work = time.perf_counter() - wall, time.process_time() - work
        status, headers = said[0][0], dict(said[0][1])
        return Answer(
            int(status[:3]), headers.get("Content-Type", ""), content, wall * 1000, work * 1000, tuple(counted.noted)
        )


def many(n: int, ask: Callable[[], Answer], before: Callable[[], object] = lambda: None, expected: int = 200) -> Cost:
    """What a request costs, warm: twice for nothing, then n times. `before` goes ahead of each, not measured.

    Raises RuntimeError where an answer is not the expected one: a refusal costs less than what was asked for.
    """
    answers = []
    for turn in range(n + 2):
        before()
        answer = ask()
        if answer.status != expected:
            raise RuntimeError(f"The bench was answered {answer.status}: {answer.body[:300]!r}")
        answers += [answer] if turn > 1 else []
    return Cost.of(answers)
