"""Where a child is who was looked for, as somebody said once no register could say it: the school had closed."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.schools.models import Enrolment


class Found(models.Model):
    """One child accounted for in words, on a day on which the school closed after the session had begun."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="found")
    day = models.DateField()
    words = models.CharField(max_length=200)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["day", "enrolment"])]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil}: {self.words}"
