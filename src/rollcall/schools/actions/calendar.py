"""School years with their terms, and closures laid over them and lifted again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.schools.actions.counting import next_numbers, stale
from rollcall.schools.actions.refusing import Refused
from rollcall.schools.models import Closure, School, SchoolClass, SchoolYear, Term


@transaction.atomic
def add_year(
    school: School, start: int, terms: Sequence[tuple[str, date, date]], *, by: Actor, at: datetime, key: str = ""
) -> SchoolYear:
    """Add a school year with its terms (name, first day, last day), or set its terms anew.

    Terms lie apart from each other. Raises Refused naming the term that lies outside the year or over another.
    """
    _check_terms(start, terms)
    deed = journal.begin("year.set", by=by, at=at, key=key, reason=f"{start}/{(start + 1) % 100:02}", school=school.pk)
    year, _ = SchoolYear.objects.get_or_create(school=school, start=start)
    before = "; ".join(str(term) for term in year.terms.all())
    year.terms.all().delete()
    made = Term.objects.bulk_create([Term(year=year, name=n, first=b, last=e) for n, b, e in terms])
    journal.note_changes(deed, "year", year.pk, {"terms": (before, "; ".join(str(term) for term in made))})
    stale(school.pk)
    return year


def _check_terms(start: int, terms: Sequence[tuple[str, date, date]]) -> None:
    first, last = date(start, 8, 1), date(start + 1, 7, 31)
    before: date | None = None
    for name, begins, ends in sorted(terms, key=lambda term: term[1]):
        if not first <= begins <= ends <= last:
            raise Refused(
                f"{name} ({_day(begins)} to {_day(ends)}) must lie between {_day(first)} and {_day(last)} "
                "and end after it begins."
            )
        if before is not None and begins <= before:
            raise Refused(f"{name} begins on {_day(begins)}, before the term ahead of it has ended ({_day(before)}).")
        before = ends


@transaction.atomic
def close_sessions(
    school: School,
    *,
    first: date,
    last: date,
    kind: str,
    ground: str,
    by: Actor,
    at: datetime,
    half: str = "",
    code: str = "#",
    classes: Iterable[SchoolClass] = (),
    key: str = "",
) -> Closure:
    """Lay a closure over sessions; marks beneath stay as they are. Raises Refused when it ends before it begins."""
    if last < first:
        raise Refused(f"The closure ends on {_day(last)}, before it begins on {_day(first)}.", "last")
    deed = journal.begin("closure.made", by=by, at=at, key=key, reason=ground, school=school.pk)
    closure = _closure(school, deed, first=first, last=last, half=half, kind=kind, code=code, ground=ground)
    closure.classes.set(classes)
    stale(school.pk)
    return closure


@transaction.atomic
def close_bank_holidays(
    school: School, days: Mapping[date, str], *, by: Actor, at: datetime, key: str = ""
) -> list[Closure]:
    """Close a school on bank holidays (day to its name) in one deed; a day that is closed already is passed over."""
    deed = journal.begin("closure.bank_holidays", by=by, at=at, key=key, reason=f"{len(days)} days", school=school.pk)
    closed = Closure.objects.filter(school=school, lifted__isnull=True, half="", classes__isnull=True)
    spans = list(closed.values_list("first", "last"))
    made = [
        _closure(school, deed, first=day, last=day, half="", kind="bank_holiday", code="#", ground=name)
        for day, name in sorted(days.items())
        if not any(first <= day <= last for first, last in spans)
    ]
    stale(school.pk)
    return made


def _closure(school: School, deed: Deed, **given: object) -> Closure:
    number = next_numbers(school.pk, 1)[0]
    closure: Closure = Closure.objects.create(school=school, deed=deed, number=number, **given)
    words = f"{closure.get_kind_display()}: {closure.ground}, {_day(closure.first)} to {_day(closure.last)}"
    journal.note_changes(deed, "closure", closure.pk, {"closed": ("", words)})
    return closure


@transaction.atomic
def lift_closure(closure: Closure, *, by: Actor, at: datetime, reason: str, key: str = "") -> None:
    """Lift a closure; it stays on record, and the marks beneath show again. Raises Refused when lifted before."""
    deed = journal.begin("closure.lifted", by=by, at=at, key=key, reason=reason, school=closure.school_id)
    if closure.lifted_id:
        raise Refused("This closure was lifted before.")
    closure.lifted = deed
    closure.lifted_number = next_numbers(closure.school_id, 1)[0]
    closure.save(update_fields=["lifted", "lifted_number"])
    journal.note_changes(deed, "closure", closure.pk, {"lifted": ("", reason)})
    stale(closure.school_id)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
