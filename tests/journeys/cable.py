"""A cable between browser and server that a test can pull out: a relay of bytes on loopback.

Truer than the browser's own offline switch, which service workers do not feel.
"""

import contextlib
import socket
import threading


class Cable:
    """Listens on a port of its own and passes everything on, while it is in."""

    def __init__(self, host: str, port: int) -> None:
        self.far = (host, port)
        self.is_in = True
        self.open: set[socket.socket] = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def pull(self) -> None:
        """Cut what is open, and whatever comes until it is back."""
        self.is_in = False
        for end in list(self.open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def put_back(self) -> None:
        """Let connections through again."""
        self.is_in = True

    def close(self) -> None:
        """Pull it out for good."""
        self.pull()
        self.listener.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.is_in:
                    self._join(near)
                else:
                    near.close()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self.far)
        except OSError:
            near.close()
            return
        self.open |= {near, far}
        for one, other in ((near, far), (far, near)):
            threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            self.open.discard(end)
