"""`rollcall demo`: the federation with made-up pupils, in a database of its own, served on this machine."""

import gc
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from rollcall.demo import actions
from rollcall.demo.environment import DATABASE
from rollcall.demo.models import DemoClock
from rollcall.demo.queries import sign_ins
from rollcall.demo.staff import PASSWORD
from rollcall.office import serving
from rollcall.schools.models import School

HOST = "127.0.0.1"


class Command(BaseCommand):
    """The settings it runs under were chosen by `demo.environment`; without them it refuses."""

    help = "Make a federation with made-up pupils and a year and more of marks, and serve it."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day on which it stands, and how it is served."""
        parser.add_argument(
            "--today", type=_day, default=None, metavar="DATE", help="stand on the latest school day up to DATE"
        )
        parser.add_argument("--no-serve", action="store_true", help="only make the database")
        parser.add_argument("--keep", action="store_true", help="serve the demo that was made before, as it was left")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, say who can sign in, serve it."""
        if not settings.ROLLCALL_DEMO:
            raise CommandError("The demo is started as `rollcall demo`, which gives it a database of its own.")
        if not options["no_serve"]:
            _check_port(options["port"])
        if not (options["keep"] and _is_demo()):
            self._make(options["today"] or timezone.localdate())
        self._introduce()
        connection.close()
        if not options["no_serve"]:
            self._serve(options["port"])

    def _make(self, today: date) -> None:
        _clear()
        began = monotonic()
        self.stdout.write("Making the federation ...")
        call_command("migrate", verbosity=0, skip_checks=True)
        _make_room()
        try:
            built = actions.build(today, wall=timezone.now())
        except actions.NotEmpty as error:
            raise CommandError(str(error)) from error
        finally:
            gc.enable()
        at = f"{built.shown:%A} {built.shown.day} {built.shown:%B %Y}, {built.shown.hour}.{built.shown:%M}"
        self.stdout.write(f"Made in {monotonic() - began:.1f} s. Its clock stands at {at}.")

    def _introduce(self) -> None:
        self.stdout.write(f"\nWho can sign in, all with the password {PASSWORD}:")
        for email, position, where in sign_ins():
            self.stdout.write(f"  {email:<40} {position}{', ' if where else ''}{where}")

    def _serve(self, port: int) -> None:
        def ready() -> None:
            self.stdout.write(f"\nThe demo is at http://{HOST}:{port} (Ctrl-C stops it).")
            if "filebased" in settings.EMAIL_BACKEND:
                self.stdout.write(f"Its e-mail leaves nothing but files in {_shown(settings.EMAIL_FILE_PATH)}.")

        code = serving.run_together([serving.web(HOST, port, 1), serving.worker()], ready)
        if code:
            raise CommandError("The server or the worker has ended by itself; see the lines above.", returncode=code)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _check_port(port: int) -> None:
    try:
        serving.check_port(HOST, port)
    except serving.CannotServe as error:
        raise CommandError(str(error)) from error


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _is_demo() -> bool:
    try:
        return DemoClock.objects.exists()
    except DatabaseError:
        return False


def _make_room() -> None:
    """Spare two seconds: pages that don't fit are written twice, and nothing is garbage until all is made."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -100000")
    gc.disable()


def _clear() -> None:
    """Take away the demo made before: only the demo's own file, and only where it is a demo or nothing yet."""
    file = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or file.name != DATABASE or not file.exists():
        return
    if not _is_demo() and _holds_a_school():
        raise CommandError(
            f"{file.name} holds a school and is no demo: move it away, or name another ROLLCALL_DATABASE."
        )
    connection.close()
    for name in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        name.unlink(missing_ok=True)


def _holds_a_school() -> bool:
    try:
        return School.objects.exists()
    except DatabaseError:
        return False
