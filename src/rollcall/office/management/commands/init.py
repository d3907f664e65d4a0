"""`rollcall init`: make an empty installation ready for real use: federation, first administrator, policy."""

import os
import sys
from argparse import ArgumentParser
from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from rollcall.office.actions.founding import Founding, found
from rollcall.rules.codes import edition_on
from rollcall.rules.policy import PolicyError, loads, names, shipped_text
from rollcall.schools.models import Federation

PASSWORD_VARIABLE = "ROLLCALL_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable, not a password


class Command(BaseCommand):
    """Asks for what was not given, checks all of it, then writes it in one go."""

    help = "Make an empty installation ready: the federation, its first administrator, its attendance policy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be given; the rest is asked for."""
        parser.add_argument("--federation", metavar="NAME")
        parser.add_argument("--name", metavar="'FIRST LAST'", help="the first administrator")
        parser.add_argument("--email")
        parser.add_argument("--policy", metavar="NAME|FILE", help=f"{', '.join(names())}, or a file of your own")
        parser.add_argument("--effective", type=_day, metavar="DATE", help="the day the policy took or takes effect")
        parser.add_argument("--approved", type=_day, metavar="DATE", help="the day the board approved it")
        parser.add_argument("--review", type=_day, metavar="DATE", help="its next review, at most 3 years on")

    def handle(self, *args: Any, **given: Any) -> None:
        """Prepare the database, ask, check, found."""
        call_command("migrate", verbosity=0)
        if Federation.objects.exists():
            raise CommandError("This database has its federation already; `rollcall serve` starts it.")
        wanted = Founding(
            federation=self._ask(given["federation"], "Name of the federation or school"),
            name=self._ask(given["name"], "Your first and last name"),
            email=_email(self._ask(given["email"], "Your e-mail address, to sign in with")),
            document=_document(self._ask(given["policy"], f"Attendance policy ({', '.join(names())}, or a file)")),
            effective=given["effective"] or _day(self._ask(None, "The policy takes effect on (YYYY-MM-DD)")),
            approved=given["approved"] or _day(self._ask(None, "The board approved it on (YYYY-MM-DD)")),
            review=given["review"] or _day(self._ask(None, "It is next reviewed on (YYYY-MM-DD)")),
            password=self._password(),
        )
        try:
            found(wanted, at=timezone.localtime())
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{wanted.federation} is ready. Start it with `rollcall serve`, sign in as {wanted.email}, "
            "then go to Set-up: schools, years and terms, classes, pupils, staff."
        )
        in_force, written = edition_on(timezone.localdate()), loads(wanted.document, "the policy").edition
        if written != in_force:
            self.stdout.write(
                f"Mind that this policy is written under the law of {written}, and that of {in_force} is in force: "
                "registers keep its codes until a policy under the newer law takes effect. Policy offers one."
            )

    def _ask(self, given: str | None, question: str) -> str:
        if given:
            return given
        if not sys.stdin.isatty():
            raise CommandError(f"{question}: give it as an option, or run this where it can ask.")
        try:
            while not (answer := input(f"{question}: ").strip()):
                self.stdout.write("This is needed.")
        except (EOFError, KeyboardInterrupt) as error:
            raise CommandError("Stopped before all was answered: nothing was written.") from error
        return answer

    def _password(self) -> str:
        password = os.environ.get(PASSWORD_VARIABLE, "")
        if not password:
            if not sys.stdin.isatty():
                raise CommandError(f"Put the administrator's password in {PASSWORD_VARIABLE}, or run this by hand.")
            password = getpass("A password, 10 characters or more: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a date; write it as 2026-09-01.") from error


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise CommandError(f"{text!r} is not an e-mail address.") from error
    return text


def _document(name: str) -> str:
    if name in names():
        return shipped_text(name)
    try:
        text = Path(name).read_text(encoding="utf-8")
        loads(text, name)
    except OSError as error:
        raise CommandError(
            f"{name!r} is neither a shipped policy ({', '.join(names())}) nor a readable file."
        ) from error
    except (UnicodeDecodeError, PolicyError) as error:
        raise CommandError(str(error)) from error
    return text
