"""A pupil's counts at a moment, as a step of the path keeps them: the year's, and those without the codes set apart."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rollcall.casework.queries.place import end_of_last_day
from rollcall.registers.queries.figures import year_figures
from rollcall.registers.queries.windows import windows
from rollcall.rules.policy import Policy
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of, year_of
from rollcall.schools.queries.roll import in_force


@dataclass(frozen=True)
class Counts:
    """Sessions attended and possible this year; `apart` is the same two without the codes that a policy sets apart."""

    attended: int = 0
    possible: int = 0
    apart: tuple[int, int] = (0, 0)

    @property
    def kept(self) -> dict[str, Any]:
        """What a step keeps of them beside its own two columns."""
        return {"apart": {"attended": self.apart[0], "possible": self.apart[1]}}


def counts_of_row(kept: dict[str, Any]) -> Counts:
    """The counts that a row of a review keeps."""
    figures, apart = kept["figures"], kept.get("apart") or kept["figures"]
    return Counts(figures["attended"], figures["possible"], (apart["attended"], apart["possible"]))


def counts_now(pupil: int, policy: Policy, at: datetime) -> Counts:
    """The counts of a pupil (by id) where they are on roll at a moment; nothing counted for who is on no roll."""
    day = at.date()
    rows = Enrolment.objects.filter(in_force(day, "admitted", "left"), pupil=pupil).order_by("-admitted", "-id")
    here = rows.values_list("id", "school_id").first()
    if here is None:
        return Counts()
    enrolment, school = here
    facts, year = facts_of(school), year_of(day)
    as_of = end_of_last_day(facts, at)
    figures = year_figures(school, [enrolment], year, as_of).get(enrolment)
    window = windows(school, {enrolment: date(year, 8, 1)}, year, as_of, policy).get(enrolment)
    if figures is None or window is None:
        return Counts()
    return Counts(figures.attended, figures.possible, (window.attended, window.possible))
