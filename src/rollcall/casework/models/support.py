"""Help that was offered, strategies with their pupils, forms filled in, and matters raised in person."""

from django.db import models

from rollcall.casework.models.cases import Case, StepTaken
from rollcall.journal.models import Deed
from rollcall.schools.models import Pupil, School


class SupportOffered(models.Model):
    """A service or a help that was offered to a family (7.4-c); `kind` is one of the policy's kinds of support."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="support")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="support")
    kind = models.CharField(max_length=40)
    what = models.TextField()
    provider = models.CharField(max_length=120, blank=True)
    day = models.DateField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "id"]
        verbose_name_plural = "support offered"

    def __str__(self) -> str:
        return f"{self.what}, offered {self.day}"


class SupportAnswer(models.Model):
    """What became of an offer; the last one stands."""

    ANSWERS = [
        ("taken_up", "Taken up"),
        ("refused", "Refused"),
        ("ended", "Came to its end"),
        ("not_apt", "Turned out not to be apt"),
    ]

    offer = models.ForeignKey(SupportOffered, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=10, choices=ANSWERS)
    day = models.DateField()
    note = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "id"]

    def __str__(self) -> str:
        return self.get_answer_display()


class Intervention(models.Model):
    """A strategy for a pupil or a group (7.2-b): its kind, what it is meant to change, from when to when.

    kind: one of the policy's kinds of support. aim: what it is meant to change, in words; the figures are worked out
    from the marks of its pupils by whoever evaluates it.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="interventions")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    aim = models.TextField()
    tier = models.PositiveSmallIntegerField(null=True)
    led_by = models.CharField(max_length=120, blank=True)
    begins = models.DateField()
    planned_end = models.DateField(null=True)
    ended = models.DateField(null=True)
    ended_why = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    end_deed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-begins", "id"]

    def __str__(self) -> str:
        return self.name


class InterventionPupil(models.Model):
    """A pupil's part in a strategy, from a day to a day."""

    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="members")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="interventions")
    begins = models.DateField()
    ended = models.DateField(null=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    end_deed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intervention", "pupil", "begins"], name="pupil_joins_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.pupil} in {self.intervention}"


class FormFilled(models.Model):
    """A form as it was filled in; filled in again, it is a new row and the earlier one stays.

    form: its id in the policy; definition: the form as the policy had it, copied; answers by the id of the field.
    """

    pupil = models.ForeignKey(Pupil, null=True, on_delete=models.PROTECT, related_name="forms")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="forms")
    step = models.ForeignKey(StepTaken, null=True, on_delete=models.PROTECT, related_name="forms")
    form = models.CharField(max_length=40)
    definition = models.JSONField()
    answers = models.JSONField()
    review_due = models.DateField(null=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["pupil", "form"])]

    def __str__(self) -> str:
        return f"{self.form} of {self.pupil}"


class Raised(models.Model):
    """A matter raised with a parent in person, before anything is written (A3-d)."""

    ABOUT = [("punctuality", "Punctuality"), ("attendance", "Attendance")]

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="raised")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=12, choices=ABOUT)
    day = models.DateField()
    with_whom = models.CharField(max_length=120)
    said = models.TextField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "id"]
        verbose_name_plural = "raised"

    def __str__(self) -> str:
        return f"{self.get_about_display()} raised with {self.with_whom}"
