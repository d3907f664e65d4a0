"""What the tests of evidence packs share: a family with everything on record, also what must never be told of it."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any

from pypdf import PdfReader

from rollcall.absence.models import Call, Report, Word
from rollcall.casework.actions.forms import fill_form
from rollcall.casework.actions.packs import make_pack
from rollcall.casework.models import (
    AgreedAction,
    Case,
    Meeting,
    MeetingOutcome,
    Notice,
    Pack,
    Raised,
    StepTaken,
    Target,
)
from rollcall.casework.queries.packing import Certified
from rollcall.documents.pack import pack_pdf
from rollcall.journal import actions as journal
from rollcall.journal.models import Deed
from rollcall.rules.policy import load, shipped_text
from rollcall.schools.models import PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.noticing import AT, add_parent, issued, mark, offer, post_it, ready

SOCIAL_WORKER = "Mabel Quill, 01273 999888"
BARRED_WHY = "A court order of last spring keeps him away"
SECRETS = ("Mabel Quill", "999888", "court order", "Zebedee", "Hill Road", "pinkfloyd@example.org")


def deed(cast: Cast, kind: str, at: datetime = AT, who: str = "head", reason: str = "") -> Deed:
    """A deed of somebody of the cast."""
    return journal.begin(kind, by=cast.actor(who), at=at, school=cast.hamsey.pk, reason=reason)


def recorded(cast: Cast) -> Notice:
    """Aisha with a warning, absences, a notice, and all that can be on record; and with facts that nobody may tell."""
    ready(cast)
    pupil = cast.pupil("Aisha")
    _hide(cast)
    offer(cast, "Aisha")
    case = _case(cast)
    _meeting(cast, case)
    _spoken(cast)
    Raised.objects.create(
        pupil=pupil, school=cast.hamsey, about="punctuality", day=date(2024, 4, 3), with_whom="Pat Begum",
        said="She is often late", deed=deed(cast, "test.raised"),
    )  # fmt: skip
    policy = facts_of(cast.hamsey.pk).policy_on(DAY)
    fill_form(
        load("federation").form("pupil-voice"), {"wish": "To sit beside Chloe, not near Zebedee"}, copied=[],
        policy=policy, school=cast.hamsey.pk, pupil=pupil.pk, by=cast.actor("leader"), at=AT, key="voice",
    )  # fmt: skip
    notice = issued(cast)
    post_it(notice, AT)
    mark(cast, "Aisha", date(2024, 5, 2), "AM", "I", "The doctor wrote to us")
    return notice


def _hide(cast: Cast) -> None:
    pupil = cast.pupil("Aisha")
    pupil.social_worker, pupil.child_protection = SOCIAL_WORKER, True
    pupil.save()
    add_parent(cast, "Aisha", "Sam", barred=True)
    PupilContact.objects.filter(pupil=pupil, barred=True).update(barred_why=BARRED_WHY)
    brother = cast.pupil("Dev")
    brother.known_first, brother.legal_first = "Zebedee", "Zebedee"
    brother.save()
    mother = pupil.contacts.get(order=1).contact
    PupilContact.objects.create(pupil=brother, contact=mother, relationship="Mother", lives_with=True, order=2)


def _case(cast: Cast) -> Case:
    case = Case.objects.create(
        pupil=cast.pupil("Aisha"), path="school", school=cast.hamsey, policy=facts_of(cast.hamsey.pk).policy_id_on(DAY),
        policy_kept={"document": shipped_text("federation")}, opened=deed(cast, "case.opened"),
    )  # fmt: skip
    StepTaken.objects.create(
        pupil=cast.pupil("Aisha"), school=cast.hamsey, case=case, step="letter-1", day=date(2024, 4, 10), attended=270,
        possible=290, because="It fell again", deed=deed(cast, "step.taken"),
        evidence={"proposal": {"why": [{"text": "Below 95% for the first time"}]}},
    )  # fmt: skip
    return case


def _meeting(cast: Cast, case: Case) -> None:
    about = {"pupil": cast.pupil("Aisha"), "school": cast.hamsey, "case": case}
    row = Meeting.objects.create(
        kind="step", step="letter-2", at=moment(15, 30, date(2024, 4, 22)), place="The library",
        asked=[{"name": "Pat Begum", "as": "Mother"}], about="Attendance", deed=deed(cast, "meeting.planned"), **about,
    )  # fmt: skip
    MeetingOutcome.objects.create(
        meeting=row, how="held", came=[{"name": "Pat Begum", "as": "Mother"}], deed=deed(cast, "meeting.held"),
        said=f"Mum says Zebedee is ill too. She has spoken to Mabel Quill. {BARRED_WHY}.", next_review=date(2024, 6, 4),
    )  # fmt: skip
    AgreedAction.objects.create(
        meeting=row,
        side="family",
        owner="Pat Begum",
        what="Rings by 8.30",
        due=date(2024, 5, 1),
        deed=row.deed,
        **about,
    )
    Target.objects.create(
        meeting=row, kind="percent", percent=95, begins=date(2024, 4, 23), ends=date(2024, 6, 3), deed=row.deed, **about
    )


def _spoken(cast: Cast) -> None:
    seat, day = cast.enrolments["Aisha"], date(2024, 4, 19)
    Call.objects.create(
        enrolment=seat, day=day, half="AM", name="Pat Begum", number="07700 900999", outcome="no_answer",
        words="It rang out", deed=deed(cast, "call.made", moment(9, 40, day), "secretary"),
    )  # fmt: skip
    word = Word.objects.create(
        school=cast.hamsey, channel="phone", received_at=moment(8, 20, date(2024, 4, 23)), caller="Pat Begum",
        number="pinkfloyd@example.org", words="Both ill", deed=deed(cast, "word.left"), outcome="reported",
    )  # fmt: skip
    span = {"first_day": date(2024, 4, 23), "first_half": "AM", "last_day": date(2024, 4, 23), "last_half": "PM"}
    Report.objects.create(
        word=word, enrolment=seat, reason="illness", note="Sick, like Zebedee", code="I", deed=word.deed, **span
    )


def certified(cast: Cast, *schools: Any) -> Certified:
    """The head of school's certificate, for Hamsey unless said otherwise."""
    by = cast.actor("head")
    return Certified(by.name, by.position, tuple(one.pk for one in schools or (cast.hamsey,)))


def packed(cast: Cast, name: str = "Aisha", at: datetime = AT, key: str = "pack", **more: Any) -> Pack:
    """An evidence pack made at Hamsey by its head."""
    given = {"school": cast.hamsey.pk, "by": cast.actor("head"), "certified": certified(cast)} | more
    return make_pack(cast.pupil(name).pk, at=at, key=key, **given)


def read(pack: Pack) -> str:
    """The text of a pack's PDF, on one line."""
    pages = PdfReader(io.BytesIO(pack_pdf(pack.contents))).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def later(weeks: int, at: datetime = AT) -> datetime:
    """The same time of day some weeks later."""
    return at + timedelta(weeks=weeks)
