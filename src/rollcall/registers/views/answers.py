"""Answers that several views of this room give: parts that may be unchanged, JSON, and the database's own trouble."""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

NOT_WRITTEN = (
    "Nothing was saved: the database can't be written to just now. What you typed is kept on this page; try again in a "
    "minute, and tell whoever looks after Rollcall if it goes on."
)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks."""
    return request.headers.get("Accept", "").startswith("application/json")


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """304 where what the asker has is what there is."""
    if request.headers.get("If-None-Match") == f'"{tag}"':
        return HttpResponseNotModified()
    return None


def tagged(answer: HttpResponse, tag: str) -> HttpResponse:
    """An answer with its version, for the next question."""
    answer["ETag"] = f'"{tag}"'
    return answer


def live_page(request: HttpRequest, whole: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """A page, or for its script the live part alone; 304 where the part is as it was.

    The part is its own version: whatever would look different is news, the passing of a closing time too.
    """
    drawn = render(request, part, context)
    tag = hashlib.blake2s(drawn.content, digest_size=12).hexdigest()
    if request.headers.get("X-Part") == "live":
        return unchanged(request, tag) or tagged(drawn, tag)
    return tagged(render(request, whole, {**context, "tag": f'"{tag}"'}), tag)


def or_not_written(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A database that is locked, read-only or full is said plainly: for a script 503 with the sentence."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DatabaseError:
            log.exception("a register could not be written")
            if wants_json(request):
                return JsonResponse({"error": NOT_WRITTEN}, status=503)
            return render(request, "registers/not_written.html", {"sentence": NOT_WRITTEN}, status=503)

    return inner
