"""Pages that keep themselves up to date: what is news, that it is drawn once for all, and that the door stays shut."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from time import monotonic, sleep

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from rollcall.absence.views import day as view
from rollcall.absence.views import live
from rollcall.accounts.models import Grant
from rollcall.registers.queries.news import version_of
from rollcall.schools import actions as schools
from tests.cast import DAY, Cast, moment
from tests.rooms.absence.day import all_in, mark

DAYS = "/day/hamsey/"


def ask(client: Client, tag: str = "", url: str = DAYS):
    headers = {"X-Part": "live"} | ({"If-None-Match": tag} if tag else {})
    return client.get(url, headers=headers)


@pytest.fixture
def drawings(monkeypatch) -> list:
    """Every drawing of the day page, by its moment."""
    made, real = [], view.day_page
    monkeypatch.setattr(view, "day_page", lambda facts, at: made.append(at) or real(facts, at))
    return made


@pytest.mark.policy("A6-a")
def test_nothing_new_is_304_and_a_mark_is_news(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    first = ask(client)
    assert first.status_code == 200
    assert b"<html" not in first.content
    assert ask(client, first["ETag"]).status_code == 304
    mark(cast, Ben="N")
    second = ask(client, first["ETag"])
    assert second.status_code == 200
    assert second["ETag"] != first["ETag"]
    assert b"unexplained" in second.content


@pytest.mark.policy("A6-a")
def test_due_turning_late_is_news_though_nothing_was_written(signed_in, cast: Cast, clock) -> None:
    client = signed_in("secretary")
    clock(moment(9, 14))
    first = ask(client)
    assert b"Late</strong>" not in first.content.split(b"Registers not in")[1].split(b"</ul>")[0]
    clock(moment(9, 15))
    second = ask(client, first["ETag"])
    assert second.status_code == 200
    assert b"Late</strong>" in second.content.split(b"Registers not in")[1].split(b"</ul>")[0]


def test_a_closure_and_new_times_are_news(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    tag = ask(client)["ETag"]
    schools.close_sessions(cast.hamsey, first=DAY, last=DAY, kind="unplanned", ground="Snow", by=cast.by, at=cast.at)
    assert b"Snow" in ask(client, tag).content


def test_another_schools_deeds_are_no_news(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    tag = ask(client)["ETag"]
    mark(cast, Jade="/")
    assert ask(client, tag).status_code == 304
    assert version_of(cast.barcombe.pk, cast.at) != version_of(cast.hamsey.pk, cast.at)


def test_what_is_new_is_drawn_once_for_all_screens(signed_in, cast: Cast, drawings: list) -> None:
    clients = [signed_in(name) for name in ("secretary", "office", "secretary")]
    tags = [ask(client)["ETag"] for client in clients]
    assert len(set(tags)) == 1
    assert len(drawings) == 1
    mark(cast, Ben="N")
    answers = [ask(client, tags[0]) for client in clients]
    assert len(drawings) == 2
    assert len({answer.content for answer in answers}) == 1
    clients[0].get(DAYS)
    assert len(drawings) == 2


def test_nothing_of_one_person_is_in_what_all_are_given(signed_in, cast: Cast) -> None:
    content = ask(signed_in("secretary")).content.decode()
    assert "csrfmiddlewaretoken" not in content
    assert "Sue Secretary" not in content


def test_who_may_see_it_is_asked_each_time(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    tag = ask(client)["ETag"]
    Grant.objects.filter(user=cast.users["secretary"]).update(ends=date(2024, 5, 13))
    assert ask(client, tag).status_code in (403, 404)
    assert ask(signed_in("teacher"), tag).status_code == 403
    assert ask(signed_in("stranger"), tag).status_code == 404
    assert ask(Client(), tag).status_code == 302


def test_who_has_other_rights_is_given_another_part(signed_in, cast: Cast, monkeypatch) -> None:
    allowed = signed_in("secretary")
    tag = ask(allowed)["ETag"]
    row = view.live_page
    monkeypatch.setattr(view, "live_page", lambda *a, **k: row(*a, **(k | {"rights": ("policy:adopt",)})))
    assert ask(allowed, tag).status_code == 200
    assert b'name="tick"' not in ask(allowed).content


def test_a_question_takes_four_statements(signed_in, cast: Cast, django_assert_num_queries, settings) -> None:
    client = signed_in("secretary")
    tag = ask(client)["ETag"]
    settings.ROLLCALL_DEMO = False
    with django_assert_num_queries(4):
        assert ask(client, tag).status_code == 304


def test_the_whole_page_brings_the_part_with_its_version(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    whole = client.get(DAYS)
    tag = ask(client)["ETag"]
    assert f'data-tag="{tag.replace(chr(34), "&quot;")}"' in whole.content.decode()
    assert 'aria-live="off"' in whole.content.decode()
    assert "wall" in client.get(f"{DAYS}?wall=1").content.decode().split("<body")[1].split(">")[0]


def drawn_by(draw: Callable[[], str], tag: str, read_at: float) -> live.Drawn:
    return live._drawn("a page", tag, read_at, draw)


def test_who_has_read_more_than_was_drawn_has_it_drawn_again() -> None:
    """A drawing holds all that was known when it began, and is good for whoever had read no more than that."""
    early = monotonic()
    first = drawn_by(lambda: "one", "v1", monotonic())
    assert drawn_by(lambda: "never", "v0", early) is first  # read before the drawing began: it holds that and more
    sleep(0.001)
    assert drawn_by(lambda: "two", "v2", monotonic()).text == "two"


def test_many_who_ask_at_once_wait_for_one_drawing() -> None:
    made: list[int] = []
    gate, given = Barrier(8), []

    def draw() -> str:
        made.append(1)
        sleep(0.05)
        return "part"

    def one() -> None:
        read_at = monotonic()
        gate.wait(5)
        given.append(drawn_by(draw, "v1", read_at).text)

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert (len(made), given) == (1, ["part"] * 8)


def test_who_has_something_to_show_does_not_wait_for_anothers_drawing(signed_in, cast: Cast, monkeypatch) -> None:
    client = signed_in("secretary")
    tag = ask(client)["ETag"]
    mark(cast, Ben="N")
    with live._DRAWING[next(iter(live._KEPT))]:
        answer = ask(client, tag)
    assert (answer.status_code, answer["X-Again"]) == (304, "200")
    assert ask(client, tag).status_code == 200


def test_a_drawing_that_fails_is_drawn_again_by_the_next() -> None:
    def fail() -> str:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        drawn_by(fail, "v1", monotonic())
    assert drawn_by(lambda: "part", "v1", monotonic()).text == "part"


def test_the_register_that_comes_in_leaves_the_list(signed_in, cast: Cast) -> None:
    client = signed_in("secretary")
    tag = ask(client)["ETag"]
    all_in(cast, "Wrens")
    part = ask(client, tag).content.decode()
    assert "Wrens" not in part.split("Registers not in")[1].split("</ul>")[0]
    assert "Wrens: Tom Teacher, 9.05am" in part


def test_a_screen_lasts_a_school_day_and_its_asking_prolongs_no_sign_in(signed_in, cast: Cast) -> None:
    client = signed_in("office")
    session = Session.objects.get(pk=client.session.session_key)
    assert timedelta(hours=11).total_seconds() <= settings.SESSION_COOKIE_AGE, "7.00 to 18.00"
    page = client.get(DAYS)
    part = ask(client, page.headers["ETag"])
    assert part.status_code == 304 and settings.SESSION_COOKIE_NAME not in part.cookies
    assert Session.objects.get(pk=session.pk).expire_date == session.expire_date
