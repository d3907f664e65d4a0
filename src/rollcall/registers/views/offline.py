"""What a register shows when a page is loaded without a connection: a shell that names nobody, and its worker.

The worker keeps the shell and what it needs; of registers themselves it keeps nothing, for the device may be shared.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET

from rollcall.accounts.door import public

KEPT = ("rollcall.css", "js/register-offline.js", "js/register-kept.js", "favicon.svg")


@require_GET
@public
def worker(request: HttpRequest) -> HttpResponse:
    """The script of the service worker, whose reach is the addresses of registers."""
    context = {"shell": reverse("registers:offline"), "kept": [static(name) for name in KEPT]}
    answer = render(request, "registers/worker.js", context, content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
@public
def offline(request: HttpRequest) -> HttpResponse:
    """The shell: how many marks are kept on this device for this register, and nothing about anybody."""
    return render(request, "registers/offline.html")
