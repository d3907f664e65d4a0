"""What a file that was brought in has done, and the layouts that were kept for the next one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Place, Request, allows
from rollcall.exchange import actions
from rollcall.exchange.models import Intake, Preset
from rollcall.exchange.queries.page import past


def _of_intake(intake: int, **_: Any) -> Place:
    school = Intake.objects.filter(pk=intake).values_list("school_id", flat=True).first()
    if school is None:
        raise Http404
    return Place(school=school)


@allows("import:run", place=_of_intake)
def done(request: Request, intake: int) -> HttpResponse:
    """What a file has done."""
    one = get_object_or_404(Intake.objects.select_related("school", "deed"), pk=intake)
    crumbs = [("Files", reverse("exchange:files"))]
    return render(request, "exchange/done.html", {"past": past(one), "breadcrumbs": crumbs, "school": one.school.name})


@allows("import:run")
@require_POST
def remove_preset(request: Request, preset: int) -> HttpResponse:
    """Remove a saved layout."""
    one = get_object_or_404(Preset, pk=preset)
    actions.forget_preset(one, by=request.may.actor(), at=request.at)
    messages.success(request, f"The layout {one.name} was removed.")
    return redirect("exchange:files")


__all__ = ["done", "remove_preset"]
