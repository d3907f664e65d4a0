"""What went out to the safeguarding record (CPOMS): each call, incident and action once (A6-c)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import Pupil, School


class CpomsTake(models.Model):
    """One file taken out, for a day or a span."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="cpoms_takes")
    first = models.DateField()
    last = models.DateField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class CpomsItem(models.Model):
    """One line of a file as it went out; a thing (`kind` and its id) goes out once."""

    take = models.ForeignKey(CpomsTake, on_delete=models.PROTECT, related_name="items")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    thing_id = models.BigIntegerField()
    at = models.DateTimeField()
    category = models.CharField(max_length=60)
    text = models.TextField()
    who = models.CharField(max_length=250)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["kind", "thing_id"], name="taken_out_once")]

    def __str__(self) -> str:
        return f"{self.category}: {self.text[:60]}"
