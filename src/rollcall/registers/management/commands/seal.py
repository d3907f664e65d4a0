"""`rollcall seal`: seal each school's new entries; run nightly and before a backup."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from rollcall.journal.actor import SCHEDULER
from rollcall.registers.actions import seal
from rollcall.schools.models import School


class Command(BaseCommand):
    """Prints a line a school."""

    help = "Seal the entries made since the last seal, so that tampering with them shows."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal every school."""
        for school in School.objects.all():
            made = seal(school.pk, by=SCHEDULER, at=timezone.localtime())
            self.stdout.write(f"{school.name}: {made or 'nothing new'}")
