"""Leave of absence: asked for, decided by the head of school or the executive headteacher, day by day (5.1)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.registers.models import Expectation
from rollcall.schools.models import Enrolment, PupilContact


class LeaveRequest(models.Model):
    """A request for leave. asked_on: the day on the form; notice_days: whole days from then to the first day.

    asker_note: why who asked is not the parent with whom the pupil normally lives; empty where it is they.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="leave")
    reason = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    asked_by = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    asker = models.CharField(max_length=120)
    asker_note = models.CharField(max_length=120, blank=True)
    asked_on = models.DateField()
    notice_days = models.IntegerField()
    evidence = models.CharField(max_length=200, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "first_day"])]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil}: leave from {self.first_day} to {self.last_day}"


class LeaveDecision(models.Model):
    """What was decided on a request and why; one stands, and one that was taken back stays.

    facts: the pupil's figures, past leave and siblings' requests as they were shown to who decided (design law 7);
    particulars: what religious observance and traveller absence want recorded (5.1-d, e). how, told_to, told_words:
    how the answer went, to whom, and what was said where it was said.
    """

    HOW = [("email", "By e-mail"), ("post", "Printed and posted"), ("said", "Said by phone or in person")]

    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="decisions")
    why = models.TextField()
    facts = models.JSONField(default=dict)
    particulars = models.JSONField(default=dict)
    how = models.CharField(max_length=5, choices=HOW)
    told_to = models.CharField(max_length=120)
    told_words = models.CharField(max_length=300, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(withdrawn__isnull=True), name="one_leave_decision_stands"
            )
        ]

    def __str__(self) -> str:
        return f"decision on {self.request}"


class LeaveSpan(models.Model):
    """Some days of a decision, granted with a code (and the expectation that says so) or refused."""

    decision = models.ForeignKey(LeaveDecision, on_delete=models.PROTECT, related_name="spans")
    first_day = models.DateField()
    last_day = models.DateField()
    granted = models.BooleanField()
    code = models.CharField(max_length=2, blank=True)
    expectation = models.OneToOneField(Expectation, null=True, on_delete=models.PROTECT, related_name="leave_span")

    class Meta:
        ordering = ["first_day"]

    def __str__(self) -> str:
        return f"{'granted' if self.granted else 'refused'} {self.first_day} to {self.last_day}"
