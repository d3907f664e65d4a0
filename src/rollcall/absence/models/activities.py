"""Trips and activities for a group at once, which somebody must confirm on the day (V, P, B, W, J)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.registers.models import HALVES, Expectation
from rollcall.schools.models import Person, School


class Activity(models.Model):
    """A trip, visit, fixture or other approved activity. `leader` is the adult who confirms who is really there."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="activities")
    title = models.CharField(max_length=120)
    code = models.CharField(max_length=2)
    first_day = models.DateField()
    first_half = models.CharField(max_length=2, choices=HALVES)
    last_day = models.DateField()
    last_half = models.CharField(max_length=2, choices=HALVES)
    leader = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="activities")
    leader_name = models.CharField("who confirms", max_length=120)
    phone = models.CharField(max_length=30, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["school", "first_day"])]

    def __str__(self) -> str:
        return self.title


class ActivityPlace(models.Model):
    """One pupil's place in an activity, as an expectation."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="places")
    expectation = models.OneToOneField(Expectation, on_delete=models.PROTECT, related_name="activity_place")

    def __str__(self) -> str:
        return f"{self.expectation.enrolment.pupil} in {self.activity}"


class ActivityCheck(models.Model):
    """Whether a pupil is really there in one session, as the leader or the other school said."""

    place = models.ForeignKey(ActivityPlace, on_delete=models.PROTECT, related_name="checks")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES)
    there = models.BooleanField()
    said_by = models.CharField(max_length=120)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.place}: {'there' if self.there else 'not there'}"
