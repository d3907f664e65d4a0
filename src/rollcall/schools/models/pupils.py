"""Pupils, their enrolment at schools, their classes, and facts with a span."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models.schools import School, SchoolClass


class Pupil(models.Model):
    """A child, once in the federation however many of its schools they attend."""

    upn = models.CharField("unique pupil number", max_length=13, unique=True)
    legal_first = models.CharField("legal first name", max_length=80)
    legal_last = models.CharField("legal last name", max_length=80)
    known_first = models.CharField("known-as first name", max_length=80)
    known_last = models.CharField("known-as last name", max_length=80)
    born = models.DateField("date of birth")
    sex = models.CharField(max_length=1, choices=[("F", "Female"), ("M", "Male")])
    sen = models.CharField(
        "special educational needs",
        max_length=1,
        default="N",
        choices=[("N", "None"), ("K", "SEN support"), ("E", "Education, health and care plan")],
    )
    free_meals = models.BooleanField("free school meals", default=False)
    pupil_premium = models.BooleanField(default=False)
    traveller = models.BooleanField("traveller family", default=False)
    looked_after = models.BooleanField(default=False)
    child_protection = models.BooleanField(default=False)
    social_worker = models.CharField("social worker and how to reach them", max_length=200, blank=True)
    young_carer = models.BooleanField(default=False)
    risk = models.CharField(
        max_length=5, default="green", choices=[("green", "Green"), ("amber", "Amber"), ("red", "Red")]
    )
    medical = models.CharField("medical or long-term condition", max_length=200, blank=True)
    confidential = models.BooleanField("presence is confidential", default=False)

    class Meta:
        ordering = ["known_last", "known_first", "id"]

    def __str__(self) -> str:
        return self.known_name

    @property
    def known_name(self) -> str:
        """The name that staff and pupils use."""
        return f"{self.known_first} {self.known_last}"

    @property
    def legal_name(self) -> str:
        """The name in law, for letters and the authority."""
        return f"{self.legal_first} {self.legal_last}"


class Enrolment(models.Model):
    """A pupil on a school's register from `admitted` to `left` (the last day on roll, empty while they stay)."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="enrolments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="enrolments")
    admitted = models.DateField()
    left = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pupil", "admitted"]
        constraints = [
            models.UniqueConstraint(fields=["pupil", "school", "admitted"], name="enrolled_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(left__isnull=True) | models.Q(left__gte=models.F("admitted")),
                name="leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil} at {self.school} from {self.admitted}"


class ClassMembership(models.Model):
    """A pupil in a class from `begins` to `ends`. Moving ends one row and adds the next; nothing is lost."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="memberships")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="memberships")
    year_group = models.SmallIntegerField("year group (0 is reception)")
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["begins"]
        indexes = [models.Index(fields=["school_class", "begins"])]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "begins"], name="one_class_begun_a_day"),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("begins")),
                name="membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil} in {self.school_class}"


class Hold(models.Model):
    """A time in which nothing is sent to a family, such as a bereavement."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(
        max_length=20,
        choices=[("bereavement", "Bereavement"), ("illness", "Serious illness"), ("other", "Other")],
    )
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.begins}"


class PartTimePattern(models.Model):
    """The sessions of a week that a part-time pupil does not attend, such as "WedPM Fri", between two days."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="part_time")
    begins = models.DateField()
    ends = models.DateField()
    away = models.CharField(max_length=80)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.away} from {self.begins} to {self.ends}"


class Exclusion(models.Model):
    """A suspension or permanent exclusion, by its dates. One that was wrong is withdrawn and stays on record."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="exclusions")
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    permanent = models.BooleanField(default=False)
    provision_from = models.DateField("alternative provision from", null=True, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{'Excluded' if self.permanent else 'Suspended'} from {self.begins}"
