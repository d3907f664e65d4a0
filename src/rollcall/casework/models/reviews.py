"""Fortnightly reviews as they were: what was proposed, with its evidence, and what a named person decided."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import Pupil, School


class Review(models.Model):
    """One review of a school's attendance on a day, frozen when closed (7.1-a).

    registers_missing: the registers that were not in when it was closed, each {"class", "day", "half"}.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="reviews")
    day = models.DateField()
    upto_number = models.BigIntegerField()
    policy = models.BigIntegerField()
    # The whole policy as it was, so that the review can be read without any other row (design law 7).
    policy_kept = models.JSONField(default=dict)
    opened = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    closed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    registers_missing = models.JSONField(default=list)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_review_a_day")]

    def __str__(self) -> str:
        return f"{self.school} review of {self.day}"


class ReviewRow(models.Model):
    """One pupil in a review: figures, stage, reasons and proposal as they were on the day (design law 7).

    shown: the little of the evidence that the list of a review shows, for a list of hundreds can't read all of it.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rows")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="review_rows")
    step = models.CharField(max_length=40)
    check_first = models.BooleanField(default=False)
    evidence = models.JSONField()
    shown = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "pupil"], name="pupil_once_a_review")]

    def __str__(self) -> str:
        return f"{self.pupil}: {self.step}"


class Decision(models.Model):
    """What a named person decided on a row, and why: agree, otherwise, no action, or handed on. The first stands."""

    CHOICES = [
        ("agree", "Agreed"),
        ("otherwise", "Otherwise"),
        ("none", "No action"),
        ("handed", "Handed to somebody"),
        ("carried", "Carried over to the next review"),
    ]

    row = models.OneToOneField(ReviewRow, on_delete=models.PROTECT, related_name="decision")
    choice = models.CharField(max_length=10, choices=CHOICES)
    step = models.CharField(max_length=40)
    because = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.get_choice_display()}: {self.step}"


class Advice(models.Model):
    """What somebody who may only advise (3.4-a) put forward on a row; nothing follows from it alone."""

    row = models.ForeignKey(ReviewRow, on_delete=models.PROTECT, related_name="advice")
    step = models.CharField(max_length=40)
    because = models.TextField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "advice"

    def __str__(self) -> str:
        return f"{self.step}: {self.because}"


class HandedOn(models.Model):
    """A pupil handed to a member of staff to look into or see to, from a review or a case, until it is done.

    actor: the id of who is to do it, as `journal.Actor` has it; name and position as they were then.
    """

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="handed_on")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT, related_name="handed")
    actor = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120)
    what = models.TextField()
    due = models.DateField(null=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    done = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    done_words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "handed on"
        indexes = [models.Index(fields=["actor", "done"])]

    def __str__(self) -> str:
        return f"{self.pupil} handed to {self.name}"
