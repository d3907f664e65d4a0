"""What other rooms show of reports, callers and doubts: what happened to a pupil, and what waits for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.urls import reverse

from rollcall.absence.models import Doubt, HandOver, Report, Word
from rollcall.absence.queries.doubts import doubts
from rollcall.absence.queries.reports import reason_name
from rollcall.absence.queries.waits import Waits
from rollcall.absence.queries.words import waited
from rollcall.accounts.queries import Standing
from rollcall.journal.by_hand import as_day, as_moment, rows
from rollcall.rules.words import counted as in_words
from rollcall.rules.words import day_words
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import SchoolFacts, facts_of

# By hand for the cost, as in registers.queries.happenings: the pupil's page asks every room. Each part gives kind,
# moment, name, position, first and last day, then three words of its own and the row's number.
_DEED = "d.at, d.name, d.position"
_REPORT = f"{_DEED}, r.first_day, r.last_day"
_DOUBT = f"{_DEED}, x.first_day, x.last_day"
_HAPPENED = f"""
    SELECT 'reported', {_REPORT}, r.reason, r.note, w.caller, r.id
    FROM absence_report r JOIN absence_word w ON w.id = r.word_id JOIN journal_deed d ON d.id = r.deed_id
    WHERE r.enrolment_id IN (_IDS)
    UNION ALL SELECT 'withdrawn', {_REPORT}, r.reason, d.reason, '', r.id
    FROM absence_report r JOIN journal_deed d ON d.id = r.withdrawn_id WHERE r.enrolment_id IN (_IDS)
    UNION ALL SELECT 'code', {_REPORT}, r.reason, d.reason, r.code, r.id
    FROM absence_report r JOIN journal_deed d ON d.id = r.decided_id WHERE r.enrolment_id IN (_IDS)
    UNION ALL SELECT 'asked', {_DOUBT}, x.kind, x.why, '', x.id
    FROM absence_doubt x JOIN journal_deed d ON d.id = x.deed_id WHERE x.enrolment_id IN (_IDS)
    UNION ALL SELECT CASE WHEN x.satisfied THEN 'settled' ELSE 'unsettled' END, {_DOUBT}, x.kind, x.answer, '', x.id
    FROM absence_doubt x JOIN journal_deed d ON d.id = x.answered_id WHERE x.enrolment_id IN (_IDS)
    UNION ALL SELECT 'told', {_DOUBT}, t.how, t.words, t.name, x.id FROM absence_telling t
    JOIN absence_doubt x ON x.id = t.doubt_id JOIN journal_deed d ON d.id = t.deed_id WHERE x.enrolment_id IN (_IDS)
    UNION ALL SELECT 'decided', {_DOUBT}, x.kind, d.reason, x.code, x.id
    FROM absence_doubt x JOIN journal_deed d ON d.id = x.decided_id WHERE x.enrolment_id IN (_IDS)
    UNION ALL SELECT 'dropped', {_DOUBT}, x.kind, d.reason, '', x.id
    FROM absence_doubt x JOIN journal_deed d ON d.id = x.withdrawn_id WHERE x.enrolment_id IN (_IDS)
"""
_OF_DOUBT = ("asked", "settled", "unsettled", "told", "decided", "dropped")


@dataclass(frozen=True)
class ToldHappening:
    """One thing that happened; `url` leads to the chain of a doubt, where there is one."""

    at: datetime
    what: str
    who: str
    detail: str
    url: str = ""


def happenings(enrolments: Iterable[int]) -> list[ToldHappening]:
    """Reports, doubts and callers about these enrolments (by id), newest first; three queries, however many."""
    wanted = list(enrolments)
    if not wanted:
        return []
    statement = _HAPPENED.replace("_IDS", ", ".join(["%s"] * len(wanted)))
    found = rows(statement, wanted * _HAPPENED.count("_IDS"))
    told = _callers_about(wanted)
    if found:
        facts = facts_of(Enrolment.objects.values_list("school_id", flat=True).get(pk=wanted[0]))
        told += [_told(facts, *row) for row in found]
    return sorted(told, key=lambda one: one.at, reverse=True)


def _callers_about(enrolments: list[int]) -> list[ToldHappening]:
    told = []
    for one in HandOver.objects.filter(enrolment__in=enrolments).select_related("deed", "done"):
        who = f"{one.deed.name}, {one.deed.position}"
        told.append(ToldHappening(one.deed.at, f"{one.caller} handed on to the head of school", who, one.about))
        if one.done is not None:
            who = f"{one.done.name}, {one.done.position}"
            told.append(ToldHappening(one.done.at, f"{one.caller}: taken by the head of school", who, one.done.reason))
    return told


def _told(
    facts: SchoolFacts, kind: str, at: datetime | str, name: str, position: str, first: date | str, last: date | str,
    word: str, detail: str, other: str, number: int,
) -> ToldHappening:  # fmt: skip
    begins, ends, who = as_day(first), as_day(last), f"{name}, {position}"
    days = day_words(begins) if begins == ends else f"{day_words(begins)} to {day_words(ends)}"
    if kind in _OF_DOUBT:
        what = f"{_doubt_words(kind, word, other)}, {days}"
        return ToldHappening(as_moment(at), what, who, detail, reverse("absence:doubt", args=[number]))
    reason = reason_name(facts.policy_on(begins), word)
    what = {
        "reported": f"Reported away ({reason}), {days}",
        "withdrawn": f"Report withdrawn ({reason}), {days}",
        "code": f"Code decided: {other or 'as it stood'} ({reason}), {days}",
    }[kind]
    by = f"{other} told us. " if kind == "reported" and other else ""
    return ToldHappening(as_moment(at), what, who, f"{by}{detail}".strip())


def _doubt_words(kind: str, word: str, other: str) -> str:
    told = dict(Doubt.HOW).get(word, word).lower()
    return {
        "asked": "Evidence asked for",
        "settled": "Evidence settles it",
        "unsettled": "Evidence does not settle it",
        "told": f"{other} told that it turns unauthorised ({told})",
        "decided": f"Doubt decided: {other or 'the marks stay'}",
        "dropped": "Doubt withdrawn",
    }[kind]


def waiting(may: Standing, at: datetime) -> list[Waits]:
    """What of the inbox and of evidence waits for somebody, by school: a fixed handful of queries."""
    found = []
    if may.can_somewhere("word:log"):
        found += _words(may.schools("word:log"), at)
    if may.can_somewhere("hand_over:do"):
        found += _callers(may.schools("hand_over:do")) + _codes(may.schools("doubt:decide"))
    if may.can_somewhere("doubt:decide"):
        found += _doubts(may.schools("doubt:decide"), at)
    return found


def _at(schools: set[int] | None, path: str = "school") -> Q:
    return Q() if schools is None else Q(**{f"{path}__in": schools})


def _words(schools: set[int] | None, at: datetime) -> list[Waits]:
    rows = Word.objects.filter(_at(schools), cleared__isnull=True).order_by("school__name", "received_at")
    counted: dict[int, list[Word]] = {}
    for word in rows.select_related("school"):
        counted.setdefault(word.school_id, []).append(word)
    return [
        Waits(
            f"{some[0].school.name}: {in_words(len(some), 'message')} in the inbox, the oldest for "
            f"{waited(some[0].received_at, at)}",
            reverse("absence:inbox", args=[some[0].school.slug]),
            len(some),
        )
        for school, some in counted.items()
    ]


def _callers(schools: set[int] | None) -> list[Waits]:
    rows = HandOver.objects.filter(_at(schools), done__isnull=True).values_list(
        "school__name", "school__slug", "school"
    )
    return [
        Waits(f"{name}: {in_words(n, 'caller')} handed on", reverse("absence:hand_overs", args=[slug]), n, urgent=True)
        for name, slug, school, n in rows.annotate(n=Count("id")).order_by("school__name")
    ]


def _codes(schools: set[int] | None) -> list[Waits]:
    rows = Report.objects.filter(_at(schools, "enrolment__school"), withdrawn__isnull=True, decided__isnull=True)
    columns = ("enrolment__school__name", "enrolment__school__slug", "enrolment__school")
    counted = rows.exclude(question="").values_list(*columns).annotate(n=Count("id")).order_by(columns[0])
    return [
        Waits(
            f"{name}: {in_words(n, 'report')} with the code to be decided",
            reverse("absence:hand_overs", args=[slug]),
            n,
        )
        for name, slug, school, n in counted
    ]


def _doubts(schools: set[int] | None, at: datetime) -> list[Waits]:
    counted: dict[int, int] = {}
    for one in doubts(schools, at):
        if one.owner == "head":
            counted[one.school] = counted.get(one.school, 0) + 1
    named = School.objects.filter(pk__in=counted).order_by("name") if counted else ()
    return [
        Waits(
            f"{school.name}: {in_words(counted[school.pk], 'doubt')} to decide on",
            reverse("absence:doubts", args=[school.slug]),
            counted[school.pk],
        )
        for school in named
    ]
