"""Whom to call about a pupil: adding, changing, ordering, barring, taking off; siblings share an adult."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Request, allows
from rollcall.journal import actions as journal
from rollcall.office.forms.asked import Pressed, ReasonForm
from rollcall.office.forms.contacts import DETAILS, LINK, ContactForm, LinkForm, WhyForm, phone_fields, phones_of
from rollcall.office.queries import pupils as queries
from rollcall.office.views.asking import Asking, ask, done
from rollcall.office.views.places import PupilPlace, of_contact, of_pupil
from rollcall.office.views.pupils import asking, pupil_crumbs
from rollcall.schools import actions as schools
from rollcall.schools.models import Contact, PupilContact


@allows("pupil:edit", place=of_pupil)
def add(request: Request, pupil: int) -> HttpResponse:
    """Add an adult: a new one, or one whom the school knows as a sibling's."""
    place: PupilPlace = request.place
    words = request.GET.get("q", "")
    more = {"words": words, "known": queries.known_contacts(place.school or 0, words, pupil), "pupil": place.pupil}
    form = ContactForm(request.POST or None)
    back = reverse("office:record", args=[pupil])
    title = f"Add a contact of {place.pupil}"
    page = Asking(
        title,
        back,
        "Add",
        crumbs=pupil_crumbs(place),
        school=place.enrolment.school,
        more=more,
        template="office/contact_add.html",
    )

    def do(given: dict[str, Any]) -> str:
        with_whom = Contact(**{fact: given[fact] for fact in DETAILS})
        schools.take_on(
            place.pupil, with_whom, phones_of(given), {fact: given[fact] for fact in LINK}, **_deed(request, given)
        )
        return f"{with_whom} is added."

    return ask(request, form, page, do)


def _deed(request: Request, given: dict[str, Any]) -> dict[str, Any]:
    place: PupilPlace = request.place
    actor = request.may.actor(place.school)
    return {"by": actor, "at": request.at, "school": place.enrolment.school, "key": given["key"]}


@allows("pupil:edit", place=of_pupil)
def share(request: Request, pupil: int, contact: int) -> HttpResponse:
    """Make an adult whom the school knows a contact of this pupil too."""
    place: PupilPlace = request.place
    rows = Contact.objects.filter(pupils__pupil__enrolments__school=place.school).distinct()
    found = get_object_or_404(rows, pk=contact)
    form = LinkForm(request.POST or None)

    def do(given: dict[str, Any]) -> str:
        facts = {fact: given[fact] for fact in LINK}
        order = place.pupil.contacts.count() + 1
        link = PupilContact(pupil=place.pupil, contact=found, order=order, **facts)
        schools.link_contact(link, **_deed(request, given))
        return f"{found} is added."

    return ask(request, form, asking(place, f"{found} as a contact of {place.pupil}", "Add"), do)


@allows("pupil:edit", place=of_contact)
def change(request: Request, pupil: int, contact: int) -> HttpResponse:
    """Change an adult's details, numbers, and what they are to this pupil."""
    place: PupilPlace = request.place
    link: PupilContact = place.of
    who = link.contact
    numbers = list(who.phones.values_list("number", "kind"))
    first = {fact: getattr(who, fact) for fact in DETAILS} | {fact: getattr(link, fact) for fact in LINK}
    form = ContactForm(request.POST or None, initial=first | phone_fields(numbers))
    shared = who.pupils.exclude(pupil=pupil).count()
    about = f"Name, numbers and address are changed for {shared + 1} pupils." if shared else ""

    def do(given: dict[str, Any]) -> str:
        schools.change_contact_of(
            PupilContact.objects.select_related("contact", "pupil").get(pk=link.pk),
            {fact: given[fact] for fact in DETAILS},
            phones_of(given),
            {fact: given[fact] for fact in LINK},
            **_deed(request, given),
        )
        return "Saved."

    return ask(request, form, asking(place, f"{who}, {link.relationship} of {place.pupil}", "Save", about), do)


@allows("pupil:edit", place=of_contact)
@require_POST
def up(request: Request, pupil: int, contact: int) -> HttpResponse:
    """Call this adult one place earlier."""
    place: PupilPlace = request.place
    form = Pressed(request.POST)
    if form.is_valid():
        deed = _deed(request, form.cleaned_data)

        def do() -> str:
            schools.move_up(place.of, **deed)
            return f"{place.of.contact} is called earlier now."

        done(request, None, do)
    return redirect("office:record", pupil=pupil)


@allows("pupil:edit", place=of_contact)
def take_off(request: Request, pupil: int, contact: int) -> HttpResponse:
    """Take an adult off a pupil's contacts, with a reason."""
    place: PupilPlace = request.place
    form = ReasonForm(request.POST or None)
    about = "The journal keeps what stood. Somebody who must not be told is barred instead, not taken off."

    def do(given: dict[str, Any]) -> str:
        schools.unlink_contact(place.of, reason=given["reason"], **_deed(request, given))
        return f"{place.of.contact} is no contact of {place.pupil} any more."

    return ask(request, form, asking(place, f"Take {place.of.contact} off", "Take off", about), do)


@allows("pupil:barred_why", place=of_contact)
def why(request: Request, pupil: int, contact: int) -> HttpResponse:
    """Why an adult is barred: for the safeguarding lead alone."""
    place: PupilPlace = request.place
    journal.note_look(
        "pupil", by=request.may.actor(place.school), at=request.at, thing_id=pupil, detail="why a contact is barred"
    )
    form = WhyForm(request.POST or None, initial={"why": place.of.barred_why})

    def do(given: dict[str, Any]) -> str:
        schools.say_why_barred(place.of, given["why"], **_deed(request, given))
        return "Saved."

    return ask(request, form, asking(place, f"Why {place.of.contact} is barred"), do)
