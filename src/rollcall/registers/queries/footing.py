"""What a code could rest on in a session: what was recorded ahead of it, decided since, or is in question (4.2-c)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from rollcall.registers.models import Entry, Question
from rollcall.registers.queries.expected import Session
from rollcall.registers.queries.known_ahead import known_ahead
from rollcall.registers.queries.standing import BROUGHT, TAKEN, spanning
from rollcall.rules.codes import DECISIONS
from rollcall.rules.giving import Footing
from rollcall.rules.sessions import Half, half_of, order_of
from rollcall.schools.queries import SchoolFacts


def footings(standing: Mapping[int, str], day: date, half: Half, facts: SchoolFacts) -> dict[int, Footing]:
    """The footing of some pupils in a session; standing: the code that stands, by enrolment. Three statements."""
    if not (asked := list(standing)):
        return {}
    ahead = known_ahead(asked, day, day, facts)
    decided, open_ones = given_before(asked, day, half), in_question(asked, day, half)
    found = {}
    for one in asked:
        known = ahead.get(one)
        shown = known.at(day, half) if known else None
        recorded = known.codes_at(day, half) if known else frozenset()
        found[one] = Footing(standing[one], shown.code if shown else "", recorded | decided[one], one in open_ones)
    return found


def given_before(enrolments: Iterable[int], day: date, half: Half) -> Mapping[int, frozenset[str]]:
    """The codes that each was given in a session otherwise than by taking the register: each was decided then."""
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    rows = Entry.objects.filter(enrolment__in=list(enrolments), day=day, half=half).exclude(deed__kind=TAKEN)
    for enrolment, code in rows.values_list("enrolment_id", "code"):
        found[enrolment] |= {code}
    return found


def undecided(marked: Mapping[int, str], day: date, half: Half) -> set[int]:
    """Those whose mark is a decision (G, O) that nobody made here: taken from before, or brought in from elsewhere.

    marked: the code that stands, by enrolment. What was recorded ahead is not asked. No statement where none is one.
    """
    asked = {one: code for one, code in marked.items() if code in DECISIONS}
    if not asked:
        return set()
    rows = Entry.objects.filter(enrolment__in=list(asked), day=day, half=half, code__in=DECISIONS)
    rows = rows.exclude(deed__kind__in=(TAKEN, *BROUGHT))
    made = {*rows.values_list("enrolment_id", "code"), *_settled_on(asked, day, half)}
    return {one for one, code in asked.items() if (one, code) not in made}


def _settled_on(enrolments: Iterable[int], day: date, half: Half) -> set[tuple[int, str]]:
    """What was decided once evidence was asked for, which writes no entry over a code that stood already."""
    rows = Question.objects.filter(spanning(day, half), enrolment__in=list(enrolments), settled__isnull=False)
    return set(rows.exclude(code="").values_list("enrolment_id", "code"))


def in_question(enrolments: Iterable[int], day: date, half: Half) -> set[int]:
    """Those for whom evidence of the reason was asked for, and nobody has decided yet."""
    rows = Question.objects.filter(spanning(day, half), enrolment__in=list(enrolments), settled__isnull=True)
    return set(rows.values_list("enrolment_id", flat=True))


def is_in_question(enrolment: int, first: Session, last: Session) -> bool:
    """Whether a question is open that shares a session with these."""
    rows = Question.objects.filter(
        enrolment=enrolment, settled__isnull=True, first_day__lte=last[0], last_day__gte=first[0]
    )
    return any(
        order_of((one.first_day, half_of(one.first_half))) <= order_of(last)
        and order_of(first) <= order_of((one.last_day, half_of(one.last_half)))
        for one in rows
    )
