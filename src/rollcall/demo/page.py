"""What the page shell needs to draw the demo's bar; nothing outside a demo."""

from typing import Any

from django.http import HttpRequest

from rollcall.demo.queries import moves, people


def bar(request: HttpRequest) -> dict[str, Any]:
    """`demo` is absent outside the demo, so that the shell leaves the bar out; its lists are read only where drawn."""
    if getattr(request, "demo_clock", None) is None:
        return {}
    at = request.at  # type: ignore[attr-defined]
    return {"demo": {"at": at, "moves": lambda: moves(at), "people": people, "path": request.get_full_path()}}
