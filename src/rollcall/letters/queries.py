"""Which wording is in use, who is written to about a pupil and who is not and why, and a letter made of both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from rollcall.documents.letter import LetterPage
from rollcall.letters.fields import TOLD_BY, WordingError, fields_in, fill, threat_in
from rollcall.letters.models import Wording
from rollcall.letters.wordings import WordingText, shipped
from rollcall.rules.policy import Letter, Policy, number_text
from rollcall.rules.school_age import compulsory_age
from rollcall.rules.stages import percent_down
from rollcall.schools.models import Hold, Pupil, PupilContact, School
from rollcall.schools.queries.roll import in_force


@dataclass(frozen=True)
class Recipient:
    """One adult who is written to. `note` is what the sender should know, such as another language at home."""

    contact: int
    name: str
    first: str
    relationship: str
    email: str
    address: tuple[str, ...]
    note: str = ""

    @property
    def channel(self) -> str:
        """E-mail where there is an address for it, else a printed letter."""
        return "email" if self.email else "print"


@dataclass(frozen=True)
class LeftOut:
    """One adult who is not written to, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Recipients:
    """Who is written to about a pupil and who is not; `held` says why nobody is for now."""

    written: tuple[Recipient, ...]
    left_out: tuple[LeftOut, ...]
    held: str = ""


@dataclass(frozen=True)
class Composed:
    """A finished letter to one adult: as text, as a page for PDF, with all that went into it."""

    kind: str
    wording: str
    subject: str
    paragraphs: tuple[str, ...]
    text: str
    page: LetterPage
    fields: Mapping[str, str]


def wording_for(kind: str, school: int | None) -> WordingText:
    """The wording in use: the school's own last version, else the federation's, else the shipped one.

    Raises LookupError for a letter that has no wording.
    """
    own = list(Wording.objects.filter(Q(school=school) | Q(school__isnull=True), kind=kind))
    own.sort(key=lambda row: (row.school is not None, row.version))
    base = shipped().get(kind)
    if own and base:
        return replace(base, version=own[-1].version, subject=own[-1].subject, body=own[-1].body)
    if base is None:
        raise LookupError(f"There is no wording for '{kind}'; there are {', '.join(sorted(shipped()))}.")
    return base


def drafted(kind: str, school: int | None, subject: str, body: str) -> WordingText:
    """A wording as it is typed, between the greeting and closing in use. Raises LookupError for an unknown letter."""
    base = wording_for(kind, school)
    return replace(base, version=0, subject=" ".join(subject.split()), body=body.replace("\r\n", "\n").strip())


@dataclass(frozen=True)
class Version:
    """One version of a wording, with who made it and when; `school` is empty where it is for all schools."""

    version: int
    school: int | None
    subject: str
    body: str
    by: str
    at: datetime


def versions_of(kind: str, school: int) -> list[Version]:
    """The versions of a wording that a school has used or could fall back on, newest first."""
    rows = Wording.objects.filter(Q(school=school) | Q(school__isnull=True), kind=kind).select_related("deed")
    return [
        Version(row.version, row.school, row.subject, row.body, row.deed.name, row.deed.at)
        for row in rows.order_by("-deed__at", "-id")
    ]


def has_wording(kind: str | None) -> bool:
    """Whether a letter of this kind can be written."""
    return kind in shipped()


def check_wording(letter: Letter, wording: WordingText) -> None:
    """Raise WordingError unless a wording names every field that its letter must have, and threatens nobody (5.2-e)."""
    parts = (wording.subject, wording.greeting, wording.body, wording.wishes, wording.closing)
    # Part by part, so that the line of an error is the line in the text that somebody types.
    used = {"today_with_weekday", *(name for part in parts for name in fields_in(part))}  # each letter bears its date
    must = {*letter.fields, *(TOLD_BY[key] for key in letter.tells if key in TOLD_BY)}
    if lacking := sorted(must - used):
        raise WordingError(f"{letter.name} must say {{{lacking[0]}}}: put it into the text.")
    if not letter.cites and (word := threat_in(wording.whole)):
        raise WordingError(f"{letter.name} names no law and threatens nobody: leave out the word '{word}'.")


def recipients(pupil: int, day: date) -> Recipients:
    """Each adult with parental responsibility or with whom the pupil lives, in order; and who is left out and why."""
    return recipients_of([pupil], day)[pupil]


def recipients_of(pupils: Iterable[int], day: date) -> dict[int, Recipients]:
    """The `recipients` of many pupils by id, in two queries."""
    ids = list(pupils)
    held = _holds(ids, day)
    links: dict[int, list[PupilContact]] = {pupil: [] for pupil in ids}
    for link in PupilContact.objects.filter(pupil__in=ids).select_related("contact").order_by("order", "id"):
        links[link.pupil_id].append(link)
    return {pupil: _sorted_out(links[pupil], held.get(pupil, "")) for pupil in ids}


def _sorted_out(links: Iterable[PupilContact], held: str) -> Recipients:
    written, left_out = [], []
    for link in links:
        if why := held or _why_not(link):
            left_out.append(LeftOut(str(link.contact), why))
        else:
            written.append(_recipient(link))
    return Recipients(tuple(written), tuple(left_out), held)


def hold_on(pupil: int, day: date) -> str:
    """Why nothing is sent to a pupil's family on a day; empty where it may be."""
    return _holds([pupil], day).get(pupil, "")


def _holds(pupils: Iterable[int], day: date) -> dict[int, str]:
    found = {}
    for hold in Hold.objects.filter(in_force(day), pupil__in=list(pupils)).order_by("-begins", "-id"):
        until = f" to {hold.ends:%-d %B %Y}" if hold.ends else ""
        kind = hold.get_kind_display().lower()
        found[hold.pupil_id] = f"Nothing is sent for now: {kind} from {hold.begins:%-d %B %Y}{until}."
    return found


def may_be_written_to(pupil: int, contact: int) -> bool:
    """Whether an adult may be written to about a pupil as things stand now."""
    link = PupilContact.objects.filter(pupil=pupil, contact=contact).select_related("contact").first()
    return link is not None and not _why_not(link)


def _why_not(link: PupilContact) -> str:
    if link.barred:
        return "Barred: is never written to about this pupil."
    if not (link.parental_responsibility or link.lives_with):
        return f"{link.relationship}, without parental responsibility and not living with the pupil."
    if not link.contact.email and not link.contact.address.strip():
        return "Has neither an e-mail address nor a postal address: ask for one."
    return ""


def _recipient(link: PupilContact) -> Recipient:
    who = link.contact
    other = who.language.strip().lower() not in ("", "english")
    return Recipient(
        contact=who.pk,
        name=" ".join(part for part in (who.title, who.first, who.last) if part),
        first=who.first,
        relationship=link.relationship,
        email=who.email,
        address=tuple(line.strip() for line in who.address.splitlines() if line.strip()),
        note=f"Reads {who.language}; this letter is in English." if other else "",
    )


def compose(
    kind: str,
    pupil: Pupil,
    *,
    attended: int,
    possible: int,
    recipient: Recipient,
    school: School,
    policy: Policy,
    day: date,
    figure_day: date,
    signed: tuple[str, ...],
    last_week: bool = False,
    draft: WordingText | None = None,
) -> Composed:
    """A letter of the policy to one adult about a pupil's figure this year (A3-e), on a day.

    figure_day: the day up to which the figure counts. signed: name and position of who signs. last_week: of a term,
    when good wishes are added (A3-c). draft: a wording not saved yet, or one that was read for many letters. Raises
    WordingError for a wording that can't be used or a value that is missing, LookupError for an unknown letter.
    """
    letter, wording = policy.letter(kind), draft or wording_for(kind, school.pk)
    check_wording(letter, wording)
    young = not compulsory_age(pupil.born, day)
    if young and letter.compulsory_age_only:
        raise WordingError(
            f"{letter.name} is for children of compulsory school age, and {pupil.known_first} is younger."
        )
    values = _values(pupil, attended, possible, recipient, school, policy, day, figure_day)
    try:
        filled = {part: fill(getattr(wording, part), values) for part in ("subject", "greeting", "closing")}
        body = fill(wording.body, values)
        wishes = fill(wording.wishes, values) if last_week and letter.wishes_in_last_week else ""
    except WordingError as error:
        raise WordingError(f"{letter.name} can't be written for {pupil.known_name}: {error}") from error
    if young and (word := threat_in(body)):
        raise WordingError(f"{pupil.known_first} is below compulsory school age: no letter may say '{word}' (5.2-e).")
    paragraphs = tuple(" ".join(p.split()) for p in f"{body}\n\n{wishes}".split("\n\n") if p.strip())
    page = _page(filled, paragraphs, values, recipient, school, signed)
    text = "\n\n".join(
        (
            values["today_with_weekday"],
            filled["greeting"],
            *paragraphs,
            filled["closing"],
            "\n".join((*signed, school.name)),
        )
    )
    used = {name: values[name] for name in sorted(set(fields_in(wording.whole))) if name in values}
    return Composed(kind, wording.name, filled["subject"], paragraphs, text, page, used)


def _values(
    pupil: Pupil,
    attended: int,
    possible: int,
    recipient: Recipient,
    school: School,
    policy: Policy,
    day: date,
    figure_day: date,
) -> dict[str, str]:
    weeks = policy.monitoring.review_every_weeks.value
    missed = possible - attended
    return {
        "recipients_first_names": recipient.first,
        "child_first_name": pupil.known_first,
        "today_with_weekday": _spoken(day),
        "figure_day": _spoken(figure_day),
        "attendance_figure": f"{percent_down(attended, possible)}% ({attended} of {possible} sessions)",
        "missed": f"{missed} {'session' if missed == 1 else 'sessions'}, each of them a morning or an afternoon",
        "target": f"{number_text(policy.measures.target_percent.value)}%",
        "persistent_absence": f"{number_text(policy.measures.persistent_absent_percent.value)}%",
        "review_weeks": f"{weeks} school {'week' if weeks == 1 else 'weeks'}",
        "authority": policy.authority.name,
        "school_name": school.name,
        "contact": _contact(school),
    }


def _spoken(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _contact(school: School) -> str:
    if school.phone:
        return f"the school office on {school.phone}"
    return f"or write to the school office ({school.email})" if school.email else ""


def _page(
    filled: Mapping[str, str],
    paragraphs: tuple[str, ...],
    values: Mapping[str, str],
    recipient: Recipient,
    school: School,
    signed: tuple[str, ...],
) -> LetterPage:
    address = ", ".join(line.strip() for line in school.address.splitlines() if line.strip())
    return LetterPage(
        school=school.name,
        letterhead=tuple(part for part in (address, school.phone, school.email) if part),
        to=(recipient.name, *recipient.address),
        date=values["today_with_weekday"],
        greeting=filled["greeting"],
        subject=filled["subject"],
        paragraphs=paragraphs,
        closing=filled["closing"],
        signed=signed,
    )
