"""All casework of one pupil on one page, part by part; each part is a section with its own row of the table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from rollcall.accounts.door import Request, allows
from rollcall.casework.views.places import PupilPlace, pupil_place
from rollcall.casework.views.sections import SECTIONS
from rollcall.journal import actions as journal


@allows("case:see", place=pupil_place)
def pupil(request: Request, pupil: int) -> HttpResponse:
    """A pupil's casework: the places on both paths, what is due, and all that was offered, agreed, sent and issued."""
    place: PupilPlace = request.place
    journal.note_look("pupil", by=request.may.actor(place.school), at=request.at, thing_id=pupil, detail="casework")
    context = {
        "pupil": place.enrolment.pupil,
        "school": place.here,
        "sections": [
            section.shown(place, request.at) | {"may": section.acts(request.may, place)}
            for section in SECTIONS
            if request.may.can(section.row, place)
        ],
        "key": journal.new_key(),
        "breadcrumbs": [(place.enrolment.pupil.known_name, reverse("insight:pupil", args=[pupil]))],
    }
    return render(request, "casework/pupil.html", context)
