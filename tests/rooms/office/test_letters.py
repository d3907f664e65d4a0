"""Wordings, messages and the journal by page: checked as typed, seen with real figures, kept as sent."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from rollcall.documents.letter import LetterPage
from rollcall.journal import actions as journal
from rollcall.letters.models import Wording
from rollcall.letters.queries import wording_for
from rollcall.outbox import actions as outbox
from rollcall.outbox.models import Attempt, Message
from rollcall.schools.models import School
from tests.cast import Cast
from tests.rooms.casework.marking import fill, missed
from tests.rooms.office.typing_in import fields_of, fill_in, said

KIND = "letter-1"


def page_of(kind: str = KIND) -> str:
    return reverse("office:wording", args=["hamsey", kind])


def save(client, **typed):
    return fill_in(client, page_of(), **({"do": "save"} | typed))


@pytest.mark.policy("A3-f")
def test_the_school_edits_the_wording_and_every_version_stays(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    text = wording_for(KIND, cast.hamsey.pk).body
    save(secretary, body=f"{text}\n\nP.S. First change.")
    save(secretary, body=f"{text}\n\nP.S. Second change.")
    assert wording_for(KIND, cast.hamsey.pk).version == 2
    assert wording_for(KIND, cast.barcombe.pk).version == 0
    page = said(secretary.get(page_of()))
    assert "Version 1: Sue Secretary" in page and "P.S. First change." in page
    assert "this school's own, version 2" in said(secretary.get(reverse("office:letters")))


@pytest.mark.policy("A3-f")
def test_a_text_is_checked_as_it_is_typed_and_again_when_saved(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    check = reverse("office:wording_check", args=["hamsey", KIND])
    shipped = wording_for(KIND, None)

    def wrong(body: str) -> str:
        return secretary.post(check, {"subject": shipped.subject, "body": body}).json()["wrong"]

    assert wrong(shipped.body) == ""
    assert "Line 1: {child} is no field." in wrong("{child}" + shipped.body)
    assert "must say {" in wrong("Hello.")
    assert "leave out the word" in wrong(shipped.body + " or a fine")
    answer = save(secretary, body="Hello {child}.")
    assert answer.status_code == 422 and "{child} is no field" in answer.context["form"].errors.as_text()
    assert not Wording.objects.exists()


@pytest.mark.policy("A3-f")
def test_a_letter_is_seen_with_a_real_pupil_and_nothing_is_kept(signed_in, cast: Cast) -> None:
    fill(cast, {"Ben": missed(40)})
    School.objects.update(phone="01273 400000")
    secretary = signed_in("secretary")
    typed = {"pupil": str(cast.pupil("Ben").pk), "body": wording_for(KIND, None).body + "\n\nSee you soon."}
    page = said(fill_in(secretary, page_of(), do="see", **typed))
    assert "Dear Pat," in page and "See you soon." in page and "Ben has missed 40 sessions" in page
    data = fields_of(secretary.get(page_of()).content.decode()) | typed | {"do": "pdf"}
    pdf = secretary.post(page_of(), data)
    assert "See you soon." in PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert not Wording.objects.exists() and not Message.objects.exists()
    assert "Choose the pupil" in said(fill_in(secretary, page_of(), do="see"))


def test_a_wording_for_all_schools_is_the_executives(signed_in, cast: Cast) -> None:
    text = wording_for(KIND, None).body + "\n\nFrom all of us."
    assert save(signed_in("secretary"), body=text, do="all").status_code == 403
    save(signed_in("exec"), body=text, do="all")
    assert "From all of us." in wording_for(KIND, cast.barcombe.pk).body
    assert signed_in("stranger").get(page_of()).status_code == 404


def put(cast: Cast, once: str, school: int, **more) -> Message:
    letter = LetterPage(
        school="Hamsey Primary School",
        letterhead=("Hamsey",),
        to=("Ms Pat Begum", "1 Mill Lane"),
        date="Tuesday 14 May 2024",
        greeting="Dear Pat,",
        subject="Aisha",
        paragraphs=("We write about Aisha.",),
        closing="Yours sincerely",
        signed=("Harriet Head",),
    )
    deed = journal.begin("letter.decided", by=cast.actor("head"), at=cast.at, school=school)
    given = {"channel": "print", "ground": "test", "ground_id": 1, "pupil": cast.pupil("Aisha").pk}
    return outbox.put(
        once=once,
        deed=deed,
        school=school,
        to_name="Ms Pat Begum",
        to_address="1 Mill Lane",
        subject="About Aisha",
        body="We write about Aisha.",
        evidence={"letter": letter.to_json()},
        at=cast.at,
        pdf=b"%PDF-1.7 as sent",
        pdf_name="letter.pdf",
        seen=True,
        **(given | more),
    )


def stands(monkeypatch) -> None:
    monkeypatch.setattr(
        "rollcall.casework.queries.all_grounds.casework_grounds",
        lambda: {"test": lambda message, at: outbox.Answer(True)},
    )


def test_letters_that_wait_are_printed_together_and_then_marked(signed_in, cast: Cast, monkeypatch) -> None:
    stands(monkeypatch)
    mine, other = put(cast, "1", cast.hamsey.pk), put(cast, "2", cast.barcombe.pk)
    office = signed_in("office")
    pdf = office.post(reverse("office:print"))
    assert len(PdfReader(BytesIO(pdf.content)).pages) == 1
    data = fields_of(office.get(reverse("office:outbox")).content.decode())
    assert data["letters"] == [str(mine.pk)]
    for _ in range(2):
        office.post(reverse("office:printed"), data)
    mine.refresh_from_db(), other.refresh_from_db()
    assert (mine.state, other.state) == ("sent", "waiting")
    assert Attempt.objects.filter(message=mine, outcome="printed").count() == 1


def test_a_letter_whose_ground_is_gone_is_not_printed(signed_in, cast: Cast) -> None:
    message = put(cast, "1", cast.hamsey.pk)
    answer = signed_in("office").post(reverse("office:print"), follow=True)
    assert "There is no letter to print" in said(answer)
    message.refresh_from_db()
    assert message.state == "stopped"


@pytest.mark.policy("A3-f")
def test_a_message_shows_its_trail_and_the_letter_as_sent(signed_in, cast: Cast) -> None:
    message = put(cast, "1", cast.hamsey.pk, channel="email")
    message.state = "failed"
    message.save()
    Attempt.objects.create(message=message, at=cast.at, outcome="refused", detail="No such mailbox.", by="Rollcall")
    page = reverse("office:message", args=[message.pk])
    secretary, office = signed_in("secretary"), signed_in("office")
    assert "Refused: No such mailbox." in said(secretary.get(page))
    assert "We write about Aisha." in said(secretary.get(page))
    assert "We write about Aisha." not in said(office.get(page))
    assert secretary.get(reverse("office:letter_pdf", args=[message.pk])).content == b"%PDF-1.7 as sent"
    assert office.get(reverse("office:letter_pdf", args=[message.pk])).status_code == 403
    assert signed_in("stranger").get(page).status_code == 404
    fill_in(office, reverse("office:message_again", args=[message.pk]), reason="The address was mended")
    message.refresh_from_db()
    assert message.state == "waiting"
    assert "The address was mended" in said(office.get(page))


def test_the_journal_is_filtered_by_school_person_and_pupil(signed_in, cast: Cast) -> None:
    secretary = signed_in("secretary")
    record = reverse("office:record", args=[cast.pupil("Aisha").pk])
    fill_in(secretary, reverse("office:facts", args=[cast.pupil("Aisha").pk]), known_first="Ash")
    secretary.get(record)
    journal_page = reverse("office:journal")
    head = signed_in("head")
    by_pupil = said(head.get(f"{journal_page}?pupil=ash"))
    assert "Changed a pupil's facts Sue Secretary" in by_pupil and "known first: Aisha → Ash" in by_pupil
    assert "Ben" not in by_pupil
    assert "Changed a pupil's facts" not in said(head.get(f"{journal_page}?who=Olly"))
    assert "Looked at pupil Ash Begum: record" in said(head.get(f"{journal_page}?show=looks"))
    assert "Looked at" not in said(signed_in("stranger").get(f"{journal_page}?show=looks"))
    assert "Ash" not in said(signed_in("stranger").get(f"{journal_page}?school={cast.hamsey.pk}"))
    assert said(head.get(f"{journal_page}?show=sign-ins&page=99999999&until=never")).startswith("Journal")


def test_sensitive_facts_in_the_journal_are_kept_from_who_may_not_see_them(signed_in, cast: Cast) -> None:
    fill_in(signed_in("dsl"), reverse("office:safeguarding", args=[cast.pupil("Aisha").pk]), social_worker="Wil Worker")
    page = reverse("office:journal")
    assert "Wil Worker" in said(signed_in("head").get(page))
    assert "Wil Worker" not in said(signed_in("admin").get(page))
    assert "social worker: (kept apart) → (changed)" in said(signed_in("admin").get(page))


@pytest.mark.policy("A3-f")
def test_a_translation_is_typed_beside_the_english_and_has_its_own_versions(signed_in, cast: Cast) -> None:
    secretary, url = signed_in("secretary"), f"{page_of()}?language=Polish"
    text = wording_for(KIND, None).body
    assert "There is no wording in Polish yet" in said(secretary.get(url))
    fill_in(secretary, url, do="save", body=text + "\n\nDziękujemy.", greeting="Szanowni {recipients_first_names},")
    assert wording_for(KIND, cast.hamsey.pk, "Polish").greeting == "Szanowni {recipients_first_names},"
    assert wording_for(KIND, cast.hamsey.pk).version == 0
    page = said(secretary.get(url))
    assert "Polish (there is one)" in page and "Dziękujemy." in page
    assert "Dziękujemy." not in said(secretary.get(page_of()))


@pytest.mark.policy("A3-f")
def test_an_earlier_version_is_put_into_the_editor_again_and_kept_anew(signed_in, cast: Cast) -> None:
    secretary, text = signed_in("secretary"), wording_for(KIND, None).body
    save(secretary, body=f"{text}\n\nP.S. First change.")
    first = Wording.objects.get().pk
    save(secretary, body=f"{text}\n\nP.S. Second change.")
    fill_in(secretary, f"{page_of()}?version={first}", do="save")
    assert wording_for(KIND, cast.hamsey.pk).version == 3
    assert wording_for(KIND, cast.hamsey.pk).body.endswith("First change.")
    fill_in(secretary, f"{page_of()}?version=0", do="save")
    assert wording_for(KIND, cast.hamsey.pk).body == text
    assert secretary.get(f"{page_of()}?version=x").status_code == 200


@pytest.mark.policy("5.2-e")
def test_the_paragraph_about_the_law_is_typed_apart_and_checked(signed_in, cast: Cast) -> None:
    secretary, url = signed_in("secretary"), page_of("letter-3")
    assert "Only “About the law” may speak of fines" in said(secretary.get(url))
    answer = fill_in(secretary, url, do="save", closing="Pay the fine")
    assert answer.status_code == 422
    assert "paragraph about the law only" in answer.context["form"].errors.as_text()
    fill_in(secretary, url, do="save", law="A fine is possible.")
    assert wording_for("letter-3", cast.hamsey.pk).law == "A fine is possible."
    assert 'name="law"' not in secretary.get(page_of()).content.decode()


@pytest.mark.parametrize("kind", ["punctuality", "meeting-record", "notice", "update-on-target", "recognition"])
def test_every_letter_is_previewed_with_a_real_pupil(signed_in, cast: Cast, kind: str) -> None:
    fill(cast, {"Ben": missed(40)})
    School.objects.update(phone="01273 400000")
    page = said(fill_in(signed_in("secretary"), page_of(kind), do="see", pupil=str(cast.pupil("Ben").pk)))
    assert "Nothing is sent or kept." in page
    assert "Dear Pat," in page
