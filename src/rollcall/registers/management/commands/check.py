"""`rollcall check`: the ledger against its projection and seals, the triggers, and Django's own checks first."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.check import Command as SystemCheck

from rollcall.registers.queries.checking import faults, trigger_faults
from rollcall.schools.models import School


class Command(SystemCheck):
    """Prints a line for each school; ends with 1 when anything disagrees."""

    help = "Compare each school's register with its entries and seals, and see that the database guards them."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Run Django's system checks, then the ledger's own."""
        super().handle(*app_labels, **options)
        if app_labels or options.get("list_tags") or options.get("tags"):
            return
        found = list(trigger_faults())
        for school in School.objects.all():
            wrong = list(faults(school))
            self.stdout.write(f"{school.name}: {'all agrees' if not wrong else f'{len(wrong)} faults'}")
            found += wrong
        if found:
            raise CommandError("\n".join(found))
