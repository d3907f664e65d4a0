"""Penalty notices (5.2): for each parent and each child, with the sessions they rest on and what became of them."""

from django.db import models

from rollcall.casework.models.cases import Case
from rollcall.casework.models.letters import LetterWritten
from rollcall.journal.models import Deed
from rollcall.schools.models import Contact, Enrolment, Pupil, School


class PromptWord(models.Model):
    """What was said to a prompt while no notice was proposed: the secretary's advice (3.4-a), or why there is none now.

    prompt: the kind of notice; sessions: those of the prompt as it stood, each [day, half], so that a prompt with
    others is put again.
    """

    KINDS = [("advised", "Put before the head of school"), ("not_now", "No notice now")]

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="prompt_words")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=KINDS)
    prompt = models.CharField(max_length=10)
    sessions = models.JSONField()
    because = models.TextField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.because}"


class NoticeToImprove(models.Model):
    """A last chance before a notice: a period with what is enough, and what a named person found at its end.

    support: what was and is offered, as the letter says it.
    """

    OUTCOMES = [("improved", "Enough was done"), ("not_improved", "Not enough was done"), ("ended", "Given up early")]

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="notices_to_improve")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(LetterWritten, null=True, on_delete=models.PROTECT, related_name="+")
    begins = models.DateField()
    ends = models.DateField()
    enough = models.TextField()
    support = models.TextField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=OUTCOMES, blank=True)
    outcome_words = models.TextField(blank=True)
    outcome_deed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "notices to improve"
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"], condition=models.Q(outcome_deed__isnull=True), name="one_notice_to_improve_runs"
            ),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("begins")), name="improvement_has_its_time"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil}: to improve by {self.ends}"


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
    # Of one that the authority or the police issued: the day it was received, and their number for it.
    received_on = models.DateField(null=True)
    reference = models.CharField(max_length=60, blank=True)
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

    pence: of a payment. told_by: whose word it is. "kept" answers the question that changed marks raise; `detail` holds
    which they were. A wrong one is taken back and stays.
    """

    KINDS = [
        ("dropped", "Not issued after all"),
        ("received", "Received by the parent"),
        ("paid", "Payment"),
        ("withdrawn", "Withdrawn"),
        ("kept", "Kept, though marks were changed"),
        ("prosecuted", "The authority prosecutes"),
        ("not_prosecuted", "The authority does not prosecute"),
    ]

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=14, choices=KINDS)
    day = models.DateField()
    pence = models.PositiveIntegerField(null=True)
    ground = models.TextField(blank=True)
    told_by = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
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
