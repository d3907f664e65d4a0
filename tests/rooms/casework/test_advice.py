"""Advice of who may not decide: put forward with a reason, shown beside the row, kept, and nothing follows from it."""

import pytest

from rollcall.casework import actions
from rollcall.casework.actions.advising import NotAdvised, advise
from rollcall.casework.models import Advice, Decision
from rollcall.outbox.models import Message
from tests.cast import moment

pytestmark = pytest.mark.django_db


def say(cast, row, step="letter-1", because="The bus did not run", who="secretary", key="a"):
    return advise(row, step, because, by=cast.actor(who), at=moment(9, 20), key=key)


@pytest.mark.policy("3.4-a")
def test_advice_is_kept_beside_the_row_and_nothing_follows_from_it(marked, row) -> None:
    first, again = say(marked, row("Ben")), say(marked, row("Ben"))
    assert first == again
    say(marked, row("Ben"), "none", "The family is moving", who="dsl", key="b")
    assert not Decision.objects.exists()
    assert not Message.objects.exists()
    actions.decide(
        [row("Ben").pk], "none", because="moving on Friday", by=marked.actor("head"), at=moment(9, 30), key="d"
    )
    assert [one.deed.name for one in row("Ben").advice.all()] == ["Sue Secretary", "Dana Safeguard"]


@pytest.mark.parametrize(
    ("given", "says"),
    [({"because": " "}, "Say why"), ({"step": "letter-9"}, "what you put forward"), ({"step": ""}, "put forward")],
)
def test_advice_without_a_reason_or_a_step_is_refused(marked, row, given, says) -> None:
    with pytest.raises(NotAdvised, match=says):
        say(marked, row("Ben"), **given)
    assert not Advice.objects.exists()


def test_nothing_is_put_forward_once_it_is_decided_or_closed(marked, reviewed, row) -> None:
    actions.decide([row("Ben").pk], "none", because="as said", by=marked.actor("head"), at=moment(9, 30), key="d")
    with pytest.raises(NotAdvised, match="Harriet Head has decided already: no action"):
        say(marked, row("Ben"))
    actions.close_review(reviewed, by=marked.actor("head"), at=moment(9, 40), carry_over="next time")
    with pytest.raises(NotAdvised, match="closed"):
        say(marked, row("Aisha"))


@pytest.mark.policy("3.4-a")
def test_the_secretary_puts_forward_and_the_head_sees_it_and_decides(marked, reviewed, row, signed_in) -> None:
    url = f"/reviews/{reviewed.pk}/pupils/{row('Ben').pk}/"
    secretary, head = signed_in("secretary"), signed_in("head")
    page = secretary.get(url).content.decode()
    assert "Put something forward" in page
    assert "What do you decide?" not in page
    wrong = secretary.post(f"{url}advise/", {"key": "k", "step": "none", "because": ""})
    assert (wrong.status_code, "Say why, in a few words" in wrong.content.decode()) == (422, True)
    given = {"key": "k", "step": "none", "because": "Was <i>in hospital</i>"}
    secretary.post(f"{url}advise/", given)
    secretary.post(f"{url}advise/", given)
    assert Advice.objects.count() == 1
    shown = head.get(url).content.decode()
    assert "puts forward: no action" in shown
    assert "<i>in hospital" not in shown
    assert "Put forward by Sue Secretary" in head.get(f"/reviews/{reviewed.pk}/").content.decode()


def test_who_may_not_is_turned_away(marked, reviewed, row, signed_in) -> None:
    url = f"/reviews/{reviewed.pk}/pupils/{row('Ben').pk}/"
    given = {"key": "k", "step": "none", "because": "because"}
    assert signed_in("secretary").post(url, {"key": "k", "choice": "none", "because": "as said"}).status_code == 403
    assert signed_in("secretary").post(f"/reviews/{reviewed.pk}/decide/", {"row": row("Ben").pk}).status_code == 403
    assert signed_in("governor").post(f"{url}advise/", given).status_code == 403
    assert signed_in("teacher").post(f"{url}advise/", given).status_code == 403
    assert signed_in("stranger").post(f"{url}advise/", given).status_code == 404
    other = f"/reviews/{reviewed.pk + 1}/pupils/{row('Ben').pk}/advise/"
    assert signed_in("secretary").post(other, given).status_code == 404
    assert not Advice.objects.exists()
