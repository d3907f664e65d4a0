"""What was put to the head of school, from its own evidence: waiting, decided, sent (4.5-c, 4.5-d)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rollcall.absence.models import Referral
from rollcall.journal.models import Deed
from rollcall.schools.models import Enrolment


@dataclass(frozen=True)
class DayShown:
    """One school day of the evidence."""

    day: date
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """Who did a thing, when, with which words."""

    by: str
    position: str
    at: datetime
    words: str


@dataclass(frozen=True)
class ReferralView:
    """One referral; `evidence` is as it was kept."""

    id: int
    school: int
    enrolment: int
    pupil: int
    name: str
    kind: str
    kind_words: str
    since: date
    day: date
    evidence: dict[str, Any]
    put: Act
    decided: Act | None
    accepted: bool | None
    returned: Act | None

    @property
    def days(self) -> list[DayShown]:
        """The days with their codes."""
        return [DayShown(date.fromisoformat(one["day"]), tuple(one["codes"])) for one in self.evidence["days"]]

    @property
    def calls(self) -> list[dict[str, Any]]:
        """The calls made, their times as moments."""
        return [{**one, "at": datetime.fromisoformat(one["at"])} for one in self.evidence["calls"]]

    @property
    def waits_for(self) -> str:
        """What is next: "decision", "sending" or nothing."""
        if self.decided is None:
            return "decision"
        return "sending" if self.accepted and self.returned is None else ""


_WITH = ("enrolment__pupil", "deed", "decided", "returned")


def referrals_of(school: int) -> list[ReferralView]:
    """All referrals of a school (by id), newest first, in one query."""
    rows = Referral.objects.filter(enrolment__school=school).select_related(*_WITH).order_by("-id")
    return [_view(row) for row in rows]


def referral_view(pk: int) -> ReferralView:
    """One referral by its number; raises Referral.DoesNotExist."""
    return _view(Referral.objects.select_related(*_WITH).get(pk=pk))


def undecided_referrals(schools: Iterable[int] | None) -> dict[int, int]:
    """How many wait for a decision, by school (None is all), in one query."""
    rows = Referral.objects.filter(decided__isnull=True)
    if schools is not None:
        rows = rows.filter(enrolment__school__in=list(schools))
    found: dict[int, int] = {}
    for school in rows.values_list("enrolment__school_id", flat=True):
        found[school] = found.get(school, 0) + 1
    return found


def particulars(enrolment: Enrolment) -> list[tuple[str, str]]:
    """What a return says of the pupil: names, birth, number, home and parents, in lines; nobody barred."""
    pupil = enrolment.pupil
    lines = [
        ("Pupil", pupil.legal_name),
        ("Born", f"{pupil.born:%-d %B %Y}"),
        ("Unique pupil number", pupil.upn),
        ("On roll since", f"{enrolment.admitted:%-d %B %Y}"),
    ]
    links = pupil.contacts.filter(barred=False, parental_responsibility=True).select_related("contact")
    for link in links.order_by("order", "id"):
        home = ", ".join(link.contact.address.split("\n"))
        lines.append((link.relationship, f"{link.contact}, {home}" if home else str(link.contact)))
    return lines


def _view(row: Referral) -> ReferralView:
    put = _act(row.deed)
    assert put is not None
    return ReferralView(
        id=row.pk,
        school=row.enrolment.school_id,
        enrolment=row.enrolment_id,
        pupil=row.enrolment.pupil_id,
        name=row.enrolment.pupil.known_name,
        kind=row.kind,
        kind_words=row.get_kind_display(),
        since=row.since,
        day=row.day,
        evidence=row.evidence,
        put=put,
        decided=_act(row.decided),
        accepted=row.accepted,
        returned=_act(row.returned),
    )


def _act(deed: Deed | None) -> Act | None:
    return Act(deed.name, deed.position, deed.at, deed.reason) if deed else None
