"""Two people with the same request for leave at the same moment: one request, one decision, one answer (5.1-b)."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections

from rollcall.absence.actions.leave import NotEntered
from rollcall.absence.actions.leave_answering import NotDecided
from rollcall.absence.actions.leave_deciding import decide_leave
from rollcall.absence.models import LeaveDecision, LeaveRequest
from rollcall.outbox.models import Message
from rollcall.registers.models import Expectation
from tests.cast import Cast, moment
from tests.rooms.absence.leave_cast import answer, ask, asked

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do these at the same moment; what was refused, in words."""
    ready, refused = Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        ready.wait()
        try:
            act()
        except (NotEntered, NotDecided) as said:
            refused.append(str(said))
        finally:
            connections.close_all()

    threads = [Thread(target=do, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return refused


def test_two_in_the_office_enter_the_same_form_once(cast: Cast) -> None:
    refused = at_once(lambda: ask(cast, key="1"), lambda: ask(cast, key="2"))
    assert len(refused) == 1 and "has entered a request for Ben Carter" in refused[0]
    assert LeaveRequest.objects.count() == 1


@pytest.mark.policy("5.1-b")
def test_the_head_and_the_executive_head_decide_once(cast: Cast) -> None:
    row = asked(cast)
    yes, no = answer(cast, "C", "C", "C"), answer(cast, "", "", "")
    refused = at_once(
        lambda: decide_leave(row, yes, by=cast.actor("head"), at=moment(10, 0), key="1"),
        lambda: decide_leave(row, no, by=cast.actor("exec"), at=moment(10, 0), key="2"),
    )
    assert len(refused) == 1 and "has decided this already" in refused[0]
    (made,) = LeaveDecision.objects.all()
    assert Message.objects.count() == 1
    granted = made.spans.filter(granted=True).count()
    assert Expectation.objects.count() == granted
