"""Who belongs into the absentee report (A6-b), where a mark says that a pupil is, and what is still to be done.

The mark decides, as `whereabouts` reads it; in the report N stands apart, for nobody knows why, and so does a session
without a mark, for nobody knows where. Who is not expected today is not in either, and is listed with the code.
"""

from dataclasses import dataclass
from enum import Enum
from functools import cache

from rollcall.rules import whereabouts
from rollcall.rules.codes import DECISIONS, UNEXPLAINED


class Where(Enum):
    """Where a pupil is, as far as the mark says: `value` in words."""

    HERE = "in"
    ELSEWHERE = "at an activity elsewhere"
    AWAY = "away"
    UNEXPLAINED = "away without a reason"
    UNKNOWN = "unknown"


_WHERE = {
    whereabouts.Where.ON_SITE: Where.HERE,
    whereabouts.Where.ELSEWHERE: Where.ELSEWHERE,
    whereabouts.Where.AWAY: Where.AWAY,
    whereabouts.Where.NOT_EXPECTED: Where.AWAY,
    whereabouts.Where.UNKNOWN: Where.UNKNOWN,
}


@cache
def where_of(code: str) -> Where:
    """Where a mark says that a pupil is, for the report. Raises UnknownCode for a text that is a code of no edition."""
    return Where.UNEXPLAINED if code == UNEXPLAINED else _WHERE[whereabouts.where(code)]


def with_guesses(code: str, is_guess: bool) -> Where:
    """As `where_of`; a code that only a decision gives (G, O) and nobody decided is N by another name."""
    return Where.UNEXPLAINED if code in DECISIONS and is_guess else where_of(code)


@dataclass(frozen=True)
class Case:
    """What is known of one pupil who is not in; each text is empty where there is nothing of the kind.

    told: whether anybody has said why. word: a message in the inbox that comes from a number of theirs. handed_on:
    the caller who waits for the head of school. slip: when the slip at the door was filled in. called: the last call's
    outcome ("reached", "no_answer", "message", "wrong_number"), with `called_words` for whom and when. alert: the
    position that must acknowledge. evidence: by when it is expected. answered: it came and nobody has decided.
    must_tell: the parents are to be told before the mark turns unauthorised. question: why somebody must decide the
    code of what was reported. confirms: who confirms that they are on an activity, and has not yet. closed: whether the
    class was closed after the session had begun, so that no register can say where the child is. due_back: when they
    were to be back by what was told, where it has come and they have not.
    """

    where: Where
    told: bool = False
    word: str = ""
    handed_on: str = ""
    slip: str = ""
    called: str = ""
    called_words: str = ""
    alert: str = ""
    evidence: str = ""
    answered: bool = False
    must_tell: bool = False
    question: str = ""
    confirms: str = ""
    closed: bool = False
    due_back: str = ""


def still_to_do(case: Case) -> tuple[str, ...]:
    """What is still to be done about one pupil, the most urgent first, a short sentence each; nothing is an answer."""
    found = [f"Alert open: {case.alert} to acknowledge"] if case.alert else []
    if case.slip:
        found.append(f"Confirm the late slip of {case.slip}")
    if case.word:
        found.append(f"Answer {case.word}")
    if case.handed_on:
        found.append(f"{case.handed_on} waits for the head of school")
    found += _finding_out(case)
    if case.due_back and not case.slip:
        found.append(f"Was expected back {case.due_back}: ask what keeps them")
    if case.question:
        found.append(f"Decide on the code: {case.question}")
    if case.answered:
        found.append("Decide on the evidence")
    elif case.must_tell:
        found.append("Tell the parents before it is unauthorised")
    elif case.evidence:
        found.append(f"Waiting for evidence until {case.evidence}")
    if case.confirms:
        found.append(f"{case.confirms} to confirm that they are there")
    return tuple(found)


_AFTER_CALL = {
    "reached": "Enter the reason",
    "no_answer": "Call the next contact",
    "message": "Call again",
    "wrong_number": "Call another number",
}


def _finding_out(case: Case) -> list[str]:
    """What to do so that it is known where the child is and why; a message or a slip comes before a call."""
    if case.where is Where.UNKNOWN:
        return [] if case.slip else ["Say where they are" if case.closed else "Mark the register"]
    if case.where is not Where.UNEXPLAINED or case.slip or case.word:
        return []
    if case.told:
        return ["Enter the reason that was given"]
    if case.called:
        return [f"{_AFTER_CALL[case.called]} ({case.called_words})"]
    return ["Call"]
