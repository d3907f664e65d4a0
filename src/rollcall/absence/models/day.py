"""The day's list ticked off, the absentee report as it was at its time, and the friendly calls at its end (A6)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import Enrolment, School


class StepDone(models.Model):
    """A line of the day's list that somebody says is done; what the program sees by itself has no row."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="steps_done")
    day = models.DateField()
    step = models.CharField(max_length=40)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    undone = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day", "step"],
                condition=models.Q(undone__isnull=True),
                name="step_done_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} on {self.day}"


class KeptReport(models.Model):
    """The absentee report as it was at its time: `number` is the last ledger number that it holds (A6-b).

    content: all that it said, as plain values, so that it can be shown when everything around it has changed.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="absentee_reports")
    day = models.DateField()
    number = models.BigIntegerField()
    content = models.JSONField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_absentee_report_a_day")]

    def __str__(self) -> str:
        return f"{self.school}, {self.day}"


class FriendlyCall(models.Model):
    """The call home at the end of a day away: how the child is, and what tomorrow brings (A6-d)."""

    OUTCOMES = [("reached", "Spoke to them"), ("message", "Message left"), ("no_answer", "No answer")]

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="friendly_calls")
    day = models.DateField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    spoke_to = models.CharField(max_length=120, blank=True)
    words = models.CharField(max_length=300, blank=True)
    tomorrow = models.CharField(max_length=200, blank=True)
    back_on = models.DateField(null=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["day", "enrolment"])]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil} on {self.day}"
