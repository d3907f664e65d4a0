"""Who may sign in, and what they were granted, where and for how long."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from rollcall.accounts.roles import Role
from rollcall.journal.models import Deed
from rollcall.schools.models import Person, School, SchoolClass

_WITH_PERSON = """
    SELECT u.*, p.first AS person_first, p.last AS person_last
    FROM accounts_user u LEFT JOIN schools_person p ON p.id = u.person_id WHERE u.id = %s
"""


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail address, whatever its capitals."""

    def get(self, *args: Any, **wanted: Any) -> "User":
        """One user; by number alone they are read by hand, for every page and every open screen asks who is there."""
        if args or set(wanted) != {"pk"}:
            return super().get(*args, **wanted)
        user: Any = next(iter(self.raw(_WITH_PERSON, [wanted["pk"]])), None)
        if user is None:
            raise self.model.DoesNotExist(f"There is no user {wanted['pk']}.")
        user.person = user.person_id and Person(pk=user.person_id, first=user.person_first, last=user.person_last)
        found: User = user
        return found

    def get_queryset(self) -> "models.QuerySet[User]":
        """With the person, whose name every page shows."""
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A sign-in. What a person may do is in their grants, never here."""

    email = models.EmailField(unique=True)
    person = models.OneToOneField(Person, null=True, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return str(self.person) if self.person_id else self.email

    def get_full_name(self) -> str:
        """The name that pages and records show."""
        return str(self)


class Grant(models.Model):
    """A role for a person: at one class, at one school, or (both empty) across the federation, between two days.

    Cover for a day is a grant of the role `cover` for one class that begins and ends on that day.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=[(r.value, r.label) for r in Role])
    school = models.ForeignKey(School, null=True, on_delete=models.PROTECT, related_name="grants")
    school_class = models.ForeignKey(SchoolClass, null=True, on_delete=models.PROTECT, related_name="grants")
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(school_class__isnull=True) | models.Q(school__isnull=False),
                name="class_grant_names_its_school",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} at {self.school_class or self.school or 'the federation'}"
