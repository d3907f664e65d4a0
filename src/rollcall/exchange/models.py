"""What is kept of files: how they are laid out, a file on its way in, and what has been brought in.

The file itself lies in a folder until it is brought in or given up (`waiting.py`); here stands whose it is.
"""

from django.conf import settings
from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import Federation, School

KINDS = [("pupils", "Pupils"), ("marks", "Marks")]


class Preset(models.Model):
    """A layout of files that somebody mapped and named, so that the next one like it needs no mapping."""

    federation = models.ForeignKey(Federation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    name = models.CharField(max_length=80)
    layout = models.JSONField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["federation", "kind", "name"], name="preset_named_once")]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """A file between its upload and its preview: whose, for which school, and how its columns are read."""

    token = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    filename = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    layout = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.filename


class Intake(models.Model):
    """A file that was brought in: its name and digest, by which deed, and how much of it was new."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    n_rows = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    passed_over = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["school", "digest"])]

    def __str__(self) -> str:
        return f"{self.filename} ({self.kind})"
