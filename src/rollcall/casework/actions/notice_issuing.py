"""Issuing a penalty notice: by the executive headteacher, a head of school with their authority, or recorded (5.2-b).

Before it is issued it is looked at again: the law in force, the marks it rests on, the parent, the family. The letter
is written in the same transaction, and the step of the school's path is taken where a case is open.
"""

from dataclasses import asdict
from datetime import date, datetime
from typing import Literal

from django.db import transaction

from rollcall.casework.actions.letters import NotWritten, write_letter
from rollcall.casework.actions.notices import PUBLIC, NotDone, check_open
from rollcall.casework.actions.steps import NotTaken, take_step
from rollcall.casework.models import Case, Notice
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.liable import parents_of
from rollcall.casework.queries.notice_letter import LETTER, letter_of
from rollcall.casework.queries.notices import ABOUT, differences, issued_before, sessions_shown
from rollcall.journal import actions as journal
from rollcall.journal.actor import Actor
from rollcall.journal.models import Deed
from rollcall.rules.codes import edition_on
from rollcall.rules.penalties import (
    NoFurtherNotice,
    NoticeTerms,
    Superseded,
    check_edition,
    notice_terms,
    public_place_terms,
)
from rollcall.rules.policy import Policy
from rollcall.rules.words import day_words, listed
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON

Issuer = Literal["executive_headteacher", "head_of_school"]
OWN_AUTHORITY = {
    "executive_headteacher": {"executive_headteacher", "headteacher"},
    "head_of_school": {"head_of_school", "headteacher"},
}
"""The positions in a policy's list of issuers that each of ours stands for."""


def needs_authority(policy: Policy, issuer: Issuer) -> bool:
    """Whether somebody in this position issues only what the executive headteacher has authorised (W-c)."""
    return OWN_AUTHORITY[issuer].isdisjoint(policy.penalty.issued_by.value)


def issue(notice: int, *, issuer: Issuer, school: int, in_demo: bool, by: Actor, at: datetime, key: str) -> None:
    """Issue a notice (by id): from then on nothing of it changes. The same key again does nothing.

    issuer: as whom; the caller asks whether they hold that position. school: where the pupil is now. in_demo: the demo
    alone shows notices under an edition of the law that is not in force. Raises NotDone with a sentence, and nothing is
    written: an authority that is missing, another edition in force, marks that were changed, a parent who may have none
    any more, no letter.
    """
    with transaction.atomic():
        held = Notice.objects.select_for_update().select_related("pupil", "school").get(pk=notice)
        try:
            deed = journal.begin("notice.issued", by=by, at=at, key=key, school=school, about=held.to_name)
        except journal.AlreadyDone:
            return
        check_open(held)
        policy = _policy(held, school, at.date(), in_demo)
        if needs_authority(policy, issuer) and held.authorised_id is None:
            raise NotDone("The executive headteacher has not authorised this notice yet.")
        check_still_so(held)
        terms = terms_for(held, held.edition, at.date())
        Notice.objects.filter(pk=notice).update(issued=deed, issued_by=issuer, issued_on=at.date(), terms=asdict(terms))
        _write(held, terms, policy, school, deed, by, at)
        if held.kind == "irregular":
            _take_step(held, school, deed, at)


def record_issued(
    notice: int,
    *,
    issued_by: str,
    day: date,
    received: date | None,
    reference: str,
    in_demo: bool,
    by: Actor,
    at: datetime,
    key: str,
) -> None:
    """Record that the authority or the police issued a notice (by id) on a day, with their number for it (5.2-b).

    received: the day they name as that of receipt; without one it is not received yet. No letter of ours goes. Raises
    NotDone for a day that is still to come or before the proposal, and for a notice issued or given up before.
    """
    if issued_by not in ("local_authority_officer", "police"):
        raise NotDone("Say who issued it: the local authority or the police.", "issued_by")
    with transaction.atomic():
        held = Notice.objects.select_for_update().select_related("pupil", "proposed").get(pk=notice)
        try:
            deed = journal.begin("notice.recorded", by=by, at=at, key=key, school=held.school_id, reason=reference)
        except journal.AlreadyDone:
            return
        check_open(held)
        if day > at.date() or (received is not None and not day <= received <= at.date()):
            raise NotDone("Give days that have been: issued first, then received.", "day")
        if day < (since := held.proposed.at.astimezone(LONDON).date()):
            raise NotDone(f"It was proposed on {day_words(since)}: give that day or a later one.", "day")
        edition = held.edition if in_demo or held.kind == PUBLIC else edition_on(day)
        Notice.objects.filter(pk=notice).update(
            issued=deed,
            issued_by=issued_by,
            issued_on=day,
            received_on=received,
            reference=reference.strip()[:60],
            edition=edition,
            terms=asdict(terms_for(held, edition, day)),
        )
        if held.kind == "irregular":
            _take_step(held, held.school_id, deed, at)


def terms_for(notice: Notice, edition: str, day: date) -> NoticeTerms:
    """The amounts and days of a notice issued on a day. Raises NotDone where the law allows no further one."""
    try:
        if notice.kind == PUBLIC:
            return public_place_terms(day)
        return notice_terms(edition, day, issued_before(notice.pupil_id, notice.contact_id, day))
    except (NoFurtherNotice, LookupError) as error:
        raise NotDone(str(error)) from error


def _policy(notice: Notice, school: int, day: date, in_demo: bool) -> Policy:
    """The school's policy of the day, under the edition by which the notice was proposed and which is in force."""
    policy = facts_of(school).policy_on(day)
    if notice.kind != PUBLIC:
        if policy.edition != notice.edition:
            raise NotDone(
                f"It was proposed under the law of {notice.edition}; the policy is under that of {policy.edition} now. "
                "Give it up and consider it anew."
            )
        if not in_demo:
            try:
                check_edition(policy.edition, day)
            except Superseded as error:
                raise NotDone(str(error)) from error
    return policy


def check_still_so(notice: Notice) -> None:
    """Raise NotDone where the marks that a notice rests on were changed, or its parent may have none any more."""
    if changed := differences(sessions_shown(notice)):
        raise NotDone(
            f"Marks that it rests on were changed: {listed(one.words for one in changed)}. "
            "Give it up, and consider it anew if there are still enough."
        )
    parents = {one.contact: one for one in parents_of([notice.pupil_id])[notice.pupil_id]}
    parent = parents.get(notice.contact_id)
    if parent is None:
        raise NotDone(f"{notice.to_name} is no contact of {notice.pupil.known_name} any more: give it up.")
    if parent.why_not:
        raise NotDone(f"{parent.name}: {parent.why_not}")


def _write(
    notice: Notice, terms: NoticeTerms, policy: Policy, school: int, deed: Deed, by: Actor, at: datetime
) -> None:
    letter = letter_of(notice, terms, policy, f"{by.name}, {by.position}")
    try:
        write_letter(
            notice.pupil_id,
            LETTER,
            letter.more,
            school=school,
            by=by,
            at=at,
            deed=deed,
            case=notice.case,
            about=ABOUT,
            about_id=notice.pk,
            rests_on=letter.rests_on,
            contacts=[notice.contact_id],
            by_post=True,
        )
    except NotWritten as error:
        raise NotDone(str(error)) from error


def _take_step(notice: Notice, school: int, deed: Deed, at: datetime) -> None:
    """Take the step of the school's path that issues a notice, once, where the pupil has an open case with one."""
    case = Case.objects.filter(pupil=notice.pupil_id, path="school", closed__isnull=True).first()
    if case is None:
        return
    step = next((one.id for one in policy_of(case).path.steps if one.issues_notice), None)
    if step is None or case.steps.filter(step=step, withdrawn__isnull=True).exists():
        return
    try:
        take_step(case, step, deed=deed, school=school, at=at, evidence={"notice": notice.pk})
    except NotTaken as error:
        raise NotDone(str(error)) from error
