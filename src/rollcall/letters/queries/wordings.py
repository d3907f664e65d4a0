"""Which wording of a letter is in use, its versions, and whether one says all that the policy asks of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from rollcall.letters.fields import TOLD_BY, WordingError, fields_in, threat_in
from rollcall.letters.models import Wording
from rollcall.letters.wordings import WordingText, shipped
from rollcall.rules.policy import Letter, Line, Policy


def wording_for(kind: str, school: int | None) -> WordingText:
    """The wording in use: the school's own last version, else the federation's, else the shipped one.

    Raises LookupError for a letter that has no wording.
    """
    own = list(Wording.objects.filter(Q(school=school) | Q(school__isnull=True), kind=kind))
    own.sort(key=lambda row: (row.school is not None, row.version))
    base = shipped().get(kind)
    if own and base:
        return replace(base, version=own[-1].version, subject=own[-1].subject, body=own[-1].body)
    if base is None:
        raise LookupError(f"There is no wording for '{kind}'; there are {', '.join(sorted(shipped()))}.")
    return base


def drafted(kind: str, school: int | None, subject: str, body: str) -> WordingText:
    """A wording as it is typed, between the greeting and closing in use. Raises LookupError for an unknown letter."""
    base = wording_for(kind, school)
    return replace(base, version=0, subject=" ".join(subject.split()), body=body.replace("\r\n", "\n").strip())


@dataclass(frozen=True)
class Version:
    """One version of a wording, with who made it and when; `school` is empty where it is for all schools."""

    version: int
    school: int | None
    subject: str
    body: str
    by: str
    at: datetime


def versions_of(kind: str, school: int) -> list[Version]:
    """The versions of a wording that a school has used or could fall back on, newest first."""
    rows = Wording.objects.filter(Q(school=school) | Q(school__isnull=True), kind=kind).select_related("deed")
    return [
        Version(row.version, row.school, row.subject, row.body, row.deed.name, row.deed.at)
        for row in rows.order_by("-deed__at", "-id")
    ]


def has_wording(kind: str | None) -> bool:
    """Whether a letter of this kind can be written."""
    return kind in shipped()


def told_lines(policy: Policy) -> dict[str, list[Line]]:
    """The values of a policy that letters may tell, each with its section, by the field that tells them."""
    found: dict[str, list[Line]] = {}
    for line in policy.explain():
        if line.key in TOLD_BY:
            found.setdefault(TOLD_BY[line.key], []).append(line)
    return found


def check_wording(letter: Letter, wording: WordingText) -> None:
    """Raise WordingError unless a wording names every field that its letter must have, and threatens nobody (5.2-e)."""
    parts = (wording.subject, wording.greeting, wording.body, wording.wishes, wording.closing)
    # Part by part, so that the line of an error is the line in the text that somebody types.
    used = {"today_with_weekday", *(name for part in parts for name in fields_in(part))}  # each letter bears its date
    must = {*letter.fields, *(TOLD_BY[key] for key in letter.tells if key in TOLD_BY)}
    if lacking := sorted(must - used):
        raise WordingError(f"{letter.name} must say {{{lacking[0]}}}: put it into the text.")
    if not letter.cites and (word := threat_in(wording.whole)):
        raise WordingError(f"{letter.name} names no law and threatens nobody: leave out the word '{word}'.")
