"""What the path did for a pupil, as the pupil's page says it: decisions, steps, their letters, what was withdrawn."""

from rollcall.accounts.queries import standing
from rollcall.casework import actions
from rollcall.casework.models import Meeting, MeetingOutcome, StepTaken, SupportOffered
from rollcall.insight.queries.pupil import Happened, happened
from rollcall.insight.queries.who import known_pupil
from rollcall.journal.actions import begin
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


def test_meetings_and_help_are_told_with_the_rest_to_who_sees_the_case(cast: Cast, signed_in, clock) -> None:
    clock(moment(12, 0))
    pupil = cast.pupil("Aisha")
    deed = begin("test.help", by=cast.actor("head"), at=moment(9, 0), school=cast.hamsey.pk)
    about = {"pupil": pupil, "school": cast.hamsey, "deed": deed}
    meeting = Meeting.objects.create(kind="regular", at=moment(8, 0), **about)
    MeetingOutcome.objects.create(meeting=meeting, how="held", said="Mornings are hard.", deed=deed)
    SupportOffered.objects.create(kind="mentoring", what="A mentor", day=moment(9, 0).date(), **about)
    page = signed_in("head").get(f"/pupils/{pupil.pk}/happened/").content.decode()
    assert "Meeting: held" in page and "Mornings are hard." in page and f"/casework/meetings/{meeting.pk}/" in page
    assert "Support offered: A mentor" in page
    assert "Support offered" not in signed_in("office").get(f"/pupils/{pupil.pk}/happened/").content.decode()
