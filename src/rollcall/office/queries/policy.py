"""The policy in force with every value and its source, what needs a leader's eye, and what changes between versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rollcall.rules.policy import Line, Policy, names, shipped_text
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import PolicyVersion
from rollcall.schools.queries.policies import read_text

WORDS = {
    "slug": "The policy",
    "name": "The policy",
    "edition": "The policy",
    "authority": "The local authority",
    "law": "The law it rests on",
    "roles": "Who does what",
    "times": "Times of the day, at every school",
    "schools": "Times of each school",
    "day": "The day as a list",
    "registers": "Registers",
    "absence": "Absence",
    "reasons": "Reasons that families give",
    "risk": "How soon a missing child is followed up",
    "leave": "Leave in term time",
    "penalty": "Penalty notices",
    "promotion": "Promoting attendance",
    "monitoring": "Monitoring",
    "measures": "What a figure is held against",
    "stages": "Stages",
    "path": "The flow chart",
    "letters": "Letters",
    "punctuality": "When lateness is raised and warned of",
    "recognition": "When improved attendance is recognised",
    "year": "The year that printed tables reckon with",
    "unauthorised": "What is unauthorised",
    "benefits": "Why it matters",
    "duties": "Duties",
    "enforcement": "What the law can do",
    "tiers": "Tiers",
    "process": "The authority's process",
    "authority_path": "The authority's process, state by state",
    "forms": "Forms of the authority's process",
    "support_kinds": "Kinds of support",
    "keeping": "How long records are kept",
    "review": "Review of the policy",
    "links": "Other policies",
    "decisions": "Where the policy disagrees with itself",
}


@dataclass(frozen=True)
class Part:
    """One part of a policy with its values."""

    name: str
    anchor: str
    lines: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class Difference:
    """One value that differs between two versions; empty where there is none."""

    words: str
    before: str
    after: str
    section: str


def versions() -> list[PolicyVersion]:
    """Every version, the latest to take effect first, without its document."""
    return list(PolicyVersion.objects.select_related("deed").defer("document"))


def before(version: PolicyVersion) -> PolicyVersion | None:
    """The version that held before another."""
    return PolicyVersion.objects.filter(effective__lt=version.effective).first()


def parts(policy: Policy) -> list[Part]:
    """Every value with its section and source, by the parts of the policy (8-a)."""
    found: dict[str, list[tuple[str, Line]]] = {}
    for line in policy.explain():
        found.setdefault(WORDS[_head(line.key)], []).append((words_of(line.key), line))
    return [Part(name, name.lower().replace(" ", "-").replace("'", ""), tuple(lines)) for name, lines in found.items()]


def _head(key: str) -> str:
    return key.split(".")[0].split("[")[0]


def words_of(key: str) -> str:
    """A key in words: `letters[letter-1].below_percent` is "letter-1: below percent"."""
    first, _, rest = key.partition("[") if "[" in key.split(".")[0] else (key, "", "")
    if not rest:
        return _plain(key.partition(".")[2] or key)
    name, _, tail = rest.partition("]")
    return f"{name.replace('no-', '')}: {_plain(tail.lstrip('.'))}"


def _plain(text: str) -> str:
    return text.replace("_", " ").replace(".", ", ").replace("[", " ").replace("]", "")


def differences(old: Policy, new: Policy) -> list[Difference]:
    """Every value that is not the same in both, in the order of the new one, then what is gone."""
    was = {line.key: line for line in old.explain()}
    now = {line.key: line for line in new.explain()}
    changed = [
        Difference(_whole(key), was[key].text if key in was else "", line.text, line.section)
        for key, line in now.items()
        if key not in was or was[key].text != line.text
    ]
    gone = [Difference(_whole(key), line.text, "", line.section) for key, line in was.items() if key not in now]
    return changed + gone


def _whole(key: str) -> str:
    return f"{WORDS[_head(key)]}: {words_of(key)}"


def templates() -> list[tuple[str, str]]:
    """The policies that are shipped, by name, with what they are."""
    found = [(name, read_text(shipped_text(name))) for name in names()]
    return [(name, f"{policy.name}, under the law of {policy.edition}") for name, policy in found]


def first_day_of_year(day: date) -> date:
    """1 August of a day's school year."""
    return SchoolYear.of(day).first


def schools_missing(policy: Policy, slugs: Iterable[str]) -> list[str]:
    """The schools that a policy which names its schools leaves out."""
    named = {school.slug for school in policy.schools}
    return [slug for slug in slugs if named and slug not in named]
