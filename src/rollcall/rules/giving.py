"""Which codes a register may be given, and by whom: what is seen, recorded or decided (4.2-c, 4.5-b, A1-d).

Who takes a register sees who is there, who is late and who is not, and hears of an illness. A code that rests on a
record needs one, or a person who keeps the records. A decision is made where its chain is kept, never in a register.
"""

from dataclasses import dataclass

from rollcall.rules.codes import (
    COUNTS,
    DECISIONS,
    LATE,
    LATE_AFTER_CLOSING,
    UNEXPLAINED,
    WITH_LEAVE,
    Counts,
    needs_ground,
    table,
)


@dataclass(frozen=True)
class Giver:
    """Who gives a mark. may_decide: they may decide on absences; gives_reason: an amendment, whose reason is kept."""

    may_decide: bool
    gives_reason: bool


@dataclass(frozen=True)
class Footing:
    """What a code could rest on in one pupil's session, all as codes.

    standing: the mark that stands. expected: what is expected, as the register shows it. recorded: every code that
    somebody recorded for the session ahead of it, or gave since otherwise than by taking the register. in_question:
    evidence of the reason was asked for, and nobody has decided yet.
    """

    standing: str
    expected: str = ""
    recorded: frozenset[str] = frozenset()
    in_question: bool = False


def withheld(code: str, edition: str, giver: Giver) -> str:
    """Why a code is not offered to somebody who takes or amends a register, in a sentence; empty where it is.

    Where something recorded says so, it may be given all the same: see `why_not`. No code of the edition: empty.
    """
    found = table(edition).get(code)
    if found is None or not found.rests_on:
        return ""
    name = f"{code} ({found.meaning})"
    if found.rests_on == "decision":
        if giver.may_decide and giver.gives_reason:
            return ""
        return _by_the_office(name) if giver.may_decide else f"{name} is decided by the head of school: {_TELL}."
    if giver.may_decide or needs_ground(code, edition):
        return ""
    return f"{name} rests on what the office has recorded: {_TELL}."


_TELL = f"mark {UNEXPLAINED}, and tell the office what you know"


def _by_the_office(name: str) -> str:
    return (
        f"{name} is not given in a register: mark {UNEXPLAINED}. It is decided under The day (Evidence, Leave, No "
        "reason yet), where the parents are told first; what was refused ahead is entered as a known absence."
    )


def why_not(code: str, edition: str, giver: Giver, footing: Footing) -> str:
    """Why a code may not be given in a session, in a sentence that says whom to ask; empty where it may.

    An unauthorised code (4.2-c) never while the reason is in question or stands authorised; else where it was recorded
    or decided before, or as another word for such a decision. A code that rests on a record where there is one; that
    leave was granted is asked by `codes.check`.
    """
    if code in DECISIONS and (why := _chain(code, edition, footing)):
        return why
    if code in footing.recorded or code in WITH_LEAVE:
        return ""
    if code not in DECISIONS:
        return withheld(code, edition, giver)
    if why := withheld(code, edition, giver):
        return why
    return "" if footing.standing in DECISIONS else _by_the_office(f"{code} ({table(edition)[code].meaning})")


def _chain(code: str, edition: str, footing: Footing) -> str:
    """Why the parents must hear of it first (4.2-c)."""
    name = f"{code} ({table(edition)[code].meaning})"
    where = "it is decided under The day, Evidence, once the parents have been told"
    if footing.in_question:
        return f"Evidence of the reason was asked for. Before {name} may stand {where}."
    for said, how in ((footing.standing, "stands"), (footing.expected, "is expected")):
        if COUNTS.get(said) is Counts.AUTHORISED:
            return f"{said} {how}, which is authorised. Before it turns to {name} {where}."
    return ""


def why_not_late(code: str, minutes: int | None, *, closed: bool, closes: str, least: int = 0) -> str:
    """Why a child can't be late after closing, in a sentence: U is for who came, and came then (4.4-b); else empty.

    closes: the closing time in words; least: how many minutes late somebody is who comes then.
    """
    if code != LATE_AFTER_CLOSING:
        return ""
    if not closed:
        return f"The register is open until {closes}: who comes before then is L, and who is not here is {UNEXPLAINED}."
    if minutes is None:
        return (
            f"{code} is for a child who came after the register had closed: give the minutes late, or fill in a late "
            f"slip. Who is not here is {UNEXPLAINED}."
        )
    if minutes < least:
        return f"Who was {minutes} minutes late came before the register closed at {closes}: that is {LATE}."
    return ""
