"""Fortnightly reviews as they were: what was proposed, with its evidence, and what a named person decided."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import Pupil, School


class Review(models.Model):
    """One review of a school's attendance on a day, frozen when closed (7.1-a)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="reviews")
    day = models.DateField()
    upto_number = models.BigIntegerField()
    policy = models.BigIntegerField()
    # The whole policy as it was, so that the review can be read without any other row (design law 7).
    policy_kept = models.JSONField(default=dict)
    opened = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    closed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_review_a_day")]

    def __str__(self) -> str:
        return f"{self.school} review of {self.day}"


class ReviewRow(models.Model):
    """One pupil in a review: figures, stage, reasons and proposal as they were on the day (design law 7)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="rows")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="review_rows")
    step = models.CharField(max_length=40)
    check_first = models.BooleanField(default=False)
    evidence = models.JSONField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["review", "pupil"], name="pupil_once_a_review")]

    def __str__(self) -> str:
        return f"{self.pupil}: {self.step}"


class Decision(models.Model):
    """What a named person decided on a row: agree, otherwise, or no action; with the reason. The first one stands."""

    CHOICES = [
        ("agree", "Agreed"),
        ("otherwise", "Otherwise"),
        ("none", "No action"),
        ("carried", "Carried over to the next review"),
    ]

    row = models.OneToOneField(ReviewRow, on_delete=models.PROTECT, related_name="decision")
    choice = models.CharField(max_length=10, choices=CHOICES)
    step = models.CharField(max_length=40)
    because = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.get_choice_display()}: {self.step}"


class StepTaken(models.Model):
    """A step of the flow chart that was taken for a pupil; once for each pupil and round of the path.

    attended, possible: the figure on which it was taken. A withdrawn step stays, with who withdrew it and why.
    """

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="steps")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    day = models.DateField()
    attended = models.PositiveIntegerField(default=0)
    possible = models.PositiveIntegerField(default=0)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="steps")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "steps taken"
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "step", "round"],
                condition=models.Q(withdrawn__isnull=True),
                name="step_once_a_round",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} for {self.pupil} on {self.day}"
