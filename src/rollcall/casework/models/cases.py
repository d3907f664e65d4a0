"""A pupil's case on a path of the policy, and the steps taken in it."""

from django.db import models

from rollcall.casework.models.reviews import Decision
from rollcall.journal.models import Deed
from rollcall.schools.models import Pupil, School


class Case(models.Model):
    """A pupil on a path, from the first step until it is over; one open at a time on each path.

    path: "school" is the policy's flow chart (FC), "authority" the authority's process (A5). The case stays with the
    pupil from school to school. It is judged by the policy kept here until a person moves it to another version.
    """

    PATHS = [("school", "The school's flow chart"), ("authority", "The authority's process")]
    ENDS = [
        ("improved", "Attendance improved"),
        ("done", "The path came to its end"),
        ("left", "The pupil left the schools"),
        ("age", "No longer of compulsory school age"),
        ("mistake", "Opened by mistake"),
    ]

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="cases")
    path = models.CharField(max_length=10, choices=PATHS)
    round = models.PositiveSmallIntegerField(default=1)
    # The school that opened it; where the pupil is now is said by the roll.
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    policy = models.BigIntegerField()
    policy_kept = models.JSONField()
    opened = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    closed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    end = models.CharField(max_length=10, choices=ENDS, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "path", "round"], name="case_round_once"),
            models.UniqueConstraint(
                fields=["pupil", "path"], condition=models.Q(closed__isnull=True), name="one_open_case_a_path"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil}: {self.get_path_display()}, {self.round}"


class StepTaken(models.Model):
    """A step of the flow chart that was taken for a pupil; once for each pupil and round of the path.

    attended, possible: the year's figure on which it was taken; evidence: all it rests on, copied, with "apart" holding
    the same two counts without the codes that the policy sets apart. answer: which exit of the state before led here,
    on the authority's process, where a state may be reached again. A withdrawn step stays, with who withdrew it.
    """

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="steps")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="steps")
    path = models.CharField(max_length=10, choices=Case.PATHS, default="school")
    step = models.CharField(max_length=40)
    answer = models.CharField(max_length=40, blank=True)
    because = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)
    round = models.PositiveSmallIntegerField(default=1)
    day = models.DateField()
    attended = models.PositiveIntegerField(default=0)
    possible = models.PositiveIntegerField(default=0)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="steps")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "steps taken"
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "step", "round"],
                condition=models.Q(withdrawn__isnull=True, path="school"),
                name="step_once_a_round",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} for {self.pupil} on {self.day}"
