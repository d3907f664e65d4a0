"""Who left word, what was reported of which pupil, and callers handed on to the head of school (3.6, 3.7, 4.2, 4.3)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.registers.models import HALVES, Expectation
from rollcall.schools.models import Enrolment, PupilContact, School


class Word(models.Model):
    """Somebody left word: a call, a voicemail, an e-mail, a note. It waits in the inbox until it is cleared."""

    CHANNELS = [
        ("phone", "By phone"),
        ("voicemail", "Voicemail"),
        ("email", "E-mail"),
        ("note", "Note"),
        ("person", "In person"),
    ]
    OUTCOMES = [
        ("reported", "Entered"),
        ("handed_on", "Handed on"),
        ("nothing", "Nothing to enter"),
        ("stopped", "Stopped: somebody barred"),
    ]

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="words")
    channel = models.CharField(max_length=10, choices=CHANNELS)
    received_at = models.DateTimeField()
    caller = models.CharField(max_length=120, blank=True)
    number = models.CharField("number or address", max_length=120, blank=True)
    words = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    cleared = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "-received_at"])]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} from {self.caller or 'somebody'}"


class Report(models.Model):
    """One pupil's absence as it was told, and the expectation that it became. Withdrawn, never deleted.

    first and last are what the report stands for; `back_on` is what was said, which promises nothing (3.7-a).
    out_at, back_at: of an appointment. `reason` is an id of the policy's reasons, `code` the one that it has become,
    empty where no session is missed. `question`: why somebody must decide the code first, N being expected until they
    have `decided`.
    """

    word = models.ForeignKey(Word, on_delete=models.PROTECT, related_name="reports")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="reports")
    contact = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True)
    first_day = models.DateField()
    first_half = models.CharField(max_length=2, choices=HALVES)
    last_day = models.DateField()
    last_half = models.CharField(max_length=2, choices=HALVES)
    back_on = models.DateField(null=True)
    out_at = models.TimeField(null=True)
    back_at = models.TimeField(null=True)
    evidence_seen = models.BooleanField(default=False)
    code = models.CharField(max_length=2, blank=True)
    question = models.CharField(max_length=200, blank=True)
    decided = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    expectation = models.OneToOneField(Expectation, null=True, on_delete=models.PROTECT, related_name="report")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "first_day", "last_day"])]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil}: {self.reason} from {self.first_day}"


class HandOver(models.Model):
    """A caller whom the office handed on to the head of school, open until the head says what came of it (3.6-a)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="hand_overs")
    word = models.ForeignKey(Word, null=True, on_delete=models.PROTECT, related_name="hand_overs")
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="hand_overs")
    caller = models.CharField(max_length=120)
    number = models.CharField(max_length=120, blank=True)
    about = models.TextField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    done = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.caller}: {self.about}"
