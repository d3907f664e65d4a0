"""Who is signed in, read by hand for the cost: the same person, and nobody once the session or the sign-in is gone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.shortcuts import resolve_url
from django.test import Client
from django.utils import timezone
from tests.cast import Cast

from rollcall.accounts.models import User


def test_a_user_by_number_is_the_same_with_their_person_in_one_statement(cast: Cast, django_assert_num_queries) -> None:
    known = User.objects.filter(email="teacher@example.org").get()
    with django_assert_num_queries(1):
        read = User.objects.get(pk=known.pk)
        assert (read, str(read)) == (known, "Tom Teacher")
    fields = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(read, name) for name in fields] == [getattr(known, name) for name in fields]
    assert read.is_active is True
    assert read.person == known.person
    with pytest.raises(User.DoesNotExist):
        User.objects.get(pk=0)


def test_a_user_without_a_person_is_their_address(cast: Cast) -> None:
    user = User.objects.create(email="alone@example.org")
    read = User.objects.get(pk=user.pk)
    assert (str(read), read.person) == ("alone@example.org", None)


def is_out(client: Client) -> bool:
    """Whether the home page sends to the door."""
    answer = client.get("/")
    return answer.status_code == 302 and answer["Location"].startswith(resolve_url(settings.LOGIN_URL))


def test_a_session_that_ran_out_or_was_ended_lets_nobody_in(signed_in, cast: Cast) -> None:
    client = signed_in("head")
    assert client.get("/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert is_out(client)
    client = signed_in("head")
    Session.objects.all().delete()
    assert is_out(client)


def test_whoever_may_no_longer_sign_in_is_out_at_once(signed_in, cast: Cast) -> None:
    client = signed_in("head")
    User.objects.filter(pk=cast.users["head"].pk).update(is_active=False)
    assert is_out(client)
    assert client.get("/day/hamsey/", headers={"X-Part": "live"}).status_code == 302


def test_a_session_that_was_altered_holds_nothing(signed_in, cast: Cast) -> None:
    client = signed_in("head")
    Session.objects.update(session_data="altered")
    assert is_out(client)
