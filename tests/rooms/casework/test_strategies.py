"""Strategies for pupils and groups (7.2-b): begun with an aim, followed before and since, joined, left and ended."""

from datetime import date, timedelta

import pytest

from rollcall.casework.actions.strategies import (
    NotFollowed,
    Strategy,
    add_pupils,
    end_strategy,
    leave_strategy,
    start_strategy,
)
from rollcall.casework.models import Intervention, InterventionPupil
from rollcall.casework.queries.groups import groups_of
from rollcall.casework.queries.strategies import followed, strategies_of_pupil, strategies_of_school
from rollcall.rules.policy import load
from rollcall.schools.queries import facts_of
from rollcall.schools.queries.roll import seats_of_school
from tests.cast import DAY, Cast, moment
from tests.rooms.casework.marking import fill, missed

POLICY = load("federation")
AT = moment(9, 20)
BEGAN = date(2024, 4, 29)
WANTED = Strategy("Gate welcome", "welcome", "Fewer missed mornings", BEGAN, date(2024, 5, 24), "Lee Leader", 2)


def begun(cast: Cast, names: tuple[str, ...] = ("Ben", "Chloe"), wanted: Strategy = WANTED, key: str = "b1"):
    pupils = [cast.pupil(name).pk for name in names]
    by = cast.actor("leader")
    return start_strategy(wanted, pupils, school=cast.hamsey.pk, policy=POLICY, by=by, at=AT, key=key)


def seen(cast: Cast, strategy: Intervention):
    return followed(strategy, POLICY, facts_of(cast.hamsey.pk), AT)


@pytest.mark.policy("7.2-b")
def test_a_strategy_is_kept_with_what_it_is_meant_to_change(cast: Cast) -> None:
    strategy = begun(cast)
    assert begun(cast) == strategy and Intervention.objects.count() == 1
    assert (strategy.aim, strategy.tier, strategy.led_by) == ("Fewer missed mornings", 2, "Lee Leader")
    assert {one.begins for one in strategy.members.all()} == {BEGAN}
    line = strategies_of_school(cast.hamsey.pk, POLICY, DAY)[0]
    assert (line.kind_words, line.pupils, line.late) == ("Welcome at the gate, or a soft start", 2, False)
    assert strategies_of_school(cast.hamsey.pk, POLICY, date(2024, 5, 25))[0].late


@pytest.mark.policy("7.2-b")
def test_before_and_since_are_as_many_school_days(cast: Cast) -> None:
    """29 April to 13 May are ten school days, the bank holiday left out; Ben missed the ten before, and one since."""
    n = 20 + 2 * 10
    fill(cast, {"Ben": dict.fromkeys(range(-n, -20), "O") | {-1: "I"}})
    page = seen(cast, begun(cast))
    ben = next(part for part in page.parts if part.name == "Ben Carter")
    assert (ben.days, ben.before.attended, ben.before.possible) == (10, 0, 20)
    assert (ben.since.attended, ben.since.possible) == (19, 20)
    assert (page.counted, page.before.attended, page.since.attended) == (2, 20, 39)


@pytest.mark.policy("7.2-b")
def test_what_was_counted_stops_on_the_day_a_pupil_leaves(cast: Cast) -> None:
    fill(cast, {"Ben": {-1: "O"}})
    strategy = begun(cast)
    member = strategy.members.get(pupil=cast.pupil("Ben"))
    leave_strategy(member, last_day=date(2024, 5, 3), by=cast.actor("leader"), at=AT, key="l1")
    ben = next(part for part in seen(cast, strategy).parts if part.name == "Ben Carter")
    assert (ben.days, ben.since.attended, ben.since.possible) == (5, 10, 10)
    with pytest.raises(NotFollowed, match="left it before"):
        leave_strategy(member, last_day=date(2024, 5, 3), by=cast.actor("leader"), at=AT, key="l2")


def test_who_joins_later_is_counted_from_their_own_day_and_nobody_twice(cast: Cast) -> None:
    fill(cast, {})
    strategy = begun(cast, ("Ben",))
    both = [cast.pupil("Ben").pk, cast.pupil("Dev").pk]
    day = date(2024, 5, 13)
    by = cast.actor("leader")
    assert add_pupils(strategy, both, from_day=day, by=by, at=AT, key="j1") == 1
    assert add_pupils(strategy, both, from_day=day, by=by, at=AT, key="j1") == 1
    with pytest.raises(NotFollowed, match="not in it yet"):
        add_pupils(strategy, both, from_day=day, by=by, at=AT, key="j2")
    dev = next(part for part in seen(cast, strategy).parts if part.name == "Dev Ellis")
    assert (dev.days, dev.before.possible, dev.since.possible) == (1, 2, 2)


@pytest.mark.policy("7.2-b")
def test_an_ended_strategy_stays_with_its_pupils(cast: Cast) -> None:
    strategy = begun(cast)
    with pytest.raises(NotFollowed, match="Say in a few words why"):
        end_strategy(strategy, last_day=DAY, why="", by=cast.actor("leader"), at=AT, key="e1")
    end_strategy(strategy, last_day=DAY, why="It did its work", by=cast.actor("leader"), at=AT, key="e1")
    end_strategy(strategy, last_day=DAY, why="It did its work", by=cast.actor("leader"), at=AT, key="e1")
    with pytest.raises(NotFollowed, match="It ended on Tuesday 14 May"):
        add_pupils(strategy, [cast.pupil("Dev").pk], from_day=DAY, by=cast.actor("leader"), at=AT, key="j")
    line = strategies_of_pupil(cast.pupil("Ben").pk, POLICY, DAY)[0]
    assert (line.ended, line.ended_why, line.all) == (DAY, "It did its work", 2)
    assert InterventionPupil.objects.filter(ended=DAY).count() == 2


@pytest.mark.parametrize(
    ("changes", "names", "said"),
    [
        ({"aim": ""}, ("Ben",), "meant to change"),
        ({"kind": "magic"}, ("Ben",), "what kind of strategy"),
        ({"kind": "travel"}, ("Ben", "Chloe"), "is for one pupil"),
        ({"planned_end": BEGAN - timedelta(days=1)}, ("Ben",), "can't end before"),
        ({"tier": 9}, ("Ben",), "tier of the policy"),
        ({}, (), "at least one pupil"),
        ({}, ("Jade",), "not on this school's roll"),
    ],
)
def test_a_strategy_that_can_not_be_is_refused_whole(cast: Cast, changes: dict, names: tuple, said: str) -> None:
    with pytest.raises(NotFollowed, match=said):
        begun(cast, names, Strategy(**(WANTED.__dict__ | changes)))
    assert Intervention.objects.count() == 0


def test_groups_are_classes_tiers_and_what_the_record_says_openly(cast: Cast) -> None:
    fill(cast, {"Ben": missed(60)})
    pupil = cast.pupil("Chloe")
    pupil.sen, pupil.child_protection = "K", True
    pupil.save()
    seats = seats_of_school(cast.hamsey.pk, DAY)
    found = {one.words: one.pupils for one in groups_of(seats, facts_of(cast.hamsey.pk), POLICY, AT)}
    assert len(found["Class Kestrels"]) == 6 and len(found["Year 4"]) == 9
    assert found["Persistently absent"] == (cast.pupil("Ben").pk,)
    assert found["Special educational needs"] == (pupil.pk,)
    assert not any("protection" in words for words in found)


@pytest.mark.policy("7.2-b")
def test_a_class_and_a_pupil_are_chosen_at_once_and_followed(cast: Cast, signed_in, clock) -> None:
    fill(cast, {"Ben": missed(60)})
    clock(AT)
    leader, url = signed_in("leader"), "/casework/hamsey/strategies/begin/"
    assert b"checked" in leader.get(f"{url}?pupil={cast.pupil('Ben').pk}").content
    given = {
        "key": "k1", "name": "Breakfast", "kind": "breakfast", "aim": "", "begins": "2024-05-01", "tier": "",
        "groups": ["class-Wrens"], "pupils": [str(cast.pupil("Ben").pk)],
    }  # fmt: skip
    wrong = leader.post(url, given)
    assert b"without that nobody can tell" in wrong.content and b"Breakfast" in wrong.content
    assert b"Choose who is in it" in leader.post(url, given | {"aim": "Mornings", "groups": [], "pupils": []}).content
    for _ in range(2):
        done = leader.post(url, given | {"aim": "Mornings"})
    strategy = Intervention.objects.get()
    assert done.url == f"/casework/strategies/{strategy.pk}/" and strategy.members.count() == 4
    page = leader.get(done.url).content.decode()
    assert "Ben Carter" in page and "8 each" in page
    again = leader.post(f"{done.url}join/", {"key": "k2", "from_day": "", "groups": ["class-Kestrels"]})
    assert b"Give the day." in again.content
    leader.post(f"{done.url}join/", {"key": "k2", "from_day": "2024-05-14", "groups": ["class-Kestrels"]})
    assert strategy.members.count() == 9
    member = strategy.members.get(pupil=cast.pupil("Ben"))
    leave = f"/casework/strategies/parts/{member.pk}/leave/"
    assert b"Give the last day" in leader.post(leave, {"key": "k3", "last_day": "x"}, follow=True).content
    leader.post(leave, {"key": "k3", "last_day": "2024-05-13"})
    assert strategy.members.get(pupil=cast.pupil("Ben")).ended == date(2024, 5, 13)
    assert b"Say in a few words" in leader.post(f"{done.url}end/", {"key": "k4", "last_day": "2024-05-14"}).content
    leader.post(f"{done.url}end/", {"key": "k4", "last_day": "2024-05-14", "why": "The term ends"})
    assert b"The term ends" in leader.get("/casework/hamsey/strategies/").content


def test_strategies_are_not_for_everybody(cast: Cast, signed_in) -> None:
    strategy = begun(cast)
    pages = [
        f"/casework/strategies/{strategy.pk}/",
        "/casework/hamsey/strategies/",
        "/casework/hamsey/strategies/begin/",
    ]
    for who in ("governor", "teacher", "stranger", "office"):
        client = signed_in(who)
        assert {client.get(page).status_code for page in pages} <= {403, 404}, who
        answer = client.post(
            f"/casework/strategies/{strategy.pk}/end/", {"key": "x", "last_day": "2024-05-14", "why": "No"}
        )
        assert answer.status_code in (403, 404)


def test_a_strategy_of_many_takes_no_more_queries(cast: Cast, signed_in, clock, django_assert_max_num_queries) -> None:
    fill(cast, {})
    everybody = ("Aisha", "Ben", "Chloe", "Dev", "Esme", "Finn", "Gus", "Hana")
    strategy = begun(cast, everybody)
    clock(AT)
    leader = signed_in("leader")
    leader.get(f"/casework/strategies/{strategy.pk}/")
    with django_assert_max_num_queries(26):
        leader.get(f"/casework/strategies/{strategy.pk}/")
