"""A pack two years on, and what is let go and what stays meanwhile (4.1-e, design laws 5 and 7)."""

import json
import subprocess
import sys
from datetime import date, datetime
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command

from rollcall.casework.actions import close_case
from rollcall.casework.actions.retaining import retain_casework
from rollcall.casework.models import (
    Case,
    FormFilled,
    LetterWritten,
    Meeting,
    MeetingOutcome,
    Notice,
    NoticeEvent,
    Pack,
    Review,
    StepTaken,
    SupportOffered,
    Target,
)
from rollcall.casework.queries.resting import resting_on
from rollcall.documents.pack import pack_pdf
from rollcall.journal.actor import SCHEDULER
from rollcall.journal.models import Deed
from rollcall.outbox.models import Message
from rollcall.registers.models import Entry
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from tests.cast import Cast, moment
from tests.rooms.casework.evidence import packed, recorded
from tests.rooms.casework.noticing import mark

ANEW = (
    "import hashlib, json, sys; from rollcall.documents.pack import pack_pdf; "
    "print(hashlib.sha256(pack_pdf(json.load(sys.stdin))).hexdigest())"
)


def retain(at: datetime) -> str:
    out = StringIO()
    with patch("django.utils.timezone.localtime", lambda *_: at):
        call_command("retain", stdout=out)
    return out.getvalue()


def on(year: int, month: int = 5, day: int = 15) -> datetime:
    return moment(12, 0, date(year, month, day))


@pytest.mark.policy("A5-c")
@pytest.mark.policy("5.2-c")
@pytest.mark.policy("4.1-c")
@pytest.mark.policy("4.1-e")
def test_a_pack_two_years_old_is_the_same_bytes_whatever_was_changed_since(cast: Cast) -> None:
    made = packed(cast, notice=recorded(cast))
    mark(cast, "Aisha", date(2024, 4, 19), "AM", "I", "It was illness after all")
    pupil = cast.pupil("Aisha")
    by = {"by": cast.actor("exec"), "at": on(2024, 6, 1)}
    schools.change_pupil(pupil, {"legal_last": "Thorne", "known_last": "Thorne"}, school=cast.hamsey, **by)
    schools.adopt_policy(
        cast.federation, document=shipped_text("national"), effective=date(2024, 9, 1), approved=date(2024, 7, 1),
        review=date(2025, 7, 1), **by,
    )  # fmt: skip
    schools.move_school(cast.enrolments["Aisha"], cast.classes["Otters"], begins=date(2024, 6, 3), year_group=4, **by)
    Message.objects.filter(pupil=pupil.pk).update(subject="Altered")
    retain(on(2026))
    kept = Pack.objects.get(pk=made.pk)
    again = subprocess.run(
        [sys.executable, "-c", ANEW], input=json.dumps(kept.contents), capture_output=True, text=True, check=True
    )
    assert again.stdout.strip() == made.digest == kept.digest, "set by another process from its own copy alone"
    anew = packed(cast, school=cast.barcombe.pk, at=on(2024, 6, 4), key="anew", certified=None)
    rows = dict(anew.contents["cover"]["rows"])
    assert rows["Pupil"] == "Aisha Thorne" and "Begum until Saturday 1 June 2024" in rows["Earlier names"]
    assert dict(kept.contents["cover"]["rows"])["Pupil"] == "Aisha Begum"


@pytest.mark.policy("4.1-e")
def test_entries_stay_while_a_case_is_open_a_notice_stands_or_a_pack_is_kept(cast: Cast) -> None:
    recorded(cast)
    seat, far = cast.enrolments["Aisha"].pk, date(2040, 1, 1)
    assert resting_on(cast.hamsey.pk, far) == {seat}, "the case is open"
    Case.objects.update(closed=Deed.objects.first(), end="done")
    assert resting_on(cast.hamsey.pk, far) == {seat}, "the notice stands"
    paid = Deed.objects.create(key="paid", kind="notice.paid", actor="x", name="x", position="x", at=on(2024, 6, 1))
    NoticeEvent.objects.create(notice=Notice.objects.get(), kind="withdrawn", day=date(2024, 6, 1), deed=paid)
    assert resting_on(cast.hamsey.pk, date(2027, 6, 1)) == {seat}
    assert resting_on(cast.hamsey.pk, date(2027, 6, 2)) == set()
    packed(cast, at=on(2026), key="late")
    assert resting_on(cast.hamsey.pk, date(2027, 6, 2)) == {seat}, "a pack was made a year ago"
    assert resting_on(cast.hamsey.pk, date(2029, 5, 16)) == set()


def closed(cast: Cast, at: datetime) -> Case:
    """The case closed with its notice withdrawn, everything else hanging on it."""
    notice = recorded(cast)
    case = Case.objects.get()
    Notice.objects.update(case=case)
    for kind in (LetterWritten, SupportOffered, FormFilled):
        kind.objects.update(case=case)
    packed(cast, notice=notice, case=case)
    deed = Deed.objects.create(key="gone", kind="notice.withdrawn", actor="x", name="x", position="x", at=at)
    NoticeEvent.objects.create(notice=notice, kind="withdrawn", day=at.date(), deed=deed)
    by = {"school": cast.hamsey.pk, "by": cast.actor("head")}
    close_case(case, end="done", because="It came to its end", at=at, key="close", **by)
    return case


HANGING = (Case, StepTaken, Meeting, MeetingOutcome, Target, FormFilled, SupportOffered, Notice, LetterWritten, Pack)


@pytest.mark.policy("4.1-e")
def test_a_closed_case_goes_whole_the_day_after_its_time_and_not_before(cast: Cast) -> None:
    closed(cast, on(2024, 6, 20))
    given = {"by": SCHEDULER}
    assert retain_casework(cast.hamsey.pk, at=on(2027, 6, 20), **given).words == ""
    assert all(kind.objects.exists() for kind in HANGING), "the pack is older, and stays with its notice"
    assert retain_casework(cast.barcombe.pk, at=on(2027, 6, 21), **given).words == "", "not where the pupil is"
    gone = retain_casework(cast.hamsey.pk, at=on(2027, 6, 21), **given)
    assert gone.cases == 1
    assert not any(kind.objects.exists() for kind in HANGING)
    assert not Message.objects.filter(kind="letter.notice").exists()
    assert Deed.objects.filter(kind="casework.retained").last().reason == "1 evidence pack and 1 case past their date"
    assert retain_casework(cast.hamsey.pk, at=on(2027, 6, 21), **given).words == ""


@pytest.mark.policy("4.1-e")
def test_an_open_case_never_goes_and_keeps_its_pack_and_its_entries(cast: Cast) -> None:
    notice = recorded(cast)
    packed(cast, notice=notice, case=Case.objects.get())
    said = retain(on(2060))
    assert Case.objects.exists() and Pack.objects.exists() and Notice.objects.exists()
    assert Entry.objects.filter(enrolment=cast.enrolments["Aisha"]).exists()
    assert not Entry.objects.filter(enrolment=cast.enrolments["Ben"]).exists()
    assert "case" not in said.replace("casework", "")


@pytest.mark.policy("4.1-e")
def test_a_case_stays_whole_while_a_letter_or_pack_of_it_has_time_left(cast: Cast) -> None:
    case = closed(cast, on(2024, 6, 20))
    LetterWritten.objects.filter(letter="notice").update(day=date(2026, 1, 1))
    retain_casework(cast.hamsey.pk, by=SCHEDULER, at=on(2027, 6, 21))
    assert Case.objects.filter(pk=case.pk).exists() and StepTaken.objects.exists()
    assert retain_casework(cast.hamsey.pk, by=SCHEDULER, at=on(2029, 1, 2)).cases == 1


@pytest.mark.policy("4.1-e")
def test_when_the_case_has_gone_its_entries_go_on_the_same_day(cast: Cast) -> None:
    closed(cast, on(2024, 6, 20))
    said = retain(on(2030, 6, 21))
    assert "Hamsey Primary School: 1 evidence pack and 1 case past their date." in said
    assert not Entry.objects.exists()
    assert retain(on(2030, 6, 22)).count("past their date") == 2, "the entries' own line at each school, with nothing"


@pytest.mark.policy("4.1-e")
def test_reviews_and_letters_of_no_case_have_their_own_time(cast: Cast, reviewed: Review) -> None:
    Review.objects.update(closed=Deed.objects.first())
    LetterWritten.objects.create(
        pupil=cast.pupil("Ben"), school=cast.hamsey, letter="update-low", day=date(2024, 5, 14), deed=reviewed.opened
    )
    assert retain_casework(cast.hamsey.pk, by=SCHEDULER, at=on(2027, 5, 14)).words == ""
    assert retain_casework(cast.hamsey.pk, by=SCHEDULER, at=on(2027, 5, 15)).words == "1 letter and 1 review"
    assert not Review.objects.exists() and not LetterWritten.objects.exists()


def test_contents_are_plain_json_that_any_database_gives_back(cast: Cast) -> None:
    made = packed(cast, notice=recorded(cast))
    assert json.loads(json.dumps(made.contents)) == Pack.objects.get().contents
    assert pack_pdf(Pack.objects.get().contents) == pack_pdf(made.contents)
