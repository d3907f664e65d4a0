"""Puts on each request what the signed-in person may do, and turns a refusal into a page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from rollcall.accounts.queries import NotAllowed, standing


class permissions:  # noqa: N801 - named as settings read it
    """Sets `request.may` (read only when asked for) and answers NotAllowed with 403 and its sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.may = SimpleLazyObject(lambda: standing(request.user, request.at.date()))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal is a page with its sentence, or JSON for a script."""
        if not isinstance(exception, NotAllowed):
            return None
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": str(exception)}, status=403)
        return render(request, "403.html", {"sentence": str(exception)}, status=403)
