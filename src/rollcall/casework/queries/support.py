"""Support that was offered to families (7.4-c): of one pupil, or at a school, with what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from rollcall.casework.models import SupportOffered
from rollcall.rules.policy import Policy
from rollcall.rules.sessions import SchoolYear
from rollcall.schools.queries.roll import Seat, seats_of_school

WAITING = "waiting"


@dataclass(frozen=True)
class Answered:
    """One answer to an offer: what, when, a word, who wrote it down."""

    words: str
    day: date
    note: str
    who: str


@dataclass(frozen=True)
class OfferLine:
    """An offer with its answers, the last one first; `answer` is the id of the one that stands, else "waiting"."""

    id: int
    pupil: int
    kind: str
    kind_words: str
    what: str
    provider: str
    day: date
    who: str
    answer: str
    answers: tuple[Answered, ...]

    @property
    def waits(self) -> bool:
        """Whether nobody has said what became of it."""
        return self.answer == WAITING

    @property
    def may_follow(self) -> tuple[tuple[str, str], ...]:
        """The answers that can be given now, each with the word on its button."""
        ways = {"taken_up": "Taken up", "refused": "Refused", "not_apt": "Not apt", "ended": "Ended"}
        ended = () if self.answer == "taken_up" else ("ended",)
        return tuple((one, words) for one, words in ways.items() if one not in (self.answer, *ended))

    @property
    def tone(self) -> str:
        """How what stands is shown."""
        return {"taken_up": "good", "refused": "attention", WAITING: "waiting"}.get(self.answer, "closed")

    @property
    def stands(self) -> str:
        """What stands, in words."""
        return self.answers[0].words if self.answers else "No answer yet"


@dataclass(frozen=True)
class KindCount:
    """How a kind of support fared at a school: how often it was offered, and how each offer stands."""

    words: str
    offered: int
    taken_up: int
    refused: int
    ended: int
    not_apt: int
    waiting: int


@dataclass(frozen=True)
class SupportPage:
    """A school's offers: those that wait for an answer with their pupil, and the counts of the school year by kind.

    never: the kinds of which nothing was offered this school year.
    """

    waiting: tuple[tuple[Seat, OfferLine], ...]
    counts: tuple[KindCount, ...]
    never: tuple[str, ...]
    answered: int


def offers_of_pupil(pupil: int, policy: Policy) -> list[OfferLine]:
    """All support offered to a pupil's family (by id), the latest first, in three queries."""
    return _lines(SupportOffered.objects.filter(pupil=pupil), policy)[::-1]


def offers_of_pupils(pupils: Iterable[int], policy: Policy, since: date) -> dict[int, list[OfferLine]]:
    """The support offered to the families of some pupils since a day, by pupil."""
    found: dict[int, list[OfferLine]] = {}
    for line in _lines(SupportOffered.objects.filter(pupil__in=list(pupils), day__gte=since), policy):
        found.setdefault(line.pupil, []).append(line)
    return found


def support_page(school: int, policy: Policy, at: datetime) -> SupportPage:
    """The offers to pupils who are on a school's roll now: open ones of any time, counts of this school year."""
    day = at.date()
    seats = {seat.pupil: seat for seat in seats_of_school(school, day)}
    lines = _lines(SupportOffered.objects.filter(pupil__in=list(seats)), policy)
    year = SchoolYear.of(day).first
    this_year = [line for line in lines if line.day >= year]
    kinds = dict.fromkeys([kind.name for kind in policy.support_kinds] + [line.kind_words for line in this_year])
    counts = [_count(words, [one for one in this_year if one.kind_words == words]) for words in kinds]
    return SupportPage(
        waiting=tuple((seats[line.pupil], line) for line in lines if line.waits),
        counts=tuple(one for one in counts if one.offered),
        never=tuple(one.words for one in counts if not one.offered),
        answered=sum(not line.waits for line in this_year),
    )


def unanswered(school: int, pupils: Iterable[int]) -> int:
    """How many offers to some pupils' families nobody has said the outcome of."""
    return SupportOffered.objects.filter(pupil__in=list(pupils), answers__isnull=True).count()


def _count(words: str, lines: Sequence[OfferLine]) -> KindCount:
    stand = [line.answer for line in lines]
    return KindCount(
        words,
        len(lines),
        *(stand.count(one) for one in ("taken_up", "refused", "ended", "not_apt", WAITING)),
    )


def _lines(rows: QuerySet[SupportOffered], policy: Policy) -> list[OfferLine]:
    names = {kind.id: kind.name for kind in policy.support_kinds}
    offers = rows.select_related("deed").prefetch_related("answers__deed").order_by("day", "id")
    return [_line(row, names.get(row.kind, row.kind)) for row in offers]


def _line(row: SupportOffered, kind_words: str) -> OfferLine:
    answers = list(row.answers.all())[::-1]
    told = (Answered(one.get_answer_display(), one.day, one.note, one.deed.name) for one in answers)
    return OfferLine(
        id=row.pk,
        pupil=row.pupil_id,
        kind=row.kind,
        kind_words=kind_words,
        what=row.what,
        provider=row.provider,
        day=row.day,
        who=row.deed.name,
        answer=answers[0].answer if answers else WAITING,
        answers=tuple(told),
    )
