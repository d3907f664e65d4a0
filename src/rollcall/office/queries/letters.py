"""The letters of the policy with the wording in use at each school, and a draft seen with a real pupil's figures."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from rollcall.letters.fields import EXAMPLES, WordingError, fields_in
from rollcall.letters.models import Wording
from rollcall.letters.queries import Composed, Figure, compose_with, recipients
from rollcall.letters.wordings import WordingText, shipped
from rollcall.registers.queries.figures import year_figures
from rollcall.rules.policy import Policy
from rollcall.schools.models import Enrolment, School
from rollcall.schools.queries import facts_of, year_of


@dataclass(frozen=True)
class LetterLine:
    """A letter of the policy at a school, with the wording in use."""

    kind: str
    name: str
    section: str
    in_use: str


def letters_at(schools: set[int] | None, at: datetime) -> list[tuple[School, list[LetterLine]]]:
    """Each school's letters that can be written, in the order of its policy."""
    rows = School.objects.annotate(facts=F("count__facts"))
    rows = rows if schools is None else rows.filter(pk__in=schools)
    versions: dict[tuple[str, int | None], int] = defaultdict(int)
    for kind, school, version in Wording.objects.filter(language="").values_list("kind", "school", "version"):
        versions[kind, school] = max(versions[kind, school], version)
    return [(school, _lines(school.pk, school.facts, versions, at)) for school in rows]


def _lines(school: int, facts: int, versions: dict[tuple[str, int | None], int], at: datetime) -> list[LetterLine]:
    policy = facts_of(school, facts).policy_on(at.date())
    return [LetterLine(one.id, one.name, one.section, _in_use(one.id, school, versions)) for one in policy.letters]


def _in_use(kind: str, school: int, versions: dict[tuple[str, int | None], int]) -> str:
    if own := versions.get((kind, school)):
        return f"this school's own, version {own}"
    if common := versions.get((kind, None)):
        return f"the federation's, version {common}"
    return "as shipped" if kind in shipped() else "no text yet: write one before it is sent"


def seen_with(
    draft: WordingText, policy: Policy, school: School, pupil: int, signed: tuple[str, ...], at: datetime
) -> Composed:
    """A draft as it would read for a pupil, with their figures now. Raises WordingError with what stands in the way.

    What belongs to one meeting, notice or absence is made up.
    """
    row = Enrolment.objects.filter(pupil=pupil, school=school).select_related("pupil").order_by("-admitted").first()
    if row is None:
        raise WordingError("Choose a pupil of this school.")
    found = recipients(pupil, at.date())
    if not found.written:
        why = found.held or "; ".join(f"{one.name}: {one.why}" for one in found.left_out)
        raise WordingError(f"Nobody is written to about {row.pupil}. {why}".strip())
    return compose_with(
        draft.kind,
        row.pupil,
        EXAMPLES,
        recipient=found.written[0],
        school=school,
        policy=policy,
        day=at.date(),
        signed=signed,
        figure=_figure(draft, row, at),
        last_week=True,
        draft=draft,
    )


def _figure(draft: WordingText, row: Enrolment, at: datetime) -> Figure | None:
    """The pupil's attendance this year, where the letter tells it."""
    if not {"attendance_figure", "missed", "figure_day"} & set(fields_in(draft.whole)):
        return None
    found = year_figures(row.school_id, [row.pk], year_of(at.date()), at).get(row.pk)
    if found is None or not found.possible:
        raise WordingError(f"{row.pupil} has no mark that counts this year yet; choose another pupil.")
    return Figure(found.attended, found.possible, at.date())
