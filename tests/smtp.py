"""A mail server on loopback that does what a test asks: accepts, refuses, puts off, hangs up, or says nothing."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What it took, and what it shall do: accept, refuse, later, refuse_data, drop, drop_early or silent."""

    port: int = 0
    mode: str = "accept"
    taken: list[bytes] = field(default_factory=list)
    seen: int = 0
    release: threading.Event = field(default_factory=threading.Event)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.box: MailServer = self.server.box  # type: ignore[attr-defined]
        self.box.seen += 1
        self._say("220 test mail server")
        while line := self.rfile.readline():
            verb = line.split(b" ")[0].strip().upper()
            if not self._answer(verb):
                return

    def _answer(self, verb: bytes) -> bool:
        mode = self.box.mode
        if verb in (b"EHLO", b"HELO", b"MAIL", b"RSET", b"NOOP"):
            self._say("250 ok")
        elif verb == b"RCPT":
            if mode == "drop_early":
                return False
            self._say({"refuse": "550 no such person here", "later": "451 try again later"}.get(mode, "250 ok"))
        elif verb == b"DATA":
            return self._data(mode)
        else:
            self._say("221 bye")
            return False
        return True

    def _data(self, mode: str) -> bool:
        self._say("354 go on")
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            content += self.rfile.readline()
        self.box.taken.append(content)
        if mode == "silent":
            self.box.release.wait(10)
        if mode in ("drop", "silent"):
            return False
        self._say("554 not wanted" if mode == "refuse_data" else "250 taken")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on a free port of loopback, gone at the end."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box = box = MailServer(port=server.server_address[1])  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield box
        finally:
            box.release.set()
            server.shutdown()
