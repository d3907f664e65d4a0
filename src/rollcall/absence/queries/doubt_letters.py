"""What goes to a family about a doubted reason: the request for evidence, and the notice that comes before the mark.

The text is the school's wording of the policy's two letters; what is shown before sending is what goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rollcall.absence.models import Doubt
from rollcall.documents.letter import LetterPage
from rollcall.letters.queries import Recipient, compose_with
from rollcall.registers.queries.expected import span_of
from rollcall.rules.sessions import half_of
from rollcall.rules.words import day_words, sentence
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON

REQUEST_LETTER, NOTICE_LETTER = "evidence-request", "absence-unauthorised"
_SAID = {
    "illness": "We were told that it was because of illness.",
    "appointment": "We were told that it was for a medical or dental appointment.",
    "holiday": "Nobody asked us for leave for this time, and we wonder whether it was a holiday.",
    "reason": "Thank you for telling us the reason.",
}


@dataclass(frozen=True)
class Written:
    """A finished letter to one adult: its subject, as text, and as a page to print, which a text message has not."""

    subject: str
    text: str
    page: LetterPage | None


def request_letter(row: Doubt, to: Recipient, *, signed: tuple[str, str], day: date) -> Written:
    """The request for evidence: why it is asked, what would do, and by when (4.2-b).

    Raises WordingError for a wording that can't be filled in, LookupError for a policy without the letter.
    """
    more = {"away_told": _SAID[row.kind], "away_why": sentence(row.why), "away_due": day_words(row.due)}
    return _letter(REQUEST_LETTER, row, to, more, signed, day)


def notice_letter(row: Doubt, to: Recipient, *, signed: tuple[str, str], day: date) -> Written:
    """The notice that the absence is about to be unauthorised, and what would still change it (4.2-c, 5.1-c).

    Raises as `request_letter`.
    """
    heard = f"What we heard from you was: {sentence(row.answer)}" if row.answer else "We have not had an answer."
    more = {"away_answer": heard, "away_asked_on": day_words(row.deed.at.astimezone(LONDON).date())}
    return _letter(NOTICE_LETTER, row, to, more, signed, day)


def request_text(row: Doubt) -> Written:
    """The request as a text message: that something is asked and by when, nothing of the child but the first name."""
    first, school = row.enrolment.pupil.known_first, row.enrolment.school
    said = f"We have a question about an absence of {first}'s, and need your answer by {day_words(row.due)}."
    return Written(f"{school}: a question about {first}", f"{school}: {said} {_call(row)}", None)


def notice_text(row: Doubt) -> Written:
    """The notice as a text message: that an absence is about to be unauthorised, and nothing else of the child."""
    first, school = row.enrolment.pupil.known_first, row.enrolment.school
    said = f"An absence of {first}'s is about to be recorded as unauthorised."
    return Written(f"{school}: an absence of {first}'s", f"{school}: {said} {_call(row)}", None)


def _call(row: Doubt) -> str:
    phone = row.enrolment.school.phone
    office = f"the school office on {phone}" if phone else "the school office"
    return f"Please ring {office}: we will tell you more and what would help."


def _letter(
    kind: str, row: Doubt, to: Recipient, more: Mapping[str, str], signed: tuple[str, str], day: date
) -> Written:
    away = span_of((row.first_day, half_of(row.first_half)), (row.last_day, half_of(row.last_half)))
    made = compose_with(
        kind,
        row.enrolment.pupil,
        {"away_days": away, "away_evidence": ", ".join(row.would_do), **more},
        recipient=to,
        school=row.enrolment.school,
        policy=facts_of(row.enrolment.school_id).policy_on(day),
        day=day,
        signed=signed,
    )
    return Written(made.subject, made.text, made.page)
