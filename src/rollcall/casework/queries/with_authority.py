"""Working with the authority (A5-e): its point of contact, the meetings of the school year, what each side is to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from rollcall.casework.models import AgreedAction, AuthorityContact, Meeting, TargetingPack
from rollcall.casework.queries.meetings import MeetingLine, lines_of
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.termly import KINDS, Termly, termly, wanted_meeting
from rollcall.schools.queries import SchoolFacts
from rollcall.schools.queries.facts import LONDON

WITH_SCHOOL = ("termly", "targeting")
"""The kinds of meeting that a school has with the authority."""
AGENCY = "multi_agency"
WITH_AUTHORITY = (*WITH_SCHOOL, AGENCY)
"""The kinds that are written down on the authority's page: its point of contact is asked, and not a family."""


@dataclass(frozen=True)
class Known:
    """A meeting as far as counting needs it: at which school (by id), of which kind, when, how ("" for not yet)."""

    school: int
    kind: str
    at: datetime
    how: str


@dataclass(frozen=True)
class AuthorityPage:
    """A school's work with the authority in a school year. standing: None where the policy wants no such meeting."""

    contact: AuthorityContact | None
    earlier: Sequence[AuthorityContact]
    standing: Termly | None
    wants: str
    planned: tuple[MeetingLine, ...]
    held: tuple[MeetingLine, ...]
    actions: Sequence[AgreedAction]
    done: Sequence[AgreedAction]
    packs: Sequence[TargetingPack]


def contact_of(school: int) -> AuthorityContact | None:
    """The authority's point of contact for a school (by id), as last written down."""
    return AuthorityContact.objects.filter(school=school).select_related("deed").first()


def authority_page(facts: SchoolFacts, at: datetime) -> AuthorityPage:
    """All of it for a school at a moment."""
    day, school = at.date(), facts.school
    policy = facts.policy_on(day)
    contacts = list(AuthorityContact.objects.filter(school=school).select_related("deed"))
    rows = Meeting.objects.filter(school=school, kind__in=WITH_SCHOOL)
    year = facts.moment(SchoolYear.of(day).first, facts.times_on(day).day_ends)
    wanted = wanted_meeting(policy)
    return AuthorityPage(
        contact=contacts[0] if contacts else None,
        earlier=contacts[1:],
        standing=standing_of(facts, at),
        wants=wanted.text if wanted else "",
        planned=tuple(lines_of(rows.filter(outcome__isnull=True), at)),
        held=tuple(lines_of(rows.filter(outcome__isnull=False, at__gte=year - timedelta(days=1)), at)[::-1]),
        actions=[one for one in _actions(school) if one.done_id is None],
        done=[one for one in _actions(school) if one.done and one.done.at >= year],
        packs=list(TargetingPack.objects.filter(school=school).select_related("deed").defer("contents")[:20]),
    )


def standing_of(facts: SchoolFacts, at: datetime) -> Termly | None:
    """How many of the year's meetings with the authority were held, and when the next is; None where none is wanted."""
    rows = Meeting.objects.filter(school=facts.school, kind__in=WITH_SCHOOL)
    known = [
        Known(facts.school, kind, when.astimezone(LONDON), how or "")
        for kind, when, how in rows.values_list("kind", "at", "outcome__how")
    ]
    return standing_from(facts, known, at)


def standing_from(facts: SchoolFacts, known: Iterable[Known], at: datetime) -> Termly | None:
    """The same from the meetings of a school that are known already."""
    day = at.date()
    wanted = wanted_meeting(facts.policy_on(day))
    if wanted is None or wanted.times_a_year is None:
        return None
    year, kind = SchoolYear.of(day), KINDS.get(wanted.id, "termly")
    own = [one for one in known if one.kind == kind]
    held = [one.at.date() for one in own if one.how == "held" and year.first <= one.at.date() <= year.last]
    planned = [one.at.date() for one in own if not one.how]
    return termly(wanted.times_a_year, held, planned, facts.calendar(year.start).school_days(), day)


def has_next(school: int, kind: str, after: datetime, but: int) -> bool:
    """Whether a meeting of a kind other than one (by id) is planned after a moment."""
    rows = Meeting.objects.filter(school=school, kind=kind, outcome__isnull=True, at__gt=after)
    return rows.exclude(pk=but).exists()


def agency_meetings(pupil: int, at: datetime) -> list[MeetingLine]:
    """The meetings of several agencies about a pupil (by id), the latest first; for who may know of such."""
    return lines_of(Meeting.objects.filter(pupil=pupil, kind=AGENCY), at)[::-1]


def agency_actions(pupil: int) -> Sequence[AgreedAction]:
    """What several agencies agreed about a pupil (by id) and is not done yet; for who may know of such."""
    rows = AgreedAction.objects.filter(pupil=pupil, meeting__kind=AGENCY, done__isnull=True)
    return list(rows.select_related("meeting"))


def kinds_of(policy: Policy) -> list[tuple[str, str]]:
    """The kinds of meeting that a school can plan with the authority, the one that the policy counts first."""
    wanted = wanted_meeting(policy)
    first = KINDS.get(wanted.id, "termly") if wanted else "termly"
    return sorted(
        ((kind, words) for kind, words in Meeting.KINDS if kind in WITH_SCHOOL), key=lambda one: one[0] != first
    )


def _actions(school: int) -> Sequence[AgreedAction]:
    """What was agreed with the authority, or asked of it, at a school; what is due first comes first."""
    asked = Q(meeting__isnull=True, side="authority", pupil__isnull=True)
    rows = AgreedAction.objects.filter(Q(meeting__kind__in=WITH_SCHOOL) | asked, school=school)
    found = rows.select_related("pupil", "meeting", "done")
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max, one.pk))
