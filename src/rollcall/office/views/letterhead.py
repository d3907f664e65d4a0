"""A school's letterhead: its logo, a line under its name, and who signs; seen on a letter before it is relied on."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from rollcall.accounts.door import Request, allows
from rollcall.documents.letter import LetterPage
from rollcall.office.forms.letters import LetterheadForm
from rollcall.office.views.asking import Asking, ask
from rollcall.office.views.places import of_school
from rollcall.office.views.setup import crumbs
from rollcall.schools.actions.letterheads import set_letterhead
from rollcall.schools.queries.letterheads import letterhead_of, pdf_of


@allows("letter:edit", place=of_school)
def letterhead(request: Request, school: str) -> HttpResponse:
    """Set what the school's letters bear."""
    found = request.place.of
    now, back = letterhead_of(found.pk), reverse("office:letterhead", args=[school])
    first = {
        "strapline": now.strapline,
        "logo_alt": now.logo_alt,
        "signatory": now.signatory,
        "signatory_position": now.position,
    }
    form = LetterheadForm(request.POST or None, request.FILES or None, initial=first)
    way = crumbs(None, ("Wordings of letters", reverse("office:letters")))
    page = Asking(
        f"Letterhead of {found}", back, crumbs=way, school=found, more={"now": now}, template="office/letterhead.html"
    )
    return ask(request, form, page, lambda given: _set(request, given))


def _set(request: Request, given: dict[str, Any]) -> str:
    school, file = request.place.of, given.pop("logo")
    by, key = request.may.actor(school.pk), given.pop("key")
    set_letterhead(school, by=by, at=request.at, key=key, logo=file.read() if file else None, **given)
    return "The letters from now on bear this."


@allows("letter:edit", place=of_school)
def letterhead_pdf(request: Request, school: str) -> HttpResponse:
    """A made-up letter on the school's letterhead."""
    found = request.place.of
    now, by, day = letterhead_of(found.pk), request.may.actor(found.pk), request.at.date()
    address = ", ".join(line.strip() for line in found.address.splitlines() if line.strip())
    page = LetterPage(
        school=found.name,
        letterhead=tuple(part for part in (now.strapline, address, found.phone, found.email) if part),
        to=("Ms A Example", "1 Example Lane", "Lewes", "BN7 1AA"),
        date=f"{day:%A} {day.day} {day:%B %Y}",
        greeting="Dear Ann,",
        subject="How our letters look",
        paragraphs=(
            "This letter is to nobody. It shows the letterhead, the address as a window shows it, and who signs.",
        ),
        closing="Yours sincerely",
        signed=now.signed or (by.name, by.position),
        logo=now.logo,
        logo_alt=now.logo_alt,
    )
    return HttpResponse(pdf_of(page, day), content_type="application/pdf")
