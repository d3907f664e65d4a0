"""The sections of a pupil's casework page, in their order. A part of the room adds one line here.

A section is a partial template with its context, worked out by a query of its own part.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rollcall.absence.views.places import PupilPlace
from rollcall.accounts.queries import Standing
from rollcall.casework.actions.improving import weeks_of
from rollcall.casework.models import Case, Pack, Raised
from rollcall.casework.queries.cases import cases_of, proposed_end
from rollcall.casework.queries.chart import chart
from rollcall.casework.queries.differing import differing
from rollcall.casework.queries.gate import improvements_of
from rollcall.casework.queries.handed import handed_of
from rollcall.casework.queries.meetings import meetings_of, open_actions, targets_of
from rollcall.casework.queries.notices import changed, notices_of_pupil
from rollcall.casework.queries.path import on_path, spoken, undecided_row
from rollcall.casework.queries.process_section import process_section
from rollcall.casework.queries.prompts import prompts_of_pupil
from rollcall.casework.queries.sent import letters_of_pupil
from rollcall.casework.queries.strategies import strategies_of_pupil
from rollcall.casework.queries.support import offers_of_pupil
from rollcall.casework.queries.with_authority import agency_actions, agency_meetings, contact_of
from rollcall.schools.models import Exclusion


@dataclass(frozen=True)
class Section:
    """One section: its id in the page, its heading, its partial, the row that opens it, and what it shows.

    shows: (place, at) -> what the partial reads as `section`. acts: the rows of the table that its buttons need, which
    the partial asks as `"meeting:plan" in part.may`.
    """

    id: str
    heading: str
    template: str
    row: str
    shows: Callable[[PupilPlace, datetime], dict[str, Any]]
    rows: tuple[str, ...] = ()

    def shown(self, place: PupilPlace, at: datetime) -> dict[str, Any]:
        """What the page needs of it."""
        return {"id": self.id, "heading": self.heading, "template": self.template, "section": self.shows(place, at)}

    def acts(self, may: Standing, place: PupilPlace) -> frozenset[str]:
        """Which of its buttons somebody may press."""
        return frozenset(row for row in self.rows if may.can(row, place))


def _meetings(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil = place.enrolment.pupil_id
    return {
        "pupil": pupil,
        "meetings": meetings_of(pupil, at),
        "targets": targets_of(pupil),
        "actions": open_actions(place.here.pk, pupil),
        "today": at.date(),
    }


def _authority(place: PupilPlace, at: datetime) -> dict[str, Any]:
    shown = process_section(place.enrolment.pupil_id, place.here.slug, place.facts.policy_on(at.date()), at)
    return shown | {"contact": contact_of(place.here.pk)}


def _support(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil, policy = place.enrolment.pupil_id, place.facts.policy_on(at.date())
    return {
        "pupil": pupil,
        "school": place.here.slug,
        "offers": offers_of_pupil(pupil, policy),
        "strategies": strategies_of_pupil(pupil, policy, at.date()),
    }


def _agencies(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil = place.enrolment.pupil_id
    return {
        "pupil": pupil,
        "meetings": agency_meetings(pupil, at),
        "actions": agency_actions(pupil),
        "today": at.date(),
    }


def _letters(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil = place.enrolment.pupil_id
    return {"pupil": pupil, "letters": letters_of_pupil(pupil), "raised": Raised.objects.filter(pupil=pupil)}


def _notices(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil = place.enrolment.pupil_id
    lines = notices_of_pupil(pupil, at)
    return {
        "pupil": pupil,
        "lines": lines,
        "changed": changed(lines),
        "prompts": [one for one in prompts_of_pupil(pupil, place.facts, at) if one.is_open],
        "improvements": improvements_of(pupil),
        "may_improve": weeks_of(place.facts.policy_on(at.date())) is not None,
        "excluded": Exclusion.objects.filter(enrolment__pupil=pupil, withdrawn__isnull=True).exists(),
        "school": place.here,
    }


def _packs(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil = place.enrolment.pupil_id
    rows = Pack.objects.filter(pupil=pupil, deed__at__lte=at).defer("contents").select_related("deed", "notice")
    return {"pupil": pupil, "packs": rows.order_by("-id")}


def _path(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil = place.enrolment.pupil_id
    path = on_path(place.here.pk, pupil, at)
    case = Case.objects.select_related("pupil").defer("policy_kept").get(pk=path.case) if path.case else None
    return {
        "path": path,
        "chart": chart(path.policy, path.came, path.step.id if path.row or path.case else ""),
        "owners": spoken(path.due.owners) if path.due else "",
        "row": undecided_row(pupil, place.here.pk),
        "end": proposed_end(case, at.date()) if case else None,
        "differing": differing(path.case, {one.id: one.name for one in path.policy.path.steps}) if path.case else [],
        "before": [one for one in cases_of(pupil) if one.path == "school" and one.closed_on],
    }


def _handed(place: PupilPlace, at: datetime) -> dict[str, Any]:
    pupil = place.enrolment.pupil_id
    return {"pupil": pupil, "lines": handed_of(pupil, at.date())}


SECTIONS: tuple[Section, ...] = (
    Section(
        "path", "On the school's path", "casework/pupil/path.html", "case:see", _path, ("case:move", "meeting:plan")
    ),
    Section(
        "authority",
        "The authority's process",
        "casework/pupil/authority.html",
        "case:see",
        _authority,
        ("case:move", "keywork:refer", "form:fill"),
    ),
    Section(
        "meetings", "Meetings and targets", "casework/pupil/meetings.html", "meeting:see", _meetings, ("meeting:plan",)
    ),
    Section("support", "Support", "casework/pupil/support.html", "case:see", _support, ("support:set",)),
    Section("agencies", "Meetings of several agencies", "casework/pupil/agencies.html", "pupil:sensitive", _agencies),
    Section(
        "letters", "Letters", "casework/pupil/letters.html", "letter:see", _letters, ("letter:send", "meeting:plan")
    ),
    Section("handed", "Handed to somebody", "casework/pupil/handed.html", "case:see", _handed, ("case:move",)),
    Section("notices", "Penalty notices", "casework/pupil/notices.html", "notice:see", _notices, ("notice:propose",)),
    Section("packs", "Evidence packs", "casework/pupil/packs.html", "pack:make", _packs),
)
