"""To which parents a notice may be offered: who is responsible for the child or has care of them, and who is not."""

from collections.abc import Iterable
from dataclasses import dataclass

from rollcall.schools.models import PupilContact

BARRED = "Barred from contact: whether a notice may go to them is a question for the safeguarding lead."
NEITHER = "Neither parental responsibility nor care of the child is recorded."


@dataclass(frozen=True)
class Parent:
    """An adult of a pupil; `why_not` says why no notice is offered to them, and is empty where one may be."""

    contact: int
    name: str
    relationship: str
    why_not: str = ""

    @property
    def is_liable(self) -> bool:
        """Whether a notice may be offered."""
        return not self.why_not


def parents_of(pupils: Iterable[int]) -> dict[int, list[Parent]]:
    """The adults of pupils (by id) in their order, in one query."""
    ids = list(pupils)
    found: dict[int, list[Parent]] = {pupil: [] for pupil in ids}
    for link in PupilContact.objects.filter(pupil__in=ids).select_related("contact").order_by("order", "id"):
        found[link.pupil_id].append(_parent(link))
    return found


def _parent(link: PupilContact) -> Parent:
    responsible = link.parental_responsibility or link.lives_with
    why_not = BARRED if link.barred else "" if responsible else NEITHER
    who = link.contact
    name = " ".join(part for part in (who.title, who.first, who.last) if part)
    return Parent(link.contact_id, name, link.relationship, why_not)
