"""Members of staff and the positions they hold at each school."""

from django.db import models

from rollcall.schools.models.schools import School


class Person(models.Model):
    """Somebody who works for, or governs, the federation."""

    first = models.CharField("first name", max_length=80)
    last = models.CharField("last name", max_length=80)

    class Meta:
        ordering = ["last", "first", "id"]

    def __str__(self) -> str:
        return f"{self.first} {self.last}"


class Post(models.Model):
    """A position held at a school, or across the federation where `school` is empty (3.7-c)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="posts")
    position = models.CharField(max_length=80)
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["person", "begins"]

    def __str__(self) -> str:
        return f"{self.position} ({self.school or 'federation'})"
