"""Somebody barred who speaks for a child, or comes with or for one: stopped, kept, and safeguarding told (4.5-a).

What they say explains nothing. The stop is kept by a deed of its own before the act is refused, so that it stays
although nothing else is written.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from rollcall.absence.actions.alerts import raise_alert
from rollcall.absence.models import Stop, Word
from rollcall.absence.queries.barred import Meant, Spoken, barred_meant, stops_of
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.schools.models import Enrolment, PupilContact
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import class_of

MAY_BE_SAID = "do not contact, do not tell, do not release"
_ALERTS = {"outing": "collector"}
"""The kind of alert by where it was; "barred" for the rest."""
_WORDS = {
    "call": "{adult} spoke for {child} by telephone or message, and was told nothing",
    "friendly": "{adult} was spoken to in the friendly call about {child}",
    "slip": "{adult} brought {child} in late",
    "outing": "{adult} asked for {child} and was not given the child",
    "found": "{adult} is said to have {child} with them",
}


class Stopped(ValueError):
    """Somebody barred spoke or came, or may have: it was kept, and safeguarding told. The message may be shown to all.

    stops: what was kept. may_be_else: whether a person may say that it is another adult, with `otherwise`.
    """

    def __init__(self, sentence: str, stops: Sequence[Stop], *, may_be_else: bool) -> None:
        super().__init__(sentence)
        self.stops, self.may_be_else = list(stops), may_be_else

    @property
    def contact(self) -> PupilContact | None:
        """The first adult who was stopped."""
        return self.stops[0].contact


def stop_barred(
    children: Sequence[Enrolment],
    spoken: Spoken,
    *,
    facts: SchoolFacts,
    by: Actor,
    at: datetime,
    key: str = "",
    word: Word | None = None,
) -> list[Stop]:
    """Stop an act in which somebody barred speaks for these children, or is with them; none are barred: [].

    word: the one in the inbox that it is about, which is kept and cleared by the stop. Returns the day's stops of which
    `spoken.otherwise` says that it was another adult; the act passes them to `say_otherwise` in its own transaction.
    Raises Stopped for the rest, once the stop is kept and the safeguarding lead told by an alert for each child: once
    for a key. Only who was stopped before can be said to be somebody else, so that nobody goes untold.
    """
    meant = barred_meant(children, spoken)
    if not meant:
        return []
    before = _before(meant, at)
    if before and spoken.otherwise.strip():
        if len(spoken.otherwise.strip()) < journal.LEAST_REASON:
            raise _stopped(before, meant)
        if not any(one.is_sure for one in meant):
            return before
    own_key = f"{key[:70]}-stop" if key else ""
    try:
        stops = keep_stop(meant, spoken, facts=facts, by=by, at=at, key=own_key, word=word)
    except journal.AlreadyDone as done:
        stops = list(_stops().filter(deed=done.deed))
    raise _stopped(stops, meant)


def _before(meant: Sequence[Meant], at: datetime) -> list[Stop]:
    """The stops of the day of all of these; none where one of them was not stopped yet."""
    wanted = {(one.enrolment.pk, one.contact.pk) for one in meant}
    found = [one for one in stops_of({pk for pk, _ in wanted}, at) if (one.enrolment_id, one.contact_id) in wanted]
    return found if {(one.enrolment_id, one.contact_id) for one in found} == wanted else []


def _stopped(stops: Sequence[Stop], meant: Sequence[Meant]) -> Stopped:
    first = meant[0]
    adult, do = first.contact.contact, first.contact.barred_do
    if stops[0].where == "outing":
        said = f"Do not release {first.enrolment.pupil} to {adult}. {do}"
    else:
        said = f"{adult}: {MAY_BE_SAID}. {do}"
    return Stopped(said.strip(), stops, may_be_else=not any(one.is_sure for one in meant))


@transaction.atomic
def keep_stop(
    meant: Sequence[Meant],
    spoken: Spoken,
    *,
    facts: SchoolFacts,
    by: Actor,
    at: datetime,
    key: str = "",
    word: Word | None = None,
) -> list[Stop]:
    """Keep that somebody barred spoke or came, and tell safeguarding at once. Raises AlreadyDone for a used key."""
    children = {one.enrolment.pk: one.enrolment for one in meant}
    names = ", ".join(dict.fromkeys(_adult(one) for one in meant))
    about = ", ".join(str(child.pupil) for child in children.values())
    kind = "collector.stopped" if spoken.where == "outing" else "barred.stopped"
    reason = f"{_WORDS[spoken.where].format(adult=names, child=about)}."
    deed = journal.begin(kind, by=by, at=at, key=key, reason=reason, school=facts.school, about=about)
    if spoken.where == "call":
        _keep_word(word, spoken, facts, deed)
    return [_stop(one, spoken, facts, deed) for one in meant]


def _stop(one: Meant, spoken: Spoken, facts: SchoolFacts, deed: Deed) -> Stop:
    """One adult stopped about one child, with the alert that it raises."""
    words = f"{_WORDS[spoken.where].format(adult=_adult(one), child=one.enrolment.pupil)}.{_said(spoken)}"
    room = class_of(one.enrolment.pk, deed.at.astimezone(LONDON).date())
    kind = _ALERTS.get(spoken.where, "barred")
    alert = raise_alert(one.enrolment, kind, facts=facts, words=words, class_name=room, deed=deed, at=deed.at)
    return Stop.objects.create(
        enrolment=one.enrolment,
        contact=one.contact,
        name=_adult(one)[:120],
        where=spoken.where,
        said_by=spoken.who[:250],
        words=spoken.words.strip(),
        alert=alert,
        deed=deed,
    )


def _adult(one: Meant) -> str:
    """Who it is, or may be."""
    who = f"{one.contact.contact} ({one.contact.relationship.lower()})"
    return who if one.is_sure else f"Somebody who may be {who}"


def _said(spoken: Spoken) -> str:
    typed = f" Entered as: {spoken.who}." if spoken.who else ""
    return f"{typed} They said: {spoken.words.strip()}" if spoken.words.strip() else typed


def _keep_word(word: Word | None, spoken: Spoken, facts: SchoolFacts, deed: Deed) -> None:
    """The word itself stays on record, and is no task any more: nothing in it is to be entered."""
    if word is not None:
        # Whoever cleared it meanwhile does not keep the alarm from being raised.
        Word.objects.filter(pk=word.pk, cleared__isnull=True).update(cleared=deed, outcome="stopped")
        return
    Word.objects.create(
        school_id=facts.school,
        channel="phone",
        received_at=deed.at,
        caller=spoken.name.strip()[:120],
        number=spoken.number.strip()[:120],
        words=spoken.words.strip(),
        deed=deed,
        cleared=deed,
        outcome="stopped",
    )


def say_otherwise(stops: Sequence[Stop], reason: str, *, by: Actor, at: datetime, school: int) -> None:
    """Keep, inside an act's transaction, that these stops were about another adult, and why; [] keeps nothing."""
    if not stops:
        return
    about = ", ".join(dict.fromkeys(f"{one.enrolment.pupil}: not {one.name}" for one in stops))
    deed = journal.begin("barred.otherwise", by=by, at=at, reason=reason.strip(), school=school, about=about)
    Stop.objects.filter(pk__in=[one.pk for one in stops], otherwise__isnull=True).update(otherwise=deed)


def _stops() -> QuerySet[Stop]:
    return Stop.objects.select_related("contact__contact", "enrolment__pupil").order_by("id")
