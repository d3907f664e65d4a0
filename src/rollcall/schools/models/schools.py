"""The federation, its schools with their times, and their classes."""

from django.db import models


class Federation(models.Model):
    """The one organisation that keeps this installation."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school of the federation. `slug` is its name in the policy file and in addresses.

    `notify_reply_to` is the id that GOV.UK Notify gave the school's own reply address; empty for the service's default.
    """

    federation = models.ForeignKey(Federation, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=60, unique=True)
    urn = models.CharField("unique reference number", max_length=6, unique=True)
    la_number = models.CharField("local authority number", max_length=3)
    establishment_number = models.CharField(max_length=4)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    notify_reply_to = models.CharField("reply address at GOV.UK Notify", max_length=36, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["la_number", "establishment_number"], name="one_school_per_laestab")
        ]

    def __str__(self) -> str:
        return self.name


class SchoolTimes(models.Model):
    """A school's times from a date on, taken from the policy when the school is set up (4.1-f)."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="times")
    begins = models.DateField()
    gate = models.TimeField()
    am_opens = models.TimeField()
    am_due = models.TimeField()
    am_closes = models.TimeField()
    pm_opens = models.TimeField()
    pm_due = models.TimeField()
    pm_closes = models.TimeField()
    day_ends = models.TimeField()

    class Meta:
        ordering = ["school", "-begins"]
        constraints = [models.UniqueConstraint(fields=["school", "begins"], name="one_set_of_times_per_day")]

    def __str__(self) -> str:
        return f"{self.school} from {self.begins}"


class SchoolClass(models.Model):
    """A class of one school in one school year (`year_start` is the calendar year it begins in)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="classes")
    year_start = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["school", "-year_start", "name"]
        verbose_name_plural = "school classes"
        constraints = [models.UniqueConstraint(fields=["school", "year_start", "name"], name="class_named_once_a_year")]

    def __str__(self) -> str:
        return self.name


class LedgerCount(models.Model):
    """The number that a school gave out last; its row lock puts a school's writes in order (design law 4).

    `facts` goes up whenever the school's times, terms, closures or policy change, so that what was read of them
    can be kept in memory until it does.
    """

    school = models.OneToOneField(School, on_delete=models.PROTECT, related_name="count")
    last = models.BigIntegerField(default=0)
    facts = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.school}: {self.last}"
