"""Giving an N its code: the reason as soon as it is known, or after the limit what the head of school decides (4.5-b).

A1-c: N is replaced when the reason emerges, or by O after a reasonable time. A1-d: a holiday that was not granted is
G, any other absence without leave O. What is unauthorised says why.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from rollcall.absence.actions.words import NotLogged
from rollcall.absence.queries.told import people
from rollcall.absence.queries.unknown import GROUND, unknown_reasons
from rollcall.journal import actions as journal
from rollcall.journal.actor import SCHEDULER, Actor
from rollcall.journal.models import Deed
from rollcall.outbox.actions import put
from rollcall.registers.actions import NewMark, NotSaved, mark_within
from rollcall.registers.queries.footing import in_question
from rollcall.rules import codes
from rollcall.rules.codes import UNEXPLAINED
from rollcall.rules.episodes import is_unauthorised
from rollcall.rules.sessions import Half
from rollcall.rules.working_days import days_left, is_working_day
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

KIND = "staff.unknown"


@transaction.atomic
def give_code(
    enrolment: Enrolment,
    day: date,
    halves: Iterable[Half],
    code: str,
    *,
    why: str,
    facts: SchoolFacts,
    decides: bool,
    by: Actor,
    at: datetime,
    key: str,
    told: str = "",
) -> int:
    """Replace the N of one pupil's sessions of a day by a code, with the reason; returns how many marks were changed.

    decides: whether `by` may decide on an absence that nobody explained: only they, and only after the limit of
    working days, set an unauthorised code. told: who was told of that before, and how, or that nobody could be reached
    (4.2-c); it is kept with the reason. Raises NotLogged, with a sentence, where that is not so or not said, without a
    reason or a session, while evidence is asked for, for a code that can't be true and a mark that is N no longer;
    AlreadyDone for a used key.
    """
    halves = list(halves)
    if not halves:
        raise NotLogged("Say for which session: nothing was changed.")
    if is_unauthorised(code):
        _check_decision(enrolment, day, halves, code, facts, decides, at)
        why = _with_telling(why, told, facts, day)
    if len(why.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say why: the register keeps the reason with the mark.")
    deed = journal.begin(
        "unknown.decided", by=by, at=at, key=key, reason=why.strip(), school=facts.school, about=str(enrolment.pupil)
    )
    ground = why.strip()[:200] if codes.needs_ground(code, facts.edition_on(day)) else ""
    marks = [(day, half, NewMark(enrolment.pk, code, seen=UNEXPLAINED, ground=ground)) for half in halves]
    try:
        return mark_within(deed, facts.school, marks, at=at, facts=facts)
    except NotSaved as refused:
        raise NotLogged(f"{enrolment.pupil}: {refused}") from refused


def _check_decision(
    enrolment: Enrolment, day: date, halves: Sequence[Half], code: str, facts: SchoolFacts, decides: bool, at: datetime
) -> None:
    within = facts.policy_on(day).registers.code_within_working_days.value
    if not decides:
        raise NotLogged(f"{code} is for the head of school to decide, once {within} working days have passed.")
    if days_left(day, at.astimezone(LONDON).date(), within) >= 0:
        raise NotLogged(f"{code} can be set once {within} working days have passed: ask the family until then.")
    if any(in_question([enrolment.pk], day, half) for half in halves):
        raise NotLogged("Evidence of the reason was asked for: decide under Evidence, once the parents are told.")


def _with_telling(why: str, told: str, facts: SchoolFacts, day: date) -> str:
    """The reason with who was told. Raises NotLogged where the policy wants it said and it was not (4.2-c)."""
    if len(told.strip()) >= journal.LEAST_REASON:
        return f"{why.strip()}. Told before: {told.strip()}"
    if facts.policy_on(day).absence.told_before_unauthorised.value:
        raise NotLogged(
            "Say who was told that it is unauthorised, and how, or that nobody could be reached: the parents hear of "
            "it before it is decided."
        )
    return why


def remind_of_last_day(facts: SchoolFacts, at: datetime) -> None:
    """A duty: on the last day of any N the office is reminded once by e-mail, from the gate's time on, holidays too."""
    day = at.astimezone(LONDON).date()
    if not is_working_day(day) or at < facts.moment(day, facts.times_on(day).gate):
        return
    key = f"unknown-{facts.school}-{day}"
    if Deed.objects.filter(key=key).exists():
        return
    n = sum(one.is_last for one in unknown_reasons(facts, at))
    with transaction.atomic():
        try:
            said = f"{n} on the last day"
            deed = journal.begin("unknown.reminded", by=SCHEDULER, at=at, key=key, reason=said, school=facts.school)
        except journal.AlreadyDone:
            return
        for user in people(["attendance_officer"], day, facts.school) if n else []:
            put(
                once=f"{key}-{user.pk}",
                deed=deed,
                school=facts.school,
                channel="email",
                to_name=str(user),
                to_address=user.email,
                subject=f"{facts.name}: the last day for {n} absence{'' if n == 1 else 's'} without a reason",
                body=_BODY.format(n=n, plural="" if n == 1 else "s"),
                ground=GROUND,
                ground_id=facts.school,
                pupil=None,
                evidence={"day": day.isoformat(), "n": n},
                at=at,
                kind=KIND,
                expires=facts.moment(day, facts.times_on(day).day_ends),
            )


_BODY = (
    "Today is the last day to give a code to {n} absence{plural} marked N.\n\nOpen Rollcall, The day, No reason yet: "
    "each stands there with its pupil. What is left tomorrow goes to the head of school.\n"
)
