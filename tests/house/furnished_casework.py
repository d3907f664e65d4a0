"""One of everything of the casework that an address can name, at Hamsey, about the pupil that the walk knows."""

from typing import Any

from tests.cast import DAY, Cast, moment

from rollcall.casework.actions.authority import open_authority_case
from rollcall.casework.actions.forms import fill_form
from rollcall.casework.actions.targeting import make_targeting_pack
from rollcall.casework.models import (
    AgreedAction,
    HandedOn,
    Intervention,
    InterventionPupil,
    Meeting,
    Notice,
    NoticeEvent,
    NoticeToImprove,
    Pack,
    SupportOffered,
    Target,
    UpdateRound,
)
from rollcall.journal.models import Deed
from rollcall.rules.policy import load
from rollcall.schools.models import Enrolment
from rollcall.schools.queries import facts_of

EMPTY_PACK = {
    "title": "Evidence about Aisha Begum",
    "head": "Evidence",
    "made_by": "Harriet Head",
    "dated": [2024, 5, 14],
    "reference": "0000",
    "cover": {"above": "Hamsey", "rows": [["Pupil", "Aisha Begum"]], "blocks": []},
    "missing": [],
    "left_out": [],
    "outline_depth": 1,
    "exhibits": [{"title": "1  Register", "about": "", "blocks": [], "is_empty": True, "on_new_page": False}],
}


def furnish_casework(cast: Cast, aisha: Enrolment, deed: Deed) -> dict[str, tuple[Any, ...]]:
    """Values for the arguments of the casework's routes, by argument name."""
    about = {"pupil": aisha.pupil, "school": cast.hamsey, "deed": deed}
    head = {"school": cast.hamsey.pk, "by": cast.actor("head"), "at": cast.at}
    case = open_authority_case(aisha.pupil_id, key="process", **head)
    voice = load("federation").form("pupil-voice")
    form = fill_form(
        voice, {"wish": "A friend"}, copied=[], policy=load("federation"), pupil=aisha.pupil_id, case=case,
        key="voice", **head,
    )  # fmt: skip
    asked = [{"name": "Pat Begum", "as": "Mother"}]
    meeting = Meeting.objects.create(kind="regular", at=moment(15, 30), asked=asked, **about)
    agreed = AgreedAction.objects.create(side="school", owner="Tom", what="Rings each morning", **about)
    target = Target.objects.create(kind="every_day", begins=DAY, ends=DAY, **about)
    notice = Notice.objects.create(
        contact=aisha.pupil.contacts.get().contact, to_name="Pat Begum", kind="irregular", edition="2006", issued=deed,
        evidence={"prompt": {"sentence": "Ten sessions", "sessions": []}}, issued_on=DAY, proposed=deed,
        terms={"reduced": 60, "reduced_days": 21, "full": 120, "full_days": 28, "source": "The law"},
        pupil=aisha.pupil, school=cast.hamsey,
    )  # fmt: skip
    event = NoticeEvent.objects.create(notice=notice, kind="received", day=DAY, deed=deed)
    improvement = NoticeToImprove.objects.create(begins=DAY, ends=DAY, enough="In", support="A club", **about)
    offer = SupportOffered.objects.create(kind="breakfast", what="A place at breakfast club", day=DAY, **about)
    strategy = Intervention.objects.create(
        name="Breakfast", kind="breakfast", aim="Mornings", begins=DAY, school=cast.hamsey, deed=deed
    )
    member = InterventionPupil.objects.create(intervention=strategy, pupil=aisha.pupil, begins=DAY, deed=deed)
    pack = make_targeting_pack(facts_of(cast.hamsey.pk), by=cast.actor("head"), at=cast.at, key="targeting")
    evidence = Pack.objects.create(contents=EMPTY_PACK, digest="0" * 64, **about)
    handed = HandedOn.objects.create(
        actor=f"user:{cast.users['teacher'].pk}", name="Tom Teacher", position="Teacher", what="Look into it", **about
    )
    updates = UpdateRound.objects.create(school=cast.hamsey, day=DAY, through=DAY, deed=deed)
    return {
        "handed": (handed.pk,),
        "updateround": (updates.pk,),
        "targeting": (pack.pk,),
        "offer": (offer.pk,),
        "strategy": (strategy.pk,),
        "member": (member.pk,),
        "notice": (notice.pk,),
        "event": (event.pk,),
        "improvement": (improvement.pk,),
        "pack": (evidence.pk,),
        "case": (case.pk,),
        "step": (case.steps.get().pk, "referral"),
        "form": ("pupil-voice",),
        "letter": ("formal-warning",),
        "filled": (form.pk,),
        "meeting": (meeting.pk,),
        "agreed": (agreed.pk,),
        "target": (target.pk,),
    }
