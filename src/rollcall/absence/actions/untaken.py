"""The alert about a class whose register nobody has taken: one a class and session, closed when it comes in (4.5-a)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from rollcall.absence.actions.alerts import close, tell
from rollcall.absence.models import Alert
from rollcall.absence.queries.accounted import Missing
from rollcall.absence.queries.untaken import UNTAKEN, Untaken, brought_in_by, told_above, untaken
from rollcall.accounts.templatetags.words import half as half_words
from rollcall.journal import actions as journal
from rollcall.journal.actor import SCHEDULER, Actor
from rollcall.registers.queries.standing import was_in
from rollcall.rules.sessions import half_of
from rollcall.schools.queries import SchoolFacts


def chase_registers(
    facts: SchoolFacts, missing: Sequence[Missing], standing: Iterable[Alert], day: date, at: datetime
) -> None:
    """Raise the alerts about registers that are due at a moment, and close those whose register has come in.

    missing: who is not accounted for; standing: the alerts about classes that are not closed. Safe with two workers.
    """
    due = untaken(facts, missing, day, at)
    raised = set(Alert.objects.filter(kind=UNTAKEN, day=day).values_list("school_class_id", "half")) if due else set()
    for one in due:
        if (one.school_class, one.half) not in raised:
            raise_untaken(one, facts=facts, by=SCHEDULER, at=at)
    behind = {one.standing.school_class for one in missing if one.is_unmarked}
    for alert in standing:
        if alert.school_class_id not in behind or was_in(alert.school_class_id or 0, day, half_of(alert.half)):
            _close(alert, at)


@transaction.atomic
def raise_untaken(one: Untaken, *, facts: SchoolFacts, by: Actor, at: datetime) -> Alert | None:
    """Raise the alert about one register, once for a class and session; None where it was raised before.

    The head of school is told (the position that the policy names for what nobody acknowledges), and safeguarding
    where a child at amber or red risk is among those not accounted for; where nobody holds these, the one above.
    """
    key = f"alert-untaken-{one.school_class}-{one.day}-{one.half}"
    about = f"{one.class_name}, {half_words(one.half)}"
    try:
        deed = journal.begin("alert.raised", by=by, at=at, key=key, school=facts.school, about=about)
    except journal.AlreadyDone:
        return None
    policy = facts.policy_on(one.day).absence
    roles = policy.unacknowledged_told_to.value + (policy.unreached_told_to.value if one.n_at_risk else ())
    alert = Alert.objects.create(
        school_class_id=one.school_class, day=one.day, half=one.half, kind=UNTAKEN, to_role=roles[0], words=one.words,
        deed=deed,
    )  # fmt: skip
    if not tell(alert, roles, facts, one.class_name, deed, at):
        Alert.objects.filter(pk=alert.pk).update(higher=deed)
        tell(alert, told_above(UNTAKEN, facts.policy_on(one.day)), facts, one.class_name, deed, at)
    return alert


def _close(alert: Alert, at: datetime) -> None:
    """By the deed that brought the register in; by one of the clock's own where no mark did, as after a trip."""
    if deed := brought_in_by(alert):
        Alert.objects.filter(pk=alert.pk, closed__isnull=True).update(closed=deed)
        return
    try:
        close(alert, because="Everybody in it is accounted for.", by=SCHEDULER, at=at, key=f"closed-{alert.pk}")
    except journal.AlreadyDone:
        return
