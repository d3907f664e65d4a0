"""The settings that make a process a demo's, chosen before Django reads its settings. Imports nothing of Django.

The demo has a database file of its own, and its mail goes to a folder, so that nothing leaves the machine.
"""

from collections.abc import MutableMapping
from pathlib import Path

DATABASE = "demo.sqlite3"


def make_demo(environment: MutableMapping[str, str]) -> None:
    """Set what a demo needs; a database or a mail server that was named stays as it was named."""
    var = Path(environment.get("ROLLCALL_VAR", "var")).resolve()
    environment["ROLLCALL_DEMO"] = "yes"
    environment.setdefault("ROLLCALL_DATABASE", f"sqlite:///{var / DATABASE}")
    environment.setdefault("ROLLCALL_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
