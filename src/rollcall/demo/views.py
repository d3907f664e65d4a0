"""The demo's bar: moving the clock, and becoming somebody else. Anywhere but in the demo these are not found.

Both are `public`: they are for whoever looks at a demo, signed in or not, and no role could grant them. What keeps them
shut is their own check, which must hold against everybody: this process serves a demo, and this is its database.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from rollcall.accounts.asked import row_asked
from rollcall.accounts.door import public
from rollcall.accounts.models import User
from rollcall.accounts.templatetags.words import clock
from rollcall.demo import actions
from rollcall.demo.queries import moves

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def in_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 unless the process and the database are both a demo's."""

    @wraps(view)
    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.ROLLCALL_DEMO or request.demo_clock is None:
            raise Http404
        return view(request, *args, **kwargs)

    return inner


@public
@in_demo
@require_POST
def move(request: Any) -> HttpResponse:
    """Move the clock on, let the schools do what they do meanwhile, and come back to the same page."""
    wanted = next((m for m in moves(request.at) if m.name == request.POST.get("to")), None)
    if wanted is None:
        messages.error(request, "The demonstration's clock can't be moved there: choose one of the bar's buttons.")
    else:
        actions.move(wanted.to, wall=timezone.now())
        messages.success(request, f"It is now {_spoken(wanted.to)}.")
    return redirect(_back(request))


@public
@in_demo
@require_POST
def become(request: Any) -> HttpResponse:
    """Sign in as one of the demo's people, and go where they land."""
    chosen = request.POST.get("user", "")
    user = get_object_or_404(User, pk=row_asked(chosen), is_active=True, person__isnull=False)
    login(request, user, backend=BACKEND)
    actions.become(user, at=request.at)
    return redirect("/")


def _back(request: Any) -> str:
    there = request.POST.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}) else "/"


def _spoken(to: datetime) -> str:
    return f"{to:%A} {to.day} {to:%B}, {clock(to)}"
