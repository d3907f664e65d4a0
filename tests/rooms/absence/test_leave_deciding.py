"""Decisions on leave: who decides which days, with which code, what goes to the family, and how it is undone."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.absence.actions.leave import Wish, enter_leave, withdraw_request
from rollcall.absence.actions.leave_answering import NotDecided, prepare_decision
from rollcall.absence.actions.leave_deciding import decide_leave, withdraw_decision
from rollcall.absence.models import LeaveDecision, LeaveRequest, LeaveSpan
from rollcall.absence.queries.leave import GROUND, leave
from rollcall.absence.queries.leave_facts import weigh
from rollcall.absence.queries.leave_letters import leave_stands
from rollcall.letters.actions import save_wording
from rollcall.outbox.actions import drain
from rollcall.outbox.models import Message
from rollcall.registers import actions as registers
from rollcall.registers.actions import NewMark
from rollcall.registers.models import Expectation
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from rollcall.schools.models import Hold, PolicyVersion, PupilContact
from rollcall.schools.queries import facts_of
from tests.cast import moment
from tests.rooms.absence.leave_cast import FIRST, SECOND, THIRD, answer, asked, decided, link
from tests.rooms.absence.test_leave import sibling
from tests.rooms.casework.marking import fill, missed

GROUNDS = {GROUND: leave_stands}


def expected(cast) -> list[tuple[date, date, str]]:
    rows = Expectation.objects.filter(withdrawn__isnull=True, leave_granted=True).order_by("first_day")
    return list(rows.values_list("first_day", "last_day", "code"))


@pytest.mark.policy("5.1-a")
@pytest.mark.policy("5.1-b")
def test_leave_that_is_granted_is_expected_and_answered_by_one_deed(cast, mailoutbox) -> None:
    row = asked(cast)
    made = decided(cast, row, "C", "C", "C", why="A close family wedding; three days are right.")
    assert expected(cast) == [(FIRST, THIRD, "C")]
    (expectation,) = Expectation.objects.all()
    assert expectation.back_on == date(2024, 6, 17)
    (message,) = Message.objects.all()
    assert expectation.deed_id == message.deed_id == made.deed_id
    assert drain(grounds=GROUNDS, by=cast.by, at=moment(10, 1))
    (mail,) = mailoutbox
    assert mail.to == ["pat.carter@example.org"]
    for said in ("from Wednesday 12 June to Friday 14 June", "three days are right.", "Dear Pat,", "Harriet Head"):
        assert said in mail.body
    assert leave(row.pk).decision.is_told


@pytest.mark.policy("5.1-a")
def test_some_of_the_days_are_granted_and_the_rest_refused(cast) -> None:
    row = asked(cast)
    decided(cast, row, "C", "", "")
    assert expected(cast) == [(FIRST, FIRST, "C")]
    one = leave(row.pk)
    assert (one.state, one.decision.granted) == ("partly", "on Wednesday 12 June (C)")
    assert one.decision.refused == "from Thursday 13 June to Friday 14 June"
    body = Message.objects.get().body
    assert "leave on Wednesday 12 June" in body and "expected at school from Thursday 13 June to Friday 14 June" in body


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(codes=st.lists(st.sampled_from(["", "C", "H"]), min_size=3, max_size=3))
def test_what_is_expected_is_what_was_granted_day_for_day(cast, codes: list[str]) -> None:
    """Whatever is granted of a request, each of its days has its own code in the register, and no other has."""
    LeaveSpan.objects.all().delete()
    LeaveDecision.objects.all().delete()
    LeaveRequest.objects.all().delete()
    Expectation.objects.all().delete()
    row = asked(cast, reason="holiday", key=f"ask-{''.join(codes)}-{Message.objects.count()}-{PROBE()}")
    decided(cast, row, *codes, how="said", told_words="At the gate", key=f"decide-{PROBE()}")
    found = {
        first + timedelta(days=n): code for first, last, code in expected(cast) for n in range((last - first).days + 1)
    }
    wanted = {day: code for day, code in zip((FIRST, SECOND, THIRD), codes, strict=True) if code}
    assert found == wanted


class _Probe:
    """A number that goes up, so that each example has keys of its own."""

    def __init__(self) -> None:
        self.n = 0

    def __call__(self) -> int:
        self.n += 1
        return self.n


PROBE = _Probe()


@pytest.mark.policy("A1-d")
def test_only_a_code_of_the_edition_is_granted(cast) -> None:
    wedding = asked(cast)
    with pytest.raises(NotDecided, match="can't be granted with H: use C"):
        decided(cast, wedding, "H", "", "")
    with pytest.raises(NotDecided, match="use C"):
        decided(cast, wedding, "C1", "", "")
    with pytest.raises(NotDecided, match="use C"):
        decided(cast, wedding, "I", "", "")


@pytest.mark.policy("A1-d")
@pytest.mark.policy("5.1-a")
def test_a_holiday_is_warned_of_and_has_h_where_the_edition_has_it(cast) -> None:
    row = asked(cast, reason="holiday")
    assert "a holiday is refused" in weigh(row, facts_of(cast.hamsey.pk), cast.at).cautions[0]
    decided(cast, row, "H", "H", "H")
    assert expected(cast) == [(FIRST, THIRD, "H")]
    registers.record_marks(
        cast.kestrels, FIRST, "AM", [NewMark(cast.enrolments["Ben"].pk, "H")],
        by=cast.actor("teacher"), at=moment(9, 1, FIRST), key="h",
    )  # fmt: skip


def test_leave_beside_a_school_holiday_is_warned_of(cast) -> None:
    row = asked(cast, first=date(2024, 5, 23), last=date(2024, 5, 24))
    assert "beside a school holiday" in weigh(row, facts_of(cast.hamsey.pk), cast.at).cautions[0]


@pytest.mark.policy("5.1-d")
def test_religious_observance_names_the_body_and_its_advice(cast) -> None:
    row = asked(cast, reason="religious")
    with pytest.raises(NotDecided, match="Name the religious body"):
        decided(cast, row, "R", "R", "")
    decided(cast, row, "R", "R", "", body="The diocese", advice="The day is set apart")
    kept = leave(row.pk).decision.particulars
    assert kept == {"body": "The diocese", "advice": "The day is set apart"}
    assert expected(cast) == [(FIRST, SECOND, "R")]


@pytest.mark.policy("5.1-e")
def test_traveller_absence_needs_the_group_and_every_condition(cast) -> None:
    row = asked(cast, reason="traveller")
    conditions = facts_of(cast.hamsey.pk).policy_on(FIRST).leave.traveller_conditions.value
    with pytest.raises(NotDecided, match="groups that the policy names"):
        decided(cast, row, "T", "T", "T")
    with pytest.raises(NotDecided, match="Tick each condition"):
        decided(cast, row, "T", "T", "T", group="Roma", conditions=conditions[:2])
    with pytest.raises(NotDecided, match="not recorded as of a traveller family"):
        decided(cast, row, "T", "T", "T", group="Roma", conditions=conditions)
    ben = cast.pupil("Ben")
    ben.traveller = True
    ben.save()
    row.enrolment.pupil.refresh_from_db()
    decided(cast, row, "T", "T", "T", group="Roma", conditions=conditions)
    assert leave(row.pk).decision.particulars["group"] == "Roma" and expected(cast) == [(FIRST, THIRD, "T")]


def test_a_day_that_has_begun_is_granted_no_more(cast) -> None:
    row = asked(cast)
    with pytest.raises(NotDecided, match="Wednesday 12 June has begun"):
        decided(cast, row, "C", "C", "C", at=moment(9, 0, FIRST))
    decided(cast, row, "", "C", "C", at=moment(9, 0, FIRST))
    assert expected(cast) == [(SECOND, THIRD, "C")]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"why": " "}, "Say why"),
        ({"how": "pigeon"}, "how the family hears"),
        ({"how": "said"}, "Say whom you told"),
        ({"to": None}, "Choose who gets the answer"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(cast, other, sentence) -> None:
    with pytest.raises(NotDecided, match=sentence):
        decided(cast, asked(cast), "C", "C", "C", **other)
    assert not LeaveDecision.objects.exists() and not Message.objects.exists()


def test_every_day_needs_its_answer(cast) -> None:
    with pytest.raises(NotDecided, match="Say of each school day"):
        decided(cast, asked(cast), "C", "C", days=(FIRST, SECOND))


def test_it_is_decided_once(cast) -> None:
    row = asked(cast)
    decided(cast, row, "C", "C", "C")
    with pytest.raises(NotDecided, match="Harriet Head has decided this already"):
        decided(cast, row, "", "", "", key="again")
    withdraw_request(row, because="Entered for the wrong twin", by=cast.actor("head"), at=moment(10, 5), key="w")
    with pytest.raises(NotDecided, match="taken back"):
        decided(cast, row, "C", "C", "C", key="third")


def test_leave_that_is_expected_already_makes_nothing_of_the_decision(cast) -> None:
    registers.expect(
        cast.enrolments["Ben"], first=(FIRST, "AM"), last=(THIRD, "PM"), code="C", ground="Entered by hand",
        leave_granted=True, by=cast.actor("head"), at=cast.at,
    )  # fmt: skip
    with pytest.raises(NotDecided, match="is known already"):
        decided(cast, asked(cast), "C", "C", "C")
    assert not LeaveDecision.objects.exists() and not Message.objects.exists()


@pytest.mark.policy("5.1-b")
def test_a_decision_is_taken_back_and_another_follows(cast) -> None:
    row = asked(cast)
    decided(cast, row, "", "", "")
    drain(grounds=GROUNDS, by=cast.by, at=moment(10, 1))
    by = {"by": cast.actor("head"), "at": moment(11, 0)}
    with pytest.raises(NotDecided, match="Say why"):
        withdraw_decision(row, because="", key="u0", **by)
    assert "has gone" in withdraw_decision(row, because="The invitation came", key="u", **by)
    assert leave(row.pk).state == "asked"
    decided(cast, row, "C", "C", "C", key="anew", at=moment(11, 5))
    one = leave(row.pk)
    assert one.state == "granted" and [d.state for d in one.earlier] == ["refused"]
    assert Message.objects.count() == 2 and expected(cast) == [(FIRST, THIRD, "C")]


def test_an_answer_that_waits_is_stopped_when_the_decision_goes(cast, mailoutbox) -> None:
    row = asked(cast)
    decided(cast, row, "C", "C", "C")
    said = withdraw_decision(row, because="Too soon", by=cast.actor("head"), at=moment(10, 1), key="u")
    assert "will not go" in said and expected(cast) == []
    drain(grounds=GROUNDS, by=cast.by, at=moment(10, 2))
    assert Message.objects.get().state == "stopped" and mailoutbox == []


def test_an_answer_is_asked_about_again_before_it_goes(cast) -> None:
    row = asked(cast)
    made = decided(cast, row, "C", "C", "C")
    message, at = Message.objects.get(), moment(10, 5)
    assert leave_stands(message, at).stands
    hold = Hold.objects.create(pupil=cast.pupil("Ben"), kind="bereavement", begins=at.date(), deed=made.deed)
    assert "bereavement" in leave_stands(message, at).why
    hold.delete()
    PupilContact.objects.filter(pk=link(cast).pk).update(barred=True)
    assert "may not be written to" in leave_stands(message, at).why
    withdraw_request(row, because="The wedding is off", by=cast.actor("head"), at=at, key="w")
    assert "withdrawn" in leave_stands(message, at).why


@pytest.mark.policy("A3-f")
def test_the_answer_is_in_the_schools_own_wording(cast) -> None:
    policy = facts_of(cast.hamsey.pk).policy_on(FIRST)
    body = "{child_first_name} may go {leave_granted}. {leave_why} {today_with_weekday}"
    save_wording(
        "leave-granted", school=cast.hamsey.pk, subject="Yes, {recipients_first_names}", body=body, policy=policy,
        by=cast.actor("secretary"), at=cast.at,
    )  # fmt: skip
    decided(cast, asked(cast), "C", "C", "C")
    assert Message.objects.get().subject == "Yes, Pat"
    assert "Ben may go from Wednesday 12 June" in Message.objects.get().body


@pytest.mark.policy("A3-f")
@pytest.mark.parametrize("kind", ["leave-granted", "leave-partly", "leave-refused", "holiday-suspected"])
def test_the_wordings_can_be_seen_and_edited(cast, signed_in, kind) -> None:
    client, url = signed_in("secretary"), reverse("office:wording", args=["hamsey", kind])
    page = client.get(url)
    assert page.status_code == 200
    given = page.context["form"].initial
    seen = client.post(
        url,
        {"key": "k", "subject": given["subject"], "body": given["body"], "pupil": cast.pupil("Ben").pk, "do": "see"},
    )
    assert "As it would read" in seen.text and "Dear Pat," in seen.text


def test_what_was_shown_is_what_goes(cast) -> None:
    row = asked(cast)
    by = {"by": cast.actor("head"), "at": moment(10, 0)}
    seen = prepare_decision(row, answer(cast, "C", "C", "C"), **by).seen
    with pytest.raises(NotDecided, match="reads differently by now"):
        decide_leave(row, answer(cast, "C", "", "C"), seen=seen, key="d", **by)
    decide_leave(row, answer(cast, "C", "C", "C"), seen=seen, key="e", **by)


def test_the_answer_may_be_printed_or_said(cast) -> None:
    decided(cast, asked(cast), "C", "C", "C", how="post")
    assert Message.objects.get().channel == "print" and "Mill Lane" in Message.objects.get().to_address
    row = asked(cast, first=date(2024, 6, 18), last=date(2024, 6, 18), key="other")
    decided(cast, row, "", days=(date(2024, 6, 18),), how="said", told_words="Rang Pat", key="said")
    assert Message.objects.count() == 1 and leave(row.pk).decision.is_told


@pytest.mark.policy("5.1-b")
def test_who_decides_sees_figures_past_leave_and_siblings(cast, signed_in) -> None:
    fill(cast, {"Ben": missed(20)})
    sibling(cast, "Jade")  # at Barcombe
    elsewhere = sibling_asks(cast)
    earlier = asked(cast, first=date(2024, 6, 20), last=date(2024, 6, 20), key="earlier")
    decided(cast, earlier, "", days=(date(2024, 6, 20),), why="It was the third this year.", key="e")
    row = asked(cast, key="now")
    beside = weigh(row, facts_of(cast.hamsey.pk), cast.at)
    assert (beside.n_days, beside.n_sessions) == (3, 6)
    assert [(one.reason, one.state, one.why) for one in beside.past] == [
        ("A wedding in the close family", "Not granted", "It was the third this year."),
    ]  # fmt: skip
    assert [(one.school_name, one.days, one.state) for one in beside.siblings] == [
        ("Barcombe Primary School", "on Wednesday 12 June", "To be decided")
    ]
    head = signed_in("head").get(reverse("absence:leave_one", args=[row.pk])).text
    assert "A brother or sister at Barcombe Primary School" in head and "Jade" not in head
    assert beside.now in head and beside.after in head and "third this year" in head
    assert "Barcombe" not in signed_in("secretary").get(reverse("absence:leave_one", args=[row.pk])).text
    stranger = signed_in("stranger").get(reverse("absence:leave_one", args=[elsewhere])).text
    assert "A brother or sister at Hamsey Primary School" in stranger and "Ben" not in stranger


def sibling_asks(cast) -> int:
    """Jade of Barcombe, whose mother Pat is Ben's too, asks for one of the same days."""
    wish = Wish("wedding", FIRST, FIRST, cast.at.date(), asker=_jade(cast))
    made = enter_leave(
        facts_of(cast.barcombe.pk), [cast.enrolments["Jade"]], wish, by=cast.actor("stranger"), at=cast.at, key="jade"
    )
    return made.requests[0]


def _jade(cast) -> int:
    return PupilContact.objects.get(pupil=cast.pupil("Jade"), contact=link(cast).contact).pk


def test_a_leave_costs_its_sessions_of_those_that_lie_ahead(cast) -> None:
    fill(cast, {"Ben": missed(20)})
    beside = weigh(asked(cast), facts_of(cast.hamsey.pk), cast.at)
    now, after, without = (
        [int(part) for part in text.split("(")[1].split(" sessions")[0].split(" of ")]
        for text in (beside.now, beside.after, beside.after_without)
    )
    assert after[1] == without[1] and without[0] - after[0] == 6
    assert without[1] - now[1] == without[0] - now[0] > 6


@pytest.mark.policy("5.1-b")
def test_what_it_rested_on_is_kept_as_it_was(cast) -> None:
    fill(cast, {"Ben": missed(20)})
    row = asked(cast)
    made = decided(cast, row, "C", "", "")
    registers.amend_marks(
        cast.kestrels, date(2024, 5, 13), "AM", [NewMark(cast.enrolments["Ben"].pk, "N")],
        by=cast.actor("head"), at=moment(11, 0), key="a", reason="Was away",
    )  # fmt: skip
    made.refresh_from_db()
    assert made.facts["now"] != weigh(row, facts_of(cast.hamsey.pk), moment(11, 1)).now
    assert made.facts["policy"] == PolicyVersion.objects.get().pk and made.facts["n_sessions"] == 6


@pytest.mark.policy("A1-d")
def test_under_the_edition_of_2024_a_holiday_is_c_and_never_h(cast) -> None:
    schools.adopt_policy(
        cast.federation, document=shipped_text("national"), effective=FIRST, approved=date(2024, 5, 1),
        review=date(2025, 5, 1), by=cast.by, at=moment(8, 0),
    )  # fmt: skip
    row = asked(cast, reason="holiday")
    with pytest.raises(NotDecided, match="can't be granted with H: use C"):
        decided(cast, row, "H", "", "")
    decided(cast, row, "C", "", "")
    assert expected(cast) == [(FIRST, FIRST, "C")]
