"""What goes to a family about a doubted reason: the request for evidence, and the notice that comes before the mark.

The text is our own, plain and without threats (5.2-e); what is shown before sending is what goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rollcall.documents.letter import LetterPage
from rollcall.letters.queries import Recipient
from rollcall.registers.queries.expected import Session, span_of
from rollcall.schools.models import Pupil, School

_SAID = {
    "illness": "We were told that it was because of illness.",
    "appointment": "We were told that it was for a medical or dental appointment.",
    "holiday": "Nobody asked us for leave for this time, and we wonder whether it was a holiday.",
    "reason": "Thank you for telling us the reason.",
}


@dataclass(frozen=True)
class About:
    """What both letters are about. would_do: what evidence would settle it."""

    kind: str
    pupil: Pupil
    school: School
    first: Session
    last: Session
    would_do: tuple[str, ...]
    day: date
    signed: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A finished letter to one adult: its subject, as text, and as a page to print."""

    subject: str
    text: str
    page: LetterPage


def request_letter(about: About, to: Recipient, *, why: str, due: date) -> Written:
    """The request for evidence: why it is asked, what would do, and by when (4.2-b)."""
    child, span = about.pupil.known_first, span_of(about.first, about.last)
    return _letter(
        about,
        to,
        f"{child}'s absence {span}: may we see something about it?",
        (
            f"{child} was away from school {span}. {_SAID[about.kind]}",
            f"Most of the time a parent's word is all we need. This time we ask for a little more: {_sentence(why)}",
            f"{_any_of(about.would_do)} A photograph or a copy is enough.",
            f"Please let us have it by {_day(due)}: bring it to the office, or {_ring(about.school)}. If there is no "
            "such thing, tell us so; we would rather hear it from you than wonder.",
            "We will look at what you send before anything is decided, and you will hear from us first if the absence "
            "is to be recorded in another way.",
        ),
    )


def notice_letter(about: About, to: Recipient, *, asked_on: date, answer: str) -> Written:
    """The notice that the absence is about to be unauthorised, and what would still change it (4.2-c, 5.1-c)."""
    child, span = about.pupil.known_first, span_of(about.first, about.last)
    heard = f"What we heard from you was: {_sentence(answer)}" if answer.strip() else "We have not had an answer."
    return _letter(
        about,
        to,
        f"{child}'s absence {span} is about to be recorded as unauthorised",
        (
            f"On {_day(asked_on)} we asked you about {child}'s absence {span}. {heard}",
            "As things stand we cannot record it as authorised. The head of school means to record it as unauthorised, "
            "which is a note in the register that the school did not agree to the absence.",
            f"It is not too late to tell us more. {_any_of(about.would_do)}",
            f"Please {_ring(about.school)} as soon as you can if there is something we do not know.",
        ),
    )


def _letter(about: About, to: Recipient, subject: str, paragraphs: Sequence[str]) -> Written:
    school, day, greeting = about.school, f"{about.day:%A} {about.day.day} {about.day:%B %Y}", f"Dear {to.first},"
    address = ", ".join(line.strip() for line in school.address.splitlines() if line.strip())
    page = LetterPage(
        school=school.name,
        letterhead=tuple(part for part in (address, school.phone, school.email) if part),
        to=(to.name, *to.address),
        date=day,
        greeting=greeting,
        subject=subject,
        paragraphs=tuple(paragraphs),
        closing="Yours sincerely",
        signed=about.signed,
    )
    text = "\n\n".join((day, greeting, *paragraphs, "Yours sincerely", "\n".join((*about.signed, school.name))))
    return Written(subject, text, page)


def _any_of(would_do: Sequence[str]) -> str:
    return f"Any one of these would do: {', '.join(would_do)}." if would_do else "Tell us what you have to show for it."


def _ring(school: School) -> str:
    if school.phone:
        return f"ring the school office on {school.phone}"
    return f"write to {school.email}" if school.email else "speak to the school office"


def _sentence(words: str) -> str:
    return words.strip() if words.strip().endswith((".", "!", "?")) else f"{words.strip()}."


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
