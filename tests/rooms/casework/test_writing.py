"""A letter by hand from a pupil's page, the lists of letters, and each letter opening as it was sent."""

import pytest

from rollcall.casework.actions.letters import write_letter
from rollcall.casework.models import LetterWritten, SupportOffered
from rollcall.casework.queries.written import WRITTEN
from rollcall.journal import actions as journal
from rollcall.outbox.models import Message
from tests.cast import DAY, Cast, moment

TYPED = {
    "key": "k1",
    "unauthorised_so_far": "20 sessions this school year",
    "support_given": "Breakfast club\n- A lift to school",
    "warning_from": "Wednesday 15 May 2024",
}


def hub(cast: Cast) -> str:
    return f"/casework/pupils/{cast.pupil('Aisha').pk}/"


def warning(cast: Cast) -> str:
    return f"{hub(cast)}letters/formal-warning/"


def text(answer) -> str:
    return answer.content.decode()


def test_the_letters_by_hand_are_chosen_from_the_policy(marked: Cast, signed_in) -> None:
    page = text(signed_in("head").get(f"{hub(marked)}letters/"))
    for name in ("Formal warning", "Attendance contract", "Invitation to a meeting", "Target"):
        assert name in page
    assert "Weekly update" not in page
    assert "Letter 1" not in page


@pytest.mark.policy("A5-b")
def test_it_is_filled_in_seen_and_sent_exactly_as_seen(marked: Cast, signed_in) -> None:
    head, url = signed_in("head"), warning(marked)
    deed = journal.begin("test.support", by=marked.actor("head"), at=moment(9, 0))
    SupportOffered.objects.create(
        pupil=marked.pupil("Aisha"), school=marked.hamsey, kind="other", what="Walking bus", day=DAY, deed=deed
    )
    page = text(head.get(url))
    assert "Walking bus, offered on Tuesday 14 May" in page
    assert "20 sessions this school year" in page
    seen = head.post(url, TYPED | {"do": "see"})
    assert "<li>A lift to school</li>" in text(seen)
    assert "Education Act 1996" in text(seen)
    assert not LetterWritten.objects.exists()
    changed = head.post(url, TYPED | {"do": "send", "seen": seen.context["seen"], "warning_from": "Friday"})
    assert changed.status_code == 422
    assert "reads differently by now" in text(changed)
    assert head.post(url, TYPED | {"do": "send", "seen": seen.context["seen"]}).status_code == 302
    assert head.post(url, TYPED | {"do": "send", "seen": seen.context["seen"]}).status_code == 302
    (message,) = Message.objects.filter(ground=WRITTEN)
    assert message.body == seen.context["ready"].letters[0].composed.text
    assert message.kind == "letter.warning"
    assert "- Breakfast club\n- A lift to school" in message.body


def test_the_preview_is_shown_as_it_is_printed(marked: Cast, signed_in) -> None:
    head, url = signed_in("head"), warning(marked)
    contact = head.post(url, TYPED | {"do": "see"}).context["ready"].letters[0].recipient.contact
    assert head.post(url, TYPED | {"pdf": contact}).content[:5] == b"%PDF-"
    assert head.post(url, TYPED | {"pdf": "0"}).status_code == 404


def test_what_is_missing_or_wrong_is_said_and_what_was_typed_stays(marked: Cast, signed_in) -> None:
    head, url = signed_in("head"), warning(marked)
    answer = head.post(url, TYPED | {"do": "see", "support_given": ""})
    assert answer.status_code == 422
    assert "Fill in the help that was offered" in text(answer)
    assert "Wednesday 15 May 2024" in text(answer)
    assert head.get(f"{hub(marked)}letters/letter-1/").status_code == 404
    assert head.get(f"{hub(marked)}letters/nothing/").status_code == 404


@pytest.mark.parametrize(("name", "status"), [("secretary", 403), ("teacher", 403), ("stranger", 404)])
def test_only_a_head_writes(marked: Cast, signed_in, name: str, status: int) -> None:
    assert signed_in(name).get(warning(marked)).status_code == status


def test_the_hub_and_the_schools_page_list_it_and_it_opens_as_sent(marked: Cast, signed_in) -> None:
    head = signed_in("head")
    given = {"school": marked.hamsey.pk, "by": marked.actor("head"), "at": moment(9, 0)}
    written = write_letter(marked.pupil("Aisha").pk, "letter-1", {}, **given)
    message = Message.objects.get(ground=WRITTEN, ground_id=written.pk)
    assert f"/reviews/letters/{message.pk}/" in text(head.get(hub(marked)))
    page = text(head.get("/casework/hamsey/letters/"))
    assert "Letters of the review" in page or "can we help?" in page
    assert "can we help?" in text(head.get("/casework/hamsey/letters/?kind=letter.warning"))
    sent = text(head.get(f"/reviews/letters/{message.pk}/"))
    assert "of 365" in sent or "sessions up to" in sent
    assert head.get(f"/reviews/letters/{message.pk}/letter.pdf").content[:5] == b"%PDF-"
    url = f"/reviews/letters/{message.pk}/withdraw/"
    assert signed_in("secretary").post(url, {"because": "No", "key": "w"}).status_code == 403
    assert "Withdrawn: what has not gone" in text(head.post(url, {"because": "An error", "key": "w"}, follow=True))
    written.refresh_from_db()
    assert written.withdrawn is not None


def test_the_lists_take_the_same_few_queries_however_many_letters(
    marked: Cast, signed_in, django_assert_max_num_queries
) -> None:
    head = signed_in("head")
    given = {"school": marked.hamsey.pk, "by": marked.actor("head"), "at": moment(9, 0)}
    for name in ("Aisha", "Ben", "Chloe", "Dev"):
        write_letter(marked.pupil(name).pk, "letter-1", {}, **given)
    head.get("/casework/hamsey/letters/")
    with django_assert_max_num_queries(30):
        head.get("/casework/hamsey/letters/")
