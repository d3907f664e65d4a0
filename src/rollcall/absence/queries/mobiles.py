"""The numbers that texts to a family go to: none that a barred adult has as well, and none where texts don't work."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from rollcall.outbox.numbers import NotMobile, mobile
from rollcall.outbox.queries import channels
from rollcall.schools.models import ContactPhone, PupilContact


def mobiles_of(pupil: int, contacts: Iterable[int]) -> dict[int, str]:
    """The first number of each adult (Contact, by id) that texts about a pupil go to; empty where no texts are set up.

    In two queries; no number that an adult barred from the pupil has.
    """
    if "text" not in channels():
        return {}
    barred = PupilContact.objects.filter(pupil=pupil, barred=True).values("contact")
    shared = {_as_mobile(number) for number in _numbers(barred).values_list("number", flat=True)}
    found: dict[int, str] = {}
    for contact, number in _numbers(list(contacts)).order_by("order").values_list("contact_id", "number"):
        as_mobile = _as_mobile(number)
        if as_mobile and as_mobile not in shared:
            found.setdefault(contact, as_mobile)
    return found


def _numbers(contacts: Any) -> QuerySet[ContactPhone]:
    return ContactPhone.objects.filter(contact__in=contacts)


def _as_mobile(number: str) -> str:
    try:
        return mobile(number)
    except NotMobile:
        return ""
