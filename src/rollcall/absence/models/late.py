"""Late arrivals, the screen by the door, and children signed out and back in during the day (4.4, A2)."""

from django.db import models

from rollcall.journal.models import Deed
from rollcall.registers.models import HALVES, Expectation
from rollcall.schools.models import Enrolment, PupilContact, School


class Device(models.Model):
    """A screen by the door that the office enrolled. `secret` is the digest of what its browser holds."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60)
    secret = models.CharField(max_length=64, unique=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    ended = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name}, {self.school}"


class DeviceTry(models.Model):
    """One wrong try at a screen by the door; too many in a minute lock it."""

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["device", "-at"])]

    def __str__(self) -> str:
        return f"{self.device} at {self.at}"


class Slip(models.Model):
    """A late arrival slip. It waits until an adult who sees the child confirms it, and then it makes the mark.

    `device` is empty for one filled in at the office. code and minutes are those of the mark that it made. One that
    waited while another made the mark is `withdrawn` by the other's own deed, which settles it.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="slips")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES)
    arrived_at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    words = models.CharField(max_length=200, blank=True)
    brought_by = models.CharField(max_length=120, blank=True)
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="slips")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    confirmed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=2, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["day", "enrolment"])]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil} late on {self.day}"


class Outing(models.Model):
    """A child signed out during the day, with who took them, and signed back in if they came back.

    `expectation` is the code for the sessions whose register is taken while the child is gone, if there are any.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="outings")
    day = models.DateField()
    out_at = models.DateTimeField()
    reason = models.CharField(max_length=40)
    words = models.CharField(max_length=200, blank=True)
    collected_by = models.ForeignKey(PupilContact, null=True, on_delete=models.SET_NULL, related_name="+")
    collector = models.CharField(max_length=120)
    back_due = models.TimeField(null=True)
    expectation = models.OneToOneField(Expectation, null=True, on_delete=models.PROTECT, related_name="outing")
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    back_at = models.DateTimeField(null=True)
    back = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["day", "enrolment"])]

    def __str__(self) -> str:
        return f"{self.enrolment.pupil} out on {self.day}"
