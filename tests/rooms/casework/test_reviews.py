"""The fortnightly review: who is in it, why, what is proposed, and that what was kept never changes."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rollcall.accounts.queries import Standing, standing
from rollcall.casework import actions, queries
from rollcall.casework.models import Review, ReviewRow
from rollcall.journal.actor import INSTALLER
from rollcall.registers.actions import NewMark, amend_marks
from rollcall.rules.policy import shipped_text
from rollcall.schools import actions as schools
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed, phone, sessions

TWO_WEEKS_ON = date(2024, 6, 11)


def proposals(cast: Cast, at=None) -> dict[str, str]:
    return {row.seat.known_first: row.proposal.what for row in queries.place(cast.hamsey.pk, at or moment(9, 5)).rows}


def amend(cast: Cast, name: str, day: date, code: str, half="AM", key="a") -> None:
    mark = NewMark(cast.enrolments[name].pk, code)
    amend_marks(
        cast.kestrels, day, half, [mark], by=cast.actor("secretary"), at=moment(10, 0), key=key, reason="doctor's note"
    )


@pytest.mark.policy("7.1-a")
@pytest.mark.policy("W-e")
def test_everyone_below_the_target_is_in_it_most_serious_first_and_nobody_else(marked: Cast) -> None:
    assert list(proposals(marked).items()) == [
        ("Ben", "letter-1"),
        ("Aisha", "letter-1"),
        ("Chloe", "keep monitoring"),
    ]


@pytest.mark.policy("7.1-a")
def test_each_row_has_its_reasons_with_the_childs_own_numbers_and_their_source(reviewed, row) -> None:
    kept = row("Aisha").evidence
    assert kept["figures"]["possible"] - kept["figures"]["attended"] == 20
    why = kept["proposal"]["why"]
    assert why[0] == {"text": "Attendance is below 95%.", "value": "95%", "section": "FC", "source": ""}
    assert f"{kept['figures']['attended']} of {kept['figures']['possible']}" in why[1]["text"]
    assert "more sessions missed and attendance is below 90%" in kept["headroom"][0]
    assert kept["headroom"][1] == "Even if every remaining session is attended (92), attendance is below 95%."


@pytest.mark.policy("A4-b")
def test_the_line_of_95_is_exact(cast: Cast) -> None:
    """As many sessions as 5% allows, and one more."""
    allowed = len(sessions(cast)) * 5 // 100
    fill(cast, {"Dev": missed(allowed), "Esme": missed(allowed + 1)})
    assert proposals(cast) == {"Esme": "letter-1", "Dev": "keep monitoring"}


def test_no_reason_yet_or_no_mark_in_the_fortnight_is_checked_first(cast: Cast) -> None:
    fill(cast, {"Dev": {**missed(40), -3: "N"}, "Esme": {**missed(40), -4: "-"}})
    assert proposals(cast) == {"Dev": "check first", "Esme": "check first"}


def test_old_unclear_marks_matter_only_where_they_could_lift_the_figure(cast: Cast) -> None:
    fill(cast, {"Dev": missed(16, "N"), "Esme": {**missed(60), **missed(3, "N", 100)}})
    found = proposals(cast)
    assert found == {"Dev": "check first", "Esme": "letter-1"}


@pytest.mark.policy("W-e")
def test_stage_1_without_improvement_starts_the_letter_alike(cast: Cast) -> None:
    """At 96% in two reviews running, with a worse fortnight between them."""
    phone(cast)
    absences = {"Chloe": {**missed(10), -1: "O", -2: "O", -3: "O", -4: "O"}}
    fill(cast, absences, last=date(2024, 6, 10))
    first = actions.open_review(cast.hamsey, by=cast.actor("head"), at=moment(16, 0, date(2024, 5, 17)))
    assert {r.evidence["pupil"]["first"]: r.step for r in first.rows.all()} == {"Chloe": "keep monitoring"}
    actions.close_review(first, by=cast.actor("head"), at=moment(16, 5, date(2024, 5, 17)), carry_over="first one")
    found = queries.place(cast.hamsey.pk, moment(9, 5, TWO_WEEKS_ON)).rows[0]
    assert found.conclusion.stage == 1
    assert found.window.school_weeks == 2
    assert (found.proposal.what, found.before.day) == ("letter-1", date(2024, 5, 17))


@pytest.mark.policy("FC-b")
def test_after_the_letter_the_next_review_waits_then_asks_whether_it_improved(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": missed(20), "Ben": {**missed(40), **missed(8, "O", -8)}}, last=date(2024, 6, 10))
    review = actions.open_review(cast.hamsey, by=cast.actor("head"), at=moment(9, 5))
    actions.decide([r.pk for r in review.rows.all()], "agree", by=cast.actor("head"), at=moment(9, 30), key="d")
    assert proposals(cast, moment(9, 5, date(2024, 5, 21))) == dict.fromkeys(["Ben", "Aisha"], "wait for the window")
    later = {r.seat.known_first: r for r in queries.place(cast.hamsey.pk, moment(9, 5, TWO_WEEKS_ON)).rows}
    assert later["Aisha"].proposal.what == "monitoring"
    assert later["Ben"].proposal.what == "teacher-meeting"
    assert any("sessions attended since" in reason.text for reason in later["Ben"].proposal.why)


@pytest.mark.policy("FC-b")
def test_who_comes_back_to_monitoring_starts_a_new_round_only_on_a_fresh_fall(cast: Cast) -> None:
    phone(cast)
    fill(cast, {"Aisha": missed(20)}, last=date(2024, 6, 10))
    head = cast.actor("head")
    first = actions.open_review(cast.hamsey, by=head, at=moment(9, 5))
    actions.decide([first.rows.get().pk], "agree", by=head, at=moment(9, 30), key="d1")
    actions.close_review(first, by=head, at=moment(9, 40))
    second = actions.open_review(cast.hamsey, by=head, at=moment(9, 5, TWO_WEEKS_ON))
    done = actions.decide([second.rows.get().pk], "agree", by=head, at=moment(9, 30, TWO_WEEKS_ON), key="d2")
    assert (len(done.steps), done.messages) == (1, ()), "back to monitoring writes to nobody"
    after = TWO_WEEKS_ON + timedelta(days=1)
    assert proposals(cast, moment(9, 5, after)) == {"Aisha": "keep monitoring"}


def test_today_counts_once_school_is_over(marked: Cast) -> None:
    morning, evening = (queries.place(marked.hamsey.pk, moment(*at)) for at in ((9, 20), (15, 45)))
    assert (morning.through, evening.through) == (DAY - timedelta(days=1), DAY)
    assert not any(row.check_first for row in morning.rows)
    assert all(row.check_first for row in evening.rows), "today's two registers were never taken"
    monday = queries.place(marked.hamsey.pk, moment(9, 20, date(2024, 5, 13)))
    assert monday.through == date(2024, 5, 10)


def test_one_review_is_open_at_a_time_and_one_is_opened_a_day(marked: Cast, reviewed) -> None:
    head = marked.actor("head")
    again = actions.open_review(marked.hamsey, by=head, at=moment(9, 6), key="r1")
    assert again.pk == reviewed.pk
    with pytest.raises(actions.NotReviewed, match="still open"):
        actions.open_review(marked.hamsey, by=head, at=moment(9, 6))
    actions.close_review(reviewed, by=head, at=moment(9, 7), carry_over="too early")
    with pytest.raises(actions.NotReviewed, match="already"):
        actions.open_review(marked.hamsey, by=head, at=moment(9, 8))
    with pytest.raises(actions.NotReviewed, match="closed already"):
        actions.close_review(reviewed, by=head, at=moment(9, 8))


def test_a_closed_review_shows_years_later_what_it_showed_then(marked: Cast, reviewed, row) -> None:
    """Names, marks, leavers and policy change; not a byte of what was kept does."""
    actions.close_review(reviewed, by=marked.actor("head"), at=moment(9, 10), carry_over="all looked at")
    before = dict(ReviewRow.objects.values_list("pk", "evidence"))
    view = queries.review_view(reviewed.pk)
    by = {"by": INSTALLER, "at": moment(11, 0)}
    schools.change_pupil(marked.pupil("Aisha"), {"known_first": "Anna"}, school=marked.hamsey, **by)
    amend(marked, "Aisha", sessions(marked)[10][0], "I")
    schools.record_leaver(marked.enrolments["Ben"], last_day=DAY, reason="moved away", **by)
    document = shipped_text("federation").replace("target_percent = { value = 97,", "target_percent = { value = 96,")
    schools.adopt_policy(
        marked.federation,
        document=document,
        effective=date(2024, 5, 15),
        approved=date(2024, 5, 1),
        review=date(2027, 5, 1),
        **by,
    )
    assert dict(ReviewRow.objects.values_list("pk", "evidence")) == before
    again = queries.review_view(reviewed.pk)
    assert [r.name for r in again.groups[0].rows] == ["Ben Carter", "Aisha Begum"]
    assert again.policy.measures.target_percent.value == 97
    assert (again.n, again.number, again.policy_id) == (view.n, view.number, view.policy_id)


def test_the_evidence_holds_the_years_marks_as_they_were(marked: Cast, reviewed, row) -> None:
    kept = row("Aisha").evidence
    assert len(kept["marks"]) == 732
    assert kept["marks"].count("O") == 20
    assert kept["number"] == reviewed.upto_number > 0


def test_a_review_takes_few_queries_whatever_the_size_of_the_school(
    marked: Cast, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(14):
        queries.place(marked.hamsey.pk, moment(9, 5))


def of_reviews(who: Standing, at: datetime) -> list[queries.Waiting]:
    return [one for one in queries.waiting(who, at) if "review" in one.what]


def test_what_waits_is_said_to_who_decides(marked: Cast, signed_in) -> None:

    head, secretary = (standing(marked.users[name], DAY) for name in ("head", "secretary"))
    assert [(w.n, w.urgent) for w in of_reviews(head, moment(9, 5))] == [(1, True)]
    assert of_reviews(secretary, moment(9, 5)) == []
    actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    assert [(w.n, w.urgent) for w in of_reviews(head, moment(9, 6))] == [(3, False)]
    assert queries.reviews_of(head, moment(9, 0, date(2024, 5, 29)))[0].overdue


def test_a_review_waits_from_the_day_on_which_it_is_due(marked: Cast) -> None:
    head = standing(marked.users["head"], DAY)
    by = {"by": marked.actor("head"), "at": moment(9, 5)}
    actions.close_review(actions.open_review(marked.hamsey, **by), carry_over="Next time", **by)

    def waits(day: date) -> list[str]:
        return [one.what for one in of_reviews(head, moment(9, 0, day))]

    (line,) = queries.reviews_of(head, moment(9, 0))[0].lines
    assert (line.n, line.decided) == (3, 0), "what was carried over was not decided"
    assert waits(date(2024, 5, 27)) == []
    assert waits(date(2024, 5, 28)) == ["Hamsey Primary School: review is due today"]
    assert waits(date(2024, 5, 29)) == ["Hamsey Primary School: review is overdue"]


def run(*args: str) -> str:
    out = StringIO()
    call_command("review", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_prints_a_review_and_writes_nothing(marked: Cast) -> None:
    table = run("--school", "hamsey", "--at", "2024-05-14")
    assert "Aisha Begum (Kestrels)" in table
    lines = run("--school", "hamsey", "--at", "2024-05-14T09:05", "--csv").splitlines()
    assert lines[0].startswith("pupil,class,attended,possible,percent")
    assert lines[1].startswith("Ben Carter,Kestrels,")
    assert not Review.objects.exists()


def test_the_command_closes_in_somebodys_name(marked: Cast) -> None:
    args = ("--school", "hamsey", "--at", "2024-05-14", "--close", "for the record")
    with pytest.raises(CommandError, match="--by NAME"):
        run(*args)
    run(*args, "--by", "Harriet Head")
    assert Review.objects.get().closed.name == "Harriet Head"
    with pytest.raises(CommandError, match="no school 'nowhere'"):
        run("--school", "nowhere")
