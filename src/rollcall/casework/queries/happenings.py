"""What the path did for a pupil, newest first: decisions, steps taken and withdrawn, and the letters."""

from dataclasses import dataclass
from datetime import date, datetime

from rollcall.casework.models import Decision
from rollcall.casework.queries.letters import GROUND
from rollcall.journal.by_hand import as_moment, rows
from rollcall.outbox.models import Message
from rollcall.rules.stages import percent_down

# By hand for the cost, as what happened to a pupil's registers is. Each part gives kind, moment, name, position, words,
# what it is about, two numbers, then a letter's channel and addressee; the kinds' order is that of one moment's lines.
_DEED = "d.name, d.position"
_STEPS = f"""
    SELECT 'decided', d.at, {_DEED}, c.because, c.choice, r.review_id, 0, '', ''
    FROM casework_reviewrow r JOIN casework_decision c ON c.row_id = r.id JOIN journal_deed d ON d.id = c.deed_id
    WHERE r.pupil_id = %s
    UNION ALL SELECT 'taken', d.at, {_DEED}, '', s.step, s.attended, s.possible, '', ''
    FROM casework_steptaken s JOIN journal_deed d ON d.id = s.deed_id WHERE s.pupil_id = %s
    UNION ALL SELECT CASE WHEN d.kind = 'step.withdrawn' THEN 'withdrawn' ELSE 'unreached' END, d.at, {_DEED}, d.reason,
        s.step, 0, 0, '', ''
    FROM casework_steptaken s JOIN journal_deed d ON d.id = s.withdrawn_id WHERE s.pupil_id = %s
"""
# The step last taken in the open case, for where the pupil stands; in the same statement, for the page's sake.
_SPOT = f"""
    SELECT 'at', d.at, {_DEED}, '', s.step, c.policy, 0, '', ''
    FROM casework_case c JOIN casework_steptaken s ON s.case_id = c.id JOIN journal_deed d ON d.id = s.deed_id
    WHERE c.pupil_id = %s AND c.closed_id IS NULL AND c.path = 'school' AND s.withdrawn_id IS NULL
"""
_LETTERS = f"""
    SELECT 'written', m.made_at, {_DEED}, m.state, m.subject, 0, 0, m.channel, m.to_name
    FROM outbox_message m JOIN journal_deed d ON d.id = m.deed_id WHERE m.pupil = %s AND m.ground = '{GROUND}'
"""
_STATES, _CHANNELS, _CHOICES = dict(Message.STATES), dict(Message.CHANNELS), dict(Decision.CHOICES)


@dataclass(frozen=True)
class Happening:
    """Something that happened to a pupil, for their page: `route` and `number` lead to it."""

    at: datetime
    what: str
    who: str
    detail: str
    route: str = ""
    number: int = 0


@dataclass(frozen=True)
class Spot:
    """Where a pupil stands on the school's path: the step (its id), the version of the policy (by id), since when."""

    step: str
    policy: int
    since: date


def happenings(pupil: int, *, steps: bool = True, letters: bool = True) -> list[Happening]:
    """Decisions about a pupil (by id) with steps taken for them, and letters, each where wanted; in one query."""
    return told_of(pupil, steps=steps, letters=letters)[0]


def told_of(pupil: int, *, steps: bool = True, letters: bool = True) -> tuple[list[Happening], Spot | None]:
    """As `happenings`, with where the pupil stands on the path (None in monitoring, or where steps are not wanted)."""
    parts = ((_STEPS, steps), (_SPOT, steps), (_LETTERS, letters))
    wanted = [part for part, is_wanted in parts if is_wanted]
    if not wanted:
        return [], None
    statement = " UNION ALL ".join(wanted) + " ORDER BY 2 DESC, 1, 10"
    found = rows(statement, [pupil] * statement.count("%s"))
    spots = (Spot(row[5], row[6], as_moment(row[1]).date()) for row in found if row[0] == "at")
    return [_told(*row) for row in found if row[0] != "at"], next(spots, None)


def _told(
    kind: str, at: datetime | str, name: str, position: str, words: str, about: str, first: int, second: int,
    channel: str, to_name: str,
) -> Happening:  # fmt: skip
    when, who, step = as_moment(at), f"{name}, {position}", about.replace("-", " ")
    if kind == "decided":
        return Happening(when, _CHOICES[about], who, words, "casework:review", first)
    if kind == "taken":
        detail = f"On {percent_down(first, second)}% ({first} of {second} sessions)."
        return Happening(when, f"Step taken: {step}", who, detail)
    if kind == "written":
        return Happening(when, f"{about}: {_CHANNELS[channel].lower()} to {to_name}", who, _STATES[words])
    why = words if kind == "withdrawn" else "None of its letters went; decided anew."
    return Happening(when, f"Withdrawn: {step}", who, why)
