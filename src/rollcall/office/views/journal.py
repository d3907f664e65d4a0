"""The journal: deeds and what they changed, looks, sign-ins, by school, person and pupil."""

from django.http import HttpResponse
from django.shortcuts import render

from rollcall.accounts.asked import day_asked
from rollcall.accounts.door import Request, allows
from rollcall.office.queries import journal as queries
from rollcall.office.views.setup import crumbs
from rollcall.schools.models import School

SHOWN = {"deeds": "What was done", "looks": "Who looked", "sign-ins": "Sign-ins"}


@allows("journal:see")
def journal(request: Request) -> HttpResponse:
    """A page of the journal, as chosen."""
    show = request.GET.get("show", "deeds")
    show = show if show in SHOWN else "deeds"
    mine = request.may.schools("journal:see")
    schools = School.objects.all() if mine is None else School.objects.filter(pk__in=mine)
    asked = _asked(request, mine)
    found = queries.deeds(asked) if show == "deeds" else queries.looks(asked, sign_ins=show == "sign-ins")
    context = {
        "found": found,
        "asked": asked,
        "show": show,
        "shown": SHOWN,
        "schools": schools,
        "words": {name: request.GET.get(name, "") for name in ("who", "pupil", "until")},
        "breadcrumbs": crumbs(),
    }
    return render(request, "office/journal.html", context)


def _asked(request: Request, mine: set[int] | None) -> queries.Asked:
    school, page = request.GET.get("school", ""), request.GET.get("page", "")
    chosen = int(school) if school.isdigit() and (mine is None or int(school) in mine) else None
    return queries.Asked(
        schools=mine,
        school=chosen,
        who=request.GET.get("who", "").strip(),
        pupils=queries.named_pupils(request.GET.get("pupil", ""), mine),
        until=day_asked(request.GET.get("until", "")),
        sensitive=request.may.can_somewhere("pupil:sensitive"),
        page=max(int(page), 1) if page.isdigit() and len(page) < 6 else 1,
    )
