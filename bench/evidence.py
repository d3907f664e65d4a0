"""An evidence pack of a pupil with two whole years of marks and a letter a week, from the press to its PDF."""

import io
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from pypdf import PdfReader

from bench.school import BY, START, TERMS, BenchSchool
from rollcall.casework.actions.packs import make_pack
from rollcall.casework.models import LetterWritten
from rollcall.casework.queries.letters import WRITTEN
from rollcall.casework.queries.packing import Certified
from rollcall.documents.letter import LetterPage
from rollcall.documents.pack import pack_pdf
from rollcall.journal import actions as journal
from rollcall.journal.actor import INSTALLER
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.registers.actions import NewEntry, write_entries
from rollcall.registers.models import Entry
from rollcall.registers.queries.standing import lock
from rollcall.schools import actions as schools
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.facts import LONDON

LIMIT = 5000
N_LETTERS, AMENDED_EVERY, AWAY_EVERY = 76, 19, 6
AT = datetime(START + 1, 7, 24, 9, 5, tzinfo=LONDON)
PAGE = LetterPage(
    school="Hamsey Primary School",
    letterhead=("Church Lane", "Hamsey"),
    to=("Ms Pat Ash", "1 Mill Lane", "Hamsey", "BN8 5TT"),
    date="Friday 3 November 2023",
    greeting="Dear Ms Ash",
    subject="Attendance so far",
    paragraphs=("Here is how often your child has been at school so far this year. " * 5,) * 4,
    closing="Yours sincerely",
    signed=("Harriet Head", "Head of school"),
)
Row = dict[str, Any]


def evidence(made: BenchSchool, scale: float) -> Iterator[Row]:
    """The pack of who misses most, certified by who heads the school."""
    seat = Enrolment.objects.select_related("pupil").get(pk=made.missing_most)
    _two_years(made, seat)
    _letters(made, seat, max(2, int(N_LETTERS * scale)))
    certified = Certified("Harriet Head", "Head of school", (made.school.pk,))
    given: dict[str, Any] = {"school": made.school.pk, "since": seat.admitted, "by": INSTALLER, "at": AT, "key": "pack"}
    begun = time.perf_counter()
    pack = make_pack(seat.pupil_id, certified=certified, **given)
    taken = 1000 * (time.perf_counter() - begun)
    pdf = pack_pdf(pack.contents)
    yield {
        "name": f"an evidence pack, {Entry.objects.filter(enrolment=seat).count():,} entries in two years",
        "value": round(taken),
        "unit": "ms",
        "limit": LIMIT if scale >= 1 else None,
        "note": f"{len(PdfReader(io.BytesIO(pdf)).pages)} pages, {len(pdf) // 1000} KB, {N_LETTERS} letters",
    }


def _two_years(made: BenchSchool, seat: Enrolment) -> None:
    """Every session of the year before and of this one, some away, some amended."""
    back = timedelta(days=364)
    before = [(name, max(first - back, date(START - 1, 9, 1)), last - back) for name, first, last in TERMS]
    schools.add_year(made.school, START - 1, before, **BY)
    seat.admitted = before[0][1]
    seat.save(update_fields=["admitted"])
    facts = facts_of(made.school.pk)
    calendars = [facts.calendar(year) for year in (START - 1, START)]
    sessions = [one.year.session(column) for one in calendars for column in one.columns_from(0)]
    marked = set(Entry.objects.filter(enrolment=seat).values_list("day", "half"))
    present = {"AM": "/", "PM": "\\"}
    codes = {s: "O" if n % AWAY_EVERY == 0 else present[s[1]] for n, s in enumerate(sessions) if s not in marked}
    _write(made, seat, codes, "register.brought", "")
    amended = {session: "I" for n, session in enumerate(sessions) if n % AMENDED_EVERY == 0}
    _write(made, seat, amended, "register.amend", "A doctor's letter came")


def _write(made: BenchSchool, seat: Enrolment, codes: dict[Any, str], kind: str, reason: str) -> None:
    with transaction.atomic():
        lock(made.school.pk)
        deed = journal.begin(kind, by=INSTALLER, at=AT, school=made.school.pk, reason=reason)
        write_entries(made.school.pk, [NewEntry(seat.pk, day, half, code) for (day, half), code in codes.items()], deed)


def _letters(made: BenchSchool, seat: Enrolment, n: int) -> None:
    deed = journal.begin("letter.written", by=INSTALLER, at=AT, school=made.school.pk)
    Message.objects.bulk_create([_message(made, seat, deed, week) for week in range(n)])


def _message(made: BenchSchool, seat: Enrolment, deed: Deed, week: int) -> Message:
    about: dict[str, Any] = {"pupil_id": seat.pupil_id, "school": made.school, "letter": "update-low"}
    row = LetterWritten.objects.create(day=AT.date() - timedelta(weeks=week), deed=deed, **about)
    at = AT - timedelta(weeks=week)
    kept = PAGE.to_json() | {"subject": f"Attendance so far, week {week + 1}"}
    return Message(
        once=f"bench:{row.pk}", deed=deed, school=made.school.pk, channel="print", to_name="Ms Pat Ash", body="",
        to_address="1 Mill Lane", subject=kept["subject"], evidence={"letter": kept}, ground=WRITTEN,
        ground_id=row.pk, pupil=seat.pupil_id, kind="letter.update", state="sent", next_try=at, made_at=at, sent_at=at,
    )  # fmt: skip
