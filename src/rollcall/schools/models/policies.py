"""Versions of the attendance policy as the board adopted them."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models.schools import Federation


class PolicyVersion(models.Model):
    """A policy document with the day it takes effect, was approved, and is next reviewed (8-a). Never edited."""

    federation = models.ForeignKey(Federation, on_delete=models.PROTECT, related_name="policies")
    name = models.CharField(max_length=120)
    document = models.TextField()
    effective = models.DateField()
    approved = models.DateField()
    review = models.DateField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-effective"]
        constraints = [
            models.UniqueConstraint(fields=["federation", "effective"], name="one_policy_takes_effect_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.effective}"
