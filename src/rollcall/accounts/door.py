"""The door every view goes through: `@allows("register:take", place=...)` names its row of the permission table.

A view without a row has no `permission`, and a test that walks all routes fails on it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from rollcall.accounts.permissions import EVERYBODY, TABLE
from rollcall.accounts.queries import FEDERATION, NotAllowed, Place, Standing

View = Callable[..., HttpResponse]
ANYWHERE = "anywhere"


class Request(HttpRequest):
    """A signed-in request: `may` is what the person holds today, `at` the clock's time, `place` what the URL names."""

    may: Standing
    at: Any
    place: Any


def allows(row: str, place: Callable[..., Place] | str = ANYWHERE) -> Callable[[View], View]:
    """Let a view be used by who may do `row` at the place its URL names.

    `place` is a function of the view's own URL arguments and of the time, `at`, and what it finds is `request.place`;
    without one it is enough to hold the row somewhere, and the view itself keeps to `request.may.schools(row)`.
    """
    TABLE[row]  # a row the table has not is a mistake to find at import

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in(request)
            if callable(place):
                request.place = place(**kwargs, at=request.at)
                check(request.may, row, request.place)
            elif TABLE[row].roles != EVERYBODY and not request.may.can_somewhere(row):
                request.may.check_can(row, FEDERATION)
            return view(request, *args, **kwargs)

        inner.permission = row  # type: ignore[attr-defined]
        return inner

    return wrap


def public(view: View) -> View:
    """Mark a view that anybody may use, signed in or not."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def check(may: Standing, row: str, place: Place) -> None:
    """Raise Http404 for a school they have nothing to do with, NotAllowed for a thing they may not do there."""
    if not may.knows_school(place.school):
        raise Http404
    may.check_can(row, place)


def _sign_in(request: HttpRequest) -> HttpResponse:
    # A script gets a plain answer, for it must keep what was typed and say so, not follow a redirect.
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": "You have been signed out. Sign in again; nothing typed is lost."}, status=401)
    return redirect_to_login(request.get_full_path())


__all__ = ["NotAllowed", "Place", "Request", "allows", "check", "public"]
