"""What the path did for a pupil, as the pupil's page says it: decisions, steps, their letters, what was withdrawn."""

from rollcall.accounts.queries import standing
from rollcall.casework import actions
from rollcall.casework.models import StepTaken
from rollcall.insight.queries.pupil import Happened, happened
from rollcall.insight.queries.who import known_pupil
from tests.cast import Cast, moment


def told(cast: Cast, name: str, **wanted: bool) -> list[Happened]:
    known = known_pupil(standing(cast.users["head"], moment(12, 0).date()), cast.pupil(name).pk, moment(12, 0).date())
    return happened(known, **wanted)


def test_a_letter_its_step_and_its_decision_are_told_with_who_and_what_came_of_them(cast: Cast, reviewed, row) -> None:
    head = cast.actor("head")
    actions.decide([row("Aisha").pk], "agree", by=head, at=moment(9, 30), key="d1")
    actions.withdraw(StepTaken.objects.get(), because="rang the family", by=head, at=moment(9, 40), key="w")
    said, by = told(cast, "Aisha", with_steps=True, with_letters=True), f"{head.name}, {head.position}"
    taken = StepTaken.objects.get()
    figure = f"({taken.attended} of {taken.possible} sessions)."
    assert [(h.at, h.what, h.who, h.route, h.session, h.number) for h in said] == [
        (moment(9, 40), "Withdrawn: letter 1", by, "", None, 0),
        (moment(9, 30), "Agreed", by, "casework:review", None, reviewed.pk),
        (moment(9, 30), "Step taken: letter 1", by, "", None, 0),
        (moment(9, 30), "Aisha's attendance: can we help?: e-mail to Ms Pat Begum", by, "", None, 0),
    ]
    assert (said[0].detail, said[1].detail, said[3].detail) == ("rang the family", "", "Waiting")
    assert said[2].detail.startswith("On ")
    assert said[2].detail.endswith(figure)
    assert told(cast, "Aisha", with_steps=True, with_letters=False) == said[:3]
    assert told(cast, "Aisha", with_steps=False, with_letters=True) == said[3:]
    assert told(cast, "Aisha", with_steps=False, with_letters=False) == []


def test_another_pupils_are_not_told(cast: Cast, row) -> None:
    actions.decide([row("Aisha").pk], "agree", by=cast.actor("head"), at=moment(9, 30), key="d1")
    assert told(cast, "Chloe", with_steps=True, with_letters=True) == []
