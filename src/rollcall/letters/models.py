"""The school's wordings and their versions: data, never code. The last version of a kind is the one in use."""

from django.db import models

from rollcall.journal.models import Deed


class Wording(models.Model):
    """One version of a letter's text; `kind` is the letter's id in the policy, `school` empty for all schools."""

    kind = models.CharField(max_length=40)
    school = models.BigIntegerField(null=True)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "school", "version"], name="wording_version_once"),
            # SQLite takes each empty school for another one, so the federation's own have a rule of their own.
            models.UniqueConstraint(
                fields=["kind", "version"],
                condition=models.Q(school__isnull=True),
                name="federation_wording_version_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} version {self.version}"
