"""What a letter is about, asked just before it goes: whether the meeting, notice, target or marks still stand.

A part of the room that writes letters about something of its own adds a line to ABOUT.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from rollcall.casework.models import (
    LetterWritten,
    Meeting,
    MeetingOutcome,
    Notice,
    NoticeEvent,
    NoticeToImprove,
    Raised,
    Target,
)
from rollcall.outbox.grounds import Answer
from rollcall.registers.models import Entry
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.stages import is_below, percent_down
from rollcall.rules.words import day_words

STANDS = Answer(True)


def about_stands(written: LetterWritten, at: datetime) -> Answer:
    """Whether what a letter is about still stands at a moment, with the marks as they are now."""
    question = ABOUT.get(written.about)
    if question is not None and not (answer := question(written, at)).stands:
        return answer
    for judge in (_figures_stand, _marks_stand):
        if not (answer := judge(written)).stands:
            return answer
    return STANDS


def _meeting_stands(written: LetterWritten, at: datetime) -> Answer:
    """An invitation goes while the meeting is planned and still to come; its record goes once it was held."""
    meeting = Meeting.objects.filter(pk=written.about_id or 0).first()
    if meeting is None:
        return Answer(False, "The meeting that it is about is not there.")
    outcome = MeetingOutcome.objects.filter(meeting=meeting).first()
    if outcome is not None and outcome.how in ("moved", "off"):
        return Answer(False, f"The meeting was {outcome.get_how_display().lower()}.")
    if written.rests_on.get("invites") and (outcome is not None or meeting.at <= at):
        return Answer(False, f"The meeting of {day_words(meeting.at.date())} is over.")
    return STANDS


def _notice_stands(written: LetterWritten, at: datetime) -> Answer:
    if not Notice.objects.filter(pk=written.about_id or 0).exists():
        return Answer(False, "The notice that it is about is not there.")
    gone = NoticeEvent.objects.filter(
        notice=written.about_id, kind__in=("dropped", "withdrawn"), taken_back__isnull=True
    ).first()
    if gone is not None:
        return Answer(False, f"The notice was withdrawn on {day_words(gone.day)}.")
    return STANDS


def _improve_stands(written: LetterWritten, at: datetime) -> Answer:
    row = NoticeToImprove.objects.filter(pk=written.about_id or 0).first()
    if row is None or row.outcome_deed_id is not None:
        return Answer(False, "What came of the notice to improve is recorded already.")
    return STANDS


def _target_stands(written: LetterWritten, at: datetime) -> Answer:
    target = Target.objects.filter(pk=written.about_id or 0).first()
    if target is None or target.withdrawn_id is not None:
        return Answer(False, "The target that it tells of was withdrawn.")
    return STANDS


def _raised_stands(written: LetterWritten, at: datetime) -> Answer:
    if not Raised.objects.filter(pk=written.about_id or 0, pupil=written.pupil_id).exists():
        return Answer(False, "It is not written down that the matter was raised in person.")
    return STANDS


Question = Callable[[LetterWritten, datetime], Answer]
ABOUT: Mapping[str, Question] = {
    "meeting": _meeting_stands,
    "notice": _notice_stands,
    "improve": _improve_stands,
    "target": _target_stands,
    "punctuality": _raised_stands,
}
"""What a letter can be about (`LetterWritten.about`) -> the question whether it still stands."""


def _figures_stand(written: LetterWritten) -> Answer:
    """Judge the figure again as of its own moment: whether it still lies between the lines it was told by."""
    kept = written.rests_on
    if "figures" not in kept or "as_of" not in kept or not {"below_percent", "from_percent"} & set(kept):
        return STANDS
    found = year_figures(
        written.school_id, [kept["enrolment"]], kept["year_start"], datetime.fromisoformat(kept["as_of"])
    )
    now = found.get(kept["enrolment"])
    if now is None:
        return Answer(False, "There is no register of this pupil at this school any more.")
    figure = f"{percent_down(now.attended, now.possible)}% ({now.attended} of {now.possible})"
    below, least = kept.get("below_percent"), kept.get("from_percent")
    if below is not None and not is_below(now.attended, now.possible, Fraction(below)):
        return Answer(False, f"Marks were changed since: the figure is {figure}, not below {below}%.")
    if least is not None and is_below(now.attended, now.possible, Fraction(least)):
        return Answer(False, f"Marks were changed since: the figure is {figure}, below {least}%.")
    return STANDS


def _marks_stand(written: LetterWritten) -> Answer:
    """Whether each mark that a letter counted ("marks" of what it rests on) still has its code."""
    marks: list[dict[str, Any]] = list(written.rests_on.get("marks", ()))
    if not marks:
        return STANDS
    rows = Entry.objects.filter(
        enrolment__in={one["enrolment"] for one in marks}, day__in={one["day"] for one in marks}
    ).order_by("number")
    now = {(one, str(day), half): code for one, day, half, code in rows.values_list("enrolment", "day", "half", "code")}
    for one in marks:
        code = now.get((one["enrolment"], one["day"], one["half"]), "-")
        if code != one["code"]:
            when = day_words(date.fromisoformat(one["day"]))
            return Answer(False, f"A mark that it counts was changed: {when} was {one['code']} and is {code} now.")
    return STANDS
