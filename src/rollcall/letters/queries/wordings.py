"""Which wording of a letter is in use, its versions, and whether one says all that the policy asks of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from rollcall.letters.fields import BY_ITSELF, FIELDS, OF_THE_FIGURE, TOLD_BY, WordingError, fields_in, threat_in
from rollcall.letters.languages import language_name, language_of
from rollcall.letters.models import Wording
from rollcall.letters.wordings import WordingText, base_of
from rollcall.rules.policy import Letter, Line, Policy

LONGEST = 12_000
"""How many characters a wording has at most: about four pages."""


def wording_for(kind: str, school: int | None, language: str = "") -> WordingText:
    """The wording in use: the school's own last version, else the federation's, else the shipped one.

    language: of a translation that the school has supplied; where there is none, the English wording.
    """
    return wordings_for([kind], school)(kind, language)


def wordings_for(kinds: Iterable[str], school: int | None) -> Callable[[str, str], WordingText]:
    """The wordings in use of some letters, read at once, as a question of letter (id) and language."""
    rows = Wording.objects.filter(Q(school=school) | Q(school__isnull=True), kind__in=list(kinds))
    last: dict[tuple[str, str], Wording] = {}
    for row in sorted(rows, key=lambda one: (one.school is not None, one.version)):
        last[row.kind, row.language.casefold()] = row

    def find(kind: str, language: str = "") -> WordingText:
        base = base_of(kind)
        row = last.get((kind, language_of(language))) or last.get((kind, ""))
        return _saved(base, row) if row else base

    return find


def _saved(base: WordingText, row: Wording) -> WordingText:
    more: dict[str, Any] = row.more
    return replace(base, version=row.version, language=row.language, subject=row.subject, body=row.body, **more)


def drafted(kind: str, school: int | None, subject: str, body: str, **parts: str) -> WordingText:
    """A wording as it is typed; parts: greeting, law, wishes, closing, language, each as in use where left out.

    Raises LookupError for an unknown letter.
    """
    base = wording_for(kind, school, parts.get("language", ""))
    typed = {part: text.replace("\r\n", "\n").strip() for part, text in {"body": body, **parts}.items()}
    typed["language"] = language_name(typed.get("language", ""))
    fresh: dict[str, Any] = {"version": 0, "subject": " ".join(subject.split()), **typed}
    return replace(base, **fresh)


@dataclass(frozen=True)
class Version:
    """One version of a wording, with who made it and when; `school` is empty where it is for all schools."""

    id: int
    version: int
    school: int | None
    text: WordingText
    by: str
    at: datetime

    @property
    def subject(self) -> str:
        """Its subject."""
        return self.text.subject

    @property
    def body(self) -> str:
        """Its text."""
        return self.text.body


def versions_of(kind: str, school: int, language: str = "") -> list[Version]:
    """The versions of a wording that a school has used or could fall back on, newest first."""
    rows = Wording.objects.filter(
        Q(school=school) | Q(school__isnull=True), kind=kind, language=language_name(language)
    ).select_related("deed")
    return [
        Version(row.pk, row.version, row.school, _saved(base_of(kind), row), row.deed.name, row.deed.at)
        for row in rows.order_by("-deed__at", "-id")
    ]


def languages_of(kind: str, school: int | None) -> list[str]:
    """The languages other than English in which a school has a letter."""
    rows = Wording.objects.filter(Q(school=school) | Q(school__isnull=True), kind=kind).exclude(language="")
    return sorted(set(rows.values_list("language", flat=True)))


def has_wording(kind: str | None) -> bool:
    """Whether there is a letter to write: a policy's own letters need no shipped wording, only one of the school's."""
    return bool(kind)


def told_lines(policy: Policy) -> dict[str, list[Line]]:
    """The values of a policy that letters may tell, each with its section, by the field that tells them."""
    found: dict[str, list[Line]] = {}
    for line in policy.explain():
        if line.key in TOLD_BY:
            found.setdefault(TOLD_BY[line.key], []).append(line)
    return found


def fields_for(letter: Letter) -> list[str]:
    """The fields that a letter can fill: those of every letter, its own, and those of its base wording."""
    own = {*letter.fields, *fields_in(base_of(letter.id).whole)}
    common = [name for name in BY_ITSELF if letter.kind != "leave" or name not in OF_THE_FIGURE]
    return [*common, *(name for name in FIELDS if name in own and name not in common)]


def check_wording(letter: Letter, wording: WordingText) -> None:
    """Raise WordingError unless a wording names every field that its letter must have, and threatens nobody (5.2-e).

    A field that the letter can't fill is named too.

    Only a letter that cites the law may name a fine or an offence, and where it is written about younger children too,
    only in the paragraph about the law, which their families do not get.
    """
    if len(wording.whole) > LONGEST:
        raise WordingError(f"The text has {len(wording.whole):,} characters; a letter has at most {LONGEST:,}.")
    parts = (wording.subject, wording.greeting, wording.body, wording.law, wording.wishes, wording.closing)
    # Part by part, so that the line of an error is the line in the text that somebody types.
    used = {"today_with_weekday", *(name for part in parts for name in fields_in(part))}  # each letter bears its date
    must = {*letter.fields, *(TOLD_BY[key] for key in letter.tells if key in TOLD_BY)}
    if strange := sorted(used - set(fields_for(letter))):
        raise WordingError(f"{letter.name} can't say {{{strange[0]}}} ({FIELDS[strange[0]]}): leave it out.")
    if lacking := sorted(must - used):
        raise WordingError(f"{letter.name} must say {{{lacking[0]}}}: put it into the text.")
    if not letter.cites and (word := threat_in(wording.whole)):
        raise WordingError(f"{letter.name} names no law and threatens nobody: leave out the word '{word}'.")
    if not letter.compulsory_age_only and (word := threat_in(replace(wording, law="").whole)):
        raise WordingError(
            f"{letter.name} goes to families of younger children too: the word '{word}' may stand in the paragraph "
            "about the law only."
        )
