"""Whom a school works with at the authority: its single point of contact and the helpline (A5-e)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import School


class AuthorityContact(models.Model):
    """The authority's single point of contact for a school, as last written down; earlier ones stay."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    helpline = models.CharField(max_length=30, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class TargetingPack(models.Model):
    """What was prepared for a targeting support meeting, as it was made: all that stands in it, copied (design law 7).

    Page and PDF are drawn from `contents` alone. It holds names: it is for the named staff and the point of contact.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    contents = models.JSONField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.school}: targeting support, {self.day:%d %B %Y}"
