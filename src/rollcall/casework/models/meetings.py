"""Meetings with families and with the authority, what was agreed, and the targets set."""

from django.db import models

from rollcall.casework.models.cases import Case
from rollcall.journal.models import Deed
from rollcall.schools.models import Pupil, School


class Meeting(models.Model):
    """A meeting that is planned, until an outcome says how it went.

    kind: what it is for. step: the step of the path that it belongs to, where it does. with_roles: the positions that
    the policy names for it. asked: who is asked, each {"name", "position" or "relationship", "contact" or "actor"}.
    """

    KINDS = [
        ("step", "A step of the school's path"),
        ("regular", "Regular meeting with parents"),
        ("review", "Review of a plan"),
        ("other", "Another meeting with parents"),
        ("termly", "Termly meeting with the authority"),
        ("targeting", "Targeting support meeting"),
        ("multi_agency", "Meeting of several agencies"),
    ]

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, null=True, on_delete=models.PROTECT, related_name="meetings")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=12, choices=KINDS)
    step = models.CharField(max_length=40, blank=True)
    with_roles = models.JSONField(default=list)
    at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    asked = models.JSONField(default=list)
    about = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["school", "at"]), models.Index(fields=["pupil", "at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.at:%d %B %Y}"


class MeetingOutcome(models.Model):
    """How a meeting went: held, nobody came, moved or called off. One stands.

    came: who was there, each {"name", "as"}. said: what was said; next_review: when it is looked at again.
    """

    HOW = [
        ("held", "Held"),
        ("absent", "The family did not come"),
        ("moved", "Moved to another time"),
        ("off", "Called off"),
    ]

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="outcome")
    how = models.CharField(max_length=6, choices=HOW)
    came = models.JSONField(default=list)
    said = models.TextField(blank=True)
    next_review = models.DateField(null=True)
    moved_to = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="moved_from")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.get_how_display()


class AgreedAction(models.Model):
    """Something agreed at a meeting or written into a plan: what, who does it, by when, and when it was done.

    side: whose it is to do. actor: the id of the member of staff, where it is one; `owner` is the name as written.
    """

    SIDES = [
        ("school", "The school"),
        ("family", "The family"),
        ("pupil", "The pupil"),
        ("authority", "The authority"),
        ("other", "Another service (signposting)"),
    ]

    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="actions")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, null=True, on_delete=models.PROTECT, related_name="agreed_actions")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="actions")
    side = models.CharField(max_length=10, choices=SIDES)
    owner = models.CharField(max_length=120)
    actor = models.CharField(max_length=40, blank=True)
    what = models.TextField()
    due = models.DateField(null=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    done = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    done_words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.owner}: {self.what}"


class Target(models.Model):
    """A target agreed with a family: a share of sessions by a day, or in on every day until then.

    percent: empty for "in every day". begins: the first day that counts; ends: the last. A withdrawn one stays.
    """

    KINDS = [("percent", "A figure by a day"), ("every_day", "In every day until a day")]

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="targets")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="targets")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="targets")
    kind = models.CharField(max_length=10, choices=KINDS)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    begins = models.DateField()
    ends = models.DateField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="percent", percent__gt=0, percent__lte=100)
                | models.Q(kind="every_day", percent__isnull=True),
                name="target_has_its_figure",
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("begins")), name="target_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent}% by {self.ends}" if self.percent else f"in every day until {self.ends}"
