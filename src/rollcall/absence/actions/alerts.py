"""Alerts about a child or a class: one of a kind at a time, told as people chose, acknowledged, closed (4.5-a).

The message to staff names no child in its subject and only initials in its text: the rest stands in Rollcall.
"""

from datetime import datetime, timedelta

from django.db import transaction

from rollcall.absence.models import Alert
from rollcall.absence.queries.told import addresses, people
from rollcall.absence.queries.tried import standing_alerts
from rollcall.absence.queries.untaken import told_above
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.outbox.actions import put
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

GROUND = "absence.alert"
KIND = "staff.alert"
SOCIAL_WORKER = "social_worker"


def raise_alert(
    enrolment: Enrolment, kind: str, *, facts: SchoolFacts, words: str, class_name: str, deed: Deed, at: datetime
) -> Alert | None:
    """Raise an alert about a child inside an act's own transaction, and tell whom the policy names.

    kind: one of Alert.KINDS; words: what happened, a sentence. Returns None where one of this kind stands today (see
    `standing_alerts`: the same may have to be told again). Where nobody holds the position that is told first, the one
    above is told at once.
    """
    day = at.astimezone(LONDON).date()
    roles = facts.policy_on(day).absence.unreached_told_to.value
    if standing_alerts(day).filter(enrolment=enrolment, kind=kind).exists():
        return None
    alert, is_new = Alert.objects.get_or_create(
        enrolment=enrolment,
        day=day,
        kind=kind,
        acknowledged=None,
        closed=None,
        defaults={"to_role": roles[0], "words": words, "deed": deed},
    )
    if not is_new:
        return None
    if not tell(alert, roles, facts, class_name, deed, at):
        _tell_higher(alert, facts, class_name, deed, at)
    return alert


@transaction.atomic
def raise_by_itself(
    enrolment: Enrolment, kind: str, *, facts: SchoolFacts, words: str, class_name: str, by: Actor, at: datetime
) -> Alert | None:
    """Raise an alert by a deed of its own, once; None where one of this kind stands."""
    day = at.astimezone(LONDON).date()
    before = Alert.objects.filter(enrolment=enrolment, day=day, kind=kind).count()
    try:
        key = f"alert-{kind}-{enrolment.pk}-{day}{f'-{before}' if before else ''}"
        deed = journal.begin("alert.raised", by=by, at=at, key=key, school=facts.school, about=str(enrolment.pupil))
    except journal.AlreadyDone:
        return None
    alert = raise_alert(enrolment, kind, facts=facts, words=words, class_name=class_name, deed=deed, at=at)
    if alert is None:
        transaction.set_rollback(True)
    return alert


@transaction.atomic
def tell_now(
    enrolment: Enrolment, *, facts: SchoolFacts, words: str, class_name: str, by: Actor, at: datetime, key: str
) -> Alert | None:
    """Tell safeguarding at once because somebody says so, as where who was reached does not know where the child is.

    Returns None where they were told by this today. Raises ValueError without words, AlreadyDone for a used key.
    """
    if len(words.strip()) < journal.LEAST_REASON:
        raise ValueError("Say in a few words what the safeguarding lead should know.")
    deed = journal.begin(
        "alert.raised", by=by, at=at, key=key, reason=words.strip(), school=facts.school, about=str(enrolment.pupil)
    )
    alert = raise_alert(
        enrolment, "not_known", facts=facts, words=words.strip(), class_name=class_name, deed=deed, at=at
    )
    if alert is None:
        transaction.set_rollback(True)
    return alert


@transaction.atomic
def acknowledge(alert: Alert, *, by: Actor, at: datetime, key: str) -> bool:
    """Say that an alert is seen and taken on; False where somebody did before. Raises AlreadyDone for a used key."""
    deed = journal.begin("alert.acknowledged", by=by, at=at, key=key, school=alert.school_id, about=str(alert))
    if Alert.objects.filter(pk=alert.pk, acknowledged__isnull=True).update(acknowledged=deed) == 0:
        transaction.set_rollback(True)
        return False
    return True


@transaction.atomic
def close(alert: Alert, *, because: str, by: Actor, at: datetime, key: str) -> bool:
    """Close an alert with the words of why; False where it was closed. Raises ValueError without words, AlreadyDone."""
    if len(because.strip()) < journal.LEAST_REASON:
        raise ValueError("Say in a few words what was done: the alert keeps it.")
    deed = journal.begin(
        "alert.closed",
        by=by,
        at=at,
        key=key,
        reason=because.strip(),
        school=alert.school_id,
        about=str(alert),
    )
    if Alert.objects.filter(pk=alert.pk, closed__isnull=True).update(closed=deed) == 0:
        transaction.set_rollback(True)
        return False
    return True


@transaction.atomic
def tell_higher(alert: Alert, *, facts: SchoolFacts, class_name: str, by: Actor, at: datetime) -> bool:
    """Tell the position above of an alert that nobody has acknowledged in time; False where that was done before."""
    try:
        deed = journal.begin(
            "alert.higher", by=by, at=at, key=f"higher-{alert.pk}", school=facts.school, about=str(alert)
        )
    except journal.AlreadyDone:
        return False
    _tell_higher(alert, facts, class_name, deed, at)
    return True


def is_late(alert: Alert, facts: SchoolFacts, at: datetime) -> bool:
    """Whether an alert was to be acknowledged by now and was not: the policy's minutes, to the second.

    That a social worker is told has until the end of the school day, and is done when it is recorded.
    """
    if alert.kind == SOCIAL_WORKER:
        return alert.closed_id is None and at >= facts.moment(alert.day, facts.times_on(alert.day).day_ends)
    within = timedelta(minutes=facts.policy_on(alert.day).absence.acknowledge_within_minutes.value)
    return alert.acknowledged_id is None and alert.closed_id is None and at >= alert.deed.at + within


def _tell_higher(alert: Alert, facts: SchoolFacts, class_name: str, deed: Deed, at: datetime) -> None:
    Alert.objects.filter(pk=alert.pk, higher__isnull=True).update(higher=deed)
    tell(alert, told_above(alert.kind, facts.policy_on(alert.day)), facts, class_name, deed, at)


def tell(alert: Alert, roles: tuple[str, ...], facts: SchoolFacts, class_name: str, deed: Deed, at: datetime) -> bool:
    """Put a message to everybody who holds one of the positions, inside an act's transaction; whether anybody does."""
    told = addresses(people(roles, alert.day, facts.school))
    who = _who(alert, class_name)
    # The office reads the outbox, and need not know that a child has a social worker.
    kind = "Somebody is to be told of an absence today" if alert.kind == SOCIAL_WORKER else alert.get_kind_display()
    for one in told:
        put(
            once=f"alert-{alert.pk}-{one.user}-{one.channel}",
            deed=deed,
            school=facts.school,
            channel=one.channel,
            to_name=one.name,
            to_address=one.where,
            subject=f"Alert at {facts.name}: {_SUBJECTS.get(alert.kind, 'a child is not accounted for')}",
            body=_body(one.channel, facts.name, who, kind),
            ground=GROUND,
            ground_id=alert.pk,
            pupil=alert.enrolment.pupil_id if alert.enrolment else None,
            evidence={"alert": alert.pk, "kind": alert.kind},
            at=at,
            kind=KIND,
        )
    return bool(told)


def _who(alert: Alert, class_name: str) -> str:
    """Whom it is about, without a child's name."""
    if alert.enrolment is None:
        return f"Class: {alert.about}"
    initials = "".join(part[0] for part in str(alert.enrolment.pupil).split())
    return f"Child: {initials}, {class_name}" if class_name else f"Child: {initials}"


_SUBJECTS = {
    "untaken": "nobody has taken a register",
    "collector": "somebody who is barred asked for a child",
    "barred": "somebody who is barred spoke for a child",
    SOCIAL_WORKER: "somebody is to be told today",
}


def _body(channel: str, school: str, who: str, kind: str) -> str:
    short = f"{school}: {kind} ({who.partition(': ')[2]}). Open Alerts in Rollcall and acknowledge it."
    if channel == "text":
        return short
    return (
        f"{kind}.\n\n{who}\nSchool: {school}\n\nOpen Rollcall, The day, Alerts: it says what is known and "
        "what was tried. Acknowledge it there, so that others know that you have it.\n"
    )
