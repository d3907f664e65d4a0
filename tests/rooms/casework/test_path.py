"""The school's path on the page: the place on the chart, what is due, by whom, by when; the chart for families."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rollcall.casework import actions
from rollcall.casework.models import StepTaken
from rollcall.casework.queries.cases import ends_at
from rollcall.casework.queries.path import on_path
from rollcall.journal.actor import INSTALLER
from rollcall.outbox.models import Message
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed, phone
from tests.rooms.casework.on_path import begin_case, take

BY = {"by": INSTALLER, "at": moment(8, 0)}


@pytest.fixture
def ben(cast: Cast) -> Cast:
    """Ben below 95%, and away without leave again after letter 1 of 16 April."""
    phone(cast)
    fill(cast, {"Ben": {**missed(60), **missed(6, "O", -12)}})
    return cast


def due(cast: Cast, at=None):
    found = on_path(cast.hamsey.pk, cast.pupil("Ben").pk, at or moment(9, 5))
    assert found.due
    return found.due


@pytest.mark.policy("FC-a")
def test_each_place_says_what_is_due_by_whom_by_when(ben: Cast) -> None:
    """Letter 1 on a Tuesday: two school weeks end on Friday 26 April; five school days later, with a bank holiday."""
    begin_case(ben, "Ben")
    early = due(ben, moment(9, 5, date(2024, 4, 23)))
    assert early.words == "Ask whether attendance has improved, 2 school weeks after: Letter 1"
    assert (early.by, early.owners) == (date(2024, 4, 26), ("Head of school",))
    later = due(ben)
    assert (later.step, later.how, later.by) == ("teacher-meeting", "meeting", date(2024, 5, 3))
    assert later.owners == ("Class teacher", "Deputy head of school")


@pytest.mark.policy("FC-a")
def test_every_step_of_the_path_says_what_is_due_after_it(ben: Cast) -> None:
    case, found = begin_case(ben, "Ben"), {}
    for step in ("teacher-meeting", "head-meeting", "referral", "penalty-notice"):
        found[due(ben).step] = due(ben).how
        take(ben, case, step, at=moment(9, 30, date(2024, 4, 16)))
    found[due(ben).step] = due(ben).how
    assert found == {
        "teacher-meeting": "meeting",
        "head-meeting": "meeting",
        "referral": "record",
        "penalty-notice": "notice",
        "monitoring": "review",
    }


@pytest.mark.policy("FC-c")
def test_agreeing_on_a_meeting_plans_it_and_takes_no_step(ben: Cast, signed_in) -> None:
    begin_case(ben, "Ben")
    head = ben.actor("head")
    review = actions.open_review(ben.hamsey, by=head, at=moment(9, 5), key="r")
    row = review.rows.get(pupil=ben.pupil("Ben"))
    assert actions.decide([row.pk], "agree", by=head, at=moment(9, 30), key="d").steps == ()
    told = due(ben, moment(10, 0))
    assert (told.words.split(":")[0], told.agreed_on, told.by) == ("Plan the meeting", DAY, date(2024, 5, 21))
    page = signed_in("head").get(f"/casework/pupils/{ben.pupil('Ben').pk}/").content.decode()
    assert f'href="/casework/pupils/{ben.pupil("Ben").pk}/meeting/?step=teacher-meeting"' in page
    shown = signed_in("head").get(f"/reviews/{review.pk}/pupils/{row.pk}/").content.decode()
    assert "?step=teacher-meeting" in shown


@pytest.mark.policy("FC-a")
def test_the_hub_shows_the_place_how_it_came_to_it_and_the_test_with_its_numbers(ben: Cast, signed_in, clock) -> None:
    clock(moment(9, 20))
    begin_case(ben, "Ben")
    page = signed_in("head").get(f"/casework/pupils/{ben.pupil('Ben').pk}/").content.decode()
    assert "Here now" in page and "16 April 2024: 90.0% (180 of 200)" in page
    assert "sessions attended since" in page and "unauthorised sessions since." in page
    assert "Now at <strong>Letter 1</strong>" in page


def test_the_cases_page_says_the_step_by_name_and_what_is_due(ben: Cast, signed_in, clock) -> None:
    """In as many statements for three cases as for one."""
    clock(moment(9, 20))
    client, counts = signed_in("head"), []
    client.get("/casework/hamsey/")
    for names in (["Ben"], ["Aisha", "Chloe"]):
        for name in names:
            begin_case(ben, name)
        with CaptureQueriesContext(connection) as seen:
            page = client.get("/casework/hamsey/").content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1] < 36
    assert "Letter 1" in page and "class teacher and deputy head of school" in page
    assert "Friday 3 May" in page


def test_the_pupils_page_names_the_step_and_leads_to_the_casework(ben: Cast, signed_in, clock) -> None:
    clock(moment(9, 20))
    begin_case(ben, "Ben")
    url = f"/pupils/{ben.pupil('Ben').pk}/"
    page = signed_in("head").get(url).content.decode()
    assert "On the school's path: <strong>Letter 1</strong>, since Tuesday 16 April 2024" in page
    assert f'href="/casework/pupils/{ben.pupil("Ben").pk}/"' in page
    assert "On the school's path" not in signed_in("teacher").get(url).content.decode()


@pytest.mark.policy("FC-d")
def test_the_referral_is_recorded_on_its_page_with_a_sentence_for_each_mistake(ben: Cast, signed_in, clock) -> None:
    clock(moment(9, 20))
    case, client = begin_case(ben, "Ben"), signed_in("head")
    url = f"/casework/cases/{case.pk}/steps/referral/"
    empty = client.post(url, {"key": "k", "day": "2024-05-14"})
    assert "Say to whom" in empty.content.decode() and "what was done" in empty.content.decode()
    given = {"key": "k", "to_whom": "Ann Lead", "words": "Sent the form by e-mail.", "day": "2024-05-20"}
    late = client.post(url, given).content.decode()
    assert "still to come" in late and "Sent the form by e-mail." in late
    assert client.post(url, given | {"day": "2024-05-13"}).status_code == 302
    assert client.post(url, given | {"day": "2024-05-13"}).status_code == 302
    assert StepTaken.objects.filter(step="referral").count() == 1
    assert client.get(f"/casework/cases/{case.pk}/steps/teacher-meeting/").status_code == 404
    assert signed_in("stranger").post(url, given).status_code == 404
    assert signed_in("secretary").post(url, given).status_code == 403


@pytest.mark.policy("8-b")
def test_a_case_is_moved_on_its_page_with_both_steps_shown(ben: Cast, signed_in, clock) -> None:
    case = begin_case(ben, "Ben")
    at = moment(8, 0, date(2024, 4, 2))
    dates = {"effective": date(2024, 5, 13), "approved": date(2024, 4, 1), "review": date(2027, 4, 1)}
    text = shipped_text("federation").replace(
        '"letter-1"\nname = "Letter 1"\nowners', '"word"\nname = "A word"\nowners'
    )
    text = text.replace('yes = "letter-1"', 'yes = "word"')
    schools.adopt_policy(ben.federation, document=text, **dates, by=INSTALLER, at=at)
    clock(moment(9, 20))
    client, url = signed_in("head"), f"/casework/cases/{case.pk}/move/"
    page = client.get(url).content.decode()
    assert "Letter 1" in page and "no step of that name" in page and "A word" in page
    assert "Choose the step" in client.post(url, {"key": "k", "because": "as the board wishes"}).content.decode()
    assert client.post(url, {"key": "k", "step": "word", "because": "as the board wishes"}).status_code == 302
    assert "nothing to move" in client.get(url, follow=True).content.decode()
    assert on_path(ben.hamsey.pk, case.pupil_id, moment(9, 30)).step.id == "word"
    assert signed_in("stranger").get(url).status_code == 404


def test_a_pupil_who_left_has_the_case_proposed_to_be_closed_by_a_person(ben: Cast, signed_in, clock) -> None:
    clock(moment(9, 20))
    case = begin_case(ben, "Ben")
    assert ends_at(ben.hamsey.pk, DAY) == []
    schools.record_leaver(ben.enrolments["Ben"], last_day=date(2024, 5, 10), reason="moved", **BY)
    (found,) = ends_at(ben.hamsey.pk, DAY)
    assert found[1].sentence == "Ben Carter left our schools on Friday 10 May. The case is to be closed."
    client, url = signed_in("head"), f"/casework/cases/{case.pk}/close/"
    assert url in client.get("/casework/hamsey/").content.decode()
    assert "Say why" in client.post(url, {"key": "k", "end": "left", "because": ""}).content.decode()
    assert client.post(url, {"key": "k", "end": "left", "because": "moved to Kent"}).status_code == 302
    assert ends_at(ben.hamsey.pk, DAY) == []


def test_a_pupil_over_the_age_has_the_case_proposed_to_be_closed(ben: Cast) -> None:
    begin_case(ben, "Ben")
    schools.change_pupil(ben.pupil("Ben"), {"born": date(2007, 3, 1)}, school=ben.hamsey, **BY)
    (found,) = ends_at(ben.hamsey.pk, DAY)
    assert found[1].end == "age"
    assert "of compulsory school age until Friday 30 June 2023" in found[1].sentence


@pytest.mark.policy("6-b")
def test_families_see_the_chart_without_signing_in_and_without_anybodys_name(ben: Cast, client, clock) -> None:
    clock(moment(9, 20))
    begin_case(ben, "Ben")
    page = client.get("/chart/hamsey/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Ben" not in text and "Carter" not in text and "Harriet" not in text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert "<li>Letter 1: Head of school. Has attendance improved? Yes: go to" in text
    pdf = client.get("/chart/hamsey/chart.pdf")
    assert pdf.content.startswith(b"%PDF") and pdf.content == client.get("/chart/hamsey/chart.pdf").content
    assert client.get("/chart/nowhere/").status_code == 404


def test_a_policy_that_does_not_publish_the_chart_shows_it_to_nobody_outside(ben: Cast, client, clock) -> None:
    text = shipped_text("federation").replace(
        "flow_chart_public = { value = true", "flow_chart_public = { value = false"
    )
    dates = {"effective": date(2024, 5, 13), "approved": date(2024, 4, 1), "review": date(2027, 4, 1)}
    schools.adopt_policy(ben.federation, document=text, **dates, by=INSTALLER, at=moment(8, 0, date(2024, 4, 2)))
    clock(moment(9, 20))
    assert client.get("/chart/hamsey/").status_code == 404
    assert client.get("/chart/hamsey/chart.pdf").status_code == 404


@pytest.mark.policy("6-b")
def test_the_chart_is_enclosed_with_the_letter_that_the_policy_names(ben: Cast, signed_in, clock) -> None:
    clock(moment(9, 20))
    head = ben.actor("head")
    review = actions.open_review(ben.hamsey, by=head, at=moment(9, 5), key="r")
    row = review.rows.get(pupil=ben.pupil("Ben"))
    preview = signed_in("head").get(f"/reviews/{review.pk}/letters/?row={row.pk}").content.decode()
    assert "Enclosed, on a page of its own: What happens when attendance falls." in preview
    actions.decide([row.pk], "agree", by=head, at=moment(9, 30), key="d")
    message = Message.objects.get()
    assert message.evidence["letter"]["enclosed"][0]["svg"].startswith("<svg")
    assert bytes(message.pdf).count(b"/Type /Page\n") + bytes(message.pdf).count(b"/Type /Page ") in (0, 2)
