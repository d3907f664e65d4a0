"""What a file of pupils would add and change at a school, field by field; nothing is written here.

A blank cell says nothing: it clears no fact. Who is not in the file is not touched.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rollcall.exchange.layouts import Options
from rollcall.exchange.queries.families import Families
from rollcall.exchange.queries.pupil_file import PupilFile, ToldPupil
from rollcall.exchange.queries.seating import Seat, Seating
from rollcall.exchange.queries.span_plan import SpanNews, Spans
from rollcall.exchange.queries.trouble import together
from rollcall.exchange.values import year_group_words
from rollcall.rules.tables import BadCell
from rollcall.schools.actions.bringing import BroughtPupil
from rollcall.schools.models import Enrolment, Pupil, School, SchoolClass

FACTS = (
    "legal_first", "legal_last", "known_first", "known_last", "born", "sex", "sen", "free_meals", "pupil_premium",
    "traveller", "looked_after", "child_protection", "social_worker", "young_carer", "risk", "medical", "confidential",
)  # fmt: skip
_NEEDED = {
    "legal_first": "first name",
    "legal_last": "last name",
    "born": "date of birth",
    "sex": "sex",
    "admitted": "day of joining",
}


@dataclass(frozen=True)
class PupilChange:
    """One thing that becomes otherwise, in words."""

    name: str
    what: str
    was: str
    becomes: str


@dataclass(frozen=True)
class NewPupil:
    """A pupil who is not in the federation yet, for a look before they are."""

    name: str
    upn: str
    school_class: str
    year_group: str
    admitted: date
    n_contacts: int


@dataclass
class PupilPlan:
    """What would be written: `brings` for `schools.actions.bringing`, and the same in words."""

    n_rows: int
    brings: list[BroughtPupil] = field(default_factory=list)
    new: list[NewPupil] = field(default_factory=list)
    changes: list[PupilChange] = field(default_factory=list)
    unchanged: int = 0
    new_classes: list[str] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)
    ignored: tuple[str, ...] = ()

    @property
    def entries(self) -> list[BroughtPupil]:
        """What there is to write, under the name that a plan of marks has for it."""
        return self.brings

    @property
    def added(self) -> int:
        """How many pupils are new to the school."""
        return len(self.new)

    @property
    def changed(self) -> int:
        """How many pupils who are known have something changed."""
        return len(self.brings) - len(self.new)

    @property
    def passed_over(self) -> list[tuple[int, str]]:
        """Nothing of a file of pupils is passed over."""
        return []

    @property
    def first(self) -> list[NewPupil]:
        """The first of the new pupils."""
        return self.new[:10]

    @property
    def digest(self) -> str:
        """A name for exactly this plan."""
        told = repr([self.brings, self.changes, self.new_classes])
        return hashlib.sha256(told.encode()).hexdigest()


def plan_pupils(file: PupilFile, school: School, options: Options, today: date) -> PupilPlan:
    """Hold a file against the pupils as they stand, in a handful of queries."""
    plan = PupilPlan(file.n_rows, bad=list(file.bad), ignored=file.ignored)
    upns = [one.upn for one in file.told]
    known = {pupil.upn: pupil for pupil in Pupil.objects.filter(upn__in=upns)}
    stays: dict[str, list[Enrolment]] = {}
    for stay in (
        Enrolment.objects.filter(pupil__upn__in=upns)
        .select_related("school", "pupil")
        .prefetch_related("memberships__school_class")
        .order_by("admitted", "id")
    ):
        stays.setdefault(stay.pupil.upn, []).append(stay)
    classes = {c.name.casefold(): c for c in SchoolClass.objects.filter(school=school, year_start=options.year_start)}
    seating = Seating(school, options, classes, today)
    families, spans = Families(file.told), Spans(file.told, school, file.headings)
    for told in file.told:
        pupil, own = known.get(told.upn), stays.get(told.upn, [])
        seat, news = _held(told, pupil, own, seating, spans, file.headings, plan)
        if seat is not None and news is not None:
            _plan_one(told, pupil, seat, news, families, plan)
    plan.new_classes = sorted(seating.new_classes)
    plan.bad = together(plan.bad)
    return plan


def _held(
    told: ToldPupil,
    pupil: Pupil | None,
    stays: Sequence[Enrolment],
    seating: Seating,
    spans: Spans,
    headings: Mapping[str, str],
    plan: PupilPlan,
) -> tuple[Seat | None, SpanNews | None]:
    """A pupil's place and spans; None where anything is wrong with the row, and all of it is put to the plan."""
    missing, faults = _problems(told, pupil, stays, seating)
    seat = seating.place(told, stays, told.unread | missing)
    stay = next((one for one in stays if one.pk == seat.values.get("enrolment")), None)
    news = spans.bring(told, pupil, stay, seat)
    for key, sentence in [*faults, *seat.faults]:
        column = headings.get(key) or headings.get("name" if key.startswith("legal") else key) or _NEEDED.get(key, key)
        plan.bad.append(BadCell(told.row, column, str(told.values.get(key, "")), sentence))
    plan.bad += news.bad
    is_good = not (faults or seat.faults or news.bad or told.unread)
    return (seat, news) if is_good else (None, None)


def _plan_one(
    told: ToldPupil, pupil: Pupil | None, seat: Seat, news: SpanNews, families: Families, plan: PupilPlan
) -> None:
    facts = _facts(told, pupil)
    contacts, words = [], []
    for order, adult in enumerate(told.contacts, 1):
        brought, said = families.bring(told.upn, adult, order)
        contacts += [brought] if brought else []
        words += said
    if not (facts or contacts or news.brings or seat.is_news):
        plan.unchanged += 1
        return
    brings = BroughtPupil(
        pupil.pk if pupil else None, facts, contacts=tuple(contacts), spans=tuple(news.brings), **seat.values
    )
    plan.brings.append(brings)
    _say(told, pupil, brings, [*seat.words, *words], news, plan)


def _say(
    told: ToldPupil, pupil: Pupil | None, brings: BroughtPupil, words: list, news: SpanNews, plan: PupilPlan
) -> None:
    name = pupil.known_name if pupil else " ".join(_called(told, pupil))
    if brings.admitted is not None:
        first, last = _called(told, pupil)
        year = year_group_words(brings.year_group) if brings.school_class else ""
        plan.new.append(
            NewPupil(f"{first} {last}", told.upn, brings.school_class, year, brings.admitted, len(told.contacts))
        )
        words = [one for one in words if one[0] != "class"] if pupil else []
    if pupil is not None:
        for key, value in brings.facts.items():
            words.append((Pupil._meta.get_field(key).verbose_name, getattr(pupil, key), value))  # type: ignore[union-attr]
    told_of = [*words, *news.words]
    plan.changes += [PupilChange(name, str(what), _shown(was), _shown(now)) for what, was, now in told_of]


def _called(told: ToldPupil, pupil: Pupil | None) -> tuple[str, str]:
    first = told.values.get("known_first") or told.values.get("legal_first") or (pupil.known_first if pupil else "")
    last = told.values.get("known_last") or told.values.get("legal_last") or (pupil.known_last if pupil else "")
    return first, last


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return "" if value is None else str(value)


def _facts(told: ToldPupil, pupil: Pupil | None) -> dict[str, Any]:
    values = {key: told.values[key] for key in FACTS if key in told.values}
    if pupil is not None:
        return {key: value for key, value in values.items() if getattr(pupil, key) != value}
    called = {"known_first": values["legal_first"], "known_last": values["legal_last"]}
    return {"upn": told.upn, **called, **values}


def _problems(
    told: ToldPupil, pupil: Pupil | None, stays: Sequence[Enrolment], seating: Seating
) -> tuple[set[str], list[tuple[str, str]]]:
    """The fields that a pupil who is new needs and has not, and all that is wrong: field and sentence."""
    here = [stay for stay in stays if stay.school_id == seating.school.pk]
    needed = _NEEDED if pupil is None else {} if here else {"admitted": _NEEDED["admitted"]}
    missing = [key for key in needed if key not in told.values and not _could_not_be_read(key, told)]
    found = [(key, f"A pupil who is new needs a {needed[key]}.") for key in missing]
    born = told.values.get("born") or (pupil.born if pupil and "born" not in told.unread else None)
    joined = told.values.get("admitted")
    if born and joined and not 2 <= joined.year - born.year <= 20:
        sentence = f"Born on {born:%-d %B %Y} and joined on {joined:%-d %B %Y}: that can't be a pupil's age."
        found.append(("born", sentence))
    return set(missing), found


def _could_not_be_read(key: str, told: ToldPupil) -> bool:
    """Whether a field may be in the row all the same: its own cell, the whole name, or whose row it is, is unread."""
    return bool({key, "upn", "name" if key.startswith("legal") else key} & told.unread)
