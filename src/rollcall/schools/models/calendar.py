"""School years, terms, and closures laid over them."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models.schools import School


class SchoolYear(models.Model):
    """A school's year, named by the calendar year in which it begins on 1 August."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="years")
    start = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["school", "-start"]
        constraints = [models.UniqueConstraint(fields=["school", "start"], name="school_year_once")]

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02}"


class Term(models.Model):
    """A span of days in which the school teaches; half-terms lie between terms."""

    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="terms")
    name = models.CharField(max_length=60)
    first = models.DateField()
    last = models.DateField()

    class Meta:
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="term_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.first} to {self.last}"


class Closure(models.Model):
    """Sessions on which the school, or some classes, did not meet. It lies over the marks and touches none.

    `code` is `#` for a planned closure and a code of the Y kind otherwise; a lifted closure stays, with who lifted it.
    """

    KINDS = [
        ("inset", "Staff training day"),
        ("bank_holiday", "Bank holiday"),
        ("planned", "Planned closure"),
        ("unplanned", "Unplanned closure"),
    ]

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="closures")
    number = models.BigIntegerField()
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    half = models.CharField(max_length=2, blank=True, choices=[("AM", "morning"), ("PM", "afternoon")])
    kind = models.CharField(max_length=20, choices=KINDS)
    code = models.CharField(max_length=2)
    ground = models.CharField(max_length=200)
    classes = models.ManyToManyField("schools.SchoolClass", blank=True)
    lifted = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_number = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["first"]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="closure_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="closure_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first} to {self.last}"
