"""Which pupils a penalty notice is to be considered for, with the working: sessions, weeks, warnings, what may change.

A school's sheet is sieved at once (`rules.prompt_sheet`); for the few who come to a line, `rules.prompt` says the rest,
for each parent, with the marks of all schools of the federation at which the pupil was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rollcall.casework.models import PromptWord
from rollcall.casework.queries.liable import Parent, parents_of
from rollcall.casework.queries.warnings import Whom, used_of, warned_at, warnings_of
from rollcall.registers.models import Question
from rollcall.registers.queries.figures import editions_of, stored_rows
from rollcall.rules import overlay as rules
from rollcall.rules.codes import COUNTS
from rollcall.rules.policy import Policy
from rollcall.rules.prompt import Prompt, Seen, Session, Warned, consider, looked_from
from rollcall.rules.prompt_sheet import rows_to_consider, seen_on
from rollcall.rules.sessions import HALVES, SchoolYear, monday, order_of, school_mondays
from rollcall.schools.models import Enrolment, Pupil
from rollcall.schools.queries import SchoolFacts, facts_of, year_of


@dataclass(frozen=True)
class ForParents:
    """A prompt about a pupil and the parents for whom it holds; `word` is what was said to it, where something was.

    own: each parent's own prompt in their order, which names the message of the warning that they had.
    """

    pupil: int
    name: str
    prompt: Prompt
    parents: tuple[Parent, ...]
    own: tuple[Prompt, ...]
    not_offered: tuple[Parent, ...]
    word: PromptWord | None = None

    @property
    def key(self) -> str:
        """What the prompt is told apart by in an address: its kind and its first session."""
        first = self.prompt.sessions[0]
        return f"{self.prompt.kind}-{first.day:%Y%m%d}-{first.half}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has said that there is no notice now."""
        return self.word is None or self.word.kind != "not_now"

    @property
    def sessions(self) -> list[list[str]]:
        """The sessions as they are kept: day and half."""
        return [[f"{one.day}", one.half] for one in self.prompt.sessions]


@dataclass(frozen=True)
class _Stay:
    enrolment: int
    school: int
    admitted: date
    left: date | None


@dataclass(frozen=True)
class _Known:
    """What is known of some pupils before any mark is looked at."""

    pupils: Mapping[int, Pupil]
    stays: Mapping[int, Sequence[_Stay]]
    parents: Mapping[int, Sequence[Parent]]
    warned: Mapping[Whom, Sequence[Warned]]
    used: Mapping[Whom, frozenset[Session]]


def prompts_of_school(facts: SchoolFacts, at: datetime) -> list[ForParents]:
    """The prompts about everyone on a school's roll on the day, the most sessions first."""
    day = at.date()
    rows = Enrolment.objects.filter(school=facts.school, admitted__lte=day).exclude(left__lt=day)
    return _prompts(rows.values_list("pupil_id", flat=True), facts, at)


def prompts_of_pupil(pupil: int, facts: SchoolFacts, at: datetime) -> list[ForParents]:
    """The prompts about one pupil, by the policy of a school's facts."""
    return _prompts([pupil], facts, at)


def prompts_after_warnings(facts: SchoolFacts, at: datetime) -> list[ForParents]:
    """The prompts about those of a school who were warned: what home asks, where reading all marks would cost too much.

    One-off leave comes up on the school's own page alone.
    """
    pupils = warned_at(facts.school, looked_from(at.date(), facts.policy_on(at.date())))
    return _prompts(pupils, facts, at) if pupils else []


def _prompts(pupils: Iterable[int], facts: SchoolFacts, at: datetime) -> list[ForParents]:
    policy = facts.policy_on(at.date())
    known = _known(set(pupils), policy)
    if not known.pupils:
        return []
    seen = _seen(known, facts, policy, at)
    asked = _asked(known, seen)
    found = [
        one
        for pupil, sessions in seen.items()
        for one in _of_pupil(known, pupil, sessions, asked.get(pupil, frozenset()), policy, at)
    ]
    said = _said({one.pupil for one in found})
    with_words = [_with_word(one, said) for one in found]
    return sorted(with_words, key=lambda one: (-len(one.prompt.sessions), one.name))


def _known(pupils: set[int], policy: Policy) -> _Known:
    stays: dict[int, list[_Stay]] = {pupil: [] for pupil in pupils}
    rows = Enrolment.objects.filter(pupil__in=pupils).order_by("admitted", "id")
    for row in rows:
        stays[row.pupil_id].append(_Stay(row.pk, row.school_id, row.admitted, row.left))
    return _Known(
        pupils=Pupil.objects.in_bulk(pupils),
        stays=stays,
        parents=parents_of(pupils),
        warned=warnings_of(pupils, policy),
        used=used_of(pupils),
    )


def _seen(known: _Known, facts: SchoolFacts, policy: Policy, at: datetime) -> dict[int, list[Seen]]:
    """The possible sessions of last year and this, in order, of the pupils who may come to a line; by pupil."""
    by_school: dict[int, dict[int, int]] = {}
    for pupil, stays in known.stays.items():
        for stay in stays:
            by_school.setdefault(stay.school, {})[stay.enrolment] = pupil
    moved = {pupil for pupil, stays in known.stays.items() if len(stays) > 1}
    found: dict[int, list[Seen]] = {}
    for school, pupil_of in sorted(by_school.items()):
        own = pupil_of if school == facts.school else {e: pupil for e, pupil in pupil_of.items() if pupil in moved}
        for pupil, sessions in _seen_at(school, own, moved, known, policy, at).items():
            found.setdefault(pupil, []).extend(sessions)
    return {pupil: _once(sessions) for pupil, sessions in found.items()}


def _once(sessions: Iterable[Seen]) -> list[Seen]:
    """The sessions in order; one that is marked at two schools counts once, by the mark that is kinder to the pupil."""
    kindest: dict[Session, Seen] = {}
    for one in sessions:
        other = kindest.get(one.session)
        if other is None or COUNTS[one.code] < COUNTS[other.code]:
            kindest[one.session] = one
    return sorted(kindest.values(), key=lambda one: order_of(one.session))


def _seen_at(
    school: int, pupil_of: Mapping[int, int], moved: set[int], known: _Known, policy: Policy, at: datetime
) -> dict[int, list[Seen]]:
    if not pupil_of:
        return {}
    facts, start = facts_of(school), year_of(at.date())
    laid = _two_years(facts, pupil_of, start, at)
    warned: list[tuple[int, date | None]] = []
    for row, enrolment in enumerate(laid.sheet.pupils):
        days = {one.day for whom, letters in known.warned.items() if whom[0] == pupil_of[enrolment] for one in letters}
        warned += [(row, day) for day in days] or [(row, None)]
    editions = editions_of(facts, start - 1) + editions_of(facts, start)
    sieved = set(rows_to_consider(laid, editions, warned, policy))
    wanted = [row for row, one in enumerate(laid.sheet.pupils) if row in sieved or pupil_of[one] in moved]
    found: dict[int, list[Seen]] = {}
    for row, sessions in seen_on(laid, wanted).items():
        found.setdefault(pupil_of[laid.sheet.pupils[row]], []).extend(sessions)
    return found


def _two_years(facts: SchoolFacts, enrolments: Iterable[int], start: int, at: datetime) -> rules.Overlay:
    ids = list(enrolments)
    calendars = (facts.calendar(start - 1), facts.calendar(start))
    before = rules.overlay(stored_rows(ids, start - 1, facts), calendars[0], SchoolYear(start - 1).n)
    now = rules.overlay(stored_rows(ids, start, facts), calendars[1], facts.last_columns(start, at))
    return rules.side_by_side(before, now, calendars)


def _asked(known: _Known, seen: Iterable[int]) -> dict[int, frozenset[Session]]:
    """The sessions of which evidence is asked for and nobody has decided, by pupil."""
    pupil_of = {stay.enrolment: pupil for pupil in seen for stay in known.stays[pupil]}
    rows = Question.objects.filter(enrolment__in=list(pupil_of), settled__isnull=True) if pupil_of else ()
    found: dict[int, set[Session]] = {}
    for row in rows:
        days = [date.fromordinal(n) for n in range(row.first_day.toordinal(), row.last_day.toordinal() + 1)]
        span = [(day, half) for day in days for half in HALVES]
        last = span.index((row.last_day, row.last_half))  # type: ignore[arg-type]
        first = span.index((row.first_day, row.first_half))  # type: ignore[arg-type]
        found.setdefault(pupil_of[row.enrolment_id], set()).update(span[first : last + 1])
    return {pupil: frozenset(sessions) for pupil, sessions in found.items()}


def _of_pupil(
    known: _Known, pupil: int, seen: Sequence[Seen], asked: frozenset[Session], policy: Policy, at: datetime
) -> list[ForParents]:
    """The prompts of a pupil; parents with the same prompt stand together."""
    weeks = _weeks(known.stays[pupil], at)
    liable = [one for one in known.parents[pupil] if one.is_liable]
    together: dict[Prompt, list[tuple[Parent, Prompt]]] = {}
    for parent in liable:
        whom = (pupil, parent.contact)
        for prompt in consider(
            seen,
            weeks,
            known.warned.get(whom, ()),
            born=known.pupils[pupil].born,
            today=at.date(),
            policy=policy,
            used=known.used.get(whom, frozenset()),
            asked=asked,
        ):
            together.setdefault(_for_all(prompt), []).append((parent, prompt))
    others = tuple(one for one in known.parents[pupil] if not one.is_liable)
    name = known.pupils[pupil].known_name
    return [
        ForParents(pupil, name, prompt, tuple(parent for parent, _ in each), tuple(own for _, own in each), others)
        for prompt, each in together.items()
    ]


def _for_all(prompt: Prompt) -> Prompt:
    """The prompt by which parents stand together: each had the warning in a message of their own."""
    if prompt.warned is None:
        return prompt
    return replace(prompt, warned=Warned(prompt.warned.letter, prompt.warned.day))


def _weeks(stays: Sequence[_Stay], at: datetime) -> list[date]:
    """The pupil's school weeks: those of the school at which they were; of the first also the time before."""
    start = year_of(at.date())
    found: set[date] = set()
    for n, stay in enumerate(stays):
        facts = facts_of(stay.school)
        mondays = school_mondays([facts.calendar(year) for year in (start - 1, start) if year in facts.terms])
        first = monday(stay.admitted) if n else date.min
        last = stay.left or date.max
        found.update(one for one in mondays if first <= one <= last)
    return sorted(found)


def _said(pupils: set[int]) -> dict[tuple[int, str, str], PromptWord]:
    """The last word said to each prompt, by pupil, kind and sessions."""
    rows = PromptWord.objects.filter(pupil__in=pupils).select_related("deed").order_by("id") if pupils else ()
    return {(row.pupil_id, row.prompt, str(row.sessions)): row for row in rows}


def _with_word(one: ForParents, said: Mapping[tuple[int, str, str], PromptWord]) -> ForParents:
    word = said.get((one.pupil, one.prompt.kind, str(one.sessions)))
    return replace(one, word=word)
