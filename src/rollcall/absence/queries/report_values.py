"""What an absentee report says (A6-b), as plain values that can be kept and read again years later.

`as_kept` gives plain JSON with everything the report said, and `from_kept` the same values back, so that the page and
the print of a kept report are drawn from what was kept and from nothing else (design law 7).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from rollcall.rules.absentees import Where
from rollcall.rules.sessions import Half
from rollcall.schools.queries.facts import LONDON

FORM = 1
"""The form in which reports are kept; one of a later form says so."""


@dataclass(frozen=True)
class Sibling:
    """A brother or sister and where they are; `school` only where it is another."""

    pupil: int
    name: str
    class_name: str
    school: str
    where: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.class_name, self.school) if part)
        return f"{self.name} ({place}): {self.where}" if place else f"{self.name}: {self.where}"


@dataclass(frozen=True)
class Away:
    """One pupil who is not in. `code` is `-` where nobody has marked them; `risk` red, amber or green.

    expected: the code that is expected of them where no mark stands. told: who said so, how and when.
    """

    enrolment: int
    pupil: int
    name: str
    risk: str
    risk_words: str
    code: str
    where: str
    expected: str = ""
    reason: str = ""
    told: str = ""
    back: str = ""
    siblings: tuple[Sibling, ...] = ()
    to_do: tuple[str, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether nobody has said where the pupil is."""
        return self.where == Where.UNKNOWN.value

    @property
    def is_unexplained(self) -> bool:
        """Whether the pupil is away and nobody knows why."""
        return self.where == Where.UNEXPLAINED.value

    @property
    def code_words(self) -> str:
        """The mark as it is printed."""
        return "UNKNOWN" if self.is_unknown else self.code


@dataclass(frozen=True)
class Elsewhere:
    """Pupils of a class who are at one approved activity, or at another school; `ground` what it is, where known."""

    code: str
    meaning: str
    ground: str
    names: tuple[str, ...]
    to_do: str = ""


@dataclass(frozen=True)
class ClassPart:
    """One class: its register's state, who of it is not in, and who nobody has marked and nothing is known of.

    state: "in", "in late", "due", "late", "ahead", "closed" for a class that was closed after the session had begun
    (`closed` says so, and its pupils are those missing then), or "none" for pupils who are in no class. signed_out:
    those who were here and have been taken out of school, each as a sentence.
    """

    school_class: int
    name: str
    state: str
    handed: str
    takers: str
    n: int
    n_in: int
    away: tuple[Away, ...] = ()
    unknown: tuple[str, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    signed_out: tuple[str, ...] = ()
    closed: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether its register is not in."""
        return self.state in ("due", "late", "ahead")

    @property
    def is_quiet(self) -> bool:
        """Whether its register is in and everybody with it."""
        return not (self.is_missing or self.away or self.unknown or self.elsewhere or self.signed_out)

    @property
    def n_unknown(self) -> int:
        """How many nobody has marked."""
        return len(self.unknown) + sum(one.is_unknown for one in self.away)


@dataclass(frozen=True)
class AbsenteeReport:
    """Who is not in at one school in one session, by class, as it stood at `at`.

    due: when the policy wants it. number: the last ledger number that it holds, of a kept one; None for one that is
    read now. closed: the classes that do not meet, with why. inbox: messages that nobody has answered, in words.
    policy: the number of the policy version it was made under.
    """

    school: str
    slug: str
    day: date
    half: Half
    at: datetime
    due: datetime | None
    number: int | None
    policy: int
    classes: tuple[ClassPart, ...]
    closed: tuple[str, ...] = ()
    inbox: tuple[str, ...] = ()

    @cached_property
    def away(self) -> tuple[Away, ...]:
        """Everybody of all classes who has a line of their own."""
        return tuple(one for part in self.classes for one in part.away)

    @property
    def n(self) -> int:
        """How many pupils the report is about."""
        return sum(part.n for part in self.classes)

    @property
    def n_in(self) -> int:
        """How many are here."""
        return sum(part.n_in for part in self.classes)

    @property
    def n_unknown(self) -> int:
        """How many nobody has marked."""
        return sum(part.n_unknown for part in self.classes)

    @property
    def n_unexplained(self) -> int:
        """How many are away without a reason."""
        return sum(one.is_unexplained for one in self.away)

    @property
    def n_explained(self) -> int:
        """How many are away with a reason."""
        return sum(not (one.is_unexplained or one.is_unknown) for one in self.away)

    @property
    def n_elsewhere(self) -> int:
        """How many are at an approved activity, or at another school."""
        return sum(len(group.names) for part in self.classes for group in part.elsewhere)

    @property
    def missing(self) -> tuple[ClassPart, ...]:
        """The classes whose register is not in."""
        return tuple(part for part in self.classes if part.is_missing)

    @property
    def full(self) -> tuple[str, ...]:
        """The names of the classes that are all here."""
        return tuple(part.name for part in self.classes if part.is_quiet)

    @property
    def is_late(self) -> bool:
        """Whether it was kept more than a minute after it was due, which it then says."""
        return self.number is not None and self.due is not None and (self.at - self.due).total_seconds() > 60

    def as_kept(self) -> dict[str, Any]:
        """All of it in plain JSON values."""
        plain = asdict(self)
        plain |= {"form": FORM, "day": self.day.isoformat(), "at": self.at.isoformat()}
        plain["due"] = self.due.isoformat() if self.due else None
        return plain


def from_kept(kept: Mapping[str, Any]) -> AbsenteeReport:
    """The report that `as_kept` wrote. Raises ValueError for one of a form that is not known here."""
    if kept.get("form") != FORM:
        raise ValueError(f"The report was kept in form {kept.get('form')}; this version of Rollcall reads form {FORM}.")
    fields = {name: value for name, value in kept.items() if name != "form"}
    fields["day"] = date.fromisoformat(fields["day"])
    fields["at"] = datetime.fromisoformat(fields["at"]).astimezone(LONDON)
    fields["due"] = datetime.fromisoformat(fields["due"]).astimezone(LONDON) if fields["due"] else None
    fields["classes"] = tuple(_part(part) for part in fields["classes"])
    return AbsenteeReport(**{name: _fixed(value) for name, value in fields.items()})


def _part(kept: Mapping[str, Any]) -> ClassPart:
    own = {name: _fixed(value) for name, value in kept.items()}
    own["away"] = tuple(_away(one) for one in kept["away"])
    own["elsewhere"] = tuple(Elsewhere(**{k: _fixed(v) for k, v in one.items()}) for one in kept["elsewhere"])
    return ClassPart(**own)


def _away(kept: Mapping[str, Any]) -> Away:
    own = {name: _fixed(value) for name, value in kept.items()}
    own["siblings"] = tuple(Sibling(**one) for one in kept["siblings"])
    return Away(**own)


def _fixed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
