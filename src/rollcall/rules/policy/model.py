"""A school's policy as one frozen value, in the order in which a reader of the policy meets its parts.

It answers questions about itself and decides nothing: what follows from a figure is said in `stages` and `flow`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import Field

from rollcall.rules.policy import parts, paths
from rollcall.rules.policy.authority import AuthorityPath, State, SupportKind
from rollcall.rules.policy.day import TIME_NAMES, DayStep, School, SchoolDay, Times
from rollcall.rules.policy.forms import Form
from rollcall.rules.policy.measures import Action, Measures, Stages, Tiers
from rollcall.rules.policy.values import Entry, Frozen, Words, read_aloud
from rollcall.rules.policy.walk import Leaf, leaves


class Line(NamedTuple):
    """One value as a page shows it: its key, its text, the section that says so, the law behind it."""

    key: str
    text: str
    section: str
    source: str


class Authority(Entry):
    """The local authority that the school works with, by the names that its policy uses."""

    name: Words
    support_team: Words
    contact: Words


class Policy(Frozen):
    """The policy that governors adopted, under an edition of the law."""

    slug: Words
    name: Words
    edition: Literal["2006", "2024"]
    authority: Authority
    law: tuple[parts.LawReference, ...]
    roles: tuple[parts.Role, ...]
    times: Times
    schools: tuple[School, ...] = ()
    day: tuple[DayStep, ...]
    registers: parts.Registers
    absence: parts.Absence
    reasons: Annotated[tuple[parts.Reason, ...], Field(min_length=1)]
    risk: Annotated[tuple[parts.Risk, ...], Field(min_length=1)]
    leave: parts.Leave
    penalty: parts.Penalty
    promotion: parts.Promotion
    monitoring: parts.Monitoring
    measures: Measures
    stages: Stages
    path: paths.Path
    letters: tuple[paths.Letter, ...]
    punctuality: paths.Punctuality | None = None
    recognition: paths.Recognition | None = None
    year: parts.Year
    unauthorised: tuple[parts.Example, ...] = ()
    benefits: tuple[parts.Example, ...] = ()
    duties: tuple[parts.Example, ...] = ()
    enforcement: tuple[parts.Enforcement, ...] = ()
    tiers: Tiers
    process: tuple[Action, ...] = ()
    authority_path: AuthorityPath = AuthorityPath()
    forms: tuple[Form, ...] = ()
    support_kinds: tuple[SupportKind, ...] = ()
    keeping: tuple[parts.Keeping, ...]
    review: parts.Review
    links: tuple[parts.Link, ...] = ()
    decisions: tuple[parts.Decision, ...] = ()

    def school(self, slug_or_name: str) -> SchoolDay:
        """The times of a school: its own, the policy's for the rest; a policy that names no school gives its own.

        Raises LookupError for a school that a policy with schools doesn't name.
        """
        if not self.schools:
            return _day(slug_or_name, slug_or_name, self.times, self.times)
        school = next((one for one in self.schools if slug_or_name in (one.slug, one.name)), None)
        if school is None:
            known = ", ".join(one.slug for one in self.schools)
            raise LookupError(f"'{slug_or_name}' is no school of the policy '{self.slug}'; its schools are {known}.")
        return _day(school.slug, school.name, self.times, school.times)

    def role(self, role_id: str) -> parts.Role:
        """A position by its id; raises LookupError."""
        return _named(self.roles, role_id, "position")

    def letter(self, letter_id: str) -> paths.Letter:
        """A letter by its id; raises LookupError."""
        return _named(self.letters, letter_id, "letter")

    def step(self, step_id: str) -> paths.Step:
        """A step of the flow chart by its id; raises LookupError."""
        return _named(self.path.steps, step_id, "step")

    def state(self, state_id: str) -> State:
        """A state of the authority's process by its id; raises LookupError."""
        return _named(self.authority_path.steps, state_id, "state of the authority's process")

    def form(self, form_id: str) -> Form:
        """A form of the authority's process by its id; raises LookupError."""
        return _named(self.forms, form_id, "form")

    def support_kind(self, kind_id: str) -> SupportKind:
        """A kind of support by its id; raises LookupError."""
        return _named(self.support_kinds, kind_id, "kind of support")

    def reason(self, reason_id: str) -> parts.Reason:
        """A reason that families give, by its id; raises LookupError."""
        return _named(self.reasons, reason_id, "reason")

    def risk_of(self, mark: str) -> parts.Risk:
        """How soon a pupil is followed up, by the colour on their record ("red", "amber", "green"); LookupError."""
        found = next((one for one in self.risk if one.mark == mark), None)
        if found is None:
            raise LookupError(f"The policy '{self.slug}' does not say how soon a pupil at {mark} risk is followed up.")
        return found

    def action(self, action_id: str) -> Action:
        """What a stage, a tier or the authority's process asks for, by its id; raises LookupError."""
        of_stages = (one for stage in self.stages for one in stage.actions)
        of_tiers = (one for tier in self.tiers for one in tier.actions)
        return _named((*of_stages, *of_tiers, *self.process), action_id, "action")

    def keeping_of(self, record: str) -> parts.Keeping:
        """How long a kind of record is kept, by its id; raises LookupError."""
        return _named(self.keeping, record, "kind of record")

    def explain(self) -> list[Line]:
        """Every value with its section and source, in reading order, for a page; positions by their names."""
        names = {role.id: role.name for role in self.roles}
        return [Line(leaf.key, _spoken(leaf, names), leaf.section, leaf.source) for leaf in leaves(self)]

    def line(self, key: str) -> Line:
        """One value as a page shows it, by its key ('leave.notice_days'); raises LookupError."""
        found = next((line for line in self.explain() if line.key == key), None)
        if found is None:
            raise LookupError(f"'{key}' is no value of the policy '{self.slug}'.")
        return found

    def snapshot(self) -> dict[str, Any]:
        """The whole policy in plain JSON values, to be kept beside what was decided under it; `restore` reads it."""
        return self.model_dump(mode="json", exclude_defaults=True)


Named = TypeVar(
    "Named", parts.Role, paths.Letter, paths.Step, parts.Keeping, parts.Reason, Action, State, Form, SupportKind
)


def _named(entries: tuple[Named, ...], wanted: str, kind: str) -> Named:
    found = next((one for one in entries if one.id == wanted), None)
    if found is None:
        raise LookupError(f"'{wanted}' is no {kind} of the policy; there are {', '.join(one.id for one in entries)}.")
    return found


def _day(slug: str, name: str, for_all: Times, own: Times) -> SchoolDay:
    given = {time: getattr(own, time) or getattr(for_all, time) for time in TIME_NAMES}
    return SchoolDay(slug=slug, name=name, **given)


def _spoken(leaf: Leaf, names: dict[str, str]) -> str:
    if leaf.refers_to != "roles":
        return read_aloud(leaf.key, leaf.value)
    ids = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return ", ".join(names[one] for one in ids)
