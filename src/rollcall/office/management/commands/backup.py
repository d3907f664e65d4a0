"""`rollcall backup FILE`: the whole database in one file, sealed and checked, while the program goes on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from rollcall.office.archive import ArchiveError, write_archive


class Command(BaseCommand):
    """The register is to be copied at least monthly; a copy that can't be read back is none, so it is checked."""

    help = "Write the whole database to one file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, copy, say how large it is."""
        call_command("seal", verbosity=0, stdout=self.stdout)
        try:
            size = write_archive(options["file"])
        except ArchiveError as error:
            raise CommandError(f"No backup was written: {error}") from error
        except OSError as error:
            raise CommandError(
                f"No backup was written: {options['file']} can't be written ({error.strerror}); choose another folder."
            ) from error
        self.stdout.write(f"{options['file']}: {size:,} bytes. Keep it away from this machine.")
