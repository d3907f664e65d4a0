"""How meetings went: who came, what was said and agreed, which targets were set; and what was agreed, ticked off.

A meeting that belongs to a step of the school's path takes that step with its outcome, in the same deed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from rollcall.casework.actions.meetings import LONGEST_AHEAD, NotPlanned, check_not_too_far, invite_family
from rollcall.casework.actions.steps import NotTaken, take_step
from rollcall.casework.models import AgreedAction, Case, LetterWritten, Meeting, MeetingOutcome, Target
from rollcall.casework.queries.meetings import FAMILY, Asked
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.words import day_words


@dataclass(frozen=True)
class Agreement:
    """Something agreed: whose it is to do ("school", "family", ...), who by name, what, by when.

    pupil: whom it is about (by id), where the meeting itself is about nobody.
    """

    side: str
    owner: str
    what: str
    due: date | None = None
    actor: str = ""
    pupil: int | None = None


@dataclass(frozen=True)
class Aim:
    """A target: a share of sessions by a day, or (percent None) in on every day until it. begins: its first day."""

    begins: date
    ends: date
    percent: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """How a meeting went. how: "held", "absent", "moved" (then `moved_to` says when), "off". came: who was there.

    counts: the step is taken although the family did not come.
    """

    how: str
    said: str = ""
    came: tuple[Asked, ...] = ()
    next_review: date | None = None
    actions: tuple[Agreement, ...] = ()
    targets: tuple[Aim, ...] = field(default=())
    moved_to: datetime | None = None
    counts: bool = False


def record_outcome(
    meeting: Meeting, outcome: Outcome, *, by: Actor, at: datetime, key: str, school: int | None = None
) -> MeetingOutcome:
    """Write down how a meeting went, what was agreed and which targets were set; a step of the path is taken with it.

    school: where the pupil is now (by id), if not where the meeting was planned: what follows from it is that school's.
    The same key gives the same outcome. Raises NotPlanned with a sentence: recorded before, not yet over, nobody named
    as present, nothing said, an agreement without who or what, a target that can't be, a step that can't be taken.
    """
    if meeting.kind not in FAMILY:
        raise NotPlanned("A meeting with the authority is written down on the authority's page.")
    check_outcome(meeting, outcome, at)
    try:
        with transaction.atomic():
            try:
                deed = journal.begin("meeting.recorded", by=by, at=at, key=key, school=school or meeting.school_id)
            except journal.AlreadyDone as done:
                return MeetingOutcome.objects.get(deed=done.deed)
            return write_outcome(meeting, outcome, by, at, deed, school)
    except IntegrityError as error:
        raise NotPlanned("Somebody else recorded this meeting at the same moment: look again.") from error


def agree_actions(
    given: Sequence[Agreement],
    *,
    pupil: int | None,
    school: int,
    case: Case | None,
    deed: Deed,
    meeting: Meeting | None = None,
) -> None:
    """Write down what was agreed at a meeting, or outside one, such as in a plan, inside an act's transaction."""
    AgreedAction.objects.bulk_create([_action(one, school, pupil, case, meeting, deed) for one in given])


def finish_action(action: AgreedAction, *, words: str, by: Actor, at: datetime, key: str) -> None:
    """Say that something agreed was done. Raises NotPlanned where it was before."""
    with transaction.atomic():
        try:
            deed = journal.begin("agreed.done", by=by, at=at, key=key, reason=words.strip(), school=action.school_id)
        except journal.AlreadyDone:
            return
        changed = AgreedAction.objects.filter(pk=action.pk, done__isnull=True)
        if changed.update(done=deed, done_words=words.strip()) == 0:
            raise NotPlanned("This was ticked off before.")


def set_target(
    aim: Aim, *, pupil: int, school: int, by: Actor, at: datetime, key: str, case: Case | None = None
) -> Target:
    """Set a target that was agreed with the family outside a meeting. Raises NotPlanned for one that can't be."""
    _check_aim(aim, at.date())
    with transaction.atomic():
        try:
            deed = journal.begin("target.set", by=by, at=at, key=key, school=school)
        except journal.AlreadyDone as done:
            return Target.objects.get(deed=done.deed)
        return _target(aim, pupil, school, case, None, deed)


def withdraw_target(target: Target, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Take back a target; it stays on the record. Raises NotPlanned without a reason, or where it was before."""
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotPlanned("Say why the target is taken back: the pupil's record keeps the reason.")
    with transaction.atomic():
        try:
            deed = journal.begin(
                "target.withdrawn", by=by, at=at, key=key, reason=because.strip(), school=target.school_id
            )
        except journal.AlreadyDone:
            return
        if Target.objects.filter(pk=target.pk, withdrawn__isnull=True).update(withdrawn=deed) == 0:
            raise NotPlanned("This target was taken back before.")


def check_outcome(meeting: Meeting, outcome: Outcome, at: datetime) -> None:
    """Raise NotPlanned, with a sentence, for an outcome that lacks something."""
    if outcome.how in ("held", "absent") and meeting.at > at:
        raise NotPlanned(f"This meeting is on {day_words(meeting.at.date())}: record it once it is over.")
    if outcome.how == "held" and not outcome.came:
        raise NotPlanned("Say who came: tick at least one.")
    if outcome.how == "held" and len(outcome.said.strip()) < journal.LEAST_REASON:
        raise NotPlanned("Write down in a few words what was said.")
    if outcome.how in ("off", "absent") and len(outcome.said.strip()) < journal.LEAST_REASON:
        raise NotPlanned("Say in a few words why, or what happened: the record keeps it.")
    if outcome.how == "moved" and (outcome.moved_to is None or outcome.moved_to <= at):
        raise NotPlanned("Give the new day and time: one that is still to come.")
    for one in outcome.actions:
        if not one.owner.strip() or not one.what.strip():
            raise NotPlanned("Each thing agreed needs who does it and what is done.")
    if outcome.moved_to is not None:
        check_not_too_far(outcome.moved_to, at)
    for aim in outcome.targets:
        _check_aim(aim, at.date())


def _check_aim(aim: Aim, today: date) -> None:
    if aim.ends > today + LONGEST_AHEAD:
        raise NotPlanned(f"A target ends within a year or so: look at the year of {aim.ends:%-d %B %Y}.")
    if aim.ends < aim.begins:
        raise NotPlanned(f"The target must end after it begins on {day_words(aim.begins)}.")
    if aim.percent is not None and not 0 < aim.percent <= 100:
        raise NotPlanned("A target is a share above 0% and up to 100%.")


def _check_not_recorded(meeting: Meeting) -> None:
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    done = MeetingOutcome.objects.filter(meeting=meeting).select_related("deed").first()
    if done is not None:
        raise NotPlanned(f"{done.deed.name} recorded this meeting already: {done.get_how_display().lower()}.")


def write_outcome(
    meeting: Meeting, outcome: Outcome, by: Actor, at: datetime, deed: Deed, school: int | None = None
) -> MeetingOutcome:
    """Write down, inside an act's own transaction, how a meeting went. Raises NotPlanned where it was before."""
    _check_not_recorded(meeting)
    here = school or meeting.school_id
    made = MeetingOutcome.objects.create(
        meeting=meeting,
        how=outcome.how,
        came=[one.kept for one in outcome.came],
        said=outcome.said.strip(),
        next_review=outcome.next_review,
        moved_to=_moved(meeting, outcome, here, by, at, deed),
        deed=deed,
    )
    agree_actions(outcome.actions, school=here, pupil=meeting.pupil_id, case=meeting.case, deed=deed, meeting=meeting)
    if meeting.pupil_id is not None:
        for aim in outcome.targets:
            _target(aim, meeting.pupil_id, here, meeting.case, meeting, deed)
    if outcome.how == "held" or (outcome.how == "absent" and outcome.counts):
        _take(meeting, made, here, at, deed)
    return made


def _moved(meeting: Meeting, outcome: Outcome, school: int, by: Actor, at: datetime, deed: Deed) -> Meeting | None:
    if outcome.how != "moved" or outcome.moved_to is None:
        return None
    again = Meeting.objects.create(
        school_id=school,
        pupil=meeting.pupil,
        case=meeting.case,
        kind=meeting.kind,
        step=meeting.step,
        with_roles=meeting.with_roles,
        at=outcome.moved_to,
        place=meeting.place,
        asked=meeting.asked,
        about=meeting.about,
        deed=deed,
    )
    if _was_invited(meeting):
        invite_family(again, by, at, deed)
    return again


def _was_invited(meeting: Meeting) -> bool:
    return LetterWritten.objects.filter(about="meeting", about_id=meeting.pk, withdrawn__isnull=True).exists()


def _take(meeting: Meeting, made: MeetingOutcome, school: int, at: datetime, deed: Deed) -> None:
    """Take the step of the path that the meeting belongs to, unless it was taken or the case is over."""
    case = meeting.case
    if case is None or not meeting.step or case.closed_id is not None:
        return
    if case.steps.filter(step=meeting.step, withdrawn__isnull=True).exists():
        return
    evidence = {"meeting": meeting.pk, "came": made.came, "said": made.said, "how": made.how}
    try:
        take_step(
            case,
            meeting.step,
            deed=deed,
            school=school,
            at=at,
            because=made.said,
            evidence=evidence,
            day=meeting.at.date(),
        )
    except NotTaken as error:
        raise NotPlanned(str(error)) from error


def _action(
    one: Agreement, school: int, pupil: int | None, case: Case | None, meeting: Meeting | None, deed: Deed
) -> AgreedAction:
    return AgreedAction(
        meeting=meeting,
        school_id=school,
        pupil_id=pupil or one.pupil,
        case=case,
        side=one.side,
        owner=one.owner.strip(),
        actor=one.actor,
        what=one.what.strip(),
        due=one.due,
        deed=deed,
    )


def _target(aim: Aim, pupil: int, school: int, case: Case | None, meeting: Meeting | None, deed: Deed) -> Target:
    return Target.objects.create(
        pupil_id=pupil,
        school_id=school,
        case=case,
        meeting=meeting,
        kind="every_day" if aim.percent is None else "percent",
        percent=aim.percent,
        begins=aim.begins,
        ends=aim.ends,
        deed=deed,
    )
