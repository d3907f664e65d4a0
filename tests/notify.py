"""A GOV.UK Notify on loopback for the tests: its addresses, its checks of every request, its answers, and its bad days.

`wrong` lists what a request had wrong, as the real service would refuse it. `mode` says what sending does: accept, 400,
403, 429, 500, silent (accepts and says nothing), drop (accepts and hangs up), drop_early (hangs up first) or garbage;
`plan` is used up first, one a request. `asking` is the same for looking up.
"""

import base64
import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt

SERVICE = "11111111-aaaa-4aaa-8aaa-111111111111"
SECRET = "22222222-bbbb-4bbb-8bbb-222222222222"
KEY = f"rollcall-tests-{SERVICE}-{SECRET}"
EMAIL_TEMPLATE = "33333333-cccc-4ccc-8ccc-333333333333"
REPLY_TO = "55555555-eeee-4eee-8eee-555555555555"
"""The id of the one reply address that was added to the service."""
TEXT_TEMPLATE = "44444444-dddd-4ddd-8ddd-444444444444"
TEMPLATES = {EMAIL_TEMPLATE: ("email", {"subject", "body", "letter"}), TEXT_TEMPLATE: ("sms", {"body"})}
MAY_HAVE = {
    "email": {"email_address", "template_id", "personalisation", "reference", "email_reply_to_id"},
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"},
    "letter": {"reference", "content", "postage"},
}
ON_ITS_WAY = {"created", "sending", "pending", "accepted", "pending-virus-check"}
ARRIVED = {"sent", "delivered", "received"}
FAILED = {"permanent-failure", "temporary-failure", "technical-failure"}
LETTER_FAILED = {"cancelled", "virus-scan-failed", "validation-failed"}
STATUSES = ON_ITS_WAY | ARRIVED | FAILED | LETTER_FAILED
ERRORS = {
    "400": (400, "BadRequestError", "Can't send to this recipient when service is in trial mode"),
    "403": (403, "AuthError", "Invalid token: API key not found"),
    "429": (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    "500": (500, "Exception", "Internal server error"),
}


@dataclass
class Taken:
    """One notification as the service keeps it."""

    id: str
    type: str
    reference: str
    given: dict[str, Any]
    status: str = "created"

    def shown(self) -> dict[str, Any]:
        """As the service answers when asked for it."""
        lines = {f"line_{n}": None for n in range(1, 7)}
        body = (self.given.get("personalisation") or {}).get("body", "")
        return {
            "id": self.id,
            "reference": self.reference,
            "email_address": self.given.get("email_address"),
            "phone_number": self.given.get("phone_number"),
            **lines,
            "postcode": None,
            "type": self.type,
            "status": self.status,
            "template": {"id": self.given.get("template_id", str(uuid4())), "version": 1, "uri": "/v2/template"},
            "body": body,
            "subject": (self.given.get("personalisation") or {}).get("subject"),
            "created_at": "2024-05-14T08:00:00.000000Z",
            "sent_at": None,
            "completed_at": None,
        }


@dataclass
class Notify:
    """What the service has taken, what it was asked, and how it behaves."""

    port: int = 0
    mode: str = "accept"
    asking: str = "answer"
    plan: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    pause: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a process that sends all it can through it."""
        return {
            "ROLLCALL_NOTIFY_KEY": KEY,
            "ROLLCALL_NOTIFY_URL": self.url,
            "ROLLCALL_NOTIFY_EMAIL_TEMPLATE": EMAIL_TEMPLATE,
            "ROLLCALL_NOTIFY_TEXT_TEMPLATE": TEXT_TEMPLATE,
            "ROLLCALL_MAIL_BY": "notify",
        }

    def doubled(self) -> list[str]:
        """References that it has more than once."""
        return [reference for reference, n in Counter(one.reference for one in self.taken).items() if n > 1]

    def report(self, status: str, *, which: int = -1) -> None:
        """Say, late, what became of a notification."""
        self.taken[which].status = status


class Refused(Exception):
    """A request that the real service refuses: its HTTP status, kind of error and sentence."""

    def __init__(self, status: int, kind: str, words: str) -> None:
        super().__init__(words)
        self.status, self.kind, self.words = status, kind, words


def check_token(header: str) -> None:
    """The bearer's token: HS256 by the key's secret, from our service, made within half a minute. Raises Refused."""
    if not header.startswith("Bearer "):
        raise Refused(401, "AuthError", "Unauthorized: authentication token must be provided")
    token = header.removeprefix("Bearer ")
    try:
        if jwt.get_unverified_header(token) != {"typ": "JWT", "alg": "HS256"}:
            raise Refused(403, "AuthError", "Invalid token: algorithm used is not HS256")
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
    except jwt.PyJWTError as error:
        raise Refused(403, "AuthError", f"Invalid token: {error}") from error
    if claims.get("iss") != SERVICE:
        raise Refused(403, "AuthError", "Invalid token: service not found")
    if abs(time.time() - claims.get("iat", 0)) > 30:
        raise Refused(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")


def check_notification(kind: str, given: Any) -> None:
    """The fields of a request to send, as the service's schemas have them. Raises Refused."""
    if kind not in MAY_HAVE:
        raise Refused(404, "NotFound", "The requested URL was not found on the server.")
    if not isinstance(given, dict):
        raise Refused(400, "ValidationError", "The body is no object")
    if extra := set(given) - MAY_HAVE[kind]:
        raise Refused(400, "ValidationError", f"Additional properties are not allowed ({sorted(extra)})")
    reference = given.get("reference")
    if not isinstance(reference, str) or not re.fullmatch(r"[0-9a-f]{32}", reference):
        raise Refused(400, "ValidationError", "reference is a required property, and ours are 32 hexadecimal digits")
    _check_letter(given) if kind == "letter" else _check_templated(kind, given)


def _check_letter(given: dict[str, Any]) -> None:
    if given.get("postage") not in ("first", "second", "economy"):
        raise Refused(400, "ValidationError", "postage invalid. It must be either first, second or economy.")
    if not _decoded(given.get("content")).startswith(b"%PDF-"):
        raise Refused(400, "BadRequestError", "Letter content is not a valid PDF")


def _check_templated(kind: str, given: dict[str, Any]) -> None:
    known, placeholders = TEMPLATES.get(given.get("template_id", ""), ("", set()))
    if known != kind:
        raise Refused(400, "BadRequestError", "Template not found")
    words = given.get("personalisation") or {}
    if missing := placeholders - set(words):
        raise Refused(400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}")
    if kind == "sms":
        if not re.fullmatch(r"\+447\d{9}", given.get("phone_number", "")):
            raise Refused(400, "ValidationError", "phone_number Not a UK mobile number")
        if len(words["body"]) > 918:
            raise Refused(400, "BadRequestError", "Text messages cannot be longer than 918 characters.")
        return
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given.get("email_address", "")):
        raise Refused(400, "ValidationError", "email_address Not a valid email address")
    if given.get("email_reply_to_id", REPLY_TO) != REPLY_TO:
        raise Refused(400, "BadRequestError", "email_reply_to_id does not exist in database for service id")
    file = words["letter"]
    if file and not _decoded(file.get("file")).startswith(b"%PDF-"):
        raise Refused(400, "BadRequestError", "Unsupported file type")


def _decoded(content: Any) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (TypeError, ValueError):
        return b""


class _Talk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece: in two the client's system waits 40 ms between them

    def log_message(self, *_: Any) -> None:
        """Say nothing on the console."""

    @property
    def box(self) -> Notify:
        return self.server.box  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        """Send one."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.box.lock:
            mode = self.box.plan.pop(0) if self.box.plan else self.box.mode
        if mode == "drop_early":
            self._hang_up()
            return
        try:
            check_token(self.headers.get("Authorization", ""))
            if self.headers.get("Content-type") != "application/json":
                raise Refused(400, "ValidationError", "The body is no JSON")
            kind, given = self.path.removeprefix("/v2/notifications/"), json.loads(body)
            check_notification(kind, given)
        except Refused as error:
            self.box.wrong.append(error.words)
            self._refuse(error)
            return
        if mode in ERRORS:
            self._refuse(Refused(*ERRORS[mode]))
            return
        self._taken(kind, given, mode)

    def _taken(self, kind: str, given: dict[str, Any], mode: str) -> None:
        one = Taken(str(uuid4()), kind, given["reference"], given)
        with self.box.lock:
            self.box.taken.append(one)
        time.sleep(self.box.pause)
        if mode == "silent":
            self.box.release.wait(20)
        if mode in ("silent", "drop"):
            self._hang_up()
            return
        answer = {
            "id": one.id,
            "reference": one.reference,
            "content": {"body": "as the template has it"},
            "uri": f"{self.box.url}/v2/notifications/{one.id}",
            "template": {"id": given.get("template_id"), "version": 1, "uri": "/v2/template"},
        }
        self._answer(201, b"not json" if mode == "garbage" else json.dumps(answer).encode())

    def do_GET(self) -> None:
        """Look one up by its id, or some by reference or status."""
        self.box.asked.append(self.path)
        if self.box.asking == "drop":
            self._hang_up()
            return
        try:
            check_token(self.headers.get("Authorization", ""))
            if self.box.asking in ERRORS:
                raise Refused(*ERRORS[self.box.asking])
            self._answer(200, json.dumps(self._found()).encode())
        except Refused as error:
            self._refuse(error)

    def _found(self) -> dict[str, Any]:
        parts = urlsplit(self.path)
        with self.box.lock:
            taken = list(self.box.taken)
        if parts.path == "/v2/notifications":
            asked = parse_qs(parts.query)
            if set(asked) - {"reference", "status"} or set(asked.get("status", [])) - STATUSES:
                self.box.wrong.append(self.path)
                raise Refused(400, "ValidationError", f"{parts.query} is not of the schema")
            found = [one for one in reversed(taken) if _is_meant(one, asked)][:250]
            return {"notifications": [one.shown() for one in found], "links": {"current": self.box.url + self.path}}
        for one in taken:
            if parts.path == f"/v2/notifications/{one.id}":
                return one.shown()
        raise Refused(404, "NoResultFound", "No result found")

    def _refuse(self, error: Refused) -> None:
        said = {"status_code": error.status, "errors": [{"error": error.kind, "message": error.words}]}
        self._answer(error.status, json.dumps(said).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _is_meant(one: Taken, asked: dict[str, list[str]]) -> bool:
    return one.reference in asked.get("reference", [one.reference]) and one.status in asked.get("status", [one.status])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no fault of ours."""


@contextmanager
def notify_server() -> Iterator[Notify]:
    """A Notify on a free port of loopback, gone at the end."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box = box = Notify(port=server.server_address[1])  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield box
        finally:
            box.release.set()
            server.shutdown()
