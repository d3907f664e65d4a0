"""Wider support (7.4-c): what was offered to a family, and what became of it. The last answer stands; all are kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from rollcall.casework.models import Case, SupportAnswer, SupportOffered
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.rules.policy import Policy
from rollcall.rules.words import day_words

LONGEST_AGO = timedelta(days=366)
WITH_WORDS = ("refused", "not_apt")
"""The answers that ask for a word: later on a court may ask why help was not taken up."""


class NotSupported(ValueError):
    """An offer or an answer of which nothing was written; the message is a sentence for who entered it."""


@dataclass(frozen=True)
class Offer:
    """Help that is offered. kind: one of the policy's kinds of support; what: in words, else the kind's own name."""

    kind: str
    day: date
    what: str = ""
    provider: str = ""


def offer_support(
    offer: Offer, *, pupil: int, school: int, policy: Policy, by: Actor, at: datetime, key: str
) -> SupportOffered:
    """Write down what was offered to a pupil's family (pupil and school by id), by whom and when.

    It belongs to the pupil's open case, the authority's before the school's, where there is one. The same key gives
    the same offer. Raises NotSupported for a kind that the policy has not, a day to come or long gone, and for the
    same offer of the same day.
    """
    name = _kind_name(offer, policy)
    _check_day(offer.day, at)
    what = offer.what.strip() or name
    with transaction.atomic():
        try:
            deed = journal.begin("support.offered", by=by, at=at, key=key, school=school, about=name)
        except journal.AlreadyDone as done:
            return SupportOffered.objects.get(deed=done.deed)
        if SupportOffered.objects.filter(pupil=pupil, kind=offer.kind, what=what, day=offer.day).exists():
            raise NotSupported(f"“{what}” of {day_words(offer.day)} is on record already: answer that one.")
        return SupportOffered.objects.create(
            pupil_id=pupil,
            school_id=school,
            case=_open_case(pupil),
            kind=offer.kind,
            what=what,
            provider=offer.provider.strip(),
            day=offer.day,
            deed=deed,
        )


def answer_offer(
    offer: SupportOffered, answer: str, *, note: str = "", school: int, by: Actor, at: datetime, key: str
) -> SupportAnswer:
    """Write down what became of an offer: "taken_up", "refused", "ended" or "not_apt"; it stands until the next one.

    The same key gives the same answer. Raises NotSupported where that stands already, where help ends that was never
    taken up, and without a word for help that was refused or turned out not to be apt.
    """
    if answer not in dict(SupportAnswer.ANSWERS):
        raise NotSupported("Say what became of it: taken up, refused, ended, or not apt.")
    if answer in WITH_WORDS and len(note.strip()) < journal.LEAST_REASON:
        raise NotSupported("Say in a word why: the record may have to show it.")
    with transaction.atomic():
        try:
            deed = journal.begin("support.answered", by=by, at=at, key=key, school=school, reason=note.strip())
        except journal.AlreadyDone as done:
            return SupportAnswer.objects.get(deed=done.deed)
        _check_answer(offer, answer)
        return SupportAnswer.objects.create(offer=offer, answer=answer, day=at.date(), note=note.strip(), deed=deed)


def _kind_name(offer: Offer, policy: Policy) -> str:
    try:
        return policy.support_kind(offer.kind).name
    except LookupError as error:
        raise NotSupported("Choose what kind of support it is.") from error


def _check_day(day: date, at: datetime) -> None:
    if day > at.date():
        raise NotSupported(f"{day_words(day)} is still to come: write down what was offered once it was.")
    if day < at.date() - LONGEST_AGO:
        raise NotSupported("Give a day of the last twelve months.")


def _check_answer(offer: SupportOffered, answer: str) -> None:
    """Under a lock of the offer, so that of two people at once the second sees what the first has written."""
    SupportOffered.objects.select_for_update().get(pk=offer.pk)
    last = SupportAnswer.objects.filter(offer=offer).select_related("deed").last()
    if last is not None and last.answer == answer:
        raise NotSupported(f"{last.deed.name} wrote that down already, on {day_words(last.day)}.")
    if answer == "ended" and (last is None or last.answer != "taken_up"):
        raise NotSupported("Only help that was taken up comes to an end: say refused, or not apt.")


def _open_case(pupil: int) -> Case | None:
    found = {one.path: one for one in Case.objects.filter(pupil=pupil, closed__isnull=True).defer("policy_kept")}
    return found.get("authority") or found.get("school")
