"""`rollcall restore FILE`: put a backup into an empty database, then check it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from rollcall.office.archive import ArchiveError, read_archive


class Command(BaseCommand):
    """Refuses a database that holds a school: a restore must never write over what is there."""

    help = "Restore a backup into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, bring the tables up to date, check."""
        try:
            read_archive(options["file"])
        except ArchiveError as error:
            raise CommandError(f"Nothing was restored: {error}") from error
        except OSError as error:
            raise CommandError(f"Nothing was restored: {options['file']} can't be read ({error.strerror}).") from error
        call_command("migrate", verbosity=0)
        call_command("check", stdout=self.stdout)
        self.stdout.write(f"{options['file']} is restored.")
