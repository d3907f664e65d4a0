"""When somebody who is barred spoke for a child or came for one: what was said, and nothing that came of it (4.5-a)."""

from django.db import models

from rollcall.absence.models.calls import Alert
from rollcall.journal.models import Deed
from rollcall.schools.models import Enrolment, PupilContact


class Stop(models.Model):
    """One barred adult who was stopped about one child, with what they said, which explains nothing.

    name: the adult's, copied, for the contact may go. said_by: who it was as it was tapped or typed. `otherwise` is the
    deed by which somebody said, with the reason, that it was another adult after all.
    """

    WHERE = [
        ("call", "In a call or message"),
        ("friendly", "In a friendly call"),
        ("slip", "Brought the child in late"),
        ("outing", "Came for the child"),
        ("found", "Said to be with the child"),
    ]

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="stops")
    contact = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)
    where = models.CharField(max_length=10, choices=WHERE)
    said_by = models.CharField(max_length=250, blank=True)
    words = models.TextField(blank=True)
    alert = models.ForeignKey(Alert, null=True, on_delete=models.PROTECT, related_name="stops")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    otherwise = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "-id"])]

    def __str__(self) -> str:
        return f"{self.name} about {self.enrolment.pupil}: {self.get_where_display().lower()}"
