"""A letter to one adult, made of a wording and a pupil's figure; refused where it could not go as it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rollcall.documents.letter import LetterPage
from rollcall.letters.fields import WordingError, fields_in, fill, threat_in
from rollcall.letters.languages import code_of
from rollcall.letters.queries.telling import Figure, common
from rollcall.letters.queries.wordings import check_wording, wording_for
from rollcall.letters.queries.written_to import Recipient
from rollcall.letters.wordings import WordingText
from rollcall.rules.policy import Letter, Policy
from rollcall.rules.school_age import compulsory_age
from rollcall.schools.models import Pupil, School
from rollcall.schools.queries.letterheads import Heading, letterhead_of


@dataclass(frozen=True)
class Composed:
    """A finished letter to one adult: as text, as a page for PDF, with all that went into it."""

    kind: str
    wording: str
    subject: str
    paragraphs: tuple[str, ...]
    text: str
    page: LetterPage
    fields: Mapping[str, str]
    language: str = ""


def compose(
    kind: str,
    pupil: Pupil,
    *,
    attended: int,
    possible: int,
    recipient: Recipient,
    school: School,
    policy: Policy,
    day: date,
    figure_day: date,
    signed: tuple[str, ...],
    last_week: bool = False,
    draft: WordingText | None = None,
    head: Heading | None = None,
) -> Composed:
    """A letter of the policy to one adult about a pupil's figure this year (A3-e), on a day.

    figure_day: the day up to which the figure counts. The rest: as `compose_with`, whose errors it raises.
    """
    return compose_with(
        kind,
        pupil,
        {},
        recipient=recipient,
        school=school,
        policy=policy,
        day=day,
        signed=signed,
        figure=Figure(attended, possible, figure_day),
        last_week=last_week,
        draft=draft,
        head=head,
    )


def compose_with(
    kind: str,
    pupil: Pupil,
    more: Mapping[str, str],
    *,
    recipient: Recipient,
    school: School,
    policy: Policy,
    day: date,
    signed: tuple[str, ...],
    figure: Figure | None = None,
    last_week: bool = False,
    draft: WordingText | None = None,
    head: Heading | None = None,
) -> Composed:
    """A letter of the policy to one adult, in their language where the school has it; more: its own fields' values.

    figure: the year's attendance, where the letter tells it. signed: name and position of who signs, unless the
    school's letterhead names who signs all. last_week: of a term, when good wishes are added (A3-c). draft: a wording
    not saved yet, or one that was read for many letters; head: the letterhead, where it was. Raises WordingError for a
    wording that can't be used or a value that is missing, LookupError for a letter that the policy has not.
    """
    letter = policy.letter(kind)
    wording = draft or wording_for(kind, school.pk, recipient.language)
    bare = bool(wording.language)
    figures = figure.values(bare=bare) if figure else {}
    values = {**common(pupil, recipient, school, policy, day, bare=bare), **figures, **more}
    if not figure:
        values["contact"] = values["contact"] or "the school office"
    heading = letterhead_of(school.pk) if head is None else head
    to = _To(pupil, recipient, school, day, heading.signed or signed, heading)
    return _composed(letter, wording, values, to, wishes=last_week and letter.wishes_in_last_week)


@dataclass(frozen=True)
class _To:
    """Whom and what a letter is about, who signs it, and what it bears."""

    pupil: Pupil
    recipient: Recipient
    school: School
    day: date
    signed: tuple[str, ...]
    heading: Heading

    @property
    def is_young(self) -> bool:
        """Whether the child is not of compulsory school age on the letter's day."""
        return not compulsory_age(self.pupil.born, self.day)


def _composed(letter: Letter, wording: WordingText, values: Mapping[str, str], to: _To, *, wishes: bool) -> Composed:
    check_wording(letter, wording)
    if to.is_young and letter.compulsory_age_only:
        name = to.pupil.known_first
        raise WordingError(f"{letter.name} is for children of compulsory school age, which {name} is not.")
    filled, body = _filled(letter, wording, values, to, wishes)
    if to.is_young and (word := threat_in(f"{body} {filled['subject']}")):
        name = to.pupil.known_first
        raise WordingError(f"{name} is not of compulsory school age: no letter may say '{word}' (5.2-e).")
    paragraphs = paragraphs_of(body)
    page = _page(filled, paragraphs, values, wording, to)
    end = "\n".join((*to.signed, to.school.name))
    text = "\n\n".join((values["today_with_weekday"], filled["greeting"], *paragraphs, filled["closing"], end))
    used = {name: values[name] for name in sorted(set(fields_in(wording.whole))) if name in values}
    return Composed(letter.id, wording.name, filled["subject"], paragraphs, text, page, used, wording.language)


def _filled(
    letter: Letter, wording: WordingText, values: Mapping[str, str], to: _To, wishes: bool
) -> tuple[dict[str, str], str]:
    """Subject, greeting and closing with their fields, and the text with the paragraphs that belong to this child."""
    law = "" if to.is_young else wording.law
    parts = (wording.body, law, wording.wishes if wishes else "")
    try:
        filled = {part: fill(getattr(wording, part), values) for part in ("subject", "greeting", "closing")}
        return filled, "\n\n".join(fill(part, values) for part in parts if part)
    except WordingError as error:
        raise WordingError(f"{letter.name} can't be written for {to.pupil.known_name}: {error}") from error


def paragraphs_of(text: str) -> tuple[str, ...]:
    """The paragraphs of a text: each one line, but for lists, whose lines begin with "- " and stay lines."""
    return tuple(part for block in text.split("\n\n") for part in _parted(block) if part)


def _parted(block: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in block.splitlines()]
    for is_list, group in groupby(lines, key=lambda line: line.startswith("- ")):
        part = list(group)
        yield "\n".join(part) if is_list else " ".join(part).strip()


def _page(
    filled: Mapping[str, str], paragraphs: tuple[str, ...], values: Mapping[str, str], wording: WordingText, to: _To
) -> LetterPage:
    school = to.school
    address = ", ".join(line.strip() for line in school.address.splitlines() if line.strip())
    lines = (to.heading.strapline, address, school.phone, school.email)
    return LetterPage(
        school=school.name,
        letterhead=tuple(part for part in lines if part),
        to=(to.recipient.name, *to.recipient.address),
        date=values["today_with_weekday"],
        greeting=filled["greeting"],
        subject=filled["subject"],
        paragraphs=paragraphs,
        closing=filled["closing"],
        signed=to.signed,
        language=code_of(wording.language),
        logo=to.heading.logo,
        logo_alt=to.heading.logo_alt,
    )
