"""What a school's letters bear: logo, a line under its name, who signs. Each change is a row; the last stands."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models.schools import School


class Letterhead(models.Model):
    """A school's letterhead from this deed on. An earlier one stays, for letters that were set with its logo.

    logo_name: by which letters have the logo, empty for none; strapline: a line of the school's own; signatory: who
    signs every letter with their position, empty where each is signed by who sends it.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="letterheads")
    logo = models.BinaryField(null=True)
    logo_kind = models.CharField(max_length=3, choices=[("png", "PNG"), ("svg", "SVG")], blank=True)
    logo_name = models.CharField(max_length=32, blank=True)
    logo_alt = models.CharField(max_length=120, blank=True)
    strapline = models.CharField(max_length=120, blank=True)
    signatory = models.CharField(max_length=120, blank=True)
    signatory_position = models.CharField(max_length=120, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["school", "-id"]
        indexes = [models.Index(fields=["logo_name"])]

    def __str__(self) -> str:
        return f"Letterhead of {self.school}"
