"""Deeds, what they changed, and looks. Rows are added; nothing here is edited."""

from django.db import models
from django.utils.timezone import localtime


class Deed(models.Model):
    """One act of one person: the request's own key, who, with which position, when and why; `about` what, in words.

    The key is unique, so that the same request sent twice is one deed.
    """

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    about = models.CharField(max_length=160, blank=True)
    # The school's id as a plain number: a record of what happened must not hang on a row that may go.
    school = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["school", "-at"]), models.Index(fields=["actor", "-at"])]

    def __str__(self) -> str:
        return f"{self.kind} by {self.name} ({self.position}), {localtime(self.at):%d %B %Y %H:%M}"


class Change(models.Model):
    """One standing fact as it was before and after a deed; both sides as text."""

    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="changes")
    thing = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    field = models.CharField(max_length=60)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["thing", "thing_id"])]

    def __str__(self) -> str:
        return f"{self.thing} {self.thing_id} {self.field}: {self.before!r} to {self.after!r}"


class Look(models.Model):
    """Somebody opened a pupil's record, or signed in: who, what and when."""

    actor = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    position = models.CharField(max_length=120)
    at = models.DateTimeField()
    what = models.CharField(max_length=60)
    thing_id = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["what", "thing_id", "-at"]), models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.what} {self.thing_id or ''} by {self.name}"
