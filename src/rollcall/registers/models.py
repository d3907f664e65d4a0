"""The ledger, its one stored projection, and what stands around it: submissions, expectations, requests.

Nothing refers to the future: the ledger holds no session that has not begun. Entries and submissions are added
only; the database itself refuses to change or remove them (`triggers.py`).
"""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import Enrolment, School, SchoolClass

HALVES = [("AM", "morning"), ("PM", "afternoon")]


class Entry(models.Model):
    """One mark as it was entered. The last one by number stands; `-` clears."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="entries")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="entries")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES)
    code = models.CharField(max_length=2)
    minutes_late = models.PositiveSmallIntegerField(null=True)
    ground = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["school", "number"], name="entry_numbered_once")]
        indexes = [models.Index(fields=["enrolment", "day", "half", "number"], name="entry_by_session")]

    def __str__(self) -> str:
        return f"{self.code} {self.day} {self.half} ({self.number})"


class SheetRow(models.Model):
    """The ledger's projection: a byte a session and a byte of minutes late, for an enrolment and a school year.

    The axis is every half-day from 1 August to 31 July. `upto` is the number of the last entry it holds.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="rows")
    year_start = models.PositiveSmallIntegerField()
    marks = models.BinaryField()
    minutes = models.BinaryField()
    upto = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "year_start"], name="one_row_a_year")]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.year_start}"


class Submission(models.Model):
    """A register handed in. `taken_at` is when it was taken where that differs from the deed's time (on paper)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="submissions")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="submissions")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES)
    late = models.BooleanField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "number"], name="submission_numbered_once")]
        indexes = [models.Index(fields=["school", "day", "half"]), models.Index(fields=["school_class", "day", "half"])]

    def __str__(self) -> str:
        return f"{self.school_class} {self.day} {self.half} in"


class Expectation(models.Model):
    """What is expected of a pupil in a span of sessions: a code with its ground and who said so. No entry.

    It may lie in the future, is confirmed or contradicted by who takes the register, and is withdrawn, never deleted.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="expectations")
    first_day = models.DateField()
    first_half = models.CharField(max_length=2, choices=HALVES)
    last_day = models.DateField()
    last_half = models.CharField(max_length=2, choices=HALVES)
    code = models.CharField(max_length=2)
    ground = models.CharField(max_length=200)
    told_by = models.CharField(max_length=120, blank=True)
    back_on = models.DateField(null=True, blank=True)
    leave_granted = models.BooleanField(default=False)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="expectations")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["enrolment", "first_day", "last_day"])]

    def __str__(self) -> str:
        return f"{self.code} expected from {self.first_day} to {self.last_day}"


class Question(models.Model):
    """That evidence of the reason for some sessions was asked for, so that no register turns them unauthorised (4.2-c).

    Whoever asked settles it by deciding, or by withdrawing the question; it is never deleted.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="questions")
    first_day = models.DateField()
    first_half = models.CharField(max_length=2, choices=HALVES)
    last_day = models.DateField()
    last_half = models.CharField(max_length=2, choices=HALVES)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="questions")
    settled = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    # The code that was decided on, also where it stood already and no entry was made; empty where the marks stayed.
    code = models.CharField(max_length=2, blank=True)

    class Meta:
        indexes = [models.Index(fields=["enrolment", "first_day", "last_day"])]

    def __str__(self) -> str:
        return f"evidence asked for from {self.first_day} to {self.last_day}"


class ChangeRequest(models.Model):
    """A teacher's wish to change a standing mark after closing; the office accepts (an amendment) or declines."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="change_requests")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES)
    standing = models.CharField(max_length=2)
    wanted = models.CharField(max_length=2)
    minutes_late = models.PositiveSmallIntegerField(null=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="change_requests")
    decided = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided__isnull=True, accepted__isnull=True)
                | models.Q(decided__isnull=False, accepted__isnull=False),
                name="request_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.standing} to {self.wanted} on {self.day} {self.half}"


class RetentionPermit(models.Model):
    """The row that the triggers read: while it stands, entries made before `before` may be removed (4.1-e)."""

    before = models.DateTimeField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"entries made before {self.before}"


class Seal(models.Model):
    """A digest over a run of a school's entries, chained to the seal before it, so that tampering shows.

    `thinned` is the deed of retention that removed entries from under the seal; such a seal can't be recomputed.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    thinned = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "last"], name="sealed_once")]

    def __str__(self) -> str:
        return f"entries {self.first} to {self.last}"
