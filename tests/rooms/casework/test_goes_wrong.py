"""What goes wrong on the way (issue 4, part 6): the few that no other file proves.

Proved elsewhere. Two decide at once: `test_deciding` (two heads), `test_cases` (one open case), `test_authority`
(on what somebody saw), `test_notices` (same sessions), `test_meetings` (a second person is told). A parent added or
barred meanwhile: `test_deciding`, `test_written`, `test_notices_issued`. A pupil who leaves, or is past the age:
`test_path`, `test_deciding`, `test_written`, `test_notices_issued`. A policy adopted on the way: `test_cases`,
`test_path`, `test_authority`. Day 21 at midnight, in part, a bank holiday: `test_notices_issued`,
`tests/rules/test_penalties`. A review closed with registers missing: `test_handed`. Twins: `test_notices`. No address:
`test_written`, `letters/test_recipients`. Names of any kind and hostile wordings: `letters/test_languages`,
`documents/test_letter`.
"""

from datetime import date

import pytest
from django.urls import reverse

from rollcall.casework import actions
from rollcall.casework.actions.keeping import NotKept, keep_step
from rollcall.casework.models import Case, StepTaken
from rollcall.casework.queries.differing import Differing, differing
from rollcall.letters.queries.written_to import recipients_of
from rollcall.outbox.models import Message
from tests.cast import Cast, moment
from tests.rooms.casework.marking import sessions
from tests.rooms.casework.noticing import mark

SENT = moment(9, 30)
LATER = moment(9, 5)


def letter_1(cast: Cast, row) -> StepTaken:
    """Letter 1 about Aisha, who missed 20 sessions."""
    actions.decide([row("Aisha").pk], "agree", by=cast.actor("head"), at=SENT, key="d")
    Message.objects.update(state="sent", sent_at=SENT)
    return StepTaken.objects.get(pupil=cast.pupil("Aisha"))


def amend(cast: Cast, n: int, code: str) -> None:
    """Another code for Aisha's session with this index."""
    day, half = sessions(cast)[n]
    mark(cast, "Aisha", day, half, code)


def asked(step: StepTaken) -> list[Differing]:
    """What the case asks about."""
    return differing(step.case_id, {"letter-1": "Letter 1"})


def test_a_mark_amended_after_the_letter_went_is_shown_and_asked_about_once(cast: Cast, row, signed_in) -> None:
    step = letter_1(cast, row)
    kept = step.evidence["marks"]
    assert asked(step) == []
    amend(cast, 10, "I")
    amend(cast, 11, "N")
    (one,) = asked(step)
    assert [seen.words for seen in one.sessions] == ["Monday 11 September, morning: O in what it rests on, I today"]
    hub, keep = reverse("casework:pupil", args=[step.pupil_id]), reverse("casework:step_keep", args=[step.pk])
    head = signed_in("head")
    shown = head.get(hub).content.decode()
    assert "today's register differs" in shown and "It stands, because" in shown
    for wrong in ({"because": ""}, {"seen": "something else"}):
        head.post(keep, {"because": "one of twenty", "seen": one.sum, "key": "k0"} | wrong)
    assert asked(step)[0].answer == ""
    given = {"because": "19 of 20 were without leave", "seen": one.sum, "key": "k"}
    assert signed_in("teacher").post(keep, given).status_code == 403
    head.post(keep, given)
    assert asked(step)[0].answer == "19 of 20 were without leave (Harriet Head, Head of school)"
    assert "It stands, because" not in head.get(hub).content.decode()
    amend(cast, 12, "I")
    assert asked(step)[0].answer == "", "another amendment is another question"
    step.refresh_from_db()
    assert step.evidence["marks"] == kept


def test_what_differs_is_answered_as_it_was_seen(cast: Cast, row) -> None:
    step = letter_1(cast, row)
    amend(cast, 10, "I")
    given = {"school": cast.hamsey.pk, "by": cast.actor("head"), "at": LATER}
    (one,) = asked(step)
    amend(cast, 11, "I")
    with pytest.raises(NotKept, match="not as it was shown"):
        keep_step(step, one.sum, because="it stands", key="a", **given)
    (now,) = asked(step)
    keep_step(step, now.sum, because="it stands", key="b", **given)
    keep_step(step, now.sum, because="it stands", key="b", **given)


def test_a_mark_of_after_the_letter_is_no_difference(cast: Cast, row) -> None:
    step = letter_1(cast, row)
    mark(cast, "Aisha", date(2024, 5, 14), "AM", "O")
    assert asked(step) == []


@pytest.mark.parametrize("name", ["Zoë O’Brien-Ní Dhomhnaill", "d'Arcy", "مريم الحداد", "N" * 40 + " " + "W" * 39])
def test_a_name_of_any_kind_goes_the_whole_way_from_the_review_to_the_letter(marked: Cast, name: str) -> None:
    pupil = marked.pupil("Ben")
    pupil.known_first, _, last = name.partition(" ")
    pupil.known_last = last or "Carter"
    pupil.save()
    review = actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    found = review.rows.get(pupil=pupil)
    assert found.evidence["pupil"]["name"] == f"{pupil.known_first} {pupil.known_last}"
    actions.decide([found.pk], "agree", by=marked.actor("head"), at=moment(9, 30), key="d")
    message = Message.objects.get(pupil=pupil.pk)
    assert pupil.known_first in message.body and bytes(message.pdf).startswith(b"%PDF")


def test_twins_each_have_a_letter_and_a_case_of_their_own(marked: Cast) -> None:
    aisha, ben = marked.pupil("Aisha"), marked.pupil("Ben")
    link = aisha.contacts.get()
    ben.contacts.update(contact=link.contact)
    review = actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    rows = list(review.rows.filter(pupil__in=[aisha, ben]).values_list("pk", flat=True))
    actions.decide(rows, "agree", by=marked.actor("head"), at=moment(9, 30), key="d")
    assert Message.objects.filter(to_name="Ms Pat Begum").count() == 2
    assert Case.objects.filter(closed=None).count() == 2


def test_a_parent_added_after_the_letter_was_agreed_has_none_and_is_known_for_the_next(marked: Cast) -> None:
    review = actions.open_review(marked.hamsey, by=marked.actor("head"), at=moment(9, 5))
    ben = marked.pupil("Ben")
    actions.decide([review.rows.get(pupil=ben).pk], "agree", by=marked.actor("head"), at=moment(9, 30), key="d")
    before = Message.objects.filter(pupil=ben.pk).count()
    link = ben.contacts.get()
    link.pk, link.contact_id, link.order = None, marked.pupil("Chloe").contacts.get().contact_id, 2
    link.save()
    assert Message.objects.filter(pupil=ben.pk).count() == before == 1
    assert len(recipients_of([ben.pk], date(2024, 5, 14))[ben.pk].written) == 2
