"""Handing a pupil to somebody, many decided at once, what is carried over, and registers missing at the end."""

from datetime import date, timedelta

import pytest

from rollcall.casework import actions, queries
from rollcall.casework.actions.handing import NotHanded, Task, finish, hand_pupil, hand_rows
from rollcall.casework.models import Decision, HandedOn
from rollcall.casework.queries.handed import handed_at, handed_to, hands
from rollcall.outbox.models import Message
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed

pytestmark = pytest.mark.django_db
NEXT = date(2024, 5, 28) + timedelta(days=7)


def user(cast: Cast, name: str) -> str:
    return f"user:{cast.users[name].pk}"


def hand(cast: Cast, *rows, to="leader", what="Ring the family about the bus", due=None, key="h", at=None):
    task = Task(user(cast, to), what, due)
    return hand_rows([row.pk for row in rows], task, by=cast.actor("head"), at=at or moment(9, 30), key=key)


@pytest.mark.policy("FC-c")
def test_a_row_handed_on_is_decided_and_waits_for_that_person_until_they_say_what_was_done(marked, row) -> None:
    (handed,) = hand(marked, row("Ben"), due=DAY + timedelta(days=2))
    assert (row("Ben").decision.choice, row("Ben").decision.because) == ("handed", "Ring the family about the bus")
    assert not Message.objects.exists()
    (line,) = handed_to(user(marked, "leader"), DAY + timedelta(days=3))
    assert (line.pupil_name, line.by, line.is_late) == ("Ben Carter", "Harriet Head", True)
    assert [one.id for one in handed_at([marked.hamsey.pk], DAY)] == [handed.pk]
    finish(handed, "The bus is late no more", by=marked.actor("leader"), at=moment(11, 0), key="f")
    finish(handed, "The bus is late no more", by=marked.actor("leader"), at=moment(11, 0), key="f")
    handed.refresh_from_db()
    assert handed.done.name == "Lee Leader"
    assert handed_to(user(marked, "leader"), DAY) == []
    with pytest.raises(NotHanded, match="done before"):
        finish(handed, "Again", by=marked.actor("leader"), at=moment(11, 1), key="f2")


def test_pressed_twice_it_is_handed_once_and_two_people_cannot_both_decide(marked, row) -> None:
    hand(marked, row("Ben"))
    assert len(hand(marked, row("Ben"))) == 1
    with pytest.raises(actions.NotDecided, match="Ben Carter was decided by Harriet Head already: handed"):
        hand(marked, row("Ben"), key="other")
    assert HandedOn.objects.count() == 1


def test_at_the_very_same_moment_the_database_lets_one_through(marked, row, monkeypatch) -> None:
    hand(marked, row("Ben"))
    monkeypatch.setattr("rollcall.casework.actions.handing.check_still_open", lambda *_: None)
    with pytest.raises(NotHanded, match="same moment"):
        hand(marked, row("Ben"), key="other")
    assert HandedOn.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"to": "stranger"}, "somebody of this school"),
        ({"to": "governor"}, "somebody of this school"),
        ({"to": "wrens_teacher"}, "who may see these pupils"),
        ({"what": " "}, "what is to be done"),
        ({"due": DAY - timedelta(days=1)}, "Monday 13 May has passed"),
    ],
)
def test_what_cannot_be_handed_on_is_said_and_nothing_is_written(marked, row, given, says) -> None:
    with pytest.raises(actions.NotDecided, match=says):
        hand(marked, row("Ben"), **given)
    assert not Decision.objects.exists()


def test_a_closed_review_hands_nothing_on(marked, reviewed, row) -> None:
    actions.close_review(reviewed, by=marked.actor("head"), at=moment(9, 20), carry_over="next time")
    with pytest.raises(actions.NotDecided, match="closed"):
        hand(marked, row("Ben"))


def test_a_teacher_is_handed_only_children_they_teach_and_one_query_more_for_none(marked) -> None:
    kestrels, wrens = marked.pupil("Ben").pk, marked.pupil("Gus").pk
    named = {one.name for one in hands(marked.hamsey.pk, [kestrels], DAY)}
    assert {"Tom Teacher", "Lee Leader", "Olly Office", "Eve Executive"} <= named
    assert not {"Wilma Wren", "Sam Stranger", "Gita Governor", "Ana Analyst"} & named
    assert not {"Tom Teacher", "Wilma Wren"} & {one.name for one in hands(marked.hamsey.pk, [kestrels, wrens], DAY)}


def test_a_pupil_is_handed_on_outside_a_review_and_stays_in_sight_of_the_school_where_they_are(marked) -> None:
    task = Task(user(marked, "dsl"), "Look in on the family")
    act = {"by": marked.actor("head"), "at": moment(10, 0), "key": "p"}
    assert hand_pupil(marked.pupil("Ben").pk, marked.hamsey.pk, task, **act) == hand_pupil(
        marked.pupil("Ben").pk, marked.hamsey.pk, task, **act
    )
    assert handed_at([marked.barcombe.pk], DAY) == []
    assert len(handed_at([marked.hamsey.pk], DAY)) == 1


# Pages


def form(**more) -> dict:
    return {"key": "k1", "decide": "yes"} | more


@pytest.mark.policy("7.1-a")
def test_many_are_decided_at_once_after_reading_why_each_is_there(marked, reviewed, row, signed_in) -> None:
    head, url = signed_in("head"), f"/reviews/{reviewed.pk}/decide/"
    ids = [row("Ben").pk, row("Aisha").pk]
    text = head.post(url, {"row": ids}).content.decode()
    assert "Decide for 2 pupils" in text
    assert text.count("Attendance is below 95%") == 2
    answer = head.post(url, form(row=ids, choice="none", because=""))
    assert (answer.status_code, "Say why, in a few words" in answer.content.decode()) == (422, True)
    head.post(url, form(row=ids, choice="none", because="Both were at a funeral"))
    head.post(url, form(row=ids, choice="none", because="Both were at a funeral"))
    assert list(Decision.objects.values_list("choice", "because")) == [("none", "Both were at a funeral")] * 2
    late = head.post(url, form(row=ids, choice="none", because="x y z", key="k2"), follow=True)
    assert "Choose at least one pupil" in late.content.decode()


def test_many_letters_are_previewed_before_they_go(marked, reviewed, row, signed_in) -> None:
    ids = [row("Ben").pk, row("Aisha").pk]
    answer = signed_in("head").post(f"/reviews/{reviewed.pk}/decide/", form(row=ids, choice="agree"))
    assert "2 letters will go" in answer.content.decode()
    assert not Decision.objects.exists()


def test_handed_on_from_the_row_and_done_on_the_persons_own_page(marked, reviewed, row, signed_in) -> None:
    head, ben = signed_in("head"), row("Ben")
    url = f"/reviews/{reviewed.pk}/pupils/{ben.pk}/"
    wrong = head.post(url, {"key": "k", "choice": "handed", "because": "Ring them"})
    assert (wrong.status_code, "Say to whom it is handed" in wrong.content.decode()) == (422, True)
    given = {"key": "k", "choice": "handed", "to": user(marked, "leader"), "because": "Ring <b>them</b>"}
    assert "Ring <b>them" not in head.post(url, given, follow=True).content.decode()
    assert "Handed to Lee Leader" in head.get(url).content.decode()
    leader, handed = signed_in("leader"), HandedOn.objects.get()
    assert "Ben Carter" in leader.get("/casework/handed/").content.decode()
    assert "Ben Carter" in head.get("/casework/handed/").content.decode()
    bare = leader.post(f"/casework/handed/{handed.pk}/", {"key": "d", "words": ""})
    assert (bare.status_code, "Say in a few words" in bare.content.decode()) == (422, True)
    done = leader.post(f"/casework/handed/{handed.pk}/", {"key": "d", "words": "Rang them"}, follow=True)
    assert "Done for Ben Carter" in done.content.decode()
    assert "Rang them" in head.get(f"/casework/pupils/{ben.pupil_id}/").content.decode()


@pytest.mark.parametrize("name", ["teacher", "secretary", "exec", "leader"])
def test_it_is_said_on_whichever_page_that_person_lands(marked, row, signed_in, name) -> None:
    hand(marked, row("Ben"), to=name)
    landed = signed_in(name).get("/", follow=True).content.decode()
    assert "1 pupil handed to you" in landed
    assert "/casework/handed/" in landed


def test_who_may_not_is_turned_away(marked, reviewed, row, signed_in) -> None:
    hand(marked, row("Ben"))
    handed, pupil = HandedOn.objects.get().pk, marked.pupil("Ben").pk
    assert signed_in("governor").get("/casework/handed/").status_code == 403
    assert signed_in("stranger").post(f"/casework/handed/{handed}/", {"words": "Mine", "key": "x"}).status_code == 404
    assert signed_in("secretary").post(f"/casework/handed/{handed}/", {"words": "Mine", "key": "x"}).status_code == 404
    assert "Ben Carter" not in signed_in("stranger").get("/casework/handed/").content.decode()
    assert signed_in("secretary").get(f"/casework/pupils/{pupil}/hand/").status_code == 403
    assert signed_in("stranger").get(f"/casework/pupils/{pupil}/hand/").status_code == 404
    assert signed_in("stranger").get(f"/reviews/{reviewed.pk}/decide/?row=1").status_code == 404
    assert signed_in("head").post("/casework/handed/999999/", {}).status_code == 404


def test_a_pupil_is_handed_on_from_the_casework_page(marked, signed_in) -> None:
    head, url = signed_in("head"), f"/casework/pupils/{marked.pupil('Ben').pk}/hand/"
    wrong = head.post(url, {"key": "k", "to": "user:999", "what": "See them", "due_0": "x"})
    assert wrong.status_code == 422
    head.post(url, {"key": "k", "to": user(marked, "dsl"), "what": "See them"})
    head.post(url, {"key": "k", "to": user(marked, "dsl"), "what": "See them"})
    assert HandedOn.objects.get().what == "See them"


# What is carried over, and what is missing


@pytest.mark.policy("7.1-a")
def test_who_was_left_over_comes_first_next_time_with_where_it_comes_from_until_somebody_decides(
    marked, reviewed, signed_in
) -> None:
    head = marked.actor("head")
    actions.close_review(reviewed, by=head, at=moment(9, 40), carry_over="the leader is away")
    second = actions.open_review(marked.hamsey, by=head, at=moment(9, 5, date(2024, 5, 21)))
    carried = second.rows.get(pupil=marked.pupil("Chloe"))
    assert carried.shown["carried"] == "Left over from the review of Tuesday 14 May: the leader is away."
    actions.close_review(second, by=head, at=moment(9, 40, date(2024, 5, 21)), carry_over="again")
    fill(marked, {"Chloe": {}, "Ben": missed(60), "Aisha": missed(20)}, date(2024, 5, 20))
    third = actions.open_review(marked.hamsey, by=head, at=moment(9, 5, date(2024, 5, 22)))
    chloe = third.rows.get(pupil=marked.pupil("Chloe"))
    assert chloe.step == "keep monitoring", "on target by now, and still there until somebody decides"
    assert "carried since Tuesday 14 May" in chloe.shown["carried"]
    text = signed_in("head").get(f"/reviews/{third.pk}/").content.decode()
    assert text.index("Left over from the review before") < text.index("Chloe Dunn")
    wanted = [row.pk for row in third.rows.filter(decision__isnull=True)]
    actions.decide(wanted, "none", because="all is well", by=head, at=moment(9, 30, date(2024, 5, 22)), key="n")
    actions.close_review(third, by=head, at=moment(9, 50, date(2024, 5, 22)))
    fourth = queries.place(marked.hamsey.pk, moment(9, 5, date(2024, 5, 23)))
    assert "Chloe" not in {row.seat.known_first for row in fourth.rows}


@pytest.mark.policy("7.1-a")
def test_a_pupil_with_unclear_marks_is_checked_first_and_the_review_says_which(cast, signed_in) -> None:
    fill(cast, {"Ben": missed(60) | {-1: "N", -2: "-"}, "Gus": missed(40) | {-1: "-"}})
    review = actions.open_review(cast.hamsey, by=cast.actor("head"), at=moment(9, 5), key="r")
    ben = review.rows.get(pupil=cast.pupil("Ben"))
    assert ben.check_first
    assert ben.shown["unclear"] == "no mark on Monday 13 May (morning) and N on Monday 13 May (afternoon)"
    for url in (f"/reviews/{review.pk}/", f"/reviews/{review.pk}/pupils/{ben.pk}/"):
        assert "N on Monday 13 May (afternoon)" in signed_in("head").get(url).content.decode()


@pytest.mark.policy("7.1-a")
def test_a_review_closed_with_registers_missing_says_which_and_keeps_it(cast, signed_in) -> None:
    wrens = ("Gus", "Hana", "Ivo")
    fill(cast, {"Ben": missed(60)} | {name: {-1: "-", -2: "-"} for name in wrens})
    review = actions.open_review(cast.hamsey, by=cast.actor("head"), at=moment(9, 5), key="r")
    page = signed_in("head").get(f"/reviews/{review.pk}/").content.decode()
    assert "Registers that are not in" in page
    assert "2 sessions: Monday 13 May" in page
    actions.close_review(review, by=cast.actor("head"), at=moment(9, 40), carry_over="waiting for Wrens")
    fill(cast, {}, DAY - timedelta(days=1))
    review.refresh_from_db()
    kept = [{"class": "Wrens", "day": "2024-05-13", "half": half} for half in ("AM", "PM")]
    assert review.registers_missing == kept
    assert "were not in when it was closed" in signed_in("head").get(f"/reviews/{review.pk}/").content.decode()
