"""Every route, with every role, against every other school's objects: who is not allowed is refused.

A route that names no row of the permission table fails here, so a page can't be forgotten.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.cast import PEOPLE, Cast
from tests.house.furnished import furnish

from rollcall.accounts.permissions import TABLE
from rollcall.accounts.roles import Role

LIBRARY = ("account_", "socialaccount_")
# Layouts of files are the federation's own: whoever may bring files in at any of its schools shares them.
OF_THE_FEDERATION = {"exchange:remove_preset"}
# Pages of a school on which a teacher sees their own classes and nothing else; the room's own tests hold that.
OWN_CLASSES = {
    "absence:friendly",
    "absence:activities",
    "absence:activity_add",
    "casework:meetings",
    "casework:meetings_ics",
}


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named route of ours as (full name, pattern)."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, inner)
        elif not str(pattern.name or "").startswith(LIBRARY):
            yield f"{prefix}{pattern.name}", pattern


ALL = dict(routes())


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_route_names_its_row_of_the_permission_table(name: str) -> None:
    row = getattr(ALL[name].callback, "permission", None)
    assert row == "public" or row in TABLE, f"{name} has no permission"


def arguments(known: dict[str, tuple[Any, ...]], name: str, pattern: URLPattern) -> dict[str, Any]:
    """Values for a route's arguments that lead to Hamsey; a route that asks for what is not furnished fails."""
    found = {}
    for argument, converter in pattern.pattern.converters.items():
        value = next((value for value in known.get(argument, ()) if _fits(converter, value)), None)
        assert value is not None, f"{name} asks for {argument}; add one to tests/house/furnished.py"
        found[argument] = value
    return found


def _fits(converter: Any, value: Any) -> bool:
    try:
        return re.fullmatch(converter.regex, str(converter.to_url(value))) is not None
    except (AttributeError, KeyError, ValueError):
        return False


def urls(cast: Cast) -> list[tuple[str, str, str, bool]]:
    """(route, row, URL, whether it names something at Hamsey) of every route that is not open to all."""
    known = furnish(cast)
    found = []
    for name, pattern in ALL.items():
        given = arguments(known, name, pattern)
        row = getattr(pattern.callback, "permission", "public")
        if row != "public":
            found.append((name, row, reverse(name, kwargs=given), bool(given)))
    return found


def test_who_is_not_signed_in_is_sent_to_sign_in(client, cast: Cast) -> None:
    for name, _, url, _ in urls(cast):
        answers = [client.get(url), client.post(url)]
        let_through = [a for a in answers if a.status_code != 405]
        assert let_through, name
        for answer in let_through:
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/account/login/"), name


def refused(client: Client, url: str) -> str:
    """Empty where asking for and sending to an address are both refused; else what was answered."""
    answers = [client.get(url).status_code, client.post(url).status_code]
    return "" if set(answers) <= {403, 404, 405} else str(answers)


# One federation is furnished for everybody, for that takes longer than the walk of one person.
def test_nobody_reaches_what_their_roles_do_not_allow(signed_in, cast: Cast) -> None:
    found, let_in = urls(cast), []
    for person in PEOPLE:
        client, role = signed_in(person), PEOPLE[person][1]
        shut = [(name, url) for name, row, url, _ in found if role not in TABLE[row].roles]
        let_in += [f"{person} at {name}: {said}" for name, url in shut if (said := refused(client, url))]
    assert let_in == []


def test_nobody_reaches_another_school_or_class(signed_in, cast: Cast) -> None:
    found, let_in = urls(cast), []
    for person, open_to_them in (("stranger", frozenset()), ("wrens_teacher", OWN_CLASSES)):
        client = signed_in(person)
        for name, row, url, specific in found:
            if not specific or name in OF_THE_FEDERATION | open_to_them or TABLE[row].roles >= frozenset(Role):
                continue
            if said := refused(client, url):
                let_in.append(f"{person} at {name}: {said}")
    assert let_in == []


def test_nobody_who_may_is_answered_with_a_server_error(signed_in, cast: Cast) -> None:
    found = urls(cast)
    for person in PEOPLE:
        client, role = signed_in(person), PEOPLE[person][1]
        for name, row, url, _ in found:
            if role in TABLE[row].roles:
                assert client.get(url).status_code < 500, f"{person} at {name}"
