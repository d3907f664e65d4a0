"""`rollcall retain`: let entries go that no law or policy keeps any longer; run monthly."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from rollcall.casework.queries import resting_on
from rollcall.journal.actor import SCHEDULER
from rollcall.registers.actions import retain
from rollcall.schools.models import School


class Command(BaseCommand):
    """Prints how many entries went at each school; what a case rests on stays."""

    help = "Remove register entries past their date, whole, and record that it was done."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the schools."""
        at = timezone.localtime()
        for school in School.objects.all():
            went = retain(school.pk, by=SCHEDULER, at=at, held=resting_on(school.pk, at.date()))
            self.stdout.write(f"{school.name}: {went} entries were past their date.")
