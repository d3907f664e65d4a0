"""Playing steps: each is one call of the action that the page for it calls, by the person whose page it is."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from rollcall.absence.actions.reports import Absence, Caller, Known, log_report
from rollcall.absence.actions.slips import fill_slip
from rollcall.absence.actions.unknown import give_code
from rollcall.accounts.queries import holders, standing
from rollcall.accounts.roles import Role
from rollcall.demo.mornings import GATE
from rollcall.demo.steps import Step, moment
from rollcall.journal.actions import AlreadyDone
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.actions import (
    KnownAlready,
    NewMark,
    NotSaved,
    ToldFirst,
    amend_marks,
    expect,
    record_marks,
    submit_register,
)
from rollcall.registers.models import Entry, Submission
from rollcall.rules.reporting import Part
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.models import Enrolment, School, SchoolClass
from rollcall.schools.queries import facts_of

OURS = "demo."
HEAD = "head of school"


@dataclass
class Places:
    """The demo's rows by the names that steps use; read once for a year."""

    classes: dict[tuple[str, str], SchoolClass] = field(default_factory=dict)
    enrolments: dict[tuple[str, str], list[Enrolment]] = field(default_factory=dict)
    actors: dict[tuple[str, str], Actor] = field(default_factory=dict)

    def actor(self, step: Step) -> Actor:
        """Who does a step."""
        return self.actors[step.slug, {"office": "", "head": HEAD}.get(step.who, step.class_name)]

    def enrolment(self, slug: str, upn: str, day: date) -> Enrolment | None:
        """A child's enrolment at a school on a day, if it has one."""
        spans = self.enrolments.get((slug, upn), [])
        return next((e for e in spans if e.admitted <= day and (e.left is None or day <= e.left)), None)


def places_of(day: date) -> Places:
    """Whoever and whatever the steps of a day's school year name, with who holds the posts on that day."""
    found = Places()
    for school in School.objects.all():
        office = holders(Role.SECRETARY, day, school=school.pk)[0]
        found.actors[school.slug, ""] = standing(office, day).actor(school.pk)
        head = holders(Role.HEAD, day, school=school.pk)[0]
        found.actors[school.slug, HEAD] = standing(head, day).actor(school.pk)
    classes = SchoolClass.objects.filter(year_start=SchoolYear.of(day).start).select_related("school")
    for school_class in classes:
        key = (school_class.school.slug, school_class.name)
        found.classes[key] = school_class
        teacher = holders(Role.TEACHER, day, school_class=school_class.pk)[0]
        found.actors[key] = standing(teacher, day).actor(school_class.school_id)
    for enrolment in Enrolment.objects.select_related("pupil", "school"):
        found.enrolments.setdefault((enrolment.school.slug, enrolment.pupil.upn), []).append(enrolment)
    return found


def places_by_year(steps: Iterable[Step]) -> dict[int, Places]:
    """What steps name, by the school year that their sessions lie in."""
    days = {SchoolYear.of(step.day).start: step.day for step in steps}
    return {year: places_of(day) for year, day in days.items()}


def play(steps: Iterable[Step], places: Mapping[int, Places], *, over: bool = False) -> int:
    """Play steps in order and return how many took effect; `places` are by school year.

    over: pass over a step that something done meanwhile stands against (a register somebody else has touched, a mark
    that has changed, a school that has closed); without it such a step raises NotSaved.
    """
    done = 0
    touched: dict[tuple[int, date, str], bool] = {}
    for step in steps:
        here = places[SchoolYear.of(step.day).start]
        own = here.classes[step.slug, step.class_name]
        if over and step.kind in ("record", "submit"):
            session = (own.pk, step.day, step.half)
            if session not in touched:
                touched[session] = _is_touched(own, step)
            if touched[session]:
                continue
        try:
            _play(step, here, own)
            done += 1
        except AlreadyDone:
            continue
        except (NotSaved, ValueError):
            if not over:
                raise
    return done


def _play(step: Step, here: Places, own: SchoolClass) -> None:
    by = here.actor(step)
    if step.kind == "submit":
        submit_register(own, step.day, step.half, by=by, at=step.at, key=step.key)
    elif step.kind == "expect":
        _expect(step, here, by)
    elif step.kind == "report":
        _report(step, here, by)
    elif step.kind == "slip":
        _slip(step, here, by)
    elif step.kind == "decide":
        _decide(step, here, by)
    else:
        marks = [
            NewMark(e.pk, m.code, m.minutes, seen="N" if step.kind == "amend" else None)
            for m in step.marks
            if (e := here.enrolment(step.slug, m.upn, step.day))
        ]
        if step.kind == "record":
            record_marks(own, step.day, step.half, marks, by=by, at=step.at, key=step.key)
        else:
            amend_marks(own, step.day, step.half, marks, by=by, at=step.at, key=step.key, reason=step.ground)


def _expect(step: Step, here: Places, by: Actor) -> None:
    enrolment = here.enrolment(step.slug, step.marks[0].upn, step.day)
    if enrolment is None or step.last is None:
        return
    # Two absences of one child may lie within each other: nobody rings twice, and what is authorised stays so.
    with suppress(KnownAlready, ToldFirst):
        expect(
            enrolment,
            first=(step.day, step.half),
            last=step.last,
            code=step.marks[0].code,
            ground=step.ground,
            told_by=step.told_by,
            leave_granted=step.leave,
            by=by,
            at=step.at,
            key=step.key,
        )


def _report(step: Step, here: Places, by: Actor) -> None:
    """A family rings about a day away."""
    enrolment = here.enrolment(step.slug, step.marks[0].upn, step.day)
    if enrolment is None or step.last is None:
        return
    part: Part = "day" if step.last[1] != step.half else step.half
    absence = Absence(step.reason, step.day, part, note=step.ground)
    facts, caller = facts_of(enrolment.school_id), Caller(step.told_by)
    with suppress(Known):
        log_report(facts, [enrolment], absence, caller, by=by, at=step.at, key=step.key, beside=True)


def _slip(step: Step, here: Places, by: Actor) -> None:
    """A child comes late to the office."""
    mark = step.marks[0]
    enrolment = here.enrolment(step.slug, mark.upn, step.day)
    if enrolment is not None:
        arrived_at = moment(step.day, GATE[step.slug], mark.minutes or 0)
        fill_slip(enrolment, step.reason, arrived_at=arrived_at, by=by, at=step.at, key=step.key)


def _decide(step: Step, here: Places, by: Actor) -> None:
    """The head of school decides on an absence that nobody explained."""
    enrolment = here.enrolment(step.slug, step.marks[0].upn, step.day)
    if enrolment is None:
        return
    code, facts = step.marks[0].code, facts_of(enrolment.school_id)
    give_code(
        enrolment,
        step.day,
        [step.half],
        code,
        why=step.ground,
        told=step.told_by,
        facts=facts,
        decides=True,
        by=by,
        at=step.at,
        key=step.key,
    )


def _is_touched(own: SchoolClass, step: Step) -> bool:
    """Whether somebody other than the demo has marked or handed in a register, so that the demo leaves it alone."""
    session = {"day": step.day, "half": step.half}
    entries = Entry.objects.filter(enrolment__memberships__school_class=own, **session).values("deed")
    handed = Submission.objects.filter(school_class=own, **session).values("deed")
    theirs = Deed.objects.exclude(key__startswith=OURS)
    return theirs.filter(pk__in=entries).exists() or theirs.filter(pk__in=handed).exists()
