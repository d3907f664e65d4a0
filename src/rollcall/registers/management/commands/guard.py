"""`rollcall guard`: make the triggers that guard the ledger, where a table rebuild has dropped them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from rollcall.registers import triggers


class Command(BaseCommand):
    """Drops what is left of the triggers and makes all of them anew, in one transaction."""

    help = "Make the triggers that refuse changes to the ledger."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the triggers and say how many there are."""
        with transaction.atomic():
            triggers.drop(connection)
            triggers.create(connection)
        self.stdout.write(f"The ledger is guarded by {len(triggers.expected(connection))} triggers.")
