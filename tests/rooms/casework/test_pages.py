"""The review's pages: what they show, who may do what, and that nothing goes without a preview."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.casework.models import Decision, Review
from rollcall.outbox.models import Message
from tests.cast import Cast


def test_the_list_says_that_a_review_is_due_and_starts_one(cast: Cast, marked, signed_in) -> None:
    head = signed_in("head")
    page = head.get("/reviews/")
    assert "No review yet" in page.content.decode()
    answer = head.post("/reviews/hamsey/open/", {"key": "k"}, follow=True)
    assert answer.status_code == 200
    assert "3 pupils below the target" in answer.content.decode()
    head.post("/reviews/hamsey/open/", {"key": "k"})
    assert Review.objects.count() == 1


def test_a_review_shows_figure_reason_and_proposal(
    cast: Cast, reviewed, signed_in, django_assert_max_num_queries
) -> None:
    head = signed_in("head")
    with django_assert_max_num_queries(20):
        page = head.get(f"/reviews/{reviewed.pk}/")
    text = page.content.decode()
    assert "Send letter 1" in text
    assert "Attendance is below 95%" in text
    assert text.index("Ben Carter") < text.index("Aisha Begum") < text.index("Chloe Dunn")
    assert "3 left to decide" in text


def test_agreeing_to_a_letter_leads_to_the_preview_first(cast: Cast, reviewed, row, signed_in) -> None:
    head, aisha = signed_in("head"), row("Aisha")
    answer = head.post(f"/reviews/{reviewed.pk}/agree/", {"row": aisha.pk, "key": "k"}, follow=True)
    text = answer.content.decode()
    assert "1 letter will go" in text
    assert "pat.begum@example.org" in text
    assert "Up to Monday 13 May 2024" in text
    assert not Decision.objects.exists()
    pdf = head.get(f"/reviews/{reviewed.pk}/letters/{aisha.pk}/{cast.pupil('Aisha').contacts.get().contact_id}.pdf")
    assert pdf.content.startswith(b"%PDF")
    form = {"row": aisha.pk, "key": "k2"}
    head.post(f"/reviews/{reviewed.pk}/letters/", form)
    head.post(f"/reviews/{reviewed.pk}/letters/", form)
    message = Message.objects.get()
    assert Decision.objects.count() == 1
    shown = head.get(f"/reviews/letters/{message.pk}/").content.decode()
    assert "What it rests on" in shown
    assert head.get(f"/reviews/letters/{message.pk}/letter.pdf").content == bytes(message.pdf)
    assert pdf.content == bytes(message.pdf), "what was previewed is what goes"
    decided = head.get(f"/reviews/{reviewed.pk}/pupils/{aisha.pk}/").content.decode()
    assert f"/reviews/letters/{message.pk}/" in decided


def test_a_letter_is_withdrawn_from_its_page_with_a_reason(cast: Cast, reviewed, row, signed_in) -> None:
    head = signed_in("head")
    head.post(f"/reviews/{reviewed.pk}/letters/", {"row": row("Aisha").pk, "key": "k"})
    url = f"/reviews/letters/{Message.objects.get().pk}/"
    assert "Say why it is withdrawn" in head.post(f"{url}withdraw/", {"key": "w"}, follow=True).content.decode()
    given = {"key": "w2", "because": "we rang instead"}
    assert "Withdrawn" in head.post(f"{url}withdraw/", given, follow=True).content.decode()
    assert signed_in("secretary").post(f"{url}withdraw/", given).status_code == 403
    assert signed_in("stranger").get(url).status_code == 404
    assert signed_in("office").get(f"{url}letter.pdf").status_code == 403


def test_a_preview_takes_as_many_queries_for_three_as_for_one(cast: Cast, reviewed, row, signed_in) -> None:
    head, url = signed_in("head"), f"/reviews/{reviewed.pk}/letters/?otherwise=letter-1"
    names, counts = ["Ben", "Aisha", "Chloe"], []
    rows = [f"&row={row(name).pk}" for name in names]
    for n in (1, 3):
        with CaptureQueriesContext(connection) as seen:
            assert head.get(url + "".join(rows[:n])).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] < 20


def test_all_of_a_group_can_be_agreed_at_once(cast: Cast, reviewed, row, signed_in) -> None:
    head = signed_in("head")
    answer = head.post(f"/reviews/{reviewed.pk}/agree/", {"all": "keep monitoring", "key": "k"}, follow=True)
    assert "Agreed for 1 pupil." in answer.content.decode()
    assert row("Chloe").decision.choice == "agree"


def test_no_action_needs_a_reason_beside_the_field(cast: Cast, reviewed, row, signed_in) -> None:
    head, url = signed_in("head"), f"/reviews/{reviewed.pk}/pupils/{row('Ben').pk}/"
    assert head.get(url).status_code == 200
    answer = head.post(url, {"choice": "none", "because": "", "key": "k"})
    assert "Say why, in a few words" in answer.content.decode()
    head.post(url, {"choice": "none", "because": "in hospital until June", "key": "k2"})
    assert row("Ben").decision.because == "in hospital until June"
    assert "No action, because in hospital until June" in head.get(f"/reviews/{reviewed.pk}/").content.decode()


def test_a_letter_instead_of_monitoring_is_previewed_with_its_reason(cast: Cast, reviewed, row, signed_in) -> None:
    head, chloe = signed_in("head"), row("Chloe")
    given = {"choice": "otherwise", "step": "letter-1", "because": "her parents asked", "key": "k"}
    preview = head.post(f"/reviews/{reviewed.pk}/pupils/{chloe.pk}/", given).content.decode()
    assert "her parents asked" in preview
    assert not Decision.objects.exists()
    head.post(
        f"/reviews/{reviewed.pk}/letters/",
        {"row": chloe.pk, "otherwise": "letter-1", "because": "her parents asked", "by_post": "yes", "key": "k2"},
    )
    assert row("Chloe").decision.choice == "otherwise"
    assert Message.objects.get().channel == "print"


def test_a_review_closes_only_when_all_is_decided_or_carried_over(cast: Cast, reviewed, signed_in) -> None:
    head, url = signed_in("head"), f"/reviews/{reviewed.pk}/close/"
    assert "3 rows are not decided" in head.post(url, {"key": "k", "carry_over": ""}).content.decode()
    head.post(url, {"key": "k2", "carry_over": "waiting for the GP's letter"})
    reviewed.refresh_from_db()
    assert reviewed.closed is not None
    page = head.get(f"/reviews/{reviewed.pk}/").content.decode()
    assert "kept as it was" in page
    assert "Carried over to the next review, because waiting for the GP&#x27;s letter" in page


@pytest.mark.parametrize("person", ["secretary", "dsl", "leader"])
def test_others_see_the_review_and_decide_nothing(person: str, cast: Cast, reviewed, row, signed_in) -> None:
    client = signed_in(person)
    page = client.get(f"/reviews/{reviewed.pk}/")
    assert page.status_code == 200
    assert "Agree" not in page.content.decode()
    for path, form in [
        (f"{reviewed.pk}/agree/", {"row": row("Chloe").pk}),
        (f"{reviewed.pk}/letters/", {"row": row("Ben").pk}),
        (f"{reviewed.pk}/pupils/{row('Ben').pk}/", {"choice": "agree", "key": "k"}),
        (f"{reviewed.pk}/close/", {}),
        ("hamsey/open/", {}),
    ]:
        assert client.post(f"/reviews/{path}", form).status_code == 403, path
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("person", "status"), [("stranger", 404), ("teacher", 403), ("office", 403), ("governor", 403)]
)
def test_who_has_no_part_in_it_is_refused(person: str, status: int, cast: Cast, reviewed, row, signed_in) -> None:
    client, ben = signed_in(person), row("Ben")
    contact = cast.pupil("Ben").contacts.get().contact_id
    for path in (
        f"{reviewed.pk}/",
        f"{reviewed.pk}/pupils/{ben.pk}/",
        f"{reviewed.pk}/letters/?row={ben.pk}",
        f"{reviewed.pk}/letters/{ben.pk}/{contact}.pdf",
    ):
        assert client.get(f"/reviews/{path}").status_code == status, path
    assert client.get("/reviews/999999/").status_code == 404


def test_a_row_of_another_review_is_not_found_under_this_one(cast: Cast, reviewed, row, signed_in) -> None:
    assert signed_in("head").get(f"/reviews/{reviewed.pk + 1}/pupils/{row('Ben').pk}/").status_code == 404
