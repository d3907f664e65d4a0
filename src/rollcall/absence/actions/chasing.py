"""What the clock asks about children who are not accounted for: alerts raised, sent one higher, closed (4.5-a).

A duty of the worker, safe to be done twice at once: each alert has a key of its own. Between two rounds in which
nothing was written at a school and no minute has passed there is nothing to do.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from rollcall.absence.actions.alerts import close, is_late, raise_by_itself, tell_higher
from rollcall.absence.actions.untaken import chase_registers
from rollcall.absence.models import Alert
from rollcall.absence.queries.accounted import Missing, accounted_words, begun, not_accounted
from rollcall.absence.queries.calls import around, clock_of, is_followed, ladders_of
from rollcall.absence.queries.not_back import Due
from rollcall.absence.queries.tried import TELLS, at_school, standing_alerts
from rollcall.absence.queries.vanished import vanished
from rollcall.journal.actions import AlreadyDone
from rollcall.journal.actor import SCHEDULER
from rollcall.registers.queries.news import version_of
from rollcall.rules.ladder import Ladder
from rollcall.schools.models import ClassMembership, Enrolment
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import on_roll

_LOOKED: dict[int, tuple[SchoolFacts, str]] = {}
"""By school: its facts and version when this process last looked. Only a saving: what is done is in the database."""


def chase_children(facts: SchoolFacts, at: datetime) -> None:
    """Raise, pass on and close the alerts of a school that are due at a moment, where anything has moved."""
    day = at.astimezone(LONDON).date()
    if not begun(facts, day, at):
        return
    version = f"{version_of(facts.school, at)} {at:%H%M}"
    kept = _LOOKED.get(facts.school)
    if kept and kept[0] is facts and kept[1] == version:
        return
    chase(facts, at)
    _LOOKED[facts.school] = (facts, version)


def chase(facts: SchoolFacts, at: datetime) -> None:
    """All of it at once, whether or not anything has moved since the last time."""
    day = at.astimezone(LONDON).date()
    missing = not_accounted(facts, day, at)
    _raise(facts, [one for one in missing if is_followed(one)], day, at)
    standing = list(_standing_alerts(facts, day))
    chase_registers(facts, missing, [one for one in standing if one.school_class_id], day, at)
    rooms = _rooms([one.enrolment_id for one in standing if one.enrolment_id], day)
    away = {one.standing.enrolment for one in missing}
    for alert in standing:
        if alert.kind in TELLS and alert.enrolment_id not in away:
            _close(alert, facts, at)
        elif alert.higher_id is None and is_late(alert, facts, at):
            room = rooms.get(alert.enrolment_id or 0, "")
            tell_higher(alert, facts=facts, class_name=room, by=SCHEDULER, at=at)


def _raise(facts: SchoolFacts, missing: list[Missing], day: date, at: datetime) -> None:
    if not missing:
        return
    known = around(missing, day)
    ladders = ladders_of(facts, missing, known, day, at)
    kinds = _kinds_raised([one.standing.enrolment for one in missing], day)
    here_before, workers = _here_before(facts, missing, day, at), _with_social_worker(missing, facts, day)
    for one in missing:
        enrolment, found = one.standing.enrolment, ladders[one.standing.enrolment]
        due = _due(found, has_left=enrolment in here_before, has_worker=enrolment in workers, due=one.due)
        for kind, words in due.items():
            if kind not in kinds.get(enrolment, ()):
                _raise_one(one, kind, words, facts, at)


def _due(found: Ladder, *, has_left: bool, has_worker: bool, due: Due | None) -> dict[str, str]:
    """The kinds of alert that are due for a child, each with its words. due: the return that is overdue."""
    since = f"Not accounted for since {clock_of(found.began)}"
    said = {}
    if has_left:
        out = due.words if due else "Not signed out."
        said["afternoon"] = f"Here in the morning, and not at the afternoon register. {out}"
    if found.is_open and found.in_vain:
        tried = "nobody was reached" if found.last_tried_at else "there is nobody who may be called"
        said["unreached"] = f"{since}; {tried}."
    elif found.must_tell and not has_left:
        said["overdue"] = f"{since}, which is longer than the policy gives at this risk."
    if found.is_open and has_worker:
        said["social_worker"] = f"{since}. The social worker is told the same day."
    return said


def _raise_one(one: Missing, kind: str, words: str, facts: SchoolFacts, at: datetime) -> None:
    enrolment = Enrolment.objects.select_related("pupil").get(pk=one.standing.enrolment)
    room, words = one.standing.class_name, f"{words} {one.closed_words}".strip()
    raise_by_itself(enrolment, kind, facts=facts, words=words, class_name=room, by=SCHEDULER, at=at)


def _kinds_raised(enrolments: Iterable[int], day: date) -> Mapping[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = standing_alerts(day).filter(enrolment__in=list(enrolments))
    for enrolment, kind in rows.values_list("enrolment_id", "kind"):
        found.setdefault(enrolment, set()).add(kind)
    return found


def _here_before(facts: SchoolFacts, missing: Iterable[Missing], day: date, at: datetime) -> Collection[int]:
    """Who of these was in this morning and is not accounted for in the afternoon."""
    if not any(one.half == "PM" for one in missing):
        return ()
    return {one.enrolment for one in vanished(facts.school, day, at)}


def _with_social_worker(missing: Iterable[Missing], facts: SchoolFacts, day: date) -> set[int]:
    if not facts.policy_on(day).absence.social_worker_told_same_day.value:
        return set()
    rows = Enrolment.objects.filter(pk__in=[one.standing.enrolment for one in missing])
    return set(rows.exclude(pupil__social_worker="").values_list("pk", flat=True))


def _standing_alerts(facts: SchoolFacts, day: date) -> Iterable[Alert]:
    """The alerts of the day that are not closed, and unacknowledged ones that nobody higher was told of."""
    rows = Alert.objects.filter(at_school(facts.school), day=day, closed__isnull=True)
    return rows.select_related("enrolment__pupil", "school_class", "deed").order_by("id")


def _rooms(enrolments: Iterable[int], day: date) -> dict[int, str]:
    rows = ClassMembership.objects.filter(on_roll(day), enrolment__in=list(enrolments))
    return dict(rows.values_list("enrolment_id", "school_class__name"))


def _close(alert: Alert, facts: SchoolFacts, at: datetime) -> None:
    assert alert.enrolment is not None
    halves = begun(facts, alert.day, at)
    why = accounted_words(alert.enrolment, facts, alert.day, halves[-1] if halves else "AM", at)
    try:
        close(alert, because=why, by=SCHEDULER, at=at, key=f"closed-{alert.pk}")
    except AlreadyDone:
        return
