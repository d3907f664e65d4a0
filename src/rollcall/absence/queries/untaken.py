"""Registers that nobody has taken long after they were late, with the children behind them (3.5-a, 4.5-a).

A class without a mark is one thing to see to, and no child of low risk in it is looked for one by one: so the head of
school is told of the class.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rollcall.absence.models import Alert
from rollcall.absence.queries.accounted import Missing
from rollcall.accounts.templatetags.words import half as half_words
from rollcall.journal.actor import SCHEDULER
from rollcall.journal.models import Deed
from rollcall.registers.models import Entry, Submission
from rollcall.registers.queries.today import counts_now
from rollcall.rules.codes import MISSING
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import Half
from rollcall.rules.words import counted, time_words
from rollcall.schools.models import ClassMembership
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import on_roll

UNTAKEN = "untaken"
HANDED_IN = "register.submit"


@dataclass(frozen=True)
class Untaken:
    """One register that is not in. n: its children without a mark whom nobody has accounted for, n_at_risk of them at
    amber or red risk; n_marked, of n_pupils, have a mark. closed: that the school has closed since, a sentence.
    """

    school_class: int
    class_name: str
    day: date
    half: Half
    n: int
    n_at_risk: int
    n_marked: int
    n_pupils: int
    was_late_at: datetime
    closed: str = ""

    @property
    def words(self) -> str:
        """What whoever is told must know, without a name."""
        marked = f"{self.n_marked} of {self.n_pupils} are marked" if self.n_marked else "Nobody is marked"
        risk = f", {self.n_at_risk} of them at amber or red risk" if self.n_at_risk else ""
        late = f"The register of the {half_words(self.half)} was late at {_clock(self.was_late_at)} and is not in."
        said = f"{late} {marked}, and {counted(self.n, 'child is,children are')} not accounted for{risk}."
        return f"{said} {self.closed}".strip()


def untaken(facts: SchoolFacts, missing: Iterable[Missing], day: date, at: datetime) -> list[Untaken]:
    """The registers of a day that are not in though the policy's minutes have passed since they were late, by class.

    missing: who is not accounted for at the moment (`not_accounted`). A register in which everybody who has no mark is
    accounted for is left out. No statement where none is due; else one, and one for each session.
    """
    wait = timedelta(minutes=facts.policy_on(day).absence.untaken_minutes)
    behind: dict[tuple[Half, int], list[Missing]] = defaultdict(list)
    for one in missing:
        if one.is_unmarked and at >= facts.closes_at(day, one.half) + wait:
            behind[one.half, one.standing.school_class].append(one)
    if not behind:
        return []
    handed = _handed_in(facts.school, day)
    left = {key: those for key, those in behind.items() if key not in handed}
    counts = {half: counts_now([facts.school], day, half) for half in {half for half, _ in left}}
    return [_untaken(facts, those, day, half, counts[half].get(room, {})) for (half, room), those in left.items()]


def _handed_in(school: int, day: date) -> set[tuple[str, int]]:
    rows = Submission.objects.filter(school=school, day=day)
    return set(rows.values_list("half", "school_class_id"))


def _untaken(facts: SchoolFacts, those: Sequence[Missing], day: date, half: Half, codes: dict[str, int]) -> Untaken:
    first, n_pupils = those[0], sum(codes.values())
    return Untaken(
        school_class=first.standing.school_class,
        class_name=first.standing.class_name,
        day=day,
        half=half,
        n=len(those),
        n_at_risk=sum(one.standing.risk != "green" for one in those),
        n_marked=n_pupils - codes.get(MISSING, 0),
        n_pupils=n_pupils,
        was_late_at=facts.closes_at(day, half),
        closed=first.closed_words,
    )


def told_above(kind: str, policy: Policy) -> tuple[str, ...]:
    """The positions that are told of an alert of a kind where nobody acknowledges it in time.

    Of a class the head of school is told at once, so that above stands the executive headteacher, or where there is
    none the safeguarding lead.
    """
    if kind != UNTAKEN:
        return policy.absence.unacknowledged_told_to.value
    return ("executive_headteacher", *policy.absence.unreached_told_to.value)


def brought_in_by(alert: Alert) -> Deed | None:
    """The deed that brought the register of an alert in: handed in, else the last mark made in the class since."""
    handed = Submission.objects.filter(school_class=alert.school_class, day=alert.day, half=alert.half)
    first = handed.select_related("deed").order_by("number").first()
    return first.deed if first else _last_mark(alert)


def _last_mark(alert: Alert) -> Deed | None:
    """Marks of the afternoon say where a child is whom the morning's register never had."""
    rows = Entry.objects.filter(day=alert.day, deed__at__gte=alert.deed.at)
    here = ClassMembership.objects.filter(on_roll(alert.day), school_class=alert.school_class).values("enrolment")
    last = rows.filter(enrolment__in=here).select_related("deed").order_by("number").last()
    return last.deed if last else None


def in_words(deed: Deed) -> str:
    """How a register came in, in a sentence."""
    if deed.actor == SCHEDULER.id:
        return deed.reason
    done = "The register was handed in" if deed.kind == HANDED_IN else "The last of them was marked"
    return f"{done} by {deed.name} at {_clock(deed.at)}."


def _clock(moment: datetime) -> str:
    return time_words(moment.astimezone(LONDON))
