"""Two people, or two workers, at the same moment: one call, one alert, one message (4.5-a)."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from rollcall.absence.actions.chasing import chase
from rollcall.absence.actions.words import NotLogged
from rollcall.absence.models import Alert, Call
from rollcall.outbox.models import Message
from rollcall.schools.queries import facts_of
from tests.cast import Cast, moment
from tests.rooms.absence.calling import mark, tap, the_rest_present

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do these at the same moment; what was refused, in words."""
    ready, refused = Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        ready.wait()
        try:
            act()
        except NotLogged as said:
            refused.append(str(said))
        finally:
            connections.close_all()

    threads = [Thread(target=do, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return refused


@pytest.mark.policy("4.5-a")
def test_two_people_who_log_the_same_call_at_once_make_one_and_one_is_told(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    refused = at_once(
        lambda: tap(cast, "Ben", "no_answer", moment(9, 31), key="1"),
        lambda: tap(cast, "Ben", "no_answer", moment(9, 31), key="2", who="office"),
    )
    assert len(refused) == 1
    assert "If you called as well, tap again" in refused[0]
    assert (Call.objects.count(), Alert.objects.count(), Message.objects.count()) == (1, 1, 1)


@pytest.mark.policy("4.5-a")
def test_two_workers_that_look_at_once_raise_one_alert(cast: Cast) -> None:
    the_rest_present(cast, "Ben")
    mark(cast, "Ben", "N")
    facts = facts_of(cast.hamsey.pk)
    at_once(lambda: chase(facts, moment(10, 30)), lambda: chase(facts, moment(10, 30)))
    assert (Alert.objects.count(), Message.objects.count()) == (1, 1)
    at_once(lambda: chase(facts, moment(10, 45)), lambda: chase(facts, moment(10, 45)))
    assert Message.objects.count() == 2
