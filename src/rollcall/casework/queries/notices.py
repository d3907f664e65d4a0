"""Penalty notices as they stand on a day: state, what is due, whether the marks they rest on were changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from rollcall.casework.models import LetterWritten, Notice, NoticeEvent, NoticeSession
from rollcall.casework.queries.difference import Difference
from rollcall.casework.queries.liable import Parent, parents_of
from rollcall.casework.queries.marks_shown import Said, Where, histories, standing_codes
from rollcall.casework.queries.written import WRITTEN
from rollcall.outbox.models import Message
from rollcall.rules.notice_path import State, state_of
from rollcall.rules.penalties import (
    NoticeTerms,
    Payment,
    Standing,
    last_day,
    received_by_post,
    standing,
    standing_words,
)
from rollcall.rules.sessions import half_of
from rollcall.schools.models import Enrolment
from rollcall.schools.queries.facts import LONDON
from rollcall.schools.queries.roll import in_force

ABOUT = "notice"
RECORDED, TOLD, DEEMED = "as recorded", "as the authority said", "as counted from posting"


@dataclass(frozen=True)
class Line:
    """One notice on a day. received: the day that the periods are counted from, and how it is known."""

    notice: Notice
    state: State
    now: Standing | None
    words: str
    received: date | None
    received_how: str
    events: tuple[NoticeEvent, ...]
    message: Message | None
    today: date

    @property
    def days_left(self) -> int | None:
        """Days left to pay what is due now."""
        return None if self.now is None or self.state.over else self.now.days_left(self.today)

    @property
    def standing_events(self) -> tuple[NoticeEvent, ...]:
        """The events that were not taken back."""
        return tuple(one for one in self.events if one.taken_back_id is None)


@dataclass(frozen=True)
class SessionShown:
    """A session that a notice rests on: the mark then and now, and how it came to stand."""

    row: NoticeSession
    now: str
    history: tuple[Said, ...]

    @property
    def differs(self) -> bool:
        """Whether it is another mark now."""
        return self.now != self.row.code


def terms_of(notice: Notice) -> NoticeTerms | None:
    """The amounts and days that a notice was issued at."""
    return NoticeTerms(**notice.terms) if notice.terms else None


def lines(notices: QuerySet[Notice], at: datetime) -> list[Line]:
    """Notices as they stand at the end of the day, in a few queries however many there are."""
    with_all = notices.select_related(
        "pupil", "contact", "school", "proposed", "authorised", "issued"
    ).prefetch_related("events__deed", "events__taken_back")
    rows = list(with_all)
    posted = _posted([row.pk for row in rows])
    return [_line(row, posted.get(row.pk), at.date()) for row in rows]


def line_of(notice: int, at: datetime) -> Line:
    """One notice (by id). Raises Notice.DoesNotExist."""
    found = lines(Notice.objects.filter(pk=notice), at)
    if not found:
        raise Notice.DoesNotExist(f"No notice has the number {notice}.")
    return found[0]


def notices_of_pupil(pupil: int, at: datetime) -> list[Line]:
    """All notices about a pupil (by id), the oldest first."""
    return lines(Notice.objects.filter(pupil=pupil), at)


def notices_of_school(school: int, at: datetime) -> list[Line]:
    """The notices about pupils who are at a school, and those of its own about pupils who left all schools."""
    return lines(Notice.objects.filter(pupil__in=pupils_of(school, at.date())), at)


def pupils_of(school: int, day: date) -> set[int]:
    """The pupils (by id) whose cases are a school's: on its roll, or there last and on no other roll."""
    here = set(Enrolment.objects.filter(school=school, admitted__lte=day).values_list("pupil_id", flat=True))
    elsewhere = Enrolment.objects.filter(in_force(day, "admitted", "left"), pupil__in=here).exclude(school=school)
    return here - set(elsewhere.values_list("pupil_id", flat=True))


def _posted(notices: Sequence[int]) -> dict[int, Message]:
    """The message of each notice's letter, the last that was written."""
    letters = LetterWritten.objects.filter(about=ABOUT, about_id__in=notices, letter=ABOUT, withdrawn__isnull=True)
    notice_of = dict(letters.order_by("id").values_list("id", "about_id"))
    rows = Message.objects.filter(ground=WRITTEN, ground_id__in=list(notice_of)).defer("pdf", "body")
    return {notice_of[row.ground_id] or 0: row for row in rows.order_by("ground_id", "id")} if notice_of else {}


def _line(notice: Notice, message: Message | None, today: date) -> Line:
    events = tuple(notice.events.all())
    held = [one for one in events if one.taken_back_id is None]
    received, how = _received(notice, held, message)
    terms = terms_of(notice)
    paid = [Payment(one.day, one.pence or 0) for one in held if one.kind == "paid"]
    now = standing(terms, received, paid, today) if terms else None
    state = state_of(
        authorised=notice.authorised_id is not None,
        issued=notice.issued_id is not None,
        due=now.state if now else "not received",
        events={one.kind for one in held},
    )
    words = state.words if now is None or state.over and state.id != "paid" else standing_words(now, today)
    return Line(notice, state, now, words, received, how, events, message, today)


def _received(notice: Notice, held: Iterable[NoticeEvent], message: Message | None) -> tuple[date | None, str]:
    """The day that counts as the day of receipt: as recorded, else as told, else as counted from posting."""
    recorded = [one.day for one in held if one.kind == "received"]
    if recorded:
        return recorded[-1], RECORDED
    if notice.received_on is not None:
        return notice.received_on, TOLD
    if message is not None and message.state == "sent" and message.sent_at is not None:
        return received_by_post(message.sent_at.astimezone(LONDON).date()), DEEMED
    return None, ""


def sessions_shown(notice: Notice) -> list[SessionShown]:
    """The sessions of a notice in order with their marks then and now."""
    rows = list(NoticeSession.objects.filter(notice=notice).order_by("day", "half"))
    found = histories(_where(row) for row in rows)
    codes = standing_codes(found)
    return [SessionShown(row, codes[_where(row)], found[_where(row)]) for row in rows]


def differences(shown: Iterable[SessionShown]) -> list[Difference]:
    """Which of the sessions have another mark today than the notice rests on."""
    return [Difference(one.row.day, one.row.half, one.row.code, one.now) for one in shown if one.differs]


def is_kept(line: Line, found: Sequence[Difference]) -> bool:
    """Whether somebody decided to keep the notice with these very differences."""
    as_kept = [one.to_json() for one in found]
    return any(one.kind == "kept" and one.detail.get("differs") == as_kept for one in line.standing_events)


def changed(notices: Iterable[Line]) -> set[int]:
    """Those of some notices (by id) that rest on marks which are others today, and about which nobody has decided."""
    asked = [one for one in notices if one.state.id not in ("dropped", "withdrawn")]
    rows = list(NoticeSession.objects.filter(notice__in=[one.notice.pk for one in asked]).order_by("day", "half"))
    codes = standing_codes(histories(_where(row) for row in rows))
    found: dict[int, list[Difference]] = {}
    for row in rows:
        if codes[_where(row)] != row.code:
            found.setdefault(row.notice_id, []).append(Difference(row.day, row.half, row.code, codes[_where(row)]))
    return {one.notice.pk for one in asked if (own := found.get(one.notice.pk)) and not is_kept(one, own)}


def issued_before(pupil: int, contact: int, day: date) -> list[date]:
    """The days on which notices of the same Act were issued to a parent about a child, without those withdrawn."""
    rows = Notice.objects.filter(pupil=pupil, contact=contact, issued_on__isnull=False, issued_on__lte=day)
    rows = rows.exclude(kind="public").exclude(events__in=_withdrawn())
    return [one for one in rows.values_list("issued_on", flat=True) if one is not None]


def _withdrawn() -> QuerySet[NoticeEvent]:
    return NoticeEvent.objects.filter(kind="withdrawn", taken_back__isnull=True)


def added_since(line: Line) -> list[Parent]:
    """Parents who may have a notice and were none when this one was proposed: known from the copy in its evidence."""
    known = {one["contact"] for one in line.notice.evidence.get("parents", ())}
    parents = parents_of([line.notice.pupil_id])[line.notice.pupil_id]
    return [one for one in parents if one.is_liable and one.contact not in known]


def last_days(line: Line) -> list[tuple[int, date]]:
    """The amounts in pounds with the last day of each, once the day of receipt is known."""
    terms = terms_of(line.notice)
    if terms is None or line.received is None:
        return []
    offered = [(terms.reduced, terms.reduced_days), (terms.full, terms.full_days)]
    return [(amount, last_day(line.received, days)) for amount, days in offered if amount and days]


def _where(row: NoticeSession) -> Where:
    return row.enrolment_id, row.day, half_of(row.half)


def evidence_of(line: Line) -> Mapping[str, Any]:
    """What a notice was proposed on, as it was copied."""
    kept: Mapping[str, Any] = line.notice.evidence
    return kept
