"""What others are told of the search for a child: the pupil's page, and what waits for whom."""

from rollcall.absence.actions.alerts import acknowledge
from rollcall.absence.actions.chasing import chase
from rollcall.absence.models import Alert, Referral
from rollcall.absence.queries.looked_for import happenings
from rollcall.absence.queries.waits import waiting
from rollcall.accounts.queries import standing
from rollcall.journal.actions import begin
from rollcall.schools.queries import facts_of
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.calling import mark, tap, the_rest_present


def test_a_pupils_page_can_tell_what_was_done_in_one_question(cast: Cast, django_assert_num_queries) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")
    acknowledge(Alert.objects.get(), by=cast.actor("dsl"), at=moment(9, 35), key="a")
    mark(cast, "Ben", "L", at=moment(9, 36))
    chase(facts_of(cast.hamsey.pk), moment(9, 37))
    ben = cast.enrolments["Ben"]
    deed = begin("referred", by=cast.by, at=moment(15, 30))
    Referral.objects.create(enrolment=ben, kind="stopped", since=DAY, day=DAY, evidence={}, deed=deed)
    with django_assert_num_queries(1):
        found = happenings([ben.pk])
    assert [one.what for one in reversed(found)] == [
        "Called Pat Carter: no answer",
        "Alert: none of the contacts could be reached",
        "Alert acknowledged: none of the contacts could be reached",
        "Alert closed: none of the contacts could be reached",
        "Put to the head of school: stopped attending, since 14 May 2024",
    ]
    assert found[1].detail.startswith("Accounted for: Ben Carter is marked L")
    assert happenings([]) == []


def test_what_waits_is_said_to_who_may_do_it(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    tap(cast, "Ben", "no_answer", moment(9, 31), key="1")

    def waits(name: str) -> list[str]:
        return [one.words for one in waiting(standing(cast.users[name], DAY), moment(9, 40))]

    alert, child = (
        "1 alert at Hamsey Primary School to acknowledge",
        "1 child at Hamsey Primary School not accounted for",
    )
    assert waits("dsl") == [alert, child]
    assert waits("office") == [child]
    assert waits("teacher") == []
    assert waits("governor") == []
    assert not any("Hamsey" in words for words in waits("stranger"))
