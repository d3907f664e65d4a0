"""One of everything of the casework that an address can name, at Hamsey, about the pupil that the walk knows."""

from typing import Any

from tests.cast import DAY, Cast, moment

from rollcall.casework.models import (
    AgreedAction,
    Case,
    Meeting,
    Target,
)
from rollcall.journal.models import Deed
from rollcall.rules.policy import load
from rollcall.schools.models import Enrolment


def furnish_casework(cast: Cast, aisha: Enrolment, deed: Deed) -> dict[str, tuple[Any, ...]]:
    """Values for the arguments of the casework's routes, by argument name."""
    about = {"pupil": aisha.pupil, "school": cast.hamsey, "deed": deed}
    case = Case.objects.create(
        pupil=aisha.pupil, path="authority", school=cast.hamsey, policy=1, policy_kept=load("federation").snapshot(),
        opened=deed,
    )  # fmt: skip
    asked = [{"name": "Pat Begum", "as": "Mother"}]
    meeting = Meeting.objects.create(kind="regular", at=moment(15, 30), asked=asked, **about)
    agreed = AgreedAction.objects.create(side="school", owner="Tom", what="Rings each morning", **about)
    target = Target.objects.create(kind="every_day", begins=DAY, ends=DAY, **about)
    return {
        "case": (case.pk,),
        "meeting": (meeting.pk,),
        "agreed": (agreed.pk,),
        "target": (target.pk,),
    }
