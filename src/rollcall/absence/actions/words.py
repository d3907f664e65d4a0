"""The only writer of words left for the office, and of callers handed on to the head of school (3.6-a)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from rollcall.absence.actions.barred import say_otherwise, stop_barred
from rollcall.absence.models import HandOver, Word
from rollcall.absence.queries.barred import Spoken
from rollcall.absence.queries.finding import children_of_number
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.words import time_words
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import facts_of


class NotLogged(ValueError):
    """Nothing was written; the message is a sentence for who logged it."""


@transaction.atomic
def leave_word(
    school: School,
    *,
    channel: str,
    caller: str,
    words: str,
    by: Actor,
    at: datetime,
    key: str,
    number: str = "",
    left_at: datetime | None = None,
) -> Word:
    """Put a word into the inbox, where it waits to be cleared. left_at: when it was left, where that was earlier.

    Raises NotLogged for an empty one and for one that is left in the future, AlreadyDone for a used key.
    """
    if not (caller.strip() or words.strip() or number.strip()):
        raise NotLogged("Say who left word, or what they said.")
    if left_at and left_at > at:
        raise NotLogged(f"It can't have been left at {time_words(left_at)}: that is still to come.")
    deed = journal.begin("word.left", by=by, at=at, key=key, school=school.pk, about=f"{caller} {words}".strip())
    return _new(school.pk, channel, caller, number, words, deed, left_at or at)


def _new(school: int, channel: str, caller: str, number: str, words: str, deed: Deed, at: datetime) -> Word:
    return Word.objects.create(
        school_id=school,
        channel=channel,
        received_at=at,
        caller=caller.strip()[:120],
        number=number.strip()[:120],
        words=words.strip(),
        deed=deed,
    )


def nothing_to_enter(word: Word, *, because: str, by: Actor, at: datetime, key: str, otherwise: str = "") -> None:
    """Clear a word that makes no report, with the reason.

    Raises Stopped where the number it came from is that of an adult barred from a child here, unless `otherwise` says
    why it was somebody else; NotLogged without a reason or where somebody has cleared it meanwhile (the sentence says
    who), AlreadyDone.
    """
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say why there is nothing to enter: the word is kept with the reason.")
    spoken = Spoken("call", word.caller, word.number, words=word.words, otherwise=otherwise)
    children = _children_of(word, at)
    passed = stop_barred(children, spoken, facts=facts_of(word.school_id), by=by, at=at, key=key, word=word)
    with transaction.atomic():
        deed = journal.begin(
            "word.cleared", by=by, at=at, key=key, reason=because.strip(), school=word.school_id, about=str(word)
        )
        say_otherwise(passed, otherwise, by=by, at=at, school=word.school_id)
        clear(word, deed, "nothing")


def _children_of(word: Word, at: datetime) -> list[Enrolment]:
    """The children whose contacts have the number that a word came from; without one nobody can be told by it."""
    seats = children_of_number(word.school_id, word.number, at.date())
    return list(Enrolment.objects.select_related("pupil").filter(pk__in=[seat.enrolment for seat in seats]))


@transaction.atomic
def put_back(word: Word, *, by: Actor, at: datetime, key: str) -> None:
    """Let a word that was cleared with nothing to enter, or stopped, wait again. Raises NotLogged, AlreadyDone."""
    journal.begin("word.put_back", by=by, at=at, key=key, school=word.school_id, about=str(word))
    rows = Word.objects.filter(pk=word.pk, outcome__in=("nothing", "stopped"))
    if rows.update(cleared=None, outcome="") == 0:
        raise NotLogged("Only a word that was cleared with nothing to enter can be put back.")


def clear(word: Word, deed: Deed, outcome: str) -> None:
    """Clear a waiting word within a deed, or one that was stopped and turns out to be from somebody else.

    Raises NotLogged, saying who was first, where it has been cleared already.
    """
    waits = Q(cleared__isnull=True) | Q(outcome="stopped")
    if Word.objects.filter(waits, pk=word.pk).update(cleared=deed, outcome=outcome) == 0:
        first = Word.objects.select_related("cleared").get(pk=word.pk)
        assert first.cleared is not None
        when = first.cleared.at.astimezone(deed.at.tzinfo)
        done = first.get_outcome_display().lower()
        raise NotLogged(f"{first.cleared.name} dealt with this word at {time_words(when)} already: {done}.")
    word.cleared, word.outcome = deed, outcome


def hand_on(
    school: School,
    *,
    caller: str,
    about: str,
    by: Actor,
    at: datetime,
    key: str,
    number: str = "",
    word: Word | None = None,
    enrolment: Enrolment | None = None,
    otherwise: str = "",
) -> HandOver:
    """Hand a caller on to the head of school, whose task it is until they say what came of it (3.6-a).

    A caller without a word in the inbox leaves one, cleared by this. Raises Stopped for a caller who is barred from the
    child or may be, unless `otherwise` says why it is somebody else; NotLogged where who or what about is missing or
    the word was cleared meanwhile, AlreadyDone for a used key.
    """
    if not caller.strip() or len(about.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say who rang and what it is about: the head of school starts from that.")
    if enrolment is not None and enrolment.school_id != school.pk:
        raise NotLogged(f"{enrolment.pupil} is not on roll at {school.name}.")
    spoken = Spoken("call", caller, number or (word.number if word else ""), words=about, otherwise=otherwise)
    children = [enrolment] if enrolment else _children_of(word, at) if word else []
    passed = stop_barred(children, spoken, facts=facts_of(school.pk), by=by, at=at, key=key, word=word)
    with transaction.atomic():
        said = f"{caller.strip()}: {about.strip()}"
        deed = journal.begin("caller.handed_on", by=by, at=at, key=key, school=school.pk, about=said)
        say_otherwise(passed, otherwise, by=by, at=at, school=school.pk)
        word = word or _new(school.pk, "phone", caller, number, about, deed, at)
        clear(word, deed, "handed_on")
        return HandOver.objects.create(
            school=school,
            word=word,
            enrolment=enrolment,
            caller=caller.strip()[:120],
            number=number.strip()[:120],
            about=about.strip(),
            deed=deed,
        )


@transaction.atomic
def take_over(hand_over: HandOver, *, outcome: str, by: Actor, at: datetime, key: str) -> None:
    """Say what came of a caller who was handed on; it is then no task any more.

    Raises NotLogged without an outcome or where somebody said it before, AlreadyDone for a used key.
    """
    if len(outcome.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say what came of it, in a few words.")
    deed = journal.begin(
        "caller.taken", by=by, at=at, key=key, reason=outcome.strip(), school=hand_over.school_id, about=str(hand_over)
    )
    if HandOver.objects.filter(pk=hand_over.pk, done__isnull=True).update(done=deed) == 0:
        first = HandOver.objects.select_related("done").get(pk=hand_over.pk)
        assert first.done is not None
        raise NotLogged(f"{first.done.name} has taken this caller already: {first.done.reason}.")
