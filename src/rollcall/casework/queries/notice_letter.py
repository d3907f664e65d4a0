"""What the letter of a penalty notice says, before it is issued and when it is: the same values for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rollcall.casework.models import Notice, NoticeSession
from rollcall.casework.queries.gate import PUBLIC
from rollcall.rules.penalties import NoticeTerms
from rollcall.rules.policy import Policy
from rollcall.rules.words import counted, day_words, listed

LETTER = "notice"
WHY = {
    "irregular": "irregular attendance at school",
    "leave": "leave in term time that the school had not agreed to",
    PUBLIC: "your child being in a public place in school hours, without good reason, while excluded from school",
}
ACTS = {PUBLIC: "Education and Inspections Act 2006, section 105"}
ACT = "Education Act 1996, section 444A"


@dataclass(frozen=True)
class NoticeLetter:
    """The values of the letter's own fields, and what it rests on."""

    more: Mapping[str, str]
    rests_on: Mapping[str, Any]


def letter_of(notice: Notice, terms: NoticeTerms, policy: Policy, issued_by: str) -> NoticeLetter:
    """The letter of a notice at these amounts. issued_by: name and position of who issues it."""
    rows = list(NoticeSession.objects.filter(notice=notice).order_by("day", "half"))
    more = {
        "notice_why": WHY[notice.kind],
        "notice_law": ACTS.get(notice.kind, ACT),
        "notice_sessions": _seen_text(notice) if notice.kind == PUBLIC else sessions_text(rows),
        "notice_amounts": amounts_text(terms),
        "notice_paid_to": f"{policy.penalty.paid_to.value} ({policy.authority.name})",
        "notice_issued_by": issued_by,
        "notice_unpaid": unpaid_text(terms, policy),
    }
    return NoticeLetter(more, {"notice": notice.pk, "marks": [_mark(row) for row in rows]})


def sessions_text(rows: Sequence[NoticeSession]) -> str:
    """The sessions of a notice as its letter lists them, a line a day."""
    halves: dict[date, list[str]] = {}
    for row in rows:
        halves.setdefault(row.day, []).append("morning" if row.half == "AM" else "afternoon")
    return "\n".join(f"- {day_words(day)} {day.year}, {listed(words)}" for day, words in halves.items())


def amounts_text(terms: NoticeTerms) -> str:
    """What is to be paid, and by when: counted from receipt, for the letter can't know its day."""
    whole = f"£{terms.full} within {counted(terms.full_days, 'day')}"
    reduced = "" if terms.reduced is None else f"£{terms.reduced} within {counted(terms.reduced_days or 0, 'day')}, or "
    return f"{reduced}{whole}, counted from the day after you receive this notice"


def unpaid_text(terms: NoticeTerms, policy: Policy) -> str:
    """What follows where nothing is paid (5.2-d)."""
    return (
        f"If it is not paid within {counted(terms.full_days, 'day')}, {policy.authority.name} either prosecutes "
        "or withdraws the notice."
    )


def _seen_text(notice: Notice) -> str:
    seen: dict[str, Any] = notice.evidence["in_public"]
    day = date.fromisoformat(seen["day"])
    return f"- {day_words(day)} {day.year} at {seen['at']}: {seen['place']}"


def _mark(row: NoticeSession) -> dict[str, Any]:
    return {"enrolment": row.enrolment_id, "day": f"{row.day}", "half": row.half, "code": row.code}
