"""Who the school may call or write to about a pupil, and who it must not."""

from django.db import models

from rollcall.schools.models.pupils import Pupil


class Contact(models.Model):
    """An adult; the same row serves every child of a family, so siblings are found through it."""

    title = models.CharField(max_length=20, blank=True)
    first = models.CharField("first name", max_length=80)
    last = models.CharField("last name", max_length=80)
    email = models.EmailField(blank=True)
    address = models.TextField(blank=True)
    language = models.CharField(max_length=40, default="English")

    class Meta:
        ordering = ["last", "first", "id"]

    def __str__(self) -> str:
        return f"{self.first} {self.last}"


class ContactPhone(models.Model):
    """One number of a contact, in the order to try."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="phones")
    order = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=30)
    kind = models.CharField(
        max_length=10, default="mobile", choices=[("mobile", "Mobile"), ("home", "Home"), ("work", "Work")]
    )

    class Meta:
        ordering = ["contact", "order"]

    def __str__(self) -> str:
        return self.number


class PupilContact(models.Model):
    """What an adult is to a pupil, in the order to call. A barred one is never written to, told or given the child."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="contacts")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="pupils")
    order = models.PositiveSmallIntegerField(default=1)
    relationship = models.CharField(max_length=40)
    parental_responsibility = models.BooleanField(default=False)
    lives_with = models.BooleanField("the pupil lives with them", default=False)
    barred = models.BooleanField(default=False)
    barred_do = models.CharField("what the office must do", max_length=200, blank=True)
    barred_why = models.TextField("why, for the safeguarding lead only", blank=True)

    class Meta:
        ordering = ["pupil", "order"]
        constraints = [models.UniqueConstraint(fields=["pupil", "contact"], name="contact_once_a_pupil")]

    def __str__(self) -> str:
        return f"{self.contact}, {self.relationship} of {self.pupil}"
