"""A notice to improve: a last chance before a penalty notice, with its period, what is enough, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from rollcall.casework.actions.letters import NotWritten, write_letter
from rollcall.casework.actions.notices import NotDone
from rollcall.casework.models import Case, LetterWritten, NoticeToImprove
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.policy import Policy
from rollcall.rules.words import counted, day_words
from rollcall.schools.queries import facts_of

LETTER = "notice-to-improve"


@dataclass(frozen=True)
class Chance:
    """The period in weeks from its first day, what has to be reached, and the help that is offered, in words."""

    begins: date
    weeks: int
    enough: str
    support: str

    @property
    def ends(self) -> date:
        """The last day of the period."""
        return self.begins + timedelta(weeks=self.weeks) - timedelta(days=1)


def weeks_of(policy: Policy) -> tuple[int, int] | None:
    """From how many to how many weeks a notice to improve runs; None where the policy knows none."""
    least, most = policy.penalty.improve_least_weeks, policy.penalty.improve_most_weeks
    return (least.value, most.value) if least and most else None


def give_chance(pupil: int, chance: Chance, *, school: int, by: Actor, at: datetime, key: str) -> NoticeToImprove:
    """Write a notice to improve to each parent who may be written to; the same key again gives the same.

    Raises NotDone with a sentence: a policy that knows none, a period of another length or begun before today, words
    that are missing, one that still runs, no letter.
    """
    policy = facts_of(school).policy_on(at.date())
    _check(chance, policy, at.date())
    try:
        with transaction.atomic():
            try:
                deed = journal.begin("improve.given", by=by, at=at, key=key, school=school)
            except journal.AlreadyDone as done:
                return NoticeToImprove.objects.get(deed=done.deed)
            row = NoticeToImprove.objects.create(
                pupil_id=pupil,
                school_id=school,
                case=Case.objects.filter(pupil=pupil, path="school", closed__isnull=True).first(),
                begins=chance.begins,
                ends=chance.ends,
                enough=chance.enough.strip(),
                support=chance.support.strip(),
                deed=deed,
            )
            row.letter = _letter(row, deed, by, at)
            row.save(update_fields=["letter"])
            return row
    except NotWritten as error:
        raise NotDone(str(error)) from error
    except IntegrityError as error:
        raise NotDone("A notice to improve runs already: record first what came of it.") from error


def _letter(row: NoticeToImprove, deed: Deed, by: Actor, at: datetime) -> LetterWritten:
    told = {
        "support_given": row.support,
        "agreed_targets": row.enough,
        "improve_until": f"{day_words(row.ends)} {row.ends.year}",
    }
    return write_letter(
        row.pupil_id,
        LETTER,
        told,
        school=row.school_id,
        by=by,
        at=at,
        deed=deed,
        case=row.case,
        about="improve",
        about_id=row.pk,
        rests_on={"begins": f"{row.begins}", "ends": f"{row.ends}", "enough": row.enough},
    )


def _check(chance: Chance, policy: Policy, today: date) -> None:
    span = weeks_of(policy)
    if span is None:
        raise NotDone("The policy in force knows no notice to improve.")
    if not span[0] <= chance.weeks <= span[1]:
        raise NotDone(f"A notice to improve runs from {span[0]} to {counted(span[1], 'week')}.", "weeks")
    if chance.begins < today:
        raise NotDone("Its time begins today or later.", "begins")
    for name, words in (("enough", chance.enough), ("support", chance.support)):
        if len(words.strip()) < journal.LEAST_REASON:
            said = "Say what has to be reached." if name == "enough" else "Say which help was and is offered."
            raise NotDone(said, name)


def end_chance(improve: int, outcome: str, *, words: str, by: Actor, at: datetime, key: str) -> None:
    """Record what a named person found: "improved", "not_improved", or "ended" early.

    Raises NotDone for another outcome, without words, before its end unless it is ended early, and where the outcome
    is recorded already.
    """
    if outcome not in dict(NoticeToImprove.OUTCOMES):
        raise NotDone("Say what came of it.", "outcome")
    if len(words.strip()) < journal.LEAST_REASON:
        raise NotDone("Say what was found: the record keeps it.", "words")
    with transaction.atomic():
        row = NoticeToImprove.objects.select_for_update().get(pk=improve)
        try:
            deed = journal.begin("improve.ended", by=by, at=at, key=key, school=row.school_id, reason=words.strip())
        except journal.AlreadyDone:
            return
        if row.outcome_deed_id is not None:
            raise NotDone("What came of it is recorded already.")
        if outcome == "not_improved" and at.date() <= row.ends:
            raise NotDone(f"It runs until {day_words(row.ends)}: until then there is time to improve.", "outcome")
        row.outcome, row.outcome_words, row.outcome_deed = outcome, words.strip(), deed
        row.save(update_fields=["outcome", "outcome_words", "outcome_deed"])
