"""Puts the time on each request as `request.at`: the real time, or in a demo the demo's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from rollcall.demo.models import DemoClock


def time_shown(row: DemoClock | None, wall: datetime) -> datetime:
    """The time that people see: the demo's clock where there is one, local to London, whole seconds."""
    now = wall if row is None else row.shown + (wall - row.wall)
    return timezone.localtime(now).replace(microsecond=0)


def demo_row() -> DemoClock | None:
    """The demo's clock in a process that serves a demo; a real installation never looks for it."""
    return DemoClock.objects.first() if settings.ROLLCALL_DEMO else None


def clock(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware: sets `request.at` and `request.demo_clock` (None outside the demo)."""

    def middleware(request: Any) -> HttpResponse:
        request.demo_clock = demo_row()
        request.at = time_shown(request.demo_clock, timezone.now())
        return get_response(request)

    return middleware
