"""What is known already of the fields that belong to a letter by hand, so that it need not be typed again."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rollcall.casework.models import Meeting, SupportAnswer, SupportOffered
from rollcall.casework.queries.meetings import FAMILY, open_actions, targets_of
from rollcall.casework.queries.place import end_of_last_day
from rollcall.casework.queries.written import last_day_before
from rollcall.letters.fields import BY_ITSELF, fields_in
from rollcall.letters.queries import spoken
from rollcall.letters.wordings import WordingText
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.policy import Letter
from rollcall.rules.words import counted, day_words, listed, time_words
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of, year_of
from rollcall.schools.queries.facts import LONDON

LISTS = frozenset(("agreed_actions", "agreed_targets", "contract_school", "contract_family", "support_given"))
"""The fields that are lists, a line each."""


def own_fields(letter: Letter, wording: WordingText) -> list[str]:
    """The fields of a letter that somebody fills in, in the order of its text; each once."""
    used = dict.fromkeys((*fields_in(wording.whole), *letter.fields))
    return [name for name in used if name not in BY_ITSELF]


def prefilled(enrolment: Enrolment, at: datetime) -> dict[str, str]:
    """What is known of a pupil for the fields of letters by hand; what is not known is left out."""
    pupil, school = enrolment.pupil_id, enrolment.school_id
    actions = [f"{one.owner}: {one.what}{_by(one.due)}" for one in open_actions(school, pupil)]
    found = {
        "agreed_actions": _list(actions),
        "agreed_targets": _list(targets_of(pupil)),
        "support_given": _list(_support(pupil)),
        "unauthorised_so_far": _unauthorised(enrolment, at),
        "warning_from": spoken(at.date() + timedelta(days=1)),
        **_meeting(pupil, at),
    }
    weeks = facts_of(school).policy_on(at.date()).penalty.improve_most_weeks
    if weeks is not None:
        found["improve_until"] = spoken(at.date() + timedelta(weeks=weeks.value))
    return {name: words for name, words in found.items() if words}


def _by(due: object) -> str:
    return f", by {day_words(due)}" if due else ""  # type: ignore[arg-type]


def _list(lines: list[str]) -> str:
    return "\n".join(lines)


def _support(pupil: int) -> list[str]:
    offers = list(SupportOffered.objects.filter(pupil=pupil))
    answers = SupportAnswer.objects.filter(offer__in=offers).order_by("day", "id")
    last: Mapping[int, str] = {one.offer_id: one.get_answer_display().lower() for one in answers}
    return [
        f"{one.what}, offered on {day_words(one.day)}" + (f" ({last[one.pk]})" if one.pk in last else "")
        for one in offers
    ]


def _unauthorised(enrolment: Enrolment, at: datetime) -> str:
    facts = facts_of(enrolment.school_id)
    as_of = end_of_last_day(facts, at)
    found = year_figures(enrolment.school_id, [enrolment.pk], year_of(at.date()), as_of).get(enrolment.pk)
    if found is None or not found.unauthorised:
        return ""
    until = day_words(last_day_before(facts, as_of))
    return f"{counted(found.unauthorised, 'session')} this school year up to {until}"


def _meeting(pupil: int, at: datetime) -> dict[str, str]:
    """The next meeting with the family that is planned."""
    rows = Meeting.objects.filter(pupil=pupil, kind__in=FAMILY, at__gt=at, outcome__isnull=True)
    row = rows.order_by("at").first()
    if row is None:
        return {}
    when = row.at.astimezone(LONDON)
    staff = [one["name"] for one in row.asked if one.get("actor")]
    return {
        "meeting": f"{spoken(when.date())} at {time_words(when)}",
        "meeting_place": row.place or "at school",
        "meeting_with": listed(staff),
        "meeting_about": row.about,
    }
