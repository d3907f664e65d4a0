"""Leave of absence: asked for, decided by the head of school or the executive headteacher, day by day (5.1)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.registers.models import Expectation
from rollcall.schools.models import Enrolment, PupilContact


class LeaveRequest(models.Model):
    """A request for leave. asked_on: the day on the form; notice_days: whole days from then to the first day.

    facts: the pupil's figures, past leave and siblings' requests as they were shown to who decided (design law 7);
    particulars: what religious observance and traveller absence want recorded (5.1-d, e).
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="leave")
    reason = models.CharField(max_length=40)
    words = models.TextField()
    first_day = models.DateField()
    last_day = models.DateField()
    asked_by = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    asker = models.CharField(max_length=120)
    asked_on = models.DateField()
    notice_days = models.IntegerField()
    evidence = models.CharField(max_length=200, blank=True)
    particulars = models.JSONField(default=dict)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    decided = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    message = models.BigIntegerField(null=True)
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "first_day"])]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil}: leave from {self.first_day} to {self.last_day}"


class LeaveSpan(models.Model):
    """Some days of a decided request, granted with a code (and the expectation that says so) or refused."""

    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="spans")
    first_day = models.DateField()
    last_day = models.DateField()
    granted = models.BooleanField()
    code = models.CharField(max_length=2, blank=True)
    expectation = models.OneToOneField(Expectation, null=True, on_delete=models.PROTECT, related_name="leave_span")

    class Meta:
        ordering = ["first_day"]

    def __str__(self) -> str:
        return f"{'granted' if self.granted else 'refused'} {self.first_day} to {self.last_day}"
