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
