"""A reason in genuine doubt: evidence asked for, its answer, parents told first, only then the mark (4.2, 5.1)."""

from django.db import models

from rollcall.absence.models.leave import LeaveRequest
from rollcall.absence.models.words import Report
from rollcall.journal.models import Deed
from rollcall.registers.models import HALVES
from rollcall.schools.models import Enrolment, PupilContact


class Doubt(models.Model):
    """Some sessions whose reason is doubted: an illness (4.2-b), or a holiday that nobody reported (5.1-c).

    why, would_do: why it is asked, and what evidence would settle it, by `due`. decided: the deed of the decision;
    `code` is what it wrote, empty where the marks stay as they are.
    """

    KINDS = [
        ("illness", "An illness"),
        ("appointment", "An appointment"),
        ("holiday", "A holiday without leave"),
        ("reason", "Another reason that was given"),
    ]
    HOW = [("message", "Message"), ("post", "Printed and posted"), ("phone", "By phone"), ("person", "In person")]

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="doubts")
    kind = models.CharField(max_length=12, choices=KINDS)
    first_day = models.DateField()
    first_half = models.CharField(max_length=2, choices=HALVES)
    last_day = models.DateField()
    last_half = models.CharField(max_length=2, choices=HALVES)
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="doubts")
    leave = models.ForeignKey(LeaveRequest, null=True, on_delete=models.PROTECT, related_name="doubts")
    why = models.TextField()
    would_do = models.JSONField(default=list)
    asked_of = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_how = models.CharField(max_length=10, choices=HOW)
    due = models.DateField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    answered = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    satisfied = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=2, blank=True)
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "first_day"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.enrolment.pupil} from {self.first_day}"


class Telling(models.Model):
    """The parents told that it turns unauthorised: in the outbox, or said by whom to whom. There may be several tries.

    A message's own state says whether it has gone (its ground is this row); what was said is told at once.
    """

    doubt = models.ForeignKey(Doubt, on_delete=models.PROTECT, related_name="tellings")
    how = models.CharField(max_length=10, choices=Doubt.HOW)
    contact = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)
    words = models.CharField(max_length=300, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_how_display()}"
