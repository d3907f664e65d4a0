"""What the page shell needs to draw the demo's bar; nothing outside a demo database."""

from typing import Any

from django.http import HttpRequest


def bar(request: HttpRequest) -> dict[str, Any]:
    """`demo` is absent outside the demo, so that the shell leaves the bar out."""
    if getattr(request, "demo_clock", None) is None:
        return {}
    return {"demo": {"at": request.at}}  # type: ignore[attr-defined]
