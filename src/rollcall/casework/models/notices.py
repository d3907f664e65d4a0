"""Penalty notices (5.2): for each parent and each child, with the sessions they rest on and what became of them."""

from django.db import models

from rollcall.casework.models.cases import Case
from rollcall.journal.models import Deed
from rollcall.schools.models import Contact, Enrolment, Pupil, School


class Notice(models.Model):
    """A penalty notice, from its proposal on; what became of it is in its events.

    kind: "irregular" rests on sessions after a warning, "leave" on one term-time leave without permission, "public" is
    another act's notice, for an excluded child in a public place. gate: support offered with its outcome or why it is
    not apt, the warning, and the authority's checklist, copied. terms: amounts and days of the law's edition, copied.
    """

    KINDS = [
        ("irregular", "Irregular attendance"),
        ("leave", "Term-time leave without permission"),
        ("public", "Excluded child in a public place"),
    ]
    ISSUERS = [
        ("executive_headteacher", "Executive headteacher"),
        ("head_of_school", "Head of school, authorised by the executive headteacher"),
        ("local_authority_officer", "Local authority"),
        ("police", "Police"),
    ]

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="notices")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="notices")
    to_name = models.CharField(max_length=200)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=KINDS)
    edition = models.CharField(max_length=4)
    evidence = models.JSONField()
    gate = models.JSONField(default=dict)
    proposed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    authorised = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    issued = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    issued_by = models.CharField(max_length=24, choices=ISSUERS, blank=True)
    issued_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    terms = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["pupil", "contact"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.to_name} about {self.pupil}"


class NoticeSession(models.Model):
    """A session that a notice rests on; for one parent and child it counts once, while the notice stands."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="sessions")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=[("AM", "morning"), ("PM", "afternoon")])
    code = models.CharField(max_length=2)
    counts = models.BooleanField(default=True)

    class Meta:
        ordering = ["day", "half"]
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "contact", "day", "half"],
                condition=models.Q(counts=True),
                name="session_counts_once_a_parent",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.half} {self.code}"


class NoticeEvent(models.Model):
    """What became of a notice, as the school was told: a payment, its withdrawal, or what came after 28 days.

    pence: of a payment. told_by: whose word it is. A wrong one is taken back and stays.
    """

    KINDS = [
        ("dropped", "Not issued after all"),
        ("received", "Received by the parent"),
        ("paid", "Payment"),
        ("withdrawn", "Withdrawn"),
        ("prosecuted", "The authority prosecutes"),
        ("not_prosecuted", "The authority does not prosecute"),
    ]

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=14, choices=KINDS)
    day = models.DateField()
    pence = models.PositiveIntegerField(null=True)
    ground = models.TextField(blank=True)
    told_by = models.CharField(max_length=120, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    taken_back = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}"


class Pack(models.Model):
    """An evidence pack as it was made: all that stands in it, copied, certified by a named person (design law 7).

    The PDF is set from `contents` alone, so that the same evidence gives the same bytes whenever it is asked for.
    """

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="packs")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="packs")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="packs")
    contents = models.JSONField()
    digest = models.CharField(max_length=64)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Evidence about {self.pupil}"
