"""`rollcall retain`: let go of casework, entries, leave and reports that no law or policy keeps any longer; monthly."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from rollcall.absence.actions.leave_retaining import retain_leave
from rollcall.absence.actions.report_retaining import retain_reports
from rollcall.casework.actions.retaining import retain_casework
from rollcall.casework.queries import resting_on
from rollcall.journal.actor import SCHEDULER
from rollcall.registers.actions import retain
from rollcall.schools.models import School


class Command(BaseCommand):
    """Prints how much went at each school; what a case rests on stays."""

    help = "Remove casework, register entries and requests for leave past their date, and record that it was done."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through the schools."""
        at = timezone.localtime()
        for school in School.objects.all():
            # The casework first: what rests on entries no longer lets them go on the same day.
            casework = retain_casework(school.pk, by=SCHEDULER, at=at).words
            held = resting_on(school.pk, at.date())
            went = retain(school.pk, by=SCHEDULER, at=at, held=held)
            self.stdout.write(f"{school.name}: {went} entries were past their date.")
            if casework:
                self.stdout.write(f"{school.name}: {casework} past their date.")
            if leave := retain_leave(school.pk, by=SCHEDULER, at=at, held=held):
                self.stdout.write(f"{school.name}: {leave} of its requests for leave were past their date.")
            if reports := retain_reports(school.pk, by=SCHEDULER, at=at):
                self.stdout.write(f"{school.name}: {reports} of its absentee reports were past their date.")
