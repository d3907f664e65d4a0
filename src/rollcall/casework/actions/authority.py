"""Steps on the authority's process (A5): a case is opened, moves from state to state by its exits, is over by one.

The figures propose; a named person takes an exit, another one than proposed with a reason (FC-c). What an exit needs
must be there, whatever the reason. Each step keeps a copy of all it rests on (design law 7).
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.authority import AUTHORITY, forms_of_case, position, standing_steps, window_since
from rollcall.casework.queries.counts import Counts, counts_now
from rollcall.casework.queries.judged import policy_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules import authority as rules
from rollcall.rules.authority import StateNow
from rollcall.rules.policy import Exit, Policy, State
from rollcall.rules.proposal import Proposal, propose
from rollcall.rules.stages import tier_of
from rollcall.schools.models import School
from rollcall.schools.queries import facts_of

BEGIN = "begin"
"""The answer of a case that is opened in the first state, where no exit of it is taken."""


class NotTaken(ValueError):
    """A step of which nothing was written; the message is a sentence for who wanted to take it."""


def open_authority_case(
    pupil: int, *, school: int, by: Actor, at: datetime, key: str, answer: str = "", because: str = ""
) -> Case:
    """Open a case on the authority's process for a pupil (id) of a school (id), in the state that the figure proposes.

    answer: another exit of the first state, or BEGIN for the first state itself; with a reason where it is not what
    the figure proposes. The same key again gives the same case. Raises NotTaken with a sentence: a case that is open
    already, a policy without a process, an unknown answer, a reason missing.
    """
    try:
        with transaction.atomic():
            try:
                deed = journal.begin("process.opened", by=by, at=at, key=key, reason=because.strip(), school=school)
            except journal.AlreadyDone as done:
                return Case.objects.get(opened=done.deed)
            return _open(pupil, school, answer, because.strip(), deed, at)
    except IntegrityError as error:
        raise NotTaken("A case on the authority's process is open for this pupil already.") from error


def take(
    case: Case,
    answer: str,
    *,
    school: int,
    by: Actor,
    at: datetime,
    key: str,
    because: str = "",
    seen: int | None = None,
) -> StepTaken:
    """Take an exit of the state in which a case is, by its answer; school (id): where the pupil is now.

    because: why, needed where another exit is proposed or none is. seen: the last step (id) that whoever decided had
    before them. The same key again gives the same step. Raises NotTaken with a sentence: what the exit lacks, an
    unknown answer, a reason missing, a case that is over, a step that somebody else took meanwhile.
    """
    with transaction.atomic():
        try:
            deed = journal.begin("process.step", by=by, at=at, key=key, reason=because.strip(), school=school)
        except journal.AlreadyDone as done:
            return StepTaken.objects.get(deed=done.deed)
        held = _held(case)
        policy, last = policy_of(held), standing_steps(held.pk)[-1]
        if seen is not None and seen != last.pk:
            raise NotTaken("Somebody else took a step for this pupil at the same moment: look again.")
        counts = counts_now(held.pupil_id, policy, at)
        now = _now(held, policy, counts, at)
        chosen = _check(now, answer, because.strip())
        kept = _evidence(policy, held, chosen, counts, at, now.proposal)
        kept |= {"forms": _forms(held, last), "window": window_since(held.pupil_id, last.day, policy, at)}
        taken = _write(held, chosen, because.strip(), counts, kept, deed, at, school)
        if chosen.ends:
            held.closed, held.end = deed, chosen.ends
            held.save(update_fields=["closed", "end"])
    return taken


def take_back(step: StepTaken, *, because: str, school: int, by: Actor, at: datetime, key: str) -> None:
    """Take back the last step of a case, which stays on record as withdrawn; the case stands where it stood before.

    The first step taken back ends the case as opened by mistake, and a step that ended the case opens it again. The
    same key again changes nothing. Raises NotTaken without a reason, for another than the last step, and where a new
    case was opened since.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotTaken("Say why it is taken back: the pupil's record keeps the reason.")
    try:
        with transaction.atomic():
            try:
                deed = journal.begin("process.back", by=by, at=at, key=key, reason=because.strip(), school=school)
            except journal.AlreadyDone:
                return
            _take_back(step, deed)
    except IntegrityError as error:
        raise NotTaken("Another case was opened for this pupil since: this one stays as it is.") from error


def waits_for(state: State, day: date) -> dict[str, Any]:
    """What a state that is entered on a day waits for: its review, from when and by when; a referral to be sent."""
    begins, ends = rules.review_span(state, day)
    return {
        "review": {"from": f"{begins}" if begins else None, "by": f"{ends}" if ends else None},
        "lead": any(one.by_safeguarding_lead for one in state.exits),
    }


def _open(pupil: int, school: int, answer: str, because: str, deed: Deed, at: datetime) -> Case:
    facts, day = facts_of(school), at.date()
    policy, first = facts.policy_on(day), rules.first_state(facts.policy_on(day))
    if first is None:
        raise NotTaken("The policy in force has no process of the authority.")
    counts = counts_now(pupil, policy, at)
    way = rules.entry(policy, counts.attended, counts.possible)
    proposed = way.answer if way else BEGIN
    wanted = answer or proposed
    if wanted != proposed and len(because) < journal.LEAST_REASON:
        raise NotTaken("Say why, in a few words: the figure proposes another way in.")
    chosen = _way_in(first, wanted)
    number = Case.objects.filter(pupil=pupil, path=AUTHORITY).aggregate(last=Max("round"))["last"] or 0
    case = Case.objects.create(
        pupil_id=pupil,
        path=AUTHORITY,
        round=number + 1,
        school_id=school,
        policy=facts.policy_id_on(day),
        policy_kept=policy.snapshot(),
        opened=deed,
    )
    why = rules.entry_reason(policy, counts.attended, counts.possible)
    kept = _evidence(policy, case, chosen, counts, at, propose(proposed, (why,), {}))
    _write(case, chosen, because, counts, kept, deed, at, school)
    return case


def _way_in(first: State, wanted: str) -> Exit:
    if wanted == BEGIN:
        return Exit(answer=BEGIN, words=f"Begin with: {first.name}", to=first.id)
    found = next((one for one in first.exits if one.answer == wanted and not one.ends), None)
    if found is None:
        raise NotTaken("Choose one of the ways in that the policy has.")
    return found


def _now(case: Case, policy: Policy, counts: Counts, at: datetime) -> StateNow:
    where = position(case, policy, (counts.attended, counts.possible), at.date())
    try:
        return rules.state_now(policy, where)
    except LookupError as error:
        raise NotTaken("The policy of this case has no such state: move the case to another version first.") from error


def _check(now: StateNow, answer: str, because: str) -> Exit:
    """The exit that an answer leads through, once nothing is lacking for it. Raises NotTaken."""
    found = next((one for one in now.exits if one.exit.answer == answer), None)
    if found is None:
        raise NotTaken("Choose one of the ways on from here.")
    if found.lacks:
        raise NotTaken(" ".join(found.lacks))
    free = found.exit.choice and now.proposal is None
    if not (found.proposed or free) and len(because) < journal.LEAST_REASON:
        raise NotTaken("Say why, in a few words: this is not what is proposed.")
    return found.exit


def _evidence(
    policy: Policy, case: Case, chosen: Exit, counts: Counts, at: datetime, proposal: Proposal | None
) -> dict[str, Any]:
    """A copy of what a step rests on."""
    return {
        **counts.kept,
        "at": at.isoformat(),
        "tier": tier_of(counts.attended, counts.possible, policy),
        "exit": chosen.model_dump(mode="json"),
        "proposal": proposal.to_json() if proposal else None,
        "policy": {"id": case.policy, "name": policy.name, "edition": policy.edition},
        **waits_for(policy.state(chosen.to), at.date()),
    }


def _forms(case: Case, last: StepTaken) -> list[dict[str, Any]]:
    """The forms that were filled in in the state that is left, by their own row."""
    rows = [row for row in forms_of_case(case.pk) if row.step_id == last.pk]
    return [{"id": row.pk, "form": row.form, "name": row.definition["form"]["name"]} for row in rows]


def _write(
    case: Case, chosen: Exit, because: str, counts: Counts, kept: dict[str, Any], deed: Deed, at: datetime, school: int
) -> StepTaken:
    return StepTaken.objects.create(
        pupil_id=case.pupil_id,
        school=School.objects.get(pk=school),
        case=case,
        path=AUTHORITY,
        step=chosen.to,
        answer=chosen.answer,
        because=because,
        evidence=kept,
        round=case.round,
        day=at.date(),
        attended=counts.attended,
        possible=counts.possible,
        deed=deed,
    )


def _take_back(step: StepTaken, deed: Deed) -> None:
    held = Case.objects.select_for_update().get(steps=step)
    standing = standing_steps(held.pk)
    if step.path != AUTHORITY or not standing or standing[-1].pk != step.pk:
        raise NotTaken("Only the last step can be taken back, and once.")
    StepTaken.objects.filter(pk=step.pk).update(withdrawn=deed)
    if len(standing) == 1:
        held.closed, held.end = deed, "mistake"
    elif held.closed_id == step.deed_id:
        held.closed, held.end = None, ""
    held.save(update_fields=["closed", "end"])


def _held(case: Case) -> Case:
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.path != AUTHORITY:
        raise NotTaken("This case is on the school's own path.")
    if held.closed_id is not None:
        raise NotTaken("This case is over, and stays as it is.")
    return held
