"""One school as its demo's casework sees it: who works there, and the school days that lie behind and ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile

from rollcall.accounts.models import User
from rollcall.accounts.queries import standing
from rollcall.demo.absences import year_at
from rollcall.demo.terms import school_days
from rollcall.journal.actor import Actor
from rollcall.rules.sessions import SchoolYear, monday
from rollcall.schools.models import School
from rollcall.schools.queries import SchoolFacts, facts_of
from rollcall.schools.queries.roll import seats_of_school

UNAUTHORISED = ("O", "U", "G")
FORTNIGHT = 10


@dataclass(frozen=True)
class Scene:
    """A school with its people (by e-mail address), its school days up to the demo's, and those that follow."""

    slug: str
    school: School
    facts: SchoolFacts
    users: Mapping[str, User]
    days: tuple[date, ...]
    ahead: tuple[date, ...]

    def who(self, name: str, day: date) -> Actor:
        """Somebody of the school as they act on a day: "head", "office", "safeguarding", or a class for its teacher."""
        return self._actor(f"{name.lower()}@{self.slug}.example", day)

    def teacher_of(self, pupil: int, day: date) -> Actor:
        """The class teacher of a pupil (by id), or the head of school for one who is on no roll that day."""
        seats = {seat.pupil: seat.class_name for seat in seats_of_school(self.school.pk, day)}
        return self.who(seats.get(pupil, "head"), day)

    def executive(self, day: date) -> Actor:
        """The executive headteacher."""
        return self._actor("executive@federation.example", day)

    def _actor(self, email: str, day: date) -> Actor:
        return standing(self.users[email], day).actor(self.school.pk)

    def fortnights_away(self, upn: str, after: date) -> int:
        """Over how many fortnights on end a child will be away without leave: whose path goes on, and whose is over."""
        start = SchoolYear.of(self.days[-1]).start
        cells = year_at(self.slug, SchoolYear.of(after).start, start).get(upn, {})
        away = {day for (day, _), cell in cells.items() if cell.code in UNAUTHORISED}
        ahead = [one for one in self.days if one > after]
        spans = (ahead[n : n + FORTNIGHT] for n in range(0, len(ahead), FORTNIGHT))
        return sum(1 for _ in takewhile(away.intersection, spans))

    def back(self, n: int) -> date:
        """The school day that lies so many school days before the demo's."""
        return self.days[-1 - n]


def scene_of(slug: str, school: School, users: Mapping[str, User], day: date, since: date | None) -> Scene:
    """A school as it stands on the demo's day; days before `since` hold no mark and are left out."""
    start = SchoolYear.of(day).start
    days = [one for year in (start - 1, start) for one in school_days(year, slug)]
    behind = tuple(one for one in days if one <= day and (since is None or one >= since))
    return Scene(slug, school, facts_of(school.pk), users, behind, tuple(one for one in days if one > day))


def review_days(scene: Scene, last: date, most: int) -> list[date]:
    """The days of the school's reviews up to a day, oldest first: each second school week, early in the week."""
    weeks = [list(days) for _, days in groupby((one for one in scene.days if one <= last), key=monday)]
    early = [days[min(1, len(days) - 1)] for days in weeks[::-2]]
    return [one for one in early[:most] if one >= scene.days[0]][::-1]
