"""The letters of the path: what exactly would go to whom, whether it still stands, and letters as they were sent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from rollcall.absence.queries.doubts import NOTICE, REQUEST
from rollcall.absence.queries.leave import GROUND as LEAVE
from rollcall.casework.models import ReviewRow, StepTaken
from rollcall.casework.queries.chart import chart, encloses
from rollcall.casework.queries.judged import policy_of_row
from rollcall.documents.letter import LetterPage
from rollcall.letters.fields import WordingError
from rollcall.letters.queries import (
    Composed,
    LeftOut,
    Recipient,
    Recipients,
    compose,
    hold_on,
    is_read_by_barred,
    may_be_written_to,
    recipients_of,
    wordings_for,
)
from rollcall.letters.wordings import WordingText
from rollcall.outbox.grounds import Answer, Grounds
from rollcall.outbox.models import Message
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.policy import Policy, number_text
from rollcall.rules.stages import is_below, percent_down
from rollcall.schools.models import Enrolment, Pupil, School
from rollcall.schools.queries.letterheads import Heading, letterhead_of, pdf_of
from rollcall.schools.queries.roll import in_force

GROUND = "casework.step"
WRITTEN = "casework.letter"
"""The ground of the messages of a letter that was written; its id is the LetterWritten's."""
LETTERS = (GROUND, WRITTEN, LEAVE, REQUEST, NOTICE)
"""The grounds of all letters to families: the review's, those of the casework, and those of the day's room."""
GONE = "No longer on the school's roll: no letter goes. Decide no action, with the reason."


@dataclass(frozen=True)
class ToSend:
    """One letter to one adult, ready to go."""

    recipient: Recipient
    composed: Composed
    channel: str


@dataclass(frozen=True)
class Prepared:
    """What would go for one row of a review: the letters, who is left out and why, or why nothing can go at all."""

    row: int
    pupil: str
    letters: tuple[ToSend, ...]
    left_out: tuple[LeftOut, ...]
    problem: str = ""


@dataclass(frozen=True)
class _Sender:
    """What all letters of one go share."""

    school: School
    policy: Policy
    day: date
    signed: tuple[str, ...]
    by_post: bool
    wordings: Callable[[str, str], WordingText]
    head: Heading


def prepare(
    wanted: Sequence[tuple[ReviewRow, str]],
    policy: Policy,
    *,
    day: date,
    signed: tuple[str, ...],
    by_post: bool = False,
) -> list[Prepared]:
    """The letters for rows of one review, from the rows' own figures, so that what was previewed is what goes.

    wanted: each row with the kind of its letter. signed: name and position of who signs. by_post prints all of them,
    whoever has an e-mail address. Nothing goes to a family whose child has left. A handful of queries, however many
    rows.
    """
    if not wanted:
        return []
    school = School.objects.get(pk=wanted[0][0].evidence["school"]["id"])
    sender = _Sender(
        school,
        policy,
        day,
        signed,
        by_post,
        wordings_for({kind for _, kind in wanted}, school.pk),
        letterhead_of(school.pk),
    )
    pupils = Pupil.objects.in_bulk([row.pupil_id for row, _ in wanted])
    found = recipients_of(pupils, day)
    here = on_roll_of(school.pk, pupils, day)
    return [
        _prepared(row, pupils[row.pupil_id], kind, found[row.pupil_id], sender)
        if row.pupil_id in here
        else Prepared(row.pk, row.evidence["pupil"]["name"], (), (), GONE)
        for row, kind in wanted
    ]


def on_roll_of(school: int, pupils: Iterable[int], day: date) -> dict[int, int]:
    """Those of some pupils (by id) who are on a school's roll on a day, each with the enrolment (id)."""
    rows = Enrolment.objects.filter(in_force(day, "admitted", "left"), school=school, pupil__in=list(pupils))
    return dict(rows.values_list("pupil_id", "pk"))


def _prepared(row: ReviewRow, pupil: Pupil, kind: str, found: Recipients, sender: _Sender) -> Prepared:
    name = row.evidence["pupil"]["name"]
    if found.held or not found.written:
        nobody = "There is nobody to write to: see who was left out, and why."
        return Prepared(row.pk, name, (), found.left_out, found.held or nobody)
    try:
        letters = tuple(_one(row, pupil, kind, who, sender) for who in found.written)
    except (WordingError, LookupError) as error:
        return Prepared(row.pk, name, (), found.left_out, str(error))
    problem = without_address(letters)
    return Prepared(row.pk, name, () if problem else letters, found.left_out, problem)


def without_address(letters: Iterable[ToSend]) -> str:
    """Why some letters can't go: the first that is to be printed for somebody with no postal address; else empty."""
    for letter in letters:
        if letter.channel == "print" and not letter.recipient.address:
            return f"{letter.recipient.name} has no postal address: send by e-mail, or add one."
    return ""


def _one(row: ReviewRow, pupil: Pupil, kind: str, who: Recipient, sender: _Sender) -> ToSend:
    figures = row.evidence["figures"]
    wording = sender.wordings(kind, who.language)
    composed = compose(
        kind,
        pupil,
        attended=figures["attended"],
        possible=figures["possible"],
        recipient=who,
        school=sender.school,
        policy=sender.policy,
        day=sender.day,
        figure_day=date.fromisoformat(row.evidence["through"]),
        signed=sender.signed,
        draft=wording,
        head=sender.head,
    )
    if encloses(sender.policy, kind):
        page = replace(composed.page, enclosed=(chart(sender.policy).sheet.to_json(),))
        composed = replace(composed, page=page)
    return ToSend(who.reading(wording.language), composed, "print" if sender.by_post else who.channel)


def letter_stands(step: int, at: datetime, *, contact: int | None = None) -> Answer:
    """Whether the letter of a step taken (by id) may still go at a moment, to a contact (by id) where one is named.

    It does not when the step was withdrawn, the pupil left, a hold began, the adult may no longer be written to, or
    marks were changed so that the figure it was taken on is no longer below its line.
    """
    taken = StepTaken.objects.filter(pk=step).select_related("pupil", "decision__row__review").first()
    if taken is None or taken.decision is None:
        return Answer(False, "The decision that it rests on is not there.")
    if taken.withdrawn_id:
        return Answer(False, "The decision was withdrawn.")
    name, day = taken.pupil.known_name, at.date()
    if not on_roll_of(taken.school_id, [taken.pupil_id], day):
        return Answer(False, f"{name} is no longer on the school's roll.")
    if held := hold_on(taken.pupil_id, day):
        return Answer(False, held)
    if contact is not None and not may_be_written_to(taken.pupil_id, contact):
        return Answer(False, "This adult may no longer be written to about the pupil.")
    return _figure_stands(taken.decision.row, name)


def _figure_stands(row: ReviewRow, name: str) -> Answer:
    """Judge the figure again as of the review's own moment, with the marks as they stand now."""
    kept = row.evidence
    moment, then = datetime.fromisoformat(kept["as_of"]), kept["figures"]
    policy = policy_of_row(row)
    found = year_figures(kept["school"]["id"], [kept["enrolment"]], kept["year_start"], moment)
    now = found.get(kept["enrolment"])
    if now is None:
        return Answer(False, f"{name} has no register at this school any more.")
    for line in (policy.path.starts_below_percent.value, policy.measures.target_percent.value):
        was = is_below(then["attended"], then["possible"], line)
        if was and not is_below(now.attended, now.possible, line):
            figure = f"{percent_down(now.attended, now.possible)}% ({now.attended} of {now.possible})"
            return Answer(False, f"Marks were changed since: the figure is {figure}, not below {number_text(line)}%.")
        if was:
            break
    return Answer(True)


def unreached(steps: Iterable[int]) -> set[int]:
    """Those of some steps (by id) of whose letters every one was stopped or kept, so that the family never had one."""
    ids = list(steps)
    if not ids:
        return set()
    rows = Message.objects.filter(ground=GROUND, ground_id__in=ids).values_list("ground_id", "state")
    found: dict[int, set[str]] = {}
    for step, state in rows:
        found.setdefault(step, set()).add(state)
    return {step for step, states in found.items() if states <= {"stopped", "off"}}


def may_have_gone(step: int) -> bool:
    """Whether a letter of a step (by id) has gone, or may have; locks its letters, so that none goes meanwhile."""
    rows = Message.objects.select_for_update().filter(ground=GROUND, ground_id=step)
    return any(state in ("sending", "sent", "unsure") for state in rows.values_list("state", flat=True))


def grounds() -> Grounds:
    """The questions that this room answers for the outbox, by kind of ground."""
    return {GROUND: _message_stands}


def _message_stands(message: Message, at: datetime) -> Answer:
    if message.pupil and is_read_by_barred(message.pupil, message.channel, message.to_address):
        return Answer(False, "The address is also that of somebody barred.")
    return letter_stands(message.ground_id, at, contact=message.evidence.get("contact"))


@dataclass(frozen=True)
class SentLetter:
    """A letter as it was sent, or as it waits: `text`, its evidence, and whether its PDF was kept."""

    id: int
    school: int
    pupil: int | None
    to_name: str
    to_address: str
    channel: str
    subject: str
    text: str
    state: str
    waits: bool
    ground: str
    ground_id: int
    made_at: datetime
    by: str
    position: str
    evidence: dict[str, Any]


def sent_letter(message: int) -> SentLetter:
    """A letter by its message's id. Raises Message.DoesNotExist for what is no letter of ours."""
    return _sent(Message.objects.select_related("deed").defer("pdf").get(pk=message, ground__in=LETTERS))


def letters_of_row(row: int) -> list[SentLetter]:
    """The letters that a row's decision put in the post, in order."""
    steps = StepTaken.objects.filter(decision__row=row).values("pk")
    rows = Message.objects.select_related("deed").defer("pdf").filter(ground=GROUND, ground_id__in=steps)
    return [_sent(message) for message in rows.order_by("id")]


def letter_pdf_kept(message: int) -> bytes:
    """The PDF of a letter, as it was sent or as it is printed; empty for one that is no page."""
    kept = Message.objects.get(pk=message, ground__in=LETTERS)
    if kept.pdf is None and "letter" in kept.evidence:
        return pdf_of(LetterPage.from_json(kept.evidence["letter"]), kept.made_at.date())
    return bytes(kept.pdf or b"")


def _sent(row: Message) -> SentLetter:
    return SentLetter(
        id=row.pk,
        school=row.school,
        pupil=row.pupil,
        to_name=row.to_name,
        to_address=row.to_address,
        channel=row.get_channel_display(),
        subject=row.subject,
        text=row.body,
        state=row.get_state_display(),
        waits=row.state == "waiting",
        ground=row.ground,
        ground_id=row.ground_id,
        made_at=row.made_at,
        by=row.deed.name,
        position=row.deed.position,
        evidence=row.evidence,
    )
