"""What lasts is put to the head of school once an episode, decided, and recorded when it was sent (4.5-c, 4.5-d)."""

from datetime import datetime

from django.db import transaction

from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Referral
from rollcall.absence.queries.lasting import Due, lasting
from rollcall.journal import actions as journal
from rollcall.journal.actor import SCHEDULER, Actor
from rollcall.journal.models import Deed
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON


def refer_children(facts: SchoolFacts, at: datetime) -> None:
    """A duty: once after the end of each school day, put to the head of school what has come to its line."""
    day = at.astimezone(LONDON).date()
    if not (facts.is_open(day, "AM") or facts.is_open(day, "PM")):
        return
    if at < facts.moment(day, facts.times_on(day).day_ends):
        return
    key = f"referrals-{facts.school}-{day}"
    if not Deed.objects.filter(key=key).exists():
        refer(facts, at, key)


@transaction.atomic
def refer(facts: SchoolFacts, at: datetime, key: str) -> list[Referral]:
    """Put everything that is due and was not put before to the head of school, by one deed."""
    found = lasting(facts, at)
    new = [one for one in found if not _was_put(one)]
    try:
        said = f"{len(new)} to decide"
        deed = journal.begin("referrals.looked", by=SCHEDULER, at=at, key=key, reason=said, school=facts.school)
    except journal.AlreadyDone:
        return []
    made = [_put(one, deed, at) for one in new]
    return [referral for referral, is_new in made if is_new]


def _was_put(one: Due) -> bool:
    """Whether this episode was put before: a referral of the kind that began within it; of irregular ones this year."""
    since = SchoolYear.of(one.since).first if one.kind == "irregular" else one.since
    return Referral.objects.filter(enrolment=one.enrolment, kind=one.kind, since__gte=since).exists()


def _put(one: Due, deed: Deed, at: datetime) -> tuple[Referral, bool]:
    values = {"day": at.astimezone(LONDON).date(), "evidence": one.evidence, "deed": deed}
    enrolment = Enrolment.objects.get(pk=one.enrolment)
    return Referral.objects.get_or_create(enrolment=enrolment, kind=one.kind, since=one.since, defaults=values)


@transaction.atomic
def decide_referral(referral: Referral, *, accept: bool, why: str, by: Actor, at: datetime, key: str) -> None:
    """Accept what was put, or decline it with the reason.

    Raises NotLogged where it is declined without a reason or was decided meanwhile; AlreadyDone for a used key.
    """
    if not accept and len(why.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say why it is declined: the reason is kept.")
    kind = "referral.accepted" if accept else "referral.declined"
    deed = _deed(kind, referral, why, by, at, key)
    open_one = Referral.objects.filter(pk=referral.pk, decided__isnull=True)
    if open_one.update(decided=deed, accepted=accept) == 0:
        first = Referral.objects.select_related("decided").get(pk=referral.pk)
        who = first.decided.name if first.decided else "Somebody"
        raise NotLogged(f"{who} decided this before: {'accepted' if first.accepted else 'declined'}.")


@transaction.atomic
def record_returned(referral: Referral, *, how: str, by: Actor, at: datetime, key: str) -> None:
    """Record that an accepted referral was sent, to whom and how. Raises NotLogged, AlreadyDone."""
    if len(how.strip()) < journal.LEAST_REASON:
        raise NotLogged("Say to whom it was sent and how.")
    deed = _deed("referral.returned", referral, how, by, at, key)
    if Referral.objects.filter(pk=referral.pk, accepted=True, returned__isnull=True).update(returned=deed) == 0:
        raise NotLogged("Only what was accepted, and was not sent before, is recorded as sent.")


def _deed(kind: str, referral: Referral, words: str, by: Actor, at: datetime, key: str) -> Deed:
    school = referral.enrolment.school_id
    return journal.begin(kind, by=by, at=at, key=key, reason=words.strip(), school=school, about=str(referral))
