"""Looking for a child: calls made, alerts raised and acknowledged, what is put to the head or the authority (4.5)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.registers.models import HALVES
from rollcall.schools.models import Enrolment, Person, PupilContact, SchoolClass


class Call(models.Model):
    """One try at reaching one contact about one absence, and what came of it."""

    OUTCOMES = [
        ("reached", "Reached"),
        ("no_answer", "No answer"),
        ("message", "Message left"),
        ("wrong_number", "Wrong number"),
    ]

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="calls")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES)
    contact = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    # Copied, for the contact and its numbers may change.
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=30)
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    words = models.CharField(max_length=300, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["day", "enrolment"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_outcome_display()}"


class Alert(models.Model):
    """Something that a named position must know now and acknowledge; unacknowledged, it goes one higher.

    It is about a child, or about a class whose register of a session nobody has taken: that one is raised once.
    `to_role` is a position of the policy ("dsl"); `higher` the deed by which the next one was told too. One of a kind
    waits for a child and day; once it is dealt with, the same may have to be told again.
    """

    KINDS = [
        ("unreached", "None of the contacts could be reached"),
        ("not_known", "Somebody was reached who does not know where the child is"),
        ("overdue", "Not accounted for in the time that the policy gives"),
        ("afternoon", "Here in the morning, and not at the afternoon register"),
        ("collector", "Somebody who is barred asked for the child"),
        ("barred", "Somebody who is barred spoke for the child"),
        ("social_worker", "The social worker is to be told today"),
        ("untaken", "Nobody has taken the register"),
    ]

    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="alerts")
    school_class = models.ForeignKey(SchoolClass, null=True, on_delete=models.PROTECT, related_name="alerts")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES, blank=True)
    kind = models.CharField(max_length=14, choices=KINDS)
    to_role = models.CharField(max_length=40)
    words = models.TextField(blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    acknowledged = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    higher = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    closed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "day", "kind"],
                condition=models.Q(acknowledged__isnull=True, closed__isnull=True),
                name="one_alert_waits",
            ),
            models.UniqueConstraint(fields=["school_class", "day", "half", "kind"], name="one_alert_a_register"),
            models.CheckConstraint(
                condition=models.Q(enrolment__isnull=False, school_class__isnull=True)
                | models.Q(enrolment__isnull=True, school_class__isnull=False),
                name="alert_is_about_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

    @property
    def about(self) -> str:
        """The child, or the class with its session."""
        if self.enrolment:
            return str(self.enrolment.pupil)
        return f"{self.school_class}, {self.get_half_display()}"

    @property
    def school_id(self) -> int:
        """At which school, by id."""
        one = self.enrolment or self.school_class
        assert one is not None
        return one.school_id


class Referral(models.Model):
    """What is put to the head of school, and returned to the authority where the head so decides (4.5-c, 4.5-d).

    since: the first day of the episode; one referral of a kind for each episode. evidence: the figures, days and
    calls as they were when it was raised.
    """

    KINDS = [
        ("welfare_officer", "Involve an education welfare officer"),
        ("unauthorised_run", "Ten school days of unauthorised absence in a row"),
        ("irregular", "Irregular attendance"),
        ("stopped", "Stopped attending"),
    ]

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="referrals")
    kind = models.CharField(max_length=20, choices=KINDS)
    since = models.DateField()
    day = models.DateField()
    evidence = models.JSONField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    decided = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField(null=True)
    returned = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "kind", "since"], name="referred_once_an_episode")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.enrolment.pupil}"


class Reach(models.Model):
    """How a member of staff chose to be told of an alert; without a row it is by e-mail to their sign-in."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="reach")
    by_email = models.BooleanField(default=True)
    by_text = models.BooleanField(default=False)
    mobile = models.CharField(max_length=30, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.person)
