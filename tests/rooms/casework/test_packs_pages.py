"""The pages of evidence packs: what they show first, who may make and certify one, and wrong or repeated input."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from rollcall.casework.models import Pack
from rollcall.journal.models import Look
from rollcall.schools import actions as schools
from tests.cast import DAY, Cast
from tests.rooms.casework.evidence import SECRETS, packed, recorded
from tests.rooms.casework.noticing import AT, issued, ready


def url(cast: Cast, name: str = "Aisha") -> str:
    return reverse("casework:pack_make", args=[cast.pupil(name).pk])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.policy("A5-c")
def test_what_is_missing_stands_before_the_pack_is_made(cast: Cast, signed_in, django_assert_max_num_queries) -> None:
    ready(cast)
    head = signed_in("head")
    with django_assert_max_num_queries(45):
        page = text_of(head.get(url(cast)))
    assert page.index("No support is recorded as offered.") < page.index("Make the pack")
    assert "The extract of the register begins on Monday 4 September 2023: the first day of the school year." in page
    assert "is not certified" not in page, "who may certify is asked, and not told of it"


@pytest.mark.policy("A5-c")
def test_the_head_makes_and_certifies_one_with_one_press(cast: Cast, signed_in) -> None:
    notice = recorded(cast)
    head = signed_in("head")
    given = {"key": "k1", "since": "2023-09-04", "notice": notice.pk, "certify": "on"}
    answer = head.post(url(cast), given)
    made = Pack.objects.get()
    assert answer.url == reverse("casework:pack", args=[made.pk]) and made.notice == notice
    assert ["Certified by", "Harriet Head, Head of school"] in made.contents["cover"]["rows"]
    assert head.post(url(cast), given).url == answer.url and Pack.objects.count() == 1, "pressed twice"
    page = text_of(head.get(answer.url))
    assert made.digest[:8] in page and made.contents["reference"] in page
    assert "Letters to the family, as they were sent" in page
    pdf = head.get(reverse("casework:pack_pdf", args=[made.pk]))
    assert pdf["Content-Type"] == "application/pdf" and pdf["X-Content-Digest"] == made.digest
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Breakfast club" in text and not any(secret in text for secret in SECRETS)
    assert Look.objects.filter(what="pack", thing_id=made.pk).count() == 2


def test_the_secretary_makes_one_that_is_not_certified(cast: Cast, signed_in) -> None:
    ready(cast)
    secretary = signed_in("secretary")
    page = text_of(secretary.get(url(cast)))
    assert "The head of school or the executive headteacher certifies an extract." in page
    assert "I certify the extracts" not in page
    secretary.post(url(cast), {"key": "k1", "since": "2023-09-04", "certify": "on"})
    assert ["Certified by", "nobody yet"] in Pack.objects.get().contents["cover"]["rows"]


@pytest.mark.parametrize(
    ("since", "says"),
    [
        ("", "Give the first day of the extract."),
        ("4/9/x", "Give the day as 4 9 2023."),
        ("2024-05-15", "This day is still to come: an extract ends today."),
    ],
)
def test_a_wrong_day_is_said_beside_the_field_and_kept(cast: Cast, signed_in, since: str, says: str) -> None:
    ready(cast)
    answer = signed_in("head").post(url(cast), {"key": "k1", "since": since})
    assert answer.status_code == 422 and text_of(answer).count(says) >= 2, "in the summary and beside it"
    assert not Pack.objects.exists()


def test_another_pupils_notice_is_not_found(cast: Cast, signed_in) -> None:
    ready(cast)
    notice, head = issued(cast), signed_in("head")
    assert head.get(url(cast, "Ben"), {"notice": notice.pk}).status_code == 404
    assert head.get(url(cast), {"notice": "9" * 30}).status_code == 404
    head.post(url(cast, "Ben"), {"key": "k", "since": "2023-09-04", "notice": notice.pk})
    assert Pack.objects.get().notice is None, "a pupil without a notice is not asked for one"
    answer = head.post(url(cast), {"key": "l", "since": "2023-09-04", "notice": notice.pk + 1})
    assert answer.status_code == 422 and Pack.objects.count() == 1


def test_the_hub_and_the_notice_lead_to_the_packs(cast: Cast, signed_in) -> None:
    notice = recorded(cast)
    made = packed(cast, notice=notice)
    head = signed_in("head")
    hub = text_of(head.get(reverse("casework:pupil", args=[notice.pupil_id])))
    assert "Evidence packs" in hub and reverse("casework:pack", args=[made.pk]) in hub
    page = text_of(head.get(reverse("casework:notice", args=[notice.pk])))
    assert f"{url(cast)}?notice={notice.pk}" in page and reverse("casework:pack", args=[made.pk]) in page


def test_a_pack_moves_with_the_pupil_and_no_other_school_sees_it(cast: Cast, signed_in) -> None:
    recorded(cast)
    made = packed(cast)
    where = reverse("casework:pack", args=[made.pk])
    assert signed_in("stranger").get(where).status_code == 404
    assert signed_in("teacher").get(where).status_code == 403
    schools.move_school(cast.enrolments["Aisha"], cast.classes["Otters"], begins=DAY, year_group=4, by=cast.by, at=AT)
    assert signed_in("stranger").get(where).status_code == 200


def test_a_pdf_that_another_program_sets_otherwise_is_said(cast: Cast, signed_in) -> None:
    ready(cast)
    made = packed(cast)
    Pack.objects.filter(pk=made.pk).update(digest="0" * 64)
    head = signed_in("head")
    head.get(reverse("casework:pack_pdf", args=[made.pk]))
    assert "its digest is another one" in text_of(head.get(reverse("casework:pack", args=[made.pk])))
