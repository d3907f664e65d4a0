"""Which version of the policy holds on a day, and what about it a leader should know (8-a)."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rollcall.rules import codes
from rollcall.rules.policy import Policy, loads
from rollcall.schools.models import PolicyVersion

SOON_DAYS = 60


@dataclass(frozen=True)
class Flag:
    """Something about the policy that a leader should know; `kind` is overdue, soon, edition or none."""

    kind: str
    sentence: str


def version_on(day: date) -> PolicyVersion | None:
    """The version in force on a day; the first of all for days before it."""
    found = PolicyVersion.objects.select_related("deed")
    return found.filter(effective__lte=day).first() or found.last()


def read(version: PolicyVersion) -> Policy:
    """A version as values."""
    return read_text(version.document)


@lru_cache(maxsize=16)
def read_text(document: str) -> Policy:
    """A document as values, kept in memory. Raises PolicyError."""
    return loads(document, "the adopted policy")


def flags(day: date) -> list[Flag]:
    """An overdue review (8-a), and a newer edition of the law than the one the policy is written under."""
    version = version_on(day)
    if version is None:
        return [Flag("none", "No policy is adopted yet, so no figure can be judged.")]
    found = []
    later = PolicyVersion.objects.filter(effective__gt=day).last()
    if version.review < day:
        found.append(Flag("overdue", f"The review of the policy was due on {_day(version.review)} and is overdue."))
    elif (version.review - day).days <= SOON_DAYS:
        found.append(Flag("soon", f"The policy is to be reviewed by {_day(version.review)}."))
    if (edition := codes.edition_on(day)) != (own := read(version).edition):
        law = f"The policy is written under the law of {own}; since then the law of {edition} is in force."
        found.append(Flag("edition", law + _awaited(later, edition)))
    return found


def _awaited(later: PolicyVersion | None, edition: str) -> str:
    if later is not None and read(later).edition == edition:
        return f" A version under it takes effect on {_day(later.effective)}."
    return f" Registers need a policy under edition {edition}: adopt one from a date."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
