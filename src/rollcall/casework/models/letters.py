"""Letters that are not the review's own: who had which, resting on what; and the rounds of updates to all parents."""

from django.db import models

from rollcall.casework.models.cases import Case
from rollcall.journal.models import Deed
from rollcall.schools.models import Pupil, School


class UpdateRound(models.Model):
    """One press: the weekly or end-of-term updates of a school (4.6-a), with who was left out and why.

    left_out: each {"pupil", "name", "class", "reasons": [{"kind", "why"}], "included"}; included is why a person let it
    go all the same, empty where it did not. through: the last day that the figures count. A round is withdrawn whole.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    through = models.DateField()
    last_week = models.BooleanField(default=False)
    left_out = models.JSONField(default=list)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "day"],
                condition=models.Q(withdrawn__isnull=True),
                name="one_round_of_updates_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.school}: updates of {self.day}"


class LetterWritten(models.Model):
    """A letter about a pupil that a named person sent: the ground of its messages, one for each adult written to.

    letter: its id in the policy. rests_on: what it was written on, copied: figures, marks, a meeting, a notice.
    """

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="letters")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="letters")
    round = models.ForeignKey(UpdateRound, null=True, on_delete=models.PROTECT, related_name="letters")
    letter = models.CharField(max_length=40)
    # What it is about, for the question asked before it goes: "meeting", "notice", "target", ...; and that row's id.
    about = models.CharField(max_length=20, blank=True)
    about_id = models.BigIntegerField(null=True)
    day = models.DateField()
    rests_on = models.JSONField(default=dict)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "id"]
        indexes = [models.Index(fields=["pupil", "letter"]), models.Index(fields=["about", "about_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["about_id", "letter"],
                condition=models.Q(about="meeting", withdrawn__isnull=True),
                name="letter_once_a_meeting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} about {self.pupil} on {self.day}"
