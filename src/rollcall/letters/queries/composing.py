"""A letter to one adult, made of a wording and a pupil's figure; refused where it could not go as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rollcall.documents.letter import LetterPage
from rollcall.letters.fields import WordingError, fields_in, fill, threat_in
from rollcall.letters.queries.wordings import check_wording, wording_for
from rollcall.letters.queries.written_to import Recipient
from rollcall.letters.wordings import WordingText
from rollcall.rules.policy import Letter, Policy, number_text
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.stages import percent_down
from rollcall.rules.words import counted
from rollcall.schools.models import Pupil, School


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


@dataclass(frozen=True)
class Figure:
    """A pupil's sessions this year: attended, of those possible, up to a day."""

    attended: int
    possible: int
    through: date

    def values(self) -> dict[str, str]:
        """The fields that tell it."""
        missed = self.possible - self.attended
        share = f"{percent_down(self.attended, self.possible)}%"
        return {
            "figure_day": _spoken(self.through),
            "attendance_figure": f"{share} ({self.attended} of {self.possible} sessions)",
            "missed": f"{counted(missed, 'session')}, each of them a morning or an afternoon",
        }


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
) -> Composed:
    """A letter of the policy to one adult about a pupil's figure this year (A3-e), on a day.

    figure_day: the day up to which the figure counts. signed: name and position of who signs. last_week: of a term,
    when good wishes are added (A3-c). draft: a wording not saved yet, or one that was read for many letters. Raises
    WordingError for a wording that can't be used or a value that is missing, LookupError for an unknown letter.
    """
    letter, wording = policy.letter(kind), draft or wording_for(kind, school.pk)
    figure = Figure(attended, possible, figure_day)
    values = {**_common(pupil, recipient, school, policy, day), **figure.values()}
    to = _To(pupil, recipient, school, day, signed)
    return _composed(letter, wording, values, to, wishes=last_week and letter.wishes_in_last_week)


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
) -> Composed:
    """A letter of the policy about a meeting, an answer or the like; more: its own fields' values.

    figure: the year's attendance, where the letter tells it. signed, last_week, draft: as in `compose`. Raises
    WordingError for a wording that can't be used or a value that is missing, LookupError for a letter that the policy
    has not.
    """
    letter, wording = policy.letter(kind), draft or wording_for(kind, school.pk)
    figures = figure.values() if figure else {}
    values = {**_common(pupil, recipient, school, policy, day), **figures, **more}
    values["contact"] = values["contact"] or "the school office"
    wishes = last_week and letter.wishes_in_last_week
    return _composed(letter, wording, values, _To(pupil, recipient, school, day, signed), wishes=wishes)


@dataclass(frozen=True)
class _To:
    """Whom and what a letter is about, and who signs it."""

    pupil: Pupil
    recipient: Recipient
    school: School
    day: date
    signed: tuple[str, ...]


def _composed(
    letter: Letter, wording: WordingText, values: Mapping[str, str], to: _To, *, wishes: bool = False
) -> Composed:
    check_wording(letter, wording)
    young = not compulsory_age(to.pupil.born, to.day)
    if young and letter.compulsory_age_only:
        raise WordingError(
            f"{letter.name} is for children of compulsory school age, and {to.pupil.known_first} is younger."
        )
    try:
        filled = {part: fill(getattr(wording, part), values) for part in ("subject", "greeting", "closing")}
        body = fill(wording.body, values)
        wished = fill(wording.wishes, values) if wishes else ""
    except WordingError as error:
        raise WordingError(f"{letter.name} can't be written for {to.pupil.known_name}: {error}") from error
    if young and (word := threat_in(body)):
        raise WordingError(
            f"{to.pupil.known_first} is below compulsory school age: no letter may say '{word}' (5.2-e)."
        )
    paragraphs = tuple(" ".join(p.split()) for p in f"{body}\n\n{wished}".split("\n\n") if p.strip())
    page = _page(filled, paragraphs, values, to.recipient, to.school, to.signed)
    text = "\n\n".join(
        (
            values["today_with_weekday"],
            filled["greeting"],
            *paragraphs,
            filled["closing"],
            "\n".join((*to.signed, to.school.name)),
        )
    )
    used = {name: values[name] for name in sorted(set(fields_in(wording.whole))) if name in values}
    return Composed(letter.id, wording.name, filled["subject"], paragraphs, text, page, used)


def _common(pupil: Pupil, recipient: Recipient, school: School, policy: Policy, day: date) -> dict[str, str]:
    """What every letter may say."""
    return {
        "recipients_first_names": recipient.first,
        "child_first_name": pupil.known_first,
        "today_with_weekday": _spoken(day),
        "authority": policy.authority.name,
        "school_name": school.name,
        "contact": _contact(school),
        **_told(policy),
    }


def _told(policy: Policy) -> dict[str, str]:
    """The values of the policy that a letter may tell."""
    measures, weeks, fine = policy.measures, policy.monitoring.review_every_weeks.value, policy.penalty
    return {
        "fine_lower": f"£{fine.lower_pounds.value} if it is paid within {fine.lower_within_days.value} days",
        "fine_higher": f"£{fine.higher_pounds.value} if it is paid within {fine.higher_within_days.value} days",
        "improve_weeks": _improving(policy),
        "target": f"{number_text(measures.target_percent.value)}%",
        "persistent_absence": f"{number_text(measures.persistent_absent_percent.value)}%",
        "review_weeks": counted(weeks, "school week"),
        "threshold_sessions": counted(measures.threshold_sessions.value, "session"),
        "threshold_school_weeks": counted(measures.threshold_school_weeks.value, "school week"),
    }


def _improving(policy: Policy) -> str:
    """How long a notice to improve runs; empty where the policy has none."""
    least, most = policy.penalty.improve_least_weeks, policy.penalty.improve_most_weeks
    return f"between {least.value} and {counted(most.value, 'week')}" if least and most else ""


def _spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _contact(school: School) -> str:
    if school.phone:
        return f"the school office on {school.phone}"
    return f"or write to the school office ({school.email})" if school.email else ""


def _page(
    filled: Mapping[str, str],
    paragraphs: tuple[str, ...],
    values: Mapping[str, str],
    recipient: Recipient,
    school: School,
    signed: tuple[str, ...],
) -> LetterPage:
    address = ", ".join(line.strip() for line in school.address.splitlines() if line.strip())
    return LetterPage(
        school=school.name,
        letterhead=tuple(part for part in (address, school.phone, school.email) if part),
        to=(recipient.name, *recipient.address),
        date=values["today_with_weekday"],
        greeting=filled["greeting"],
        subject=filled["subject"],
        paragraphs=paragraphs,
        closing=filled["closing"],
        signed=signed,
    )
