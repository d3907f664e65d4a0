"""Proposing a penalty notice to each parent, authorising it, giving it up; and what is said to a prompt instead (W-c).

The system shows when a notice is to be considered; a named person proposes it after the gate, once for each parent and
child. What it rests on is copied, and its sessions are taken so that they count once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from rollcall.casework.actions.notice_public import InPublic, NotDone, seen_in_public
from rollcall.casework.models import Case, Notice, NoticeEvent, NoticeSession, PromptWord
from rollcall.casework.queries import gate as gates
from rollcall.casework.queries.gate import Gate
from rollcall.casework.queries.liable import Parent, parents_of
from rollcall.casework.queries.marks_shown import histories
from rollcall.casework.queries.notices import issued_before
from rollcall.casework.queries.prompts import ForParents, prompts_of_pupil
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.registers.queries.standing import lock
from rollcall.rules.penalties import NoFurtherNotice, notice_terms, public_place_terms
from rollcall.rules.policy import Policy
from rollcall.rules.prompt import Prompt, Session
from rollcall.rules.words import day_words
from rollcall.schools.models import Pupil
from rollcall.schools.queries import SchoolFacts, facts_of

PUBLIC = gates.PUBLIC


@dataclass(frozen=True)
class Wanted:
    """Which notices are wanted: for which parents (contacts by id), of which kind, on which sessions as shown."""

    contacts: Sequence[int]
    kind: str
    sessions: Sequence[Session] = ()
    in_public: InPublic | None = None
    gate: Gate = field(default_factory=Gate)


def propose(pupil: int, wanted: Wanted, *, school: int, by: Actor, at: datetime, key: str) -> list[Notice]:
    """Propose a notice to each parent (5.2-a), all or none; the same key again gives the same notices.

    school: where the pupil is, by id; its policy of the day decides. The sessions are looked at again: a notice rests
    on those whose marks can't change by themselves, and on none that an earlier notice to this parent rests on. Raises
    NotDone with a sentence: no parent or one who may have none, a gate that is not open, sessions that are others than
    were shown, too few of them, a third notice, a notice to improve that still runs.
    """
    facts = facts_of(school)
    try:
        with transaction.atomic():
            try:
                deed = journal.begin("notice.proposed", by=by, at=at, key=key, school=school, about=wanted.kind)
            except journal.AlreadyDone as done:
                return list(Notice.objects.filter(proposed=done.deed))
            lock(school)
            found = Pupil.objects.get(pk=pupil)
            parents = _parents(found, wanted)
            _check_gate(found, wanted, facts.policy_on(at.date()))
            return [_propose_to(found, parent, wanted, facts, deed, at) for parent in parents]
    except IntegrityError as error:
        raise NotDone("A notice to this parent rests on one of these sessions already: look again.") from error


def _parents(pupil: Pupil, wanted: Wanted) -> list[Parent]:
    known = {one.contact: one for one in parents_of([pupil.pk])[pupil.pk]}
    if not wanted.contacts:
        raise NotDone("Choose at least one parent.", "contacts")
    for contact in wanted.contacts:
        if contact not in known:
            raise NotDone(f"Choose parents of {pupil.known_name}.", "contacts")
        if why := known[contact].why_not:
            raise NotDone(f"{known[contact].name}: {why}", "contacts")
    return [known[contact] for contact in dict.fromkeys(wanted.contacts)]


def _check_gate(pupil: Pupil, wanted: Wanted, policy: Policy) -> None:
    if found := gates.problems(wanted.gate, pupil.pk, wanted.kind, policy):
        where, said = found[0]
        raise NotDone(said, where)
    runs = gates.running(pupil.pk)
    if wanted.kind == "irregular" and runs is not None:
        raise NotDone(f"A notice to improve runs until {day_words(runs.ends)}: record first what came of it.")


def _propose_to(pupil: Pupil, parent: Parent, wanted: Wanted, facts: SchoolFacts, deed: Deed, at: datetime) -> Notice:
    policy, day = facts.policy_on(at.date()), at.date()
    prompt = None if wanted.kind == PUBLIC else _prompt(pupil, parent, wanted, facts, at)
    _check_further(pupil, parent, wanted.kind, policy, day)
    evidence = _evidence(pupil, facts, prompt, at)
    if wanted.kind == PUBLIC:
        evidence["in_public"] = seen_in_public(pupil, parent, wanted.in_public, facts, day)
    notice = Notice.objects.create(
        pupil=pupil,
        contact_id=parent.contact,
        to_name=parent.name,
        school_id=facts.school,
        case=Case.objects.filter(pupil=pupil, path="school", closed__isnull=True).first(),
        kind=wanted.kind,
        edition=policy.edition,
        evidence=evidence,
        gate=gates.kept(wanted.gate, pupil.pk, wanted.kind, policy, prompt),
        proposed=deed,
    )
    if prompt is not None:
        NoticeSession.objects.bulk_create([_session(notice, one) for one in prompt.settled])
    return notice


def _session(notice: Notice, one: Any) -> NoticeSession:
    return NoticeSession(
        notice=notice,
        pupil_id=notice.pupil_id,
        contact_id=notice.contact_id,
        enrolment_id=one.enrolment,
        day=one.day,
        half=one.half,
        code=one.code,
    )


def _prompt(pupil: Pupil, parent: Parent, wanted: Wanted, facts: SchoolFacts, at: datetime) -> Prompt:
    """The parent's own prompt on the sessions that were shown, as it stands now."""
    shown = set(wanted.sessions)
    if wanted.kind not in ("irregular", "leave") or not shown:
        raise NotDone("Choose what the notice is for.")
    now = prompts_of_pupil(pupil.pk, facts, at)
    own = _own(now, parent.contact, wanted.kind)
    same = next((one for one in own if {seen.session for seen in one.sessions} == shown), None)
    if same is None:
        raise NotDone(
            f"{parent.name}: what this rests on is not as it was shown: marks were changed, or a notice rests on "
            "some of the sessions already. Look again."
        )
    if not same.stands:
        raise NotDone(f"{parent.name}: {same.caution} Settle those marks first.")
    return same


def _own(now: Iterable[ForParents], contact: int, kind: str) -> list[Prompt]:
    return [
        own
        for one in now
        for parent, own in zip(one.parents, one.own, strict=True)
        if parent.contact == contact and own.kind == kind
    ]


def _check_further(pupil: Pupil, parent: Parent, kind: str, policy: Policy, day: date) -> None:
    """Raise NotDone where the law allows no further notice to this parent for this child."""
    try:
        if kind == PUBLIC:
            public_place_terms(day)
        else:
            notice_terms(policy.edition, day, issued_before(pupil.pk, parent.contact, day))
    except (NoFurtherNotice, LookupError) as error:
        raise NotDone(f"{parent.name}: {error}") from error


def _evidence(pupil: Pupil, facts: SchoolFacts, prompt: Prompt | None, at: datetime) -> dict[str, Any]:
    """A copy of all that a notice rests on, in plain JSON (design law 7)."""
    policy, day = facts.policy_on(at.date()), at.date()
    parents = parents_of([pupil.pk])[pupil.pk]
    return {
        "pupil": {"id": pupil.pk, "name": pupil.known_name, "legal": pupil.legal_name, "born": f"{pupil.born}"},
        "school": {"id": facts.school, "name": facts.name},
        "parents": [{"contact": one.contact, "name": one.name} for one in parents if one.is_liable],
        "policy": {"id": facts.policy_id_on(day), "name": policy.name, "edition": policy.edition},
        "day": f"{day}",
        "prompt": None if prompt is None else _prompt_kept(prompt),
    }


def _prompt_kept(prompt: Prompt) -> dict[str, Any]:
    settled = prompt.settled
    said = histories((one.enrolment, one.day, one.half) for one in settled)
    return {
        "kind": prompt.kind,
        "sentence": prompt.sentence,
        "needed": prompt.needed,
        "looked_from": f"{prompt.looked_from}",
        "in_looked_at": prompt.in_looked_at,
        "weeks": [{"monday": f"{one.monday}", "sessions": len(one.sessions)} for one in prompt.weeks],
        "sessions": [
            {
                "enrolment": one.enrolment,
                "day": f"{one.day}",
                "half": one.half,
                "code": one.code,
                "history": [entry.words for entry in said[(one.enrolment, one.day, one.half)]],
            }
            for one in settled
        ],
    }


def authorise(notice: int, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Record that the executive headteacher authorises the head of school to issue a notice (by id) (W-c).

    The caller asks whether they may. Raises NotDone for one that was authorised, issued or given up before.
    """
    with transaction.atomic():
        held = Notice.objects.select_for_update().get(pk=notice)
        try:
            deed = journal.begin(
                "notice.authorised", by=by, at=at, key=key, reason=because.strip(), school=held.school_id
            )
        except journal.AlreadyDone:
            return
        check_open(held)
        if held.authorised_id is not None:
            raise NotDone("This notice was authorised before: somebody was quicker.")
        Notice.objects.filter(pk=notice).update(authorised=deed)


def drop(notice: int, *, because: str, by: Actor, at: datetime, key: str) -> None:
    """Give up a notice (by id) that was not issued: its sessions are free again. Raises NotDone without a reason."""
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotDone("Say why it is not issued: the notice keeps the reason.", "because")
    with transaction.atomic():
        held = Notice.objects.select_for_update().get(pk=notice)
        try:
            deed = journal.begin("notice.dropped", by=by, at=at, key=key, reason=because.strip(), school=held.school_id)
        except journal.AlreadyDone:
            return
        check_open(held)
        NoticeEvent.objects.create(notice=held, kind="dropped", day=at.date(), ground=because.strip(), deed=deed)
        NoticeSession.objects.filter(notice=held).update(counts=False)


def check_open(notice: Notice) -> None:
    """Raise NotDone for a notice that was issued or given up."""
    if notice.issued_id is not None:
        raise NotDone(f"This notice was issued on {notice.issued_on:%-d %B %Y} already.")
    if notice.events.filter(kind="dropped", taken_back__isnull=True).exists():
        raise NotDone("This notice was given up before.")


def answer_prompt(
    pupil: int, one: Mapping[str, Any], kind: str, *, because: str, school: int, by: Actor, at: datetime, key: str
) -> PromptWord:
    """Say something to a prompt: "advised" puts it before the head of school (3.4-a), "not_now" is no notice, and why.

    one: {"kind", "sessions"} of the prompt as it was shown. Raises NotDone without a reason or for an unknown kind.
    """
    if kind not in dict(PromptWord.KINDS):
        raise NotDone("Choose what is said to it.")
    if len(because.strip()) < journal.LEAST_REASON:
        raise NotDone("Say why, in a few words: the pupil's record keeps it.", "because")
    with transaction.atomic():
        try:
            deed = journal.begin(f"prompt.{kind}", by=by, at=at, key=key, reason=because.strip(), school=school)
        except journal.AlreadyDone as done:
            return PromptWord.objects.get(deed=done.deed)
        return PromptWord.objects.create(
            pupil_id=pupil,
            school_id=school,
            kind=kind,
            prompt=one["kind"],
            sessions=one["sessions"],
            because=because.strip(),
            deed=deed,
        )


__all__ = [
    "PUBLIC",
    "InPublic",
    "NotDone",
    "Wanted",
    "answer_prompt",
    "authorise",
    "check_open",
    "drop",
    "propose",
]
