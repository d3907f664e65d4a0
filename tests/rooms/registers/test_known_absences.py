"""What is known ahead about a pupil: the same is known once, and what else stands is said before it is joined."""

from datetime import date, datetime

import pytest

from rollcall.journal.actions import AlreadyDone
from rollcall.journal.models import Deed
from rollcall.registers import actions
from rollcall.registers.actions import KnownAlready
from rollcall.registers.models import Expectation
from rollcall.rules.sessions import Half
from tests.cast import DAY, Cast, moment

WHOLE: tuple[tuple[date, Half], tuple[date, Half]] = ((DAY, "AM"), (DAY, "PM"))


def known(cast: Cast, code: str = "I", span=WHOLE, *, at: datetime | None = None, **more) -> Expectation:
    """Ben is expected to be away."""
    by = {"by": cast.actor("secretary"), "at": at or moment(8, 20)}
    first, last = span
    return actions.expect(cast.enrolments["Ben"], first=first, last=last, code=code, ground="A cold", **by, **more)


def told(cast: Cast, **more: str) -> dict[str, object]:
    """The form as somebody else fills it in."""
    days = {"first_day": str(DAY), "first_half": "AM", "last_day": str(DAY), "last_half": "PM", "back_on": ""}
    return {"key": "key-exp2", "enrolment": cast.enrolments["Ben"].pk, "code": "I", "ground": "Ill", **days, **more}


@pytest.mark.parametrize("span", [WHOLE, ((DAY, "PM"), (DAY, "PM"))])
def test_what_is_known_already_is_not_entered_again_and_who_entered_it_is_named(cast: Cast, span) -> None:
    first, deeds = known(cast), Deed.objects.count()
    with pytest.raises(KnownAlready, match="is known already, entered by Sue Secretary at 8.20") as caught:
        known(cast, span=span, at=moment(8, 40))
    assert caught.value.expectation == first.pk
    assert Expectation.objects.count() == 1
    assert Deed.objects.count() == deeds


def test_a_longer_absence_leave_granted_since_and_a_withdrawn_one_are_no_repeats(cast: Cast) -> None:
    known(cast, "C")
    known(cast, "C", leave_granted=True)
    with pytest.raises(KnownAlready):
        known(cast, "C")
    known(cast, "C", ((DAY, "AM"), (DAY.replace(day=15), "AM")), leave_granted=True)
    longer = Expectation.objects.order_by("id").last()
    with pytest.raises(KnownAlready, match="on Wednesday 15 May|on the morning of Wednesday 15 May"):
        known(cast, "C", ((DAY.replace(day=15), "AM"), (DAY.replace(day=15), "AM")))
    actions.withdraw(longer, by=cast.actor("office"), at=moment(8, 30), reason="Back today")
    known(cast, "C", ((DAY.replace(day=15), "AM"), (DAY.replace(day=15), "AM")))


def test_the_same_request_again_is_a_repeat_and_no_second_absence(cast: Cast) -> None:
    known(cast, key="k1")
    with pytest.raises(AlreadyDone):
        known(cast, key="k1")


def test_the_form_says_that_it_is_known_already(signed_in, cast: Cast) -> None:
    known(cast, at=moment(8, 20, DAY.replace(day=13)))
    answer = signed_in("office").post("/registers/expected/", told(cast))
    assert answer.status_code == 422
    assert "entered by Sue Secretary on Monday 13 May at 8.20." in answer.content.decode()
    assert "Ben Carter: I (Illness) on Tuesday 14 May is known already" in answer.content.decode()


def test_what_else_stands_is_said_before_another_code_is_entered_beside_it(signed_in, cast: Cast) -> None:
    known(cast, "M", ((DAY, "PM"), (DAY, "PM")))
    office = signed_in("office")
    assert "all the same" not in office.get("/registers/expected/").content.decode()
    assert "all the same" not in office.post("/registers/expected/", told(cast, ground="")).content.decode()
    asked = office.post("/registers/expected/", told(cast))
    assert asked.status_code == 422
    said = "M on the afternoon of Tuesday 14 May, A cold (entered by Sue Secretary at 8.20)"
    assert said in asked.content.decode()
    assert 'name="beside"' in asked.content.decode()
    assert Expectation.objects.count() == 1
    assert office.post("/registers/expected/", told(cast, beside="on")).status_code == 302
    assert list(Expectation.objects.order_by("id").values_list("code", flat=True)) == ["M", "I"]


def test_another_half_of_the_day_is_entered_without_asking(signed_in, cast: Cast) -> None:
    known(cast, "M", ((DAY, "PM"), (DAY, "PM")))
    answer = signed_in("office").post("/registers/expected/", told(cast, last_half="AM"))
    assert answer.status_code == 302
