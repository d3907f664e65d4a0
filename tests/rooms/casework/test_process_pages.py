"""The pages of the authority's process: tiers, the drawing, a pupil's steps and forms, for who may and who may not."""

import re

import pytest

from rollcall.accounts.actions import grant
from rollcall.accounts.roles import Role
from rollcall.casework.actions.authority import open_authority_case
from rollcall.casework.models import Case, FormFilled, StepTaken
from rollcall.casework.queries.authority import standing_steps
from tests.cast import DAY, FOUNDED, Cast
from tests.rooms.casework.marking import fill, missed
from tests.rooms.casework.walking import everything_in, filled, step, weeks_on


@pytest.fixture
def marks(cast: Cast) -> Cast:
    """Ben in tier 2, Aisha in tier 3, Chloe in tier 4; everyone else always there."""
    fill(cast, {"Ben": missed(40), "Aisha": missed(100), "Chloe": missed(190)})
    return cast


@pytest.fixture
def case(marks: Cast) -> Case:
    """Ben's case, opened where the figure says."""
    return open_authority_case(
        marks.pupil("Ben").pk, school=marks.hamsey.pk, by=marks.actor("head"), at=marks.at, key="open"
    )


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.policy("A5-a", "A5-b", "A5-c", "A5-d")
def test_the_tiers_say_who_is_where_and_what_is_next(
    marks: Cast, case: Case, signed_in, django_assert_max_num_queries
) -> None:
    secretary = signed_in("secretary")
    with django_assert_max_num_queries(20):
        page = text_of(secretary.get("/casework/hamsey/tiers/"))
    assert page.index("Chloe Dunn") < page.index("Aisha Begum") < page.index("Ben Carter")
    assert "Look at the criteria for keywork" in page
    assert "Dev Ellis" not in page, "in tier 1 without a case"
    assert "Go on to assess, plan, do and review" in page
    assert "Fill in “Entry in the additional needs plan” first." in page


def test_the_process_is_drawn_from_the_table(cast: Cast, signed_in) -> None:
    page = text_of(signed_in("head").get("/casework/hamsey/process/"))
    for state in ("monitoring", "keywork-second", "legal-panel"):
        assert f'id="state-{state}"' in page
    assert 'href="#state-hand-back"' in page
    assert "Review after 3 to 4 weeks" in page


def test_a_case_is_opened_with_one_press(marks: Cast, signed_in) -> None:
    head, chloe = signed_in("head"), marks.pupil("Chloe").pk
    page = text_of(head.get(f"/casework/pupils/{chloe}/"))
    assert "Look at the criteria for keywork" in page
    given = {"answer": "fell-to-tier-4", "key": "k"}
    answer = head.post(f"/casework/pupils/{chloe}/process/open/", given)
    assert answer["Location"] == f"/casework/pupils/{chloe}/#authority"
    head.post(f"/casework/pupils/{chloe}/process/open/", given)
    assert Case.objects.filter(pupil=chloe).count() == 1
    again = text_of(head.post(f"/casework/pupils/{chloe}/process/open/", {**given, "key": "k2"}))
    assert "open for this pupil already" in again


def test_beginning_elsewhere_asks_for_a_reason_beside_its_field_and_keeps_what_was_chosen(
    marks: Cast, signed_in
) -> None:
    head, url = signed_in("head"), f"/casework/pupils/{marks.pupil('Chloe').pk}/process/open/"
    assert head.get(url).status_code == 200
    page = text_of(head.post(url, {"answer": "fell-to-tier-2", "key": "k"}))
    assert "Say why, in a few words" in page
    assert re.search(r'value="fell-to-tier-2"[^>]* checked', page)
    assert "Choose what happens next" in text_of(head.post(url, {"key": "k"}))
    head.post(url, {"answer": "fell-to-tier-2", "because": "new to us", "key": "k"})
    assert StepTaken.objects.get(path="authority").because == "new to us"


def test_the_exits_are_buttons_and_say_why_they_are_shut(marks: Cast, case: Case, signed_in) -> None:
    head, ben = signed_in("head"), case.pupil_id
    page = text_of(head.get(f"/casework/pupils/{ben}/"))
    assert '<button class="govuk-button govuk-button--secondary" disabled' in page
    assert "Proposed. Fill in “Entry in the additional needs plan” first." in page
    refused = text_of(head.post(f"/casework/cases/{case.pk}/take/", {"answer": "looked-into", "key": "k"}))
    assert "Fill in “Entry in the additional needs plan” first." in refused
    filled(marks, case, "additional-needs", marks.at)
    seen = standing_steps(case.pk)[-1].pk
    given = {"answer": "looked-into", "key": "k", "seen": seen}
    assert head.post(f"/casework/cases/{case.pk}/take/", given).status_code == 302
    assert standing_steps(case.pk)[-1].step == "assess"
    later = text_of(head.post(f"/casework/cases/{case.pk}/take/", {"answer": "improved", "key": "k3", "seen": seen}))
    assert "Somebody else took a step" in later or "Say why" in later
    page = text_of(head.get(f"/casework/pupils/{ben}/"))
    assert "Steps so far (2)" in page
    assert "Assess, plan, do, review" in page


def test_a_step_is_taken_back_from_the_page(marks: Cast, case: Case, signed_in) -> None:
    head, first = signed_in("head"), standing_steps(case.pk)[-1]
    url = f"/casework/steps/{first.pk}/back/"
    assert "Say why it is taken back" in text_of(head.post(url, {"key": "b"}, follow=True))
    assert "stays on record" in text_of(head.post(url, {"key": "b2", "because": "wrong child"}, follow=True))
    case.refresh_from_db()
    assert case.end == "mistake"


@pytest.mark.policy("A5-b")
def test_a_teacher_fills_in_pupil_voice_for_their_own_class(marks: Cast, case: Case, signed_in) -> None:
    teacher, url = signed_in("teacher"), f"/casework/pupils/{case.pupil_id}/forms/pupil-voice/"
    page = text_of(teacher.get(url))
    assert "From the record" in page
    assert "Ben Carter" in page
    wrong = text_of(teacher.post(url, {"key": "k", "answer-asked_by": "Tom", "answer-asked_on": "soon",
                                       "answer-scale": "many", "answer-hard": "Mornings"}))  # fmt: skip
    for said in ("give a day, such as", "give a whole number", "needs an answer", "Mornings", 'value="many"'):
        assert said in wrong
    assert not FormFilled.objects.exists()
    right = {
        "key": "k", "answer-asked_by": "Tom", "answer-asked_on": "2024-05-14", "answer-hard": "Mornings",
        "answer-wish": "<b>A friend</b>", "answer-scale": "4",
    }  # fmt: skip
    shown = text_of(teacher.post(url, right, follow=True))
    teacher.post(url, right)
    row = FormFilled.objects.get()
    assert row.answers["scale"] == "4"
    assert "&lt;b&gt;A friend&lt;/b&gt;" in shown
    assert "Tuesday 14 May 2024" in shown
    pdf = teacher.get(f"/casework/forms/{row.pk}/form.pdf")
    assert pdf.content.startswith(b"%PDF")
    anew = text_of(teacher.get(url))
    assert "It begins with the version of" in anew
    assert "Mornings" in anew
    for person, status in (("wrens_teacher", 403), ("stranger", 404), ("governor", 403), ("office", 403)):
        assert signed_in(person).get(url).status_code == status
        assert signed_in(person).get(f"/casework/forms/{row.pk}/").status_code == status


def test_other_forms_and_contacts_are_not_for_a_teacher(marks: Cast, case: Case, signed_in) -> None:
    teacher, ben = signed_in("teacher"), case.pupil_id
    assert teacher.get(f"/casework/pupils/{ben}/forms/support-plan/").status_code == 403
    row = filled(marks, case, "early-help", marks.at)
    assert teacher.get(f"/casework/forms/{row.pk}/").status_code == 403
    assert teacher.get(f"/casework/forms/{row.pk}/form.pdf").status_code == 403
    page = text_of(signed_in("secretary").get(f"/casework/pupils/{ben}/forms/support-plan/"))
    assert "Pat Carter (mother, parental responsibility)" in page
    assert signed_in("head").get(f"/casework/pupils/{ben}/forms/nonsense/").status_code == 404


@pytest.mark.policy("A5-d")
def test_only_the_safeguarding_lead_or_a_deputy_refers(marks: Cast, signed_in) -> None:
    chloe = marks.pupil("Chloe").pk
    case = open_authority_case(chloe, school=marks.hamsey.pk, by=marks.actor("head"), at=marks.at, key="o")
    everything_in(marks, case, "met", marks.at)
    step(marks, case, "met", marks.at)
    form, take = f"/casework/pupils/{chloe}/forms/keywork-referral/", f"/casework/cases/{case.pk}/take/"
    head = signed_in("head")
    assert head.get(form).status_code == 403
    filled(marks, case, "keywork-referral", marks.at, "dsl")
    assert "Only the safeguarding lead or a deputy may" in text_of(head.get(f"/casework/pupils/{chloe}/"))
    page = text_of(head.post(take, {"answer": "sent", "key": "h", "because": "to be quick"}))
    assert "This can&#x27;t be taken from here, or not yet" in page
    assert standing_steps(case.pk)[-1].step == "keywork-referral"
    grant(marks.users["leader"], Role.DEPUTY_DSL, school=marks.hamsey, begins=DAY, by=marks.by, at=FOUNDED)
    deputy = signed_in("leader")
    assert deputy.get(form).status_code == 200
    assert deputy.post(take, {"answer": "sent", "key": "d"}).status_code == 302
    assert standing_steps(case.pk)[-1].step == "keywork-sent"


def test_who_may_not_decide_sees_and_is_refused(marks: Cast, case: Case, signed_in) -> None:
    secretary = signed_in("secretary")
    assert "The head of school decides" in text_of(secretary.get(f"/casework/pupils/{case.pupil_id}/"))
    filled(marks, case, "additional-needs", marks.at)
    assert secretary.post(f"/casework/cases/{case.pk}/take/", {"answer": "looked-into", "key": "k"}).status_code == 403
    assert secretary.post(f"/casework/pupils/{marks.pupil('Aisha').pk}/process/open/", {"key": "k"}).status_code == 403
    assert signed_in("stranger").get(f"/casework/cases/{case.pk}/take/").status_code == 404
    assert standing_steps(case.pk)[-1].step == "needs"


@pytest.mark.policy("A5-e")
def test_the_record_of_a_targeting_meeting_copies_the_school_s_tiers(marks: Cast, signed_in) -> None:
    secretary, url = signed_in("secretary"), "/casework/hamsey/forms/targeting-meeting/"
    page = text_of(secretary.get(url))
    assert "Tier 4: 1 pupil" in page
    given = {
        "key": "k", "answer-on": "2024-05-14", "answer-people": "Sue\nThe SPOC", "answer-trends": "Falling",
        "answer-school_does": "Rings", "answer-spoc_does": "Comes", "answer-next": "2024-09-10",
    }  # fmt: skip
    shown = text_of(secretary.post(url, given, follow=True))
    assert "Sue<br>The SPOC" in shown
    row = FormFilled.objects.get()
    assert (row.pupil_id, f"{row.review_due}") == (None, "2024-09-10")
    assert signed_in("teacher").get(url).status_code == 403
    assert secretary.get("/casework/hamsey/forms/pupil-voice/").status_code == 404


def test_a_form_follows_the_pupil_to_another_school(marks: Cast, case: Case, signed_in) -> None:
    row = filled(marks, case, "additional-needs", marks.at)
    enrolment = marks.enrolments["Ben"]
    enrolment.left = DAY.replace(day=13)
    enrolment.save()
    enrolment.pk = None
    enrolment.school, enrolment.admitted, enrolment.left = marks.barcombe, DAY, None
    enrolment.save()
    assert signed_in("stranger").get(f"/casework/forms/{row.pk}/").status_code == 200
    assert signed_in("head").get(f"/casework/forms/{row.pk}/").status_code == 404


def test_a_teacher_finds_the_forms_that_are_theirs_to_fill_in(marks: Cast, case: Case, signed_in) -> None:
    url = f"/casework/pupils/{case.pupil_id}/forms/"
    assert url in text_of(signed_in("teacher").get(f"/pupils/{case.pupil_id}/"))
    seen = text_of(signed_in("teacher").get(url))
    assert "What the pupil says" in seen
    assert "Referral to early help keywork" not in seen
    seen = text_of(signed_in("head").get(url))
    assert "for the safeguarding lead" in seen
    assert text_of(signed_in("dsl").get(url)).count("Fill in") == 16


def test_who_decides_and_who_refers_is_told_what_waits(marks: Cast, case: Case, signed_in, clock) -> None:
    chloe = marks.pupil("Chloe").pk
    other = open_authority_case(chloe, school=marks.hamsey.pk, by=marks.actor("head"), at=marks.at, key="o")
    everything_in(marks, other, "met", marks.at)
    step(marks, other, "met", marks.at)
    filled(marks, case, "additional-needs", marks.at)
    step(marks, case, "looked-into", marks.at)
    head, dsl = signed_in("head"), signed_in("dsl")
    clock(weeks_on(marks.at, 5))
    told = text_of(head.get("/"))
    assert "1 review due on the authority&#x27;s process" in told
    assert "referral to early help" not in told
    assert "1 referral to early help keywork to be sent" in text_of(dsl.get("/"))
