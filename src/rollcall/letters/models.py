"""The school's wordings and their versions: data, never code. The last version of a kind is the one in use."""

from django.db import models

from rollcall.journal.models import Deed


class Wording(models.Model):
    """One version of a letter's text; `kind` is the letter's id in the policy, `school` empty for all schools.

    language: empty for English; a translation has versions of its own. more: its other parts by name, each as in the
    wording that is shipped where it is left out: greeting, closing, law (goes to families of children of compulsory
    school age only), wishes (added in the last week of a term).
    """

    kind = models.CharField(max_length=40)
    school = models.BigIntegerField(null=True)
    language = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    more = models.JSONField(default=dict)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "school", "language", "version"], name="wording_version_once"),
            # SQLite takes each empty school for another one, so the federation's own have a rule of their own.
            models.UniqueConstraint(
                fields=["kind", "language", "version"],
                condition=models.Q(school__isnull=True),
                name="federation_wording_version_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} version {self.version}"
