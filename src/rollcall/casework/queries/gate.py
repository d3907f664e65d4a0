"""What stands before a penalty notice: support with its outcome, the warning, the checklist of the authority's form.

The answers are copied into the notice as they were given. A point is answered "yes", "no" or "none" (does not arise).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from rollcall.casework.models import NoticeToImprove, SupportOffered
from rollcall.journal.actions import LEAST_REASON
from rollcall.rules.policy import Policy
from rollcall.rules.policy.parts import ChecklistItem
from rollcall.rules.prompt import Prompt
from rollcall.rules.words import day_words

ANSWERS = [("yes", "Yes"), ("no", "No"), ("none", "Does not arise")]
PUBLIC = "public"


@dataclass(frozen=True)
class Offer:
    """Support that was offered, and the last that is known of it; `outcome` is empty where nothing was recorded."""

    id: int
    what: str
    kind: str
    provider: str
    day: str
    outcome: str
    note: str

    @property
    def words(self) -> str:
        """It in one line."""
        by = f" by {self.provider}" if self.provider else ""
        return f"{self.what}{by}, offered {self.day}: {self.outcome or 'what became of it is not recorded'}"


@dataclass(frozen=True)
class Gate:
    """What was given: the offers (ids), or why support is not apt; the answers by point; words to them."""

    support: tuple[int, ...] = ()
    not_apt: str = ""
    answers: Mapping[str, str] | None = None
    notes: str = ""


def offers_of(pupil: int) -> list[Offer]:
    """The support that was offered to a pupil's family, the oldest first, in two queries."""
    found = []
    for row in SupportOffered.objects.filter(pupil=pupil).prefetch_related("answers").order_by("day", "id"):
        last = list(row.answers.all())[-1:]
        outcome = last[0].get_answer_display() if last else ""
        note = last[0].note if last else ""
        day = f"{day_words(row.day)} {row.day.year}"
        found.append(Offer(row.pk, row.what, row.kind, row.provider, day, outcome, note))
    return found


def checklist_of(policy: Policy, kind: str) -> list[ChecklistItem]:
    """The points of the authority's form that a kind of notice is asked about."""
    return [one for one in policy.penalty.checklist if not one.kinds or kind in one.kinds]


def problems(gate: Gate, pupil: int, kind: str, policy: Policy) -> list[tuple[str, str]]:
    """What keeps a notice from being proposed, each with the field it stands beside; empty where the gate is open."""
    found = []
    if kind != PUBLIC and (why := _support_problem(gate, pupil)):
        found.append(("support", why))
    for item in checklist_of(policy, kind):
        answer = (gate.answers or {}).get(item.id, "")
        if answer not in dict(ANSWERS):
            found.append((item.id, f"Answer this point: {item.words}."))
        elif item.needed and answer != "yes":
            found.append((item.id, f"A notice can't be proposed while this is not so: {item.words}."))
    return found


def _support_problem(gate: Gate, pupil: int) -> str:
    if not gate.support:
        enough = len(gate.not_apt.strip()) >= LEAST_REASON
        return "" if enough else "Say which support was offered, or why support is not apt here."
    offers = {one.id: one for one in offers_of(pupil)}
    if set(gate.support) - set(offers):
        return "Choose support that was offered to this family."
    without = [offers[one].what for one in gate.support if not offers[one].outcome]
    return f"Record first what became of this: {without[0]}." if without else ""


def kept(gate: Gate, pupil: int, kind: str, policy: Policy, prompt: Prompt | None) -> dict[str, Any]:
    """The gate as a notice keeps it, in plain JSON: everything copied, with the policy's words."""
    offers = {one.id: one for one in offers_of(pupil)}
    answers = gate.answers or {}
    return {
        "support": [{**offers[one].__dict__, "words": offers[one].words} for one in gate.support],
        "not_apt": gate.not_apt.strip(),
        "warning": None if prompt is None or prompt.warned is None else _warning(prompt, policy),
        "checklist": [
            {"id": one.id, "words": one.words, "answer": dict(ANSWERS)[answers[one.id]], "section": one.section}
            for one in checklist_of(policy, kind)
        ],
        "notes": gate.notes.strip(),
    }


def _warning(prompt: Prompt, policy: Policy) -> dict[str, Any]:
    assert prompt.warned is not None
    name = policy.letter(prompt.warned.letter).name
    return {
        "letter": prompt.warned.letter,
        "name": name,
        "day": f"{prompt.warned.day}",
        "message": prompt.warned.message,
    }


def running(pupil: int) -> NoticeToImprove | None:
    """The notice to improve whose outcome nobody has recorded yet."""
    return NoticeToImprove.objects.filter(pupil=pupil, outcome_deed__isnull=True).first()


def improvements_of(pupil: int) -> Sequence[NoticeToImprove]:
    """All notices to improve of a pupil, the oldest first."""
    rows = NoticeToImprove.objects.filter(pupil=pupil).select_related("deed", "outcome_deed", "letter")
    return list(rows.order_by("id"))


def improvements_running(pupils: Sequence[int], school: int) -> list[NoticeToImprove]:
    """The notices to improve of some pupils, or of a school, that nobody has said the outcome of."""
    rows = NoticeToImprove.objects.filter(outcome_deed__isnull=True).select_related("pupil")
    return list(rows.filter(Q(pupil__in=pupils) | Q(school=school)).order_by("ends", "id"))
