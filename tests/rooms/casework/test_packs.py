"""Evidence packs: all that is on record copied and certified, what is missing said, nothing told that may not be."""

import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from rollcall.casework.actions.packs import NotMade, make_pack
from rollcall.casework.models import Meeting, Notice, Pack
from rollcall.casework.queries.packing import canonical, digest_of, period_of
from rollcall.documents.pack import pack_pdf
from rollcall.outbox.models import Message
from rollcall.schools import actions as schools
from tests.cast import Cast, moment
from tests.rooms.casework.evidence import BARRED_WHY, SECRETS, certified, deed, packed, read, recorded
from tests.rooms.casework.marking import fill, phone
from tests.rooms.casework.noticing import AT, absent_after, add_parent, issued, ready


@pytest.mark.policy("A5-c")
@pytest.mark.policy("4.1-c")
@pytest.mark.policy("7.4-c")
def test_a_pack_holds_all_support_meetings_letters_and_marks_with_their_history(cast: Cast) -> None:
    notice = recorded(cast)
    text = read(packed(cast, notice=notice))
    for words in (
        "I certify that this is a true extract of the attendance register of Hamsey Primary School",
        "Harriet Head, Head of school",
        "The doctor wrote to us",  # the amended mark's reason, beside who and when
        "Breakfast club",
        "Rings by 8.30",
        "At least 95% of sessions attended",
        "Called Pat Begum: no answer",
        "Sick, like [another child]",
        "Printed and posted on Tuesday 14 May 2024",
        "It fell again",
        "Below 95% for the first time",
        "She is often late",
        "To sit beside Chloe",
        "10 unauthorised sessions in the school weeks after the warning",
        "SI 2006/1751",
        "Education Act 1996, sections 7 and 444",
        "Page 1 of",
        "Attendance policy of the federation",
    ):
        assert words in text, words


@pytest.mark.policy("3.3-a")
def test_nothing_of_safeguarding_of_who_is_barred_or_of_other_children_is_told(cast: Cast) -> None:
    notice = recorded(cast)
    made = packed(cast, notice=notice)
    told = json.dumps(made.contents, ensure_ascii=False) + read(made)
    for secret in (*SECRETS, BARRED_WHY, "child protection", "07700"):
        assert secret.lower() not in told.lower(), secret
    assert "[left out]" in told and "[another child]" in told
    assert "1 Mill Lane" in told, "the address of the parent to whom the notice goes"
    plain = packed(cast, key="plain")
    assert "Mill Lane" not in json.dumps(plain.contents), "no address where it is for no notice"


def test_the_list_of_what_is_left_out_is_the_same_whether_or_not_there_is_any(cast: Cast) -> None:
    recorded(cast)
    assert packed(cast, key="a").contents["left_out"] == packed(cast, "Chloe", key="c").contents["left_out"]


@pytest.mark.policy("5.2-c")
def test_a_notice_to_another_adult_stays_out_of_the_pack_for_one(cast: Cast) -> None:
    notice = recorded(cast)
    other = add_parent(cast, "Aisha", "Ursula", "Step-mother")
    Notice.objects.create(
        pupil=notice.pupil, contact=other, to_name="Ursula Begum", school=cast.hamsey, kind="leave", edition="2006",
        evidence={}, proposed=notice.proposed,
    )  # fmt: skip
    assert "Ursula" not in json.dumps(packed(cast, notice=notice).contents)
    assert "Ursula" in json.dumps(packed(cast, key="whole").contents)


@pytest.mark.policy("5.2-c")
def test_the_extract_reaches_back_to_the_weeks_before_the_warning_and_of_the_notice(cast: Cast) -> None:
    ready(cast)
    pupil = cast.pupil("Aisha").pk
    first, why = period_of(pupil, cast.hamsey.pk, AT)
    assert (first, why) == (date(2023, 9, 4), "the first day of the school year")
    autumn = moment(9, 5, date(2024, 9, 10))
    schools.add_year(cast.hamsey, 2024, [("Autumn", date(2024, 9, 4), date(2024, 12, 18))], by=cast.by, at=AT)
    first, why = period_of(pupil, cast.hamsey.pk, autumn)
    assert first == date(2024, 1, 22), "10 school weeks that end with the one of 17 April"
    assert why == "10 school weeks up to the warning of Wednesday 17 April 2024"
    early, _ = period_of(cast.pupil("Ben").pk, cast.hamsey.pk, autumn)
    assert early == date(2024, 9, 4)


@pytest.mark.policy("5.2-c")
def test_a_notice_has_at_least_its_ten_weeks(cast: Cast) -> None:
    ready(cast)
    Message.objects.all().delete()
    notice = issued_without_warning(cast)
    schools.add_year(cast.hamsey, 2024, [("Autumn", date(2024, 9, 4), date(2024, 12, 18))], by=cast.by, at=AT)
    first, why = period_of(cast.pupil("Aisha").pk, cast.hamsey.pk, moment(9, 5, date(2024, 9, 10)), notice)
    assert first == date(2024, 1, 29) and why == "the 10 school weeks up to the last session of the notice"


def issued_without_warning(cast: Cast) -> Notice:
    notice = Notice.objects.create(
        pupil=cast.pupil("Aisha"), contact=cast.pupil("Aisha").contacts.get().contact, to_name="Pat Begum",
        school=cast.hamsey, kind="irregular", edition="2006", evidence={}, proposed=deed(cast, "notice.proposed"),
    )  # fmt: skip
    notice.sessions.create(
        pupil=notice.pupil, contact=notice.contact, enrolment=cast.enrolments["Aisha"], day=date(2024, 4, 25),
        half="PM", code="O",
    )  # fmt: skip
    return notice


def test_what_is_missing_is_said_on_the_cover(cast: Cast) -> None:
    phone(cast)
    days = absent_after(cast, 2, "N") | {4: "-"}
    fill(cast, {"Ben": days})
    about = {"pupil": cast.pupil("Ben"), "school": cast.hamsey}
    Meeting.objects.create(kind="regular", at=moment(9, 0, date(2024, 5, 1)), deed=deed(cast, "planned"), **about)
    said = packed(cast, "Ben", certified=None).contents["missing"]
    assert said == [
        "Hamsey Primary School: 1 session without a mark (Wednesday 6 September 2023).",
        "Hamsey Primary School: 4 sessions of which nobody has said why, code N (Friday 19 April 2024 and Monday 22 "
        "April 2024).",
        "The extract of the register of Hamsey Primary School is not certified.",
        "No warning has gone to the family.",
        "Nobody wrote down how the meeting of Wednesday 1 May 2024 went.",
        "No support is recorded as offered.",
    ]


def test_a_letter_that_stopped_says_so_and_not_why_somebody_is_barred(cast: Cast) -> None:
    notice = recorded(cast)
    sent = Message.objects.get(kind="letter.notice")
    sent.attempts.create(at=AT, outcome="stopped", detail="The address is also that of somebody barred.", by="Worker")
    Message.objects.filter(pk=sent.pk).update(state="stopped", sent_at=None)
    text = read(packed(cast, notice=notice))
    assert "Stopped: its ground is gone. Stopped: They may no longer be written to." in text
    assert "somebody barred" not in text


@pytest.mark.policy("4.1-c")
def test_an_extract_says_original_amended_reason_who_position_and_when(cast: Cast) -> None:
    recorded(cast)
    blocks = packed(cast).contents["exhibits"][0]["blocks"]
    changed = next(block for block in blocks if block["kind"] == "table" and "Original" in block["head"])
    assert changed["rows"] == [
        ["Thursday 2 May 2024, morning", "/", "I", "The doctor wrote to us", "Rollcall, set-up",
         "Tuesday 14 May 2024 at 9.05"]
    ]  # fmt: skip
    months = next(block for block in blocks if block["kind"] == "register")["months"]
    (may,) = [rows for month, rows in months if month == "May 2024"]
    assert ["Thu 2 May", ["I", "Illness (changed)", "leave"], ["\\", "Present in the afternoon", ""]] in may
    assert sum(len(rows) for _, rows in months) == 148


def test_a_pupil_who_moved_has_an_extract_of_each_school_certified_by_who_may(cast: Cast) -> None:
    recorded(cast)
    schools.move_school(
        cast.enrolments["Aisha"], cast.classes["Otters"], begins=date(2024, 5, 13), year_group=4, by=cast.by, at=AT
    )
    made = packed(cast, school=cast.barcombe.pk)
    titles = [one["title"] for one in made.contents["exhibits"][:2]]
    assert titles == ["1  Register of Hamsey Primary School", "2  Register of Barcombe Primary School"]
    assert "The extract of the register of Barcombe Primary School is not certified." in made.contents["missing"]
    hamsey, barcombe = (one["blocks"][0] for one in made.contents["exhibits"][:2])
    assert hamsey["signed"] and not barcombe["signed"]


def test_pressed_twice_it_is_one_pack_and_another_pupils_notice_is_refused(cast: Cast) -> None:
    ready(cast)
    assert packed(cast).pk == packed(cast).pk
    assert Pack.objects.count() == 1
    with pytest.raises(NotMade, match="about another pupil"):
        packed(cast, "Ben", key="b", notice=issued(cast))
    with pytest.raises(NotMade, match="still to come"):
        packed(cast, key="c", since=date(2024, 5, 15))


def test_the_pdf_has_bookmarks_and_page_numbers_and_is_tagged(cast: Cast) -> None:
    notice = recorded(cast)
    made = packed(cast, notice=notice)
    pdf = PdfReader(io.BytesIO(pack_pdf(made.contents)))
    marks = [one.title for one in flat(pdf.outline)]
    assert "1 Register of Hamsey Primary School" in [" ".join(one.split()) for one in marks]
    assert any("Penalty notice" in one for one in marks)
    assert pdf.metadata.title == "Evidence about Aisha Begum"
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    n = len(pdf.pages)
    assert f"Page {n} of {n}" in pdf.pages[-1].extract_text()
    assert made.digest == digest_of(pack_pdf(made.contents))
    assert made.contents["reference"] in pdf.pages[0].extract_text()


def flat(outline):
    for one in outline:
        yield from flat(one) if isinstance(one, list) else [one]


def test_a_sign_that_no_typeface_has_does_not_keep_the_pack_from_being_made(cast: Cast) -> None:
    ready(cast)
    about = {"pupil": cast.pupil("Aisha"), "school": cast.hamsey, "about": "She said \U0001f9a9 and أهلا"}
    Meeting.objects.create(kind="regular", at=moment(9, 0), deed=deed(cast, "planned"), **about)
    made = packed(cast)
    assert "\U0001f9a9" in canonical(made.contents).decode(), "kept as it was typed"
    assert "She said" in read(made)


def test_a_pack_made_by_who_may_not_certify_says_so(cast: Cast) -> None:
    recorded(cast)
    made = make_pack(
        cast.pupil("Aisha").pk, school=cast.hamsey.pk, by=cast.actor("secretary"), at=AT, key="s", certified=None
    )
    assert "This extract is not certified." in read(made)
    assert ["Certified by", "nobody yet"] in made.contents["cover"]["rows"]
    assert certified(cast).name == "Harriet Head"
