"""The update to all parents by one press of a named person (4.6-a), kept as a round with who was left out and why.

Letters are composed before the transaction; in it the round, its letters and their messages are written together. A
round is withdrawn as a whole, while nothing of it has gone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from rollcall.casework.actions.letters import write_many
from rollcall.casework.models import LetterWritten, UpdateRound
from rollcall.casework.queries.updates import UpdateLine, UpdatePlan, update_plan
from rollcall.casework.queries.written import WRITTEN, Ready, prepare_letters, sending
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.rules.words import counted, day_words


class NotUpdated(ValueError):
    """A round of which nothing was written; the message is a sentence for who pressed. `pupil`: about whom, if any."""

    def __init__(self, words: str, pupil: int | None = None) -> None:
        super().__init__(words)
        self.pupil = pupil


@dataclass(frozen=True)
class Press:
    """What somebody presses: whom to include all the same (pupil's id -> why), why again so soon, all on paper.

    seen: the sum of what the page showed (`UpdatePlan.seen`); empty where nothing was shown. knows: whether they may
    know of safeguarding facts, without which nobody is included whose reason is one.
    """

    include: Mapping[int, str] = field(default_factory=dict)
    because: str = ""
    by_post: bool = False
    seen: str = ""
    knows: bool = False


def send_updates(school: int, press: Press, *, by: Actor, at: datetime, key: str) -> UpdateRound:
    """Make the round of updates of a school (by id); the same key again gives the same round.

    Raises NotUpdated with a sentence: nobody to write to, parents told in the policy's period without a reason why
    again, somebody included without a reason or past what a person may set aside, a page that shows something else by
    now, another round made at the same moment.
    """
    if earlier := UpdateRound.objects.filter(deed__key=key).first():
        return earlier
    plan = update_plan(school, at, by_post=press.by_post)
    _check(plan, press)
    included = _included(plan, press)
    go = sending(school, at=at, signed=(by.name, by.position), by_post=press.by_post, last_week=plan.last_week)
    ready = prepare_letters([line.wanted for line in (*plan.go, *included)], go)
    writing = [one for one in ready if not one.problem]
    if not writing:
        raise NotUpdated("Nobody would be written to: see who is kept back, and why.")
    left_out = [*_left_out(plan, press), *_stopped(ready, plan, press)]
    try:
        with transaction.atomic():
            deed = journal.begin("updates.sent", by=by, at=at, key=key, reason=press.because.strip(), school=school)
            made = UpdateRound.objects.create(
                school_id=school, day=plan.day, through=plan.through, last_week=plan.last_week, left_out=left_out,
                deed=deed,
            )  # fmt: skip
            write_many(writing, go, deed=deed, round=made)
            return made
    except journal.AlreadyDone as done:
        return UpdateRound.objects.get(deed=done.deed)
    except IntegrityError as error:
        raise NotUpdated("Somebody else made today's round at the same moment: look again.") from error


def withdraw_round(round: UpdateRound, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Take a whole round back of which nothing has gone; the outbox, which asks before it sends, stops its messages.

    Raises NotUpdated without a reason, for one withdrawn before, and where any of it has gone or may have.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotUpdated("Say why it is withdrawn: the round keeps the reason.")
    with transaction.atomic():
        try:
            deed = journal.begin(
                "updates.withdrawn", by=by, at=at, key=key, reason=because.strip(), school=round.school_id
            )
        except journal.AlreadyDone:
            return
        _check_nothing_gone(round)
        if UpdateRound.objects.filter(pk=round.pk, withdrawn__isnull=True).update(withdrawn=deed) == 0:
            raise NotUpdated("This round was withdrawn before.")
        _withdraw_letters(round, deed)


def _withdraw_letters(round: UpdateRound, deed: Deed) -> None:
    LetterWritten.objects.filter(round=round, withdrawn__isnull=True).update(withdrawn=deed)


def _check_nothing_gone(round: UpdateRound) -> None:
    letters = LetterWritten.objects.filter(round=round).values("pk")
    rows = Message.objects.select_for_update().filter(ground=WRITTEN, ground_id__in=letters)
    gone = sum(state in ("sending", "sent", "unsure") for state in rows.values_list("state", flat=True))
    if gone:
        raise NotUpdated(f"{counted(gone, 'message')} of it went, or may have: what was sent can't be taken back.")


def _check(plan: UpdatePlan, press: Press) -> None:
    if press.seen and press.seen != plan.seen:
        raise NotUpdated(
            "Something has changed since this page was shown: look at the list once more, and press again."
        )
    if plan.before and plan.before.day == plan.day:
        raise NotUpdated("The round of today is made already: withdraw it before making another.")
    if plan.before and plan.again and len(press.because.strip()) < journal.LEAST_REASON:
        told = day_words(plan.before.day)
        weeks = counted(plan.policy.monitoring.parents_told_every_weeks.value, "week")
        raise NotUpdated(f"Parents were told on {told}, less than {weeks} ago: say why they are told again.")


def _included(plan: UpdatePlan, press: Press) -> list[UpdateLine]:
    """Those kept back who are to go all the same, each checked."""
    kept = {line.seat.pupil: line for line in plan.kept}
    for pupil, why in press.include.items():
        line = kept.get(pupil)
        if line is None:
            raise NotUpdated("Somebody to include is not kept back any more: look at the list once more.", pupil)
        if not line.may_go or (line.is_sensitive and not press.knows):
            raise NotUpdated(f"{line.seat.name} can't be included by you: see what can be done instead.", pupil)
        if len(why.strip()) < journal.LEAST_REASON:
            raise NotUpdated(f"Say in a few words why the update about {line.seat.name} goes all the same.", pupil)
    return [kept[pupil] for pupil in press.include]


def _left_out(plan: UpdatePlan, press: Press) -> list[dict[str, Any]]:
    """As the round keeps who was kept back, and who of them was included."""
    return [
        _kept(
            line, [{"kind": one.kind, "why": one.why} for one in line.reasons], press.include.get(line.seat.pupil, "")
        )
        for line in plan.kept
    ]


def _stopped(ready: Iterable[Ready], plan: UpdatePlan, press: Press) -> list[dict[str, Any]]:
    """Those whose letter could not be composed. Raises NotUpdated for one that a person asked for."""
    lines = {line.seat.pupil: line for line in plan.go}
    found = []
    for one in ready:
        if one.problem and one.wanted.pupil in press.include:
            raise NotUpdated(f"{one.pupil}: {one.problem}", one.wanted.pupil)
        if one.problem:
            found.append(_kept(lines[one.wanted.pupil], [{"kind": "problem", "why": one.problem}], ""))
    return found


def _kept(line: UpdateLine, reasons: list[dict[str, str]], included: str) -> dict[str, Any]:
    return {
        "pupil": line.seat.pupil,
        "name": line.seat.name,
        "class": line.seat.class_name,
        "reasons": reasons,
        "included": included.strip(),
    }
