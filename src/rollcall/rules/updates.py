"""Whom the update to all parents (4.6-a) is kept from at first, and why; and the last week of a term (A3-c).

Whoever is kept back is listed with each reason and what can be done; a person may include them one by one with a
reason of their own, but never past a hold, a bar, or a missing address.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rollcall.rules.policy import Policy
from rollcall.rules.sessions import Calendar, monday
from rollcall.rules.unclear import Unclear, unclear_words
from rollcall.rules.words import counted, sentence

MAY_GO = frozenset({"care", "condition", "few", "path", "unclear"})
"""The kinds of reason past which a person may let an update go all the same."""
SENSITIVE = frozenset({"care"})
"""The kinds of reason that only who may know of safeguarding facts is told."""
UNTOLD = "Kept back for a reason that the head of school or the safeguarding lead can see."


@dataclass(frozen=True)
class KeptBack:
    """One reason why an update is kept back: its kind, in words, and what can be done."""

    kind: str
    why: str
    do: str


@dataclass(frozen=True)
class Situation:
    """What is known of a pupil when the updates are made.

    held: why nothing is sent for now; nobody: why there is nobody to write to; unaddressed: who has no address for the
    way it goes. barred_only: all adults on record are barred. step: where on the school's path, and letter: the last
    letter or step of the last two weeks, each in words. All empty where there is nothing to say.
    """

    possible: int
    held: str = ""
    barred_only: bool = False
    nobody: str = ""
    unaddressed: str = ""
    in_care: bool = False
    condition: str = ""
    step: str = ""
    letter: str = ""
    unclear: tuple[Unclear, ...] = ()


def kept_back(one: Situation, policy: Policy) -> tuple[KeptBack, ...]:
    """Every reason for which a pupil's update is kept back, the gravest first; none for one that goes."""
    return tuple(_reasons(one, policy))


def may_go(reasons: Iterable[KeptBack]) -> bool:
    """Whether a person may let an update go in spite of all of its reasons."""
    return all(reason.kind in MAY_GO for reason in reasons)


def _reasons(one: Situation, policy: Policy) -> Iterator[KeptBack]:
    if one.held:
        yield KeptBack("hold", one.held, "It may go once the hold has ended.")
    if one.barred_only:
        yield KeptBack("barred", "Every adult on record is barred.", "The safeguarding lead looks at the contacts.")
    elif one.nobody:
        yield KeptBack("no_contact", one.nobody, "Add a parent or carer, or correct the record.")
    if one.unaddressed:
        yield KeptBack("no_address", one.unaddressed, "Add an e-mail or a postal address.")
    if one.possible == 0:
        yield KeptBack("none", "No session so far: there is no figure to tell.", "Wait for the first register.")
    yield from _asked(one, policy)


def _asked(one: Situation, policy: Policy) -> Iterator[KeptBack]:
    """The reasons that a person may set aside."""
    few = policy.measures.few_sessions.value
    if one.in_care:
        said = "In care: the carer is written to, and the social worker is told as well."
        yield KeptBack("care", said, "Look at the contacts, then include; a copy is offered for the social worker.")
    if one.condition:
        said = sentence(f"A long-term condition is on record: {one.condition}")
        yield KeptBack("condition", said, "Include where a figure is fair to the child, or speak with the family.")
    if 0 < one.possible < few:
        said = f"{counted(one.possible, 'possible session')} so far, fewer than {few}."
        yield KeptBack("few", said, "Wait, or include.")
    if one.step or one.letter:
        said = " ".join(sentence(part) for part in (one.step, one.letter) if part)
        yield KeptBack("path", said, "The family hears of the figure on the path already: include only if needed.")
    if one.unclear:
        said = sentence(f"Check first: {unclear_words(one.unclear)}")
        yield KeptBack("unclear", said, "Look into the marks, then come back, or include.")


def is_last_week(calendar: Calendar, day: date) -> bool:
    """Whether a day is in the last week of a term in which school is held: nothing of that term comes after it."""
    for first, last in calendar.terms:
        if first <= day <= last or monday(first) <= monday(day) <= monday(last):
            open_days = [one for one in calendar.school_days() if first <= one <= last]
            return bool(open_days) and monday(day) == monday(open_days[-1])
    return False
