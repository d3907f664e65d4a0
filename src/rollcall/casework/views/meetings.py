"""Meetings with families: the list, planning one, writing down how it went, and the letter that follows."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from rollcall.absence.views.places import classes_place
from rollcall.accounts.door import Place, Request, allows
from rollcall.casework.actions import outcomes as actions
from rollcall.casework.actions.letters import NotWritten, write_letter
from rollcall.casework.actions.meetings import NotPlanned, plan_meeting
from rollcall.casework.forms.meetings import DoneForm, OutcomeForm, PlanForm, TakeBackForm
from rollcall.casework.models import AgreedAction, Case, Meeting, StepTaken, Target
from rollcall.casework.queries import meetings as queries
from rollcall.casework.queries.calendar import calendar_of
from rollcall.casework.queries.cases import policy_of
from rollcall.casework.queries.regular import regular
from rollcall.casework.queries.with_authority import AGENCY
from rollcall.casework.queries.written import preview_letter
from rollcall.casework.views import desk
from rollcall.casework.views.places import PupilPlace, RowPlace, SchoolPlace, pupil_place, row_place
from rollcall.journal.actions import new_key
from rollcall.rules.policy import Policy
from rollcall.schools.queries.roll import seats_of_school

meeting_place = row_place(Meeting)
FOLLOWED = ("held", "absent")
"""How a meeting went that a letter to the family follows."""


@allows("meeting:see", place=classes_place)
@require_GET
def meetings(request: Request, school: str) -> HttpResponse:
    """Meetings to come and to be written down, who is due for one, and what was agreed; a teacher's own pupils only."""
    place: SchoolPlace = request.place
    day, here = request.at.date(), place.here
    seats = {
        seat.pupil: seat
        for seat in seats_of_school(here.pk, day)
        if request.may.can("meeting:see", Place(here.pk, frozenset({seat.school_class})))
    }
    context = {
        "school": here,
        "tabs": desk.tabs(request.may, here, "casework:meetings"),
        "coming": queries.coming(here.pk, request.at, seats),
        "held": queries.held_lately(here.pk, request.at, seats),
        "due": [one for one in regular(here.pk, request.at) if one.pupil in seats],
        "actions": queries.open_actions(here.pk, pupils=seats),
        "today": day,
        "key": new_key(),
    }
    return render(request, "casework/meetings.html", context)


@allows("meeting:plan", place=pupil_place)
def meeting_plan(request: Request, pupil: int) -> HttpResponse:
    """Plan a meeting with a pupil's family; `?step=` names the step of the path that it belongs to."""
    place: PupilPlace = request.place
    case = Case.objects.filter(pupil=pupil, path="school", closed__isnull=True).first()
    step, roles, title = _step_of(case, place, request)
    adults, barred = queries.adults_of(pupil)
    staff = queries.staff_of(place.here.pk, request.at.date())
    ticked = {"adults": [str(one.contact) for one in adults], "staff": _ticked(staff, roles, request)}
    form = PlanForm(
        request.POST or None,
        adults=adults,
        staff=staff,
        step=step,
        initial={"key": new_key(), "invite": True, **ticked},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_meeting(
                form.plan(step, roles),
                school=place.here.pk,
                pupil=pupil,
                case=case if step else None,
                invite=form.cleaned_data["invite"],
                by=request.may.actor(place.here.pk),
                at=request.at,
                key=form.cleaned_data["key"],
            )
        except NotPlanned as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The meeting is planned.")
            return redirect("casework:meeting", meeting=made.pk)
    context = {"form": form, "pupil": place.enrolment.pupil, "school": place.here, "title": title, "barred": barred}
    return render(request, "casework/meeting_plan.html", context | _crumbs(place.enrolment.pupil.known_name, pupil))


def _step_of(case: Case | None, place: PupilPlace, request: Request) -> tuple[str, tuple[str, ...], str]:
    """The step that a meeting is planned for: its id, the positions the policy names, its name; empty for none."""
    wanted = request.GET.get("step", "")
    if not wanted:
        return "", (), ""
    policy: Policy = policy_of(case) if case else place.facts.policy_on(request.at.date())
    found = next((one for one in policy.path.steps if one.id == wanted and one.meeting_with), None)
    if found is None or case is None:
        raise Http404
    return found.id, tuple(found.meeting_with), found.name


def _ticked(staff: list[queries.Asked], roles: tuple[str, ...], request: Request) -> list[str]:
    """Who of the staff is ticked to begin with: whoever plans it, and the head of school where the step is theirs."""
    me = f"user:{request.may.user_id}"
    heads = [one.actor for one in staff if "head_of_school" in roles and one.as_.startswith("Head of school")]
    return [one.actor for one in staff if one.actor == me or one.actor in heads]


@allows("meeting:see", place=meeting_place)
@require_GET
def meeting(request: Request, meeting: int) -> HttpResponse:
    """One meeting: who is asked, how it went, what was agreed, the letters about it."""
    if request.place.row.kind not in queries.FAMILY:
        return redirect("casework:authority_meeting", meeting=meeting)
    return _show(request, _form(request))


@allows("meeting:plan", place=meeting_place)
@require_POST
def meeting_outcome(request: Request, meeting: int) -> HttpResponse:
    """Write down how it went; where the step of the path has a letter, that is the next page."""
    place: RowPlace[Meeting] = request.place
    _check_family(place)
    form = _form(request, request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        done = actions.record_outcome(
            place.row,
            form.outcome(request.at.date()),
            school=place.here.pk,
            by=request.may.actor(place.here.pk),
            at=request.at,
            key=form.cleaned_data["key"],
        )
    except NotPlanned as refusal:
        form.add_error(None, str(refusal))
        return _show(request, form)
    messages.success(request, "Written down.")
    if done.moved_to_id is not None:
        return redirect("casework:meeting", meeting=done.moved_to_id)
    return redirect("casework:meeting", meeting=meeting)


def _check_family(place: RowPlace[Meeting]) -> None:
    """A meeting with the authority is not found here: it is written down on a page of its own."""
    if place.row.kind not in queries.FAMILY:
        raise Http404


def _form(request: Request, given: Any = None) -> OutcomeForm:
    return OutcomeForm(given, asked=queries.from_kept(request.place.row.asked), initial={"key": new_key()})


def _show(request: Request, form: OutcomeForm) -> HttpResponse:
    place: RowPlace[Meeting] = request.place
    found = place.row
    outcome = getattr(found, "outcome", None)
    may_plan = request.may.can("meeting:plan", place)
    context = {
        "meeting": found,
        "asked": queries.from_kept(found.asked),
        "came": queries.from_kept(outcome.came) if outcome else (),
        "pupil": found.pupil,
        "school": place.here,
        "outcome": outcome,
        "actions": found.actions.select_related("done"),
        "targets": [(one, queries.target_words(one)) for one in found.targets.select_related("withdrawn")],
        "form": form if may_plan and outcome is None else None,
        "may_plan": may_plan,
        "letter": _letter(found) if outcome and outcome.how in FOLLOWED else "",
        "may_write": request.may.can("letter:send", place),
        "written": found.pupil.letters.filter(about="meeting", about_id=found.pk) if found.pupil else (),
        "key": new_key(),
    }
    crumbs = _crumbs(found.pupil.known_name, found.pupil_id) if found.pupil else {}
    return render(request, "casework/meeting.html", context | crumbs)


def _letter(found: Meeting) -> str:
    """The letter that follows a meeting: the step's own where the meeting took it, else the meeting's record."""
    taken = StepTaken.objects.filter(
        case=found.case_id, step=found.step, evidence__meeting=found.pk, withdrawn__isnull=True
    )
    if found.step and found.case and taken.exists():
        return policy_of(found.case).step(found.step).letter or "meeting-record"
    return "meeting-record"


@allows("letter:send", place=meeting_place)
def meeting_letter(request: Request, meeting: int) -> HttpResponse:
    """The letter after a meeting, exactly as it would go; confirmed, it goes."""
    place: RowPlace[Meeting] = request.place
    found, by = place.row, request.may.actor(place.here.pk)
    _check_family(place)
    if found.pupil_id is None or not hasattr(found, "outcome") or found.outcome.how not in FOLLOWED:
        raise Http404
    letter, policy = _letter(found), policy_of(found.case) if found.case else place.facts.policy_on(request.at.date())
    more, by_post = queries.record(found, policy), request.POST.get("by_post") == "yes"
    refusal = ""
    if request.method == "POST":
        try:
            write_letter(
                found.pupil_id, letter, more, school=place.here.pk, by=by, at=request.at, case=found.case,
                key=request.POST.get("key", ""), about="meeting", about_id=found.pk, by_post=by_post,
            )  # fmt: skip
        except NotWritten as error:
            refusal = str(error)
        else:
            messages.success(request, "The letter is on its way.")
            return redirect("casework:meeting", meeting=meeting)
    ready = preview_letter(
        found.pupil_id, letter, more, school=place.here.pk, signed=(by.name, by.position), at=request.at,
        case=found.case, by_post=by_post,
    )  # fmt: skip
    context = {
        "meeting": found,
        "pupil": found.pupil,
        "school": place.here,
        "ready": ready,
        "title": policy.letter(letter).name,
        "refusal": refusal,
        "key": new_key(),
    }
    assert found.pupil is not None
    return render(request, "casework/meeting_letter.html", context | _crumbs(found.pupil.known_name, found.pupil_id))


@allows("meeting:see", place=meeting_place)
@require_GET
def meeting_ics(request: Request, meeting: int) -> HttpResponse:
    """One meeting for a calendar; one of several agencies, for who may know of it."""
    if request.place.row.kind == AGENCY:
        request.may.check_can("pupil:sensitive", request.place)
    return _calendar(calendar_of([request.place.row], request.at), f"meeting-{meeting}.ics")


@allows("meeting:see", place=classes_place)
@require_GET
def meetings_ics(request: Request, school: str) -> HttpResponse:
    """The school's meetings to come to which who asks was asked, for their calendar."""
    place: SchoolPlace = request.place
    me = f"user:{request.may.user_id}"
    rows = Meeting.objects.filter(school=place.here, outcome__isnull=True, at__gte=request.at).select_related("pupil")
    mine = [row for row in rows if any(one.get("actor") == me for one in row.asked)]
    return _calendar(calendar_of(mine, request.at), "meetings.ics")


def _calendar(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@allows("meeting:plan", place=row_place(AgreedAction, "agreed"))
@require_POST
def agreed_done(request: Request, agreed: int) -> HttpResponse:
    """Tick off something agreed."""
    place: RowPlace[AgreedAction] = request.place
    form = DoneForm(request.POST)
    if not form.is_valid():
        raise Http404
    if place.row.meeting is not None and place.row.meeting.kind == AGENCY:
        request.may.check_can("pupil:sensitive", place)
    try:
        actions.finish_action(place.row, by=request.may.actor(place.here.pk), at=request.at, **form.cleaned_data)
    except NotPlanned as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Ticked off.")
    return redirect(_back(place))


@allows("meeting:plan", place=row_place(Target))
@require_POST
def target_withdraw(request: Request, target: int) -> HttpResponse:
    """Take a target back, with the reason."""
    place: RowPlace[Target] = request.place
    form = TakeBackForm(request.POST)
    try:
        if not form.is_valid():
            raise NotPlanned("Say why the target is taken back.")
        actions.withdraw_target(place.row, by=request.may.actor(place.here.pk), at=request.at, **form.cleaned_data)
    except NotPlanned as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The target is taken back, and stays on the record.")
    return redirect(_back(place))


def _back(place: RowPlace[Any]) -> str:
    meeting = place.row.meeting_id
    if meeting is not None:
        return reverse("casework:meeting", args=[meeting])
    if getattr(place.row, "side", "") == "authority" and place.row.pupil_id is None:
        return reverse("casework:authority", args=[place.here.slug])
    return reverse("casework:meetings", args=[place.here.slug])


def _crumbs(name: str, pupil: int | None) -> dict[str, Any]:
    return {"breadcrumbs": [(f"{name}: casework", reverse("casework:pupil", args=[pupil]))]}
