"""The pages of the inbox and of evidence: a call logged with few taps, words cleared, the head's tasks, the chain."""

import re

import pytest

from rollcall.absence.models import Doubt, HandOver, Report, Word
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.queries.today import marks_now
from rollcall.schools import actions as schools
from rollcall.schools.models import PupilContact
from tests.cast import DAY, moment

INBOX = "/day/hamsey/inbox/"
LOG = f"{INBOX}log/"


def key(html: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', html)[1]


@pytest.fixture
def twins(cast) -> None:
    """Gus in Wrens is Ben's brother."""
    first = PupilContact.objects.get(pupil=cast.pupil("Ben"))
    link = PupilContact(pupil=cast.pupil("Gus"), contact=first.contact, relationship="Mother", lives_with=True)
    schools.link_contact(link, school=cast.hamsey, by=cast.by, at=cast.at)


@pytest.fixture
def log(cast):
    """Log a call about a child through the page, with the only contact chosen as it stands there."""

    def do(client, name: str, reason: str = "illness", **more):
        url = f"{LOG}?pupil={cast.enrolments[name].pk}" + (f"&word={more.pop('word')}" if "word" in more else "")
        html = client.get(url).content.decode()
        caller = re.search(r'name="caller" value="(\d+:[^"]*)"', html)[1]
        sent = {"key": key(html), "children": cast.enrolments[name].pk, "caller": caller, "reason": reason,
                "day": DAY.isoformat(), "part": "day", "channel": "phone", **more}  # fmt: skip
        return client.post(url, sent)

    return do


@pytest.mark.policy("3.6-a")
def test_two_letters_find_the_child_of_this_school_alone(signed_in) -> None:
    html = signed_in("office").get(LOG, {"q": "be"}).content.decode()
    assert "Ben Carter" in html and "Aisha Begum" in html and "Chloe" not in html
    assert "Jade" not in signed_in("office").get(LOG, {"q": "ja"}).content.decode().split('id="found"')[1]
    assert "No child on roll" in signed_in("office").get(LOG, {"q": "b"}).content.decode()


def test_brothers_and_sisters_are_offered_at_once_and_the_reason_saves(cast, signed_in, twins) -> None:
    client = signed_in("office")
    url = f"{LOG}?pupil={cast.enrolments['Ben'].pk}"
    html = client.get(url).content.decode()
    assert "Gus Hill, Wrens" in html
    assert re.search(rf'value="{PupilContact.objects.get(pupil=cast.pupil("Ben")).pk}:[^"]*"[^>]* checked', html)
    children = [cast.enrolments[name].pk for name in ("Ben", "Gus")]
    caller = re.search(r'name="caller" value="(\d+:[^"]*)"', html)[1]
    sent = {
        "key": key(html),
        "children": children,
        "caller": caller,
        "reason": "illness",
        "day": DAY,
        "part": "day",
        "channel": "phone",
    }
    answer = client.post(url, sent)
    assert answer.status_code == 302 and Report.objects.count() == 2
    page = client.get(answer["Location"]).content.decode()
    assert "Entered; the register shows it." in page and "Undo" in page
    client.post(url, sent)  # the same press again
    assert Report.objects.count() == 2
    word = Word.objects.get()
    client.post(f"/day/words/{word.pk}/undo/", {"key": "undo-1"})
    assert not Report.objects.filter(withdrawn__isnull=True).exists()
    assert "1 message to clear" in client.get(INBOX).content.decode()


def test_enter_in_a_field_saves_nothing_but_asks_for_the_reason(cast, signed_in, log) -> None:
    answer = log(signed_in("office"), "Ben", reason="")
    assert answer.status_code == 409 and "Tap the reason" in answer.content.decode()
    assert not Report.objects.exists()


def test_the_second_who_logs_the_call_is_told_who_did_before(signed_in, log) -> None:
    log(signed_in("secretary"), "Ben")
    answer = log(signed_in("office"), "Ben")
    assert answer.status_code == 409 and "Sue Secretary logged this at 9.05" in answer.content.decode()
    assert Report.objects.count() == Word.objects.count() == 1


def test_another_reason_minutes_later_is_asked_about_beside(signed_in, log) -> None:
    log(signed_in("secretary"), "Ben")
    html = log(signed_in("office"), "Ben", reason="family").content.decode()
    assert "This is another absence" in html and Report.objects.count() == 1
    assert log(signed_in("office"), "Ben", reason="family", beside="on").status_code == 302
    assert Report.objects.count() == 2


def test_a_return_in_the_past_stays_on_the_page_with_a_sentence(signed_in, log) -> None:
    html = log(signed_in("office"), "Ben", back_on="2024-05-13").content.decode()
    assert "does not lie after the day away" in html and not Report.objects.exists()


def test_somebody_else_gives_a_name(cast, signed_in, log) -> None:
    client = signed_in("office")
    assert "Give the name of who rang" in log(client, "Ben", caller="else").content.decode()
    log(client, "Ben", caller="else", caller_name="Gran Carter", caller_number="01273 400000")
    assert Word.objects.get().caller == "Gran Carter" and Report.objects.get().contact is None


@pytest.mark.policy("4.5-a")
def test_a_barred_caller_is_shown_loudly_and_stopped_when_logged(cast, signed_in, log) -> None:
    PupilContact.objects.filter(pupil=cast.pupil("Ben")).update(
        barred=True, barred_do="Ring Dana Safeguard", barred_why="A court order"
    )
    client = signed_in("office")
    html = client.get(f"{LOG}?pupil={cast.enrolments['Ben'].pk}").content.decode()
    assert "Do not contact, do not tell, do not release. Ring Dana Safeguard" in html
    assert "court order" not in html and " checked" not in html.split("Who rang?")[1].split("</fieldset>")[0]
    assert log(client, "Ben").status_code == 409
    word = Word.objects.get()
    assert (word.caller, word.outcome) == ("Pat Carter", "stopped") and not Report.objects.exists()
    ask = signed_in("head").get(f"/day/evidence/ask/{cast.enrolments['Ben'].pk}/").content.decode()
    assert "Do not contact, do not tell, do not release" in ask and 'name="contact"' not in ask


def test_a_word_is_put_in_by_two_fields_and_offers_its_child_by_the_number(cast, signed_in, log) -> None:
    client, number = signed_in("office"), cast.pupil("Ben").contacts.get().contact.phones.get().number
    html = client.get(INBOX).content.decode()
    sent = {"key": key(html), "caller": f"Pat {number}", "words": "Ben is poorly", "channel": "voicemail"}
    client.post(f"{INBOX}leave/", sent)
    word = Word.objects.get()
    assert word.number == number
    page = client.get(INBOX).content.decode()
    assert "1 message to clear" in page and "25 minutes until calls begin" in page and "Ben is poorly" in page
    assert "Ben Carter, Kestrels" in client.get(f"{LOG}?word={word.pk}").content.decode()
    form = client.get(f"{LOG}?word={word.pk}&pupil={cast.enrolments['Ben'].pk}").content.decode()
    assert 'value="Ben is poorly"' in form
    log(client, "Ben", word=word.pk)
    assert Word.objects.get().outcome == "reported"
    assert "Nothing waits" in client.get(INBOX).content.decode()


def test_nothing_to_enter_needs_a_because(cast, signed_in) -> None:
    client = signed_in("office")
    client.post(f"{INBOX}leave/", {"key": "key-one-1", "caller": "Wrong number", "words": "", "channel": "voicemail"})
    word = Word.objects.get()
    page = client.get(f"/day/words/{word.pk}/").content.decode()
    client.post(f"/day/words/{word.pk}/nothing/", {"key": key(page), "because": ""})
    assert Word.objects.get().cleared is None
    client.post(f"/day/words/{word.pk}/nothing/", {"key": key(page), "because": "Meant for the surgery"})
    assert Word.objects.get().outcome == "nothing"
    page = client.get(f"/day/words/{word.pk}/").content.decode()
    assert "Meant for the surgery" in page
    client.post(f"/day/words/{word.pk}/back/", {"key": key(page)})
    assert Word.objects.get().cleared is None


def test_a_word_may_have_been_left_earlier_but_not_later(signed_in) -> None:
    client = signed_in("office")
    sent = {"caller": "Pat", "words": "Away", "channel": "voicemail"}
    client.post(f"{INBOX}leave/", {**sent, "key": "key-one-1", "left_at": "07:50"})
    assert "1 hour 15 minutes ago" in client.get(INBOX).content.decode()
    client.post(f"{INBOX}leave/", {**sent, "key": "key-one-2", "left_at": "09:50"})
    assert Word.objects.count() == 1


@pytest.mark.policy("3.6-a")
def test_a_caller_handed_on_is_done_by_the_head(cast, signed_in) -> None:
    office, head = signed_in("office"), signed_in("head")
    url = f"{INBOX}hand-on/"
    sent = {"key": "key-one-2", "caller": "Pat Carter", "number": "", "about": "Wants to see you"}
    jade = {**sent, "pupil": cast.enrolments["Jade"].pk}  # of another school
    assert "Select a valid choice" in office.post(url, jade).content.decode() and not HandOver.objects.exists()
    office.post(url, {**sent, "pupil": cast.enrolments["Ben"].pk})
    handed = HandOver.objects.get()
    page = head.get("/day/hamsey/for-the-head/").content.decode()
    assert "Wants to see you" in page and "about Ben Carter" in page
    done = f"/day/handed-on/{handed.pk}/done/"
    assert office.post(done, {"key": "x1234567", "because": "Rang"}).status_code == 403
    head.post(done, {"key": key(page), "because": "Seen on Friday"})
    assert "Seen on Friday" in head.get("/day/hamsey/for-the-head/").content.decode()


def test_present_and_reported_away_is_asked_about_with_two_answers(cast, signed_in, log, clock) -> None:
    client = signed_in("office")
    log(client, "Ben")
    ben = cast.enrolments["Ben"].pk
    registers.record_marks(
        cast.kestrels, DAY, "AM", [NewMark(ben, "/")], by=cast.actor("teacher"), at=moment(9, 6), key="m"
    )
    clock(moment(9, 10))
    page = client.get(INBOX).content.decode()
    assert "Marked present, and reported away" in page
    withdraw, history = f"/day/told/{Report.objects.get().pk}/withdraw/", f"/registers/marks/{ben}/2024-05-14/am/"
    assert withdraw in page and history in page.lower()
    form = client.get(f"{withdraw}?because=The+child+is+in+school").content.decode()
    sent = {"key": key(form), "reports": Report.objects.get().pk, "because": "The child is in school"}
    client.post(withdraw, sent)
    assert "Marked present, and reported away" not in client.get(INBOX).content.decode()
    assert {m.code for m in marks_now([cast.hamsey.pk], DAY, "AM") if m.enrolment == ben} == {"/"}


def test_one_twin_alone_is_withdrawn_and_the_call_entered_for_another_child(cast, signed_in, log, twins) -> None:
    client = signed_in("office")
    log(client, "Ben", children=[cast.enrolments[name].pk for name in ("Ben", "Gus")])
    ben = Report.objects.get(enrolment=cast.enrolments["Ben"])
    url = f"/day/told/{ben.pk}/withdraw/"
    form = client.get(url).content.decode()
    assert "Gus Hill, on Tuesday 14 May" in form
    answer = client.post(url, {"key": key(form), "reports": ben.pk, "because": ""})
    assert "Say why it is withdrawn" in answer.content.decode()
    answer = client.post(url, {"key": key(form), "reports": ben.pk, "because": "Only Gus is ill", "again": "on"})
    assert answer["Location"] == f"{LOG}?word={ben.word_id}"
    assert [one.enrolment for one in Report.objects.filter(withdrawn__isnull=True)] == [cast.enrolments["Gus"]]


def test_a_reason_without_a_code_is_put_to_the_head(cast, signed_in, log) -> None:
    log(signed_in("office"), "Ben", reason="holiday")
    page = signed_in("head").get("/day/hamsey/for-the-head/").content.decode()
    report = Report.objects.get()
    assert f"/day/evidence/ask/{cast.enrolments['Ben'].pk}/?report={report.pk}&amp;kind=holiday" in page
    form = signed_in("head").get(f"/day/told/{report.pk}/decide/").content.decode()
    assert 'value="I"' in form and 'value="O"' not in form and 'value="H"' not in form
    signed_in("head").post(
        f"/day/told/{report.pk}/decide/", {"key": key(form), "code": "I", "because": "He was ill there"}
    )
    assert Report.objects.get().code == "I"
    assert signed_in("office").get(f"/day/told/{report.pk}/decide/").status_code == 403


@pytest.mark.policy("4.2-b")
def test_a_request_is_shown_before_it_goes_and_the_chain_after(cast, signed_in, log, clock) -> None:
    log(signed_in("office"), "Ben")
    head, report = signed_in("head"), Report.objects.get()
    assert signed_in("office").get(f"/day/evidence/ask/{report.enrolment_id}/").status_code == 403
    url = f"/day/evidence/ask/{report.enrolment_id}/?report={report.pk}"
    form = head.get(url).content.decode()
    sent = {
        "key": key(form), "kind": "illness", "first_day": DAY, "last_day": DAY, "why": "The fifth Tuesday in a row.",
        "would_do": ["doctor's note"], "how": "message", "due": "2024-05-21",
        "contact": PupilContact.objects.get(pupil=cast.pupil("Ben")).pk,
    }  # fmt: skip
    shown = head.post(url, sent).content.decode()
    assert "This goes to Ms Pat Carter, by e-mail to pat.carter@example.org" in shown and "The fifth Tuesday" in shown
    assert not Doubt.objects.exists()
    answer = head.post(url, {**sent, "send": "yes"})
    made = Doubt.objects.get()
    assert answer["Location"] == f"/day/evidence/{made.pk}/"
    page = head.get(answer["Location"]).content.decode()
    assert "Evidence asked for of Pat Carter: message" in page and "Waiting" in page
    clock(moment(9, 0, DAY.replace(day=22)))
    late = head.get(answer["Location"]).content.decode()
    assert "The day passed without an answer" in late and "O: Absent without leave" not in late
    tell = head.get(f"/day/evidence/{made.pk}/tell/?how=post").content.decode()
    assert "about to be recorded as unauthorised" in tell
    said = {"key": "said-1234", "how": "phone", "contact": sent["contact"], "words": "Told Pat"}
    head.post(f"/day/evidence/{made.pk}/said/", said)
    told = head.get(answer["Location"]).content.decode()
    assert "O: Absent without leave" in told and "Parents told that it turns unauthorised: by phone" in told
    head.post(f"/day/evidence/{made.pk}/decide/", {"key": "decide-12", "code": "O", "because": "No evidence came"})
    assert "Decided: O" in head.get(answer["Location"]).content.decode()
    assert "Ben Carter" in head.get("/day/hamsey/evidence/").content.decode()


def test_the_inbox_asks_few_questions_however_much_is_in_it(
    cast, signed_in, log, django_assert_max_num_queries
) -> None:
    client = signed_in("office")
    for name in ("Aisha", "Ben", "Chloe", "Dev"):
        log(client, name)
    client.get(INBOX)
    with django_assert_max_num_queries(22):
        client.get(INBOX)


def test_another_schools_inbox_is_not_there(signed_in) -> None:
    assert signed_in("stranger").get(INBOX).status_code == 404
    assert signed_in("teacher").get(INBOX).status_code == 403
