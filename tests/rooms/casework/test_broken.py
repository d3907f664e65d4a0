"""What broke when the casework was tried hard: pupils who move, days at the end of time, letters of what never was."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from rollcall.accounts.queries import standing
from rollcall.casework.actions.authority import open_authority_case
from rollcall.casework.actions.meetings import Plan, plan_meeting
from rollcall.casework.actions.outcomes import Outcome, record_outcome
from rollcall.casework.forms.notices import ImproveForm
from rollcall.casework.models import Case, FormFilled, LetterWritten, Meeting, Notice, StepTaken, Target
from rollcall.casework.queries.authority import standing_steps
from rollcall.casework.queries.judged import policy_of
from rollcall.casework.queries.meeting_waits import meeting_waits
from rollcall.casework.queries.meetings import adults_of, coming
from rollcall.journal import actions as journal
from rollcall.outbox.models import Message
from rollcall.registers.actions.writing import NewEntry, write_entries
from rollcall.schools import actions as schools
from rollcall.schools.models import Enrolment
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed, phone, sessions
from tests.rooms.casework.noticing import WARNED, absent_after, prompts, proposed, ready
from tests.rooms.casework.on_path import begin_case
from tests.rooms.casework.walking import filled

HELD = date(2024, 5, 21)


def asked_in(cast: Cast, *, case: Case | None = None, invite: bool = False) -> Meeting:
    """A meeting with Ben's parent on 21 May, of the first meeting's step where a case is given."""
    ben = cast.pupil("Ben").pk
    step = "teacher-meeting" if case else ""
    plan = Plan("step" if case else "other", moment(15, 30, HELD), asked=tuple(adults_of(ben)[0]), step=step)
    return plan_meeting(
        plan, school=cast.hamsey.pk, pupil=ben, case=case, invite=invite, by=cast.actor("head"), at=moment(9, 20),
        key="m",
    )  # fmt: skip


def moved(cast: Cast) -> None:
    """Ben leaves Hamsey for Barcombe the day before the meeting."""
    schools.move_school(
        cast.enrolments["Ben"], cast.classes["Otters"], begins=HELD - timedelta(days=1), year_group=4, by=cast.by,
        at=moment(9, 0),
    )  # fmt: skip
    cast.barcombe.phone = "01273 555011"
    cast.barcombe.save()


@pytest.mark.policy("7.4-b")
def test_a_meeting_moves_with_the_pupil_and_its_step_is_taken_where_the_pupil_is(cast: Cast, signed_in, clock) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(40)})
    meeting = asked_in(cast, case=begin_case(cast, "Ben"))
    moved(cast)
    clock(moment(16, 30, HELD))
    head = signed_in("stranger")
    clock(moment(16, 30, HELD))
    ben = cast.pupil("Ben").pk
    assert [one.id for one in coming(cast.barcombe.pk, moment(16, 30, HELD), [ben])] == [meeting.pk]
    assert coming(cast.hamsey.pk, moment(16, 30, HELD), []) == []
    assert "Ben" in head.get(reverse("casework:meetings", args=["barcombe"])).content.decode()
    given = {"key": "o", "how": "held", "came": ["0"], "said": "Mornings are hard", "what_1": "Ring", "owner_1": "Pat"}
    head.post(reverse("casework:meeting_outcome", args=[meeting.pk]), given)
    assert StepTaken.objects.get(step="teacher-meeting").school_id == cast.barcombe.pk
    shown = head.get(reverse("casework:meetings", args=["barcombe"])).content.decode()
    assert "Ring" in shown and "Mornings" not in shown.split("<h1")[0]


@pytest.mark.policy("7.4-b")
def test_a_meeting_of_a_pupil_who_moved_is_put_off_by_the_school_where_the_pupil_is(
    cast: Cast, signed_in, clock
) -> None:
    phone(cast)
    meeting = asked_in(cast, invite=True)
    moved(cast)
    head = signed_in("stranger")
    clock(moment(16, 30, HELD))
    given = {"key": "o", "how": "moved", "moved_day": "2024-06-05", "moved_time": "15:00"}
    answer = head.post(reverse("casework:meeting_outcome", args=[meeting.pk]), given)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    again = Meeting.objects.exclude(pk=meeting.pk).get()
    assert again.school_id == cast.barcombe.pk
    assert Message.objects.order_by("id").last().school == cast.barcombe.pk


@pytest.mark.policy("7.4-b")
def test_an_unwritten_meeting_of_a_pupil_who_moved_waits_where_the_pupil_is(cast: Cast) -> None:
    asked_in(cast)
    moved(cast)
    later = moment(9, 0, HELD + timedelta(days=14))

    def waits(who: str) -> list[str]:
        found = meeting_waits(standing(cast.users[who], later.date()), later)
        return [one.words for one in found if "with families" in one.words]

    assert waits("head") == []
    assert waits("stranger") == ["Barcombe Primary School: 1 meeting with families to be written down"]


@pytest.mark.parametrize("year", ["9999", "2190"])
def test_a_target_until_the_end_of_time_is_refused_and_breaks_no_review(
    cast: Cast, signed_in, clock, year: str
) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(40)})
    meeting = asked_in(cast, case=begin_case(cast, "Ben"))
    head = signed_in("head")
    clock(moment(16, 30, HELD))
    given = {"key": "o", "how": "held", "came": ["0"], "said": "Mornings are hard", "target": "every_day"}
    answer = head.post(reverse("casework:meeting_outcome", args=[meeting.pk]), given | {"target_ends": f"{year}-12-31"})
    assert answer.status_code == 200 and "A target ends within a year or so" in answer.content.decode()
    assert not Target.objects.exists()
    assert head.get(reverse("casework:cases", args=["hamsey"])).status_code == 200


def test_a_meeting_at_the_end_of_time_is_refused(cast: Cast, signed_in) -> None:
    phone(cast)
    ben = cast.pupil("Ben").pk
    address = reverse("casework:meeting_plan", args=[ben])
    given = {
        "key": "k",
        "kind": "other",
        "day": "9999-12-31",
        "time": "23:59",
        "adults": [adults_of(ben)[0][0].contact],
    }
    answer = signed_in("head").post(address, given)
    assert answer.status_code == 200 and "too far ahead" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_no_letter_follows_a_meeting_that_was_called_off(cast: Cast, signed_in) -> None:
    phone(cast)
    meeting = asked_in(cast)
    record_outcome(meeting, Outcome("off", "The family is away."), by=cast.actor("head"), at=moment(9, 40), key="o")
    address = reverse("casework:meeting_letter", args=[meeting.pk])
    assert signed_in("head").get(address).status_code == 404
    assert signed_in("head").post(address, {"key": "x"}).status_code == 404
    assert not LetterWritten.objects.exists()


@pytest.mark.policy("FC-c")
def test_a_meeting_that_took_no_step_is_followed_by_its_record_and_not_by_the_steps_letter(
    cast: Cast, signed_in, clock
) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(40)})
    meeting = asked_in(cast, case=begin_case(cast, "Ben"))
    after = moment(16, 30, HELD)
    record_outcome(meeting, Outcome("absent", "Nobody came."), by=cast.actor("head"), at=after, key="o")
    head = signed_in("head")
    clock(after)
    head.post(reverse("casework:meeting_letter", args=[meeting.pk]), {"key": "x"})
    assert [one.letter for one in LetterWritten.objects.all()] == ["meeting-record"]


def test_the_letter_of_a_meeting_goes_once_whatever_is_pressed(cast: Cast, signed_in, clock) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(40)})
    meeting = asked_in(cast, case=begin_case(cast, "Ben"))
    after = moment(16, 30, HELD)
    by = cast.actor("head")
    record_outcome(
        meeting, Outcome("held", "We talked.", tuple(adults_of(cast.pupil("Ben").pk)[0])), by=by, at=after, key="o"
    )
    head = signed_in("head")
    clock(after)
    address = reverse("casework:meeting_letter", args=[meeting.pk])
    head.post(address, {"key": "x"})
    answer = head.post(address, {"key": "y"})
    assert LetterWritten.objects.count() == 1
    assert "already" in answer.content.decode()


@pytest.mark.policy("5.2-b")
@pytest.mark.parametrize("day", [date(1900, 1, 1), DAY - timedelta(days=30)])
def test_a_notice_recorded_as_issued_before_what_it_rests_on_is_refused(cast: Cast, signed_in, day: date) -> None:
    ready(cast)
    notice = proposed(cast)
    given = {"act": "recorded", "key": "r", "issued_by": "police", "day": f"{day}"}
    answer = signed_in("secretary").post(reverse("casework:notice", args=[notice.pk]), given)
    assert answer.status_code == 422
    assert Notice.objects.get().issued_id is None


def test_a_form_filled_anew_at_the_next_school_is_the_last_version(cast: Cast, signed_in, clock) -> None:
    phone(cast)
    fill(cast, {"Ben": missed(60)})
    ben = cast.pupil("Ben").pk
    at, after = moment(9, 30), moment(16, 30, HELD)
    case = open_authority_case(
        ben, school=cast.hamsey.pk, answer="begin", because="A first look", by=cast.actor("head"), at=at, key="c"
    )
    form = policy_of(case).state(standing_steps(case.pk)[-1].step).forms or (policy_of(case).forms[0].id,)
    first = filled(cast, case, form[0], at)
    moved(cast)
    FormFilled.objects.create(
        pupil_id=ben, school=cast.barcombe, case=case, form=first.form, definition=first.definition,
        answers=first.answers, deed=first.deed.__class__.objects.order_by("-id")[0],
    )  # fmt: skip
    head = signed_in("stranger")
    clock(after)
    response = head.get(reverse("casework:filled", args=[first.pk]))
    assert response.status_code == 200
    assert len(response.context["versions"]) == 2 and not response.context["is_last"]


@pytest.mark.policy("5.2-c")
def test_a_session_marked_at_two_of_our_schools_counts_once(cast: Cast) -> None:
    ready(cast, Aisha=absent_after(cast, 4))
    assert prompts(cast, "Aisha") == []
    aisha = cast.pupil("Aisha")
    double = Enrolment.objects.create(pupil=aisha, school=cast.barcombe, admitted=date(2023, 9, 4))
    days = sorted({day for day, _ in sessions(cast) if day > WARNED + timedelta(days=1)})[:4]
    deed = journal.begin("test.marks", by=cast.by, at=moment(9, 0), school=cast.barcombe.pk)
    entries = [NewEntry(double.pk, day, half, "O") for day in days for half in ("AM", "PM")]
    write_entries(cast.barcombe.pk, entries, deed)
    assert prompts(cast, "Aisha") == []


def test_an_improvement_of_a_million_weeks_is_answered_in_a_sentence(db) -> None:
    form = ImproveForm({"key": "k", "begins": "9999-12-31", "weeks": "1000000000", "enough": "xxx", "support": "xxx"})
    assert not form.is_valid()
