"""A second policy with other stages, tiers, letters and steps runs through review, letters and drawing as it stands."""

import re
from datetime import date

import pytest

from rollcall.casework import actions, queries
from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.chart import chart
from rollcall.casework.queries.path import on_path
from rollcall.journal.actor import INSTALLER
from rollcall.letters.actions import save_wording
from rollcall.outbox.models import Message
from rollcall.rules.policy import loads
from rollcall.schools import actions as schools
from tests.cast import Cast, moment
from tests.rooms.casework.another_policy import another_policy
from tests.rooms.casework.marking import fill, missed, phone

TWO_WEEKS_ON = date(2024, 6, 11)
POLICY = loads(another_policy(), "another.toml")


@pytest.fixture
def other(cast: Cast) -> Cast:
    """The cast under the other policy, Aisha a little below its line and still away now and then."""
    dates = {"effective": date(2024, 4, 15), "approved": date(2024, 4, 1), "review": date(2027, 4, 1)}
    by = {"by": INSTALLER, "at": moment(8, 0, date(2024, 4, 2))}
    schools.adopt_policy(cast.federation, document=another_policy(), **dates, **by)
    phone(cast)
    fill(cast, {"Aisha": {**missed(20), **missed(6, "O", -10)}}, last=date(2024, 6, 10))
    return cast


def write(cast: Cast) -> None:
    """The school writes the letter that only its policy has."""
    body = "{child_first_name} has been in school for {attendance_figure}. Could we talk?"
    more = {"policy": POLICY, "by": cast.actor("head"), "at": moment(8, 0), "key": "w"}
    save_wording("friendly-word", school=cast.hamsey.pk, subject="A word about {child_first_name}", body=body, **more)


@pytest.mark.policy("FC-d")
def test_another_policy_runs_through_review_letters_and_the_path(other: Cast, signed_in, clock) -> None:
    clock(moment(9, 20))
    head = other.actor("head")
    review = actions.open_review(other.hamsey, by=head, at=moment(9, 5), key="r1")
    row = review.rows.get(pupil=other.pupil("Aisha"))
    assert (row.step, row.evidence["stage"], row.evidence["tier"]) == ("friendly-word", 1, 2)
    assert "stage 1, A worry" in str(row.evidence["proposal"]["why"])
    page = signed_in("head").get(f"/reviews/{review.pk}/").content.decode()
    assert "Send a friendly word" in page
    with pytest.raises(actions.NotDecided, match="A friendly word must say {attendance_figure}"):
        actions.decide([row.pk], "agree", by=head, at=moment(9, 30), key="d0")
    write(other)
    actions.decide([row.pk], "agree", by=head, at=moment(9, 30), key="d1")
    message = Message.objects.get()
    assert message.subject == "A word about Aisha" and "Could we talk?" in message.body
    assert message.evidence["letter"]["enclosed"], "the chart goes with the letter that this policy names"
    actions.close_review(review, by=head, at=moment(9, 40))
    (later,) = queries.place(other.hamsey.pk, moment(9, 5, TWO_WEEKS_ON)).rows
    assert later.proposal.what == "visit"
    assert "under 90%" in str(later.proposal.why)
    due = on_path(other.hamsey.pk, later.seat.pupil, moment(9, 5, TWO_WEEKS_ON)).due
    assert due and (due.how, due.owners, due.by) == ("record", ("Deputy head of school",), date(2024, 6, 7))


@pytest.mark.policy("FC-d")
def test_its_every_step_is_reached_and_leads_on(other: Cast) -> None:
    write(other)
    head = other.actor("head")
    review = actions.open_review(other.hamsey, by=head, at=moment(9, 5), key="r1")
    actions.decide([review.rows.get().pk], "agree", by=head, at=moment(9, 30), key="d1")
    case, at = Case.objects.get(), moment(9, 0, TWO_WEEKS_ON)
    more = {"school": other.hamsey.pk, "by": head, "at": at}
    actions.record_step(case, "visit", to_whom="Mrs Lead", words="Went there.", day=TWO_WEEKS_ON, key="v", **more)
    deed = StepTaken.objects.last().deed
    actions.take_step(case, "round-table", deed=deed, school=other.hamsey.pk, at=at)
    assert [step.step for step in case.steps.order_by("id")] == ["friendly-word", "visit", "round-table"]
    actions.take_step(case, "watching", deed=deed, school=other.hamsey.pk, at=at, improved=True)
    case.refresh_from_db()
    assert case.end == "improved"


@pytest.mark.policy("FC-d")
def test_its_chart_is_drawn_with_its_own_ways(other: Cast, client, clock) -> None:
    """From the round table one way leads back to the visit, another to the beginning: a lane for each."""
    clock(moment(9, 20))
    drawn = chart(POLICY)
    assert drawn.words[2].endswith(
        "Is it better? Yes: go to “A friendly word”. No: go to “" + POLICY.path.steps[3].name + "”."
    )
    lanes = set(re.findall(r"H(\d+(?:\.\d+)?)V", drawn.svg))
    assert len(lanes) == 3, "to the beginning, to the friendly word, to the visit"
    page = client.get("/chart/hamsey/").content.decode()
    assert "A friendly word" in page and "Penalty notice" not in page
