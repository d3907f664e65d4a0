"""Known absences: what is expected of a pupil, who told us, until when; for the taker of the register to confirm."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import AlreadyDone, new_key
from rollcall.registers import actions
from rollcall.registers.actions import NotSaved
from rollcall.registers.forms import ReasonForm
from rollcall.registers.models import HALVES
from rollcall.registers.queries.expected import Session, span_of, standing_between, standing_expectations
from rollcall.registers.views.answers import or_not_written
from rollcall.registers.views.faces import GROUPS
from rollcall.registers.views.places import ExpectationPlace, expectation_place
from rollcall.registers.views.today import desk
from rollcall.rules import codes
from rollcall.rules.codes import Counts, UnknownCode
from rollcall.rules.sessions import half_of
from rollcall.schools.models import ClassMembership, Enrolment
from rollcall.schools.queries.facts import facts_of_all
from rollcall.schools.queries.roll import on_roll

DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ExpectForm(forms.Form):
    """A known absence as the office types it in."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    enrolment = forms.TypedChoiceField(label="Pupil", coerce=int, error_messages={"required": "Choose the pupil."})
    code = forms.ChoiceField(label="Mark to expect")
    ground = forms.CharField(label="Reason", max_length=200, error_messages={"required": "Say what the reason is."})
    told_by = forms.CharField(label="Who told us (optional)", max_length=120, required=False)
    first_day = forms.DateField(label="First day away", widget=DATE)
    first_half = forms.ChoiceField(label="From the", choices=HALVES)
    last_day = forms.DateField(label="Last day away", widget=DATE)
    last_half = forms.ChoiceField(label="To the", choices=HALVES, initial="PM")
    back_on = forms.DateField(label="Back on (optional)", widget=DATE, required=False)
    leave_granted = forms.BooleanField(
        label="Leave was granted ahead by the head of school", required=False, help_text="H and C need it."
    )

    beside = forms.BooleanField(label="Enter it all the same; the register shows the one entered last", required=False)

    def __init__(self, *args: Any, pupils: list[tuple[str, list[tuple[int, str]]]], edition: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["enrolment"].choices = [("", "Choose"), *pupils]  # type: ignore[attr-defined]
        self.fields["code"].choices = _absences(edition)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hold the days against each other."""
        told: dict[str, Any] = super().clean() or {}
        first, last, back = told.get("first_day"), told.get("last_day"), told.get("back_on")
        if first and last and last < first:
            self.add_error("last_day", "The last day must not lie before the first.")
        if last and back and back < last:
            self.add_error("back_on", "The day they are back must not lie before the last day away.")
        return told


def _absences(edition: str) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[Counts, list[tuple[str, str]]] = {}
    for code in codes.table(edition).values():
        if code.counts_as != Counts.ATTENDING and code.only not in ("planned_closure", "not_on_roll"):
            groups.setdefault(code.counts_as, []).append((code.code, f"{code.code} {code.meaning}"))
    order = [Counts.AUTHORISED, Counts.EDUCATIONAL, Counts.NOT_POSSIBLE, Counts.UNAUTHORISED]
    return [(GROUPS[counts], groups[counts]) for counts in order if counts in groups]


@allows("expectation:set")
@never_cache
@require_http_methods(["GET", "POST"])
@or_not_written
def expect(request: Request) -> HttpResponse:
    """Enter a known absence, and see those that stand."""
    day, schools = request.at.date(), request.may.schools("expectation:set")
    pupils = _pupils(schools, day)
    initial = {
        "key": new_key(),
        "enrolment": request.GET.get("pupil", ""),
        "first_day": day,
        "last_day": day,
        "code": "I",
    }
    form = ExpectForm(request.POST or None, initial=initial, pupils=pupils, edition=_edition(schools, day))
    if request.method == "POST" and form.is_valid() and _expected(request, form):
        return redirect("registers:expect")
    if "beside" not in form.errors:
        del form.fields["beside"]
    standing = [{"e": e, "key": new_key()} for e in standing_expectations(schools, day)]
    context = {"form": form, "standing": standing, "day": day, "desk": desk(request.may, "registers:expect")}
    return render(request, "registers/expect.html", context, status=422 if form.errors else 200)


def _edition(schools: set[int] | None, day: date) -> str:
    """The edition that the schools' policy is written under."""
    facts = next(iter(facts_of_all(schools).values()), None)
    return facts.edition_on(day) if facts else codes.edition_on(day)


def _pupils(schools: set[int] | None, day: date) -> list[tuple[str, list[tuple[int, str]]]]:
    """The pupils on roll by class, for a list to choose from."""
    rows = ClassMembership.objects.filter(on_roll(day))
    if schools is not None:
        rows = rows.filter(school_class__school__in=schools)
    named = rows.order_by(
        "school_class__school__name", "school_class__name", "enrolment__pupil__known_first", "enrolment_id"
    ).values_list(
        "school_class__school__name",
        "school_class__name",
        "enrolment_id",
        "enrolment__pupil__known_first",
        "enrolment__pupil__known_last",
    )
    groups: dict[str, list[tuple[int, str]]] = {}
    for school, room, enrolment, first, last in named:
        groups.setdefault(f"{room}, {school}", []).append((enrolment, f"{first} {last}"))
    return list(groups.items())


def _beside(form: ExpectForm, enrolment: int, first: Session, last: Session, at: datetime) -> str:
    """What else stands for some of these sessions, in a sentence; nothing where that was seen, or nothing does."""
    told = form.cleaned_data
    others = [e for e in standing_between(enrolment, first, last) if e.code != told["code"]]
    if told["beside"] or not others:
        return ""
    said = "; ".join(f"{e.code} {span_of(e.first, e.last)}, {e.ground} (entered by {e.entered(at)})" for e in others)
    return (
        f"Something else is known for some of these sessions: {said}. Tick here to enter {told['code']} all the same."
    )


def _expected(request: Request, form: ExpectForm) -> bool:
    told = form.cleaned_data
    enrolment = Enrolment.objects.select_related("pupil").get(pk=told["enrolment"])
    first = (told["first_day"], half_of(told["first_half"]))
    last = (told["last_day"], half_of(told["last_half"]))
    if beside := _beside(form, enrolment.pk, first, last, request.at):
        form.add_error("beside", beside)
        return False
    try:
        actions.expect(
            enrolment,
            first=first,
            last=last,
            code=told["code"],
            ground=told["ground"],
            by=request.may.actor(enrolment.school_id),
            at=request.at,
            told_by=told["told_by"],
            back_on=told["back_on"],
            leave_granted=told["leave_granted"],
            key=f"{request.user.pk}-{told['key']}",
        )
    except UnknownCode as unknown:
        form.add_error("code", str(unknown))
        return False
    except (ValueError, NotSaved) as refused:
        form.add_error(None, str(refused))
        return False
    except AlreadyDone:
        pass
    messages.success(request, f"{told['code']} is expected of {enrolment.pupil}; the register shows it.")
    return True


@allows("expectation:set", place=expectation_place)
@never_cache
@require_POST
@or_not_written
def withdraw(request: Request, expectation: int) -> HttpResponse:
    """Withdraw a known absence, with a reason; that it was expected stays on record."""
    place: ExpectationPlace = request.place
    form = ReasonForm(request.POST)
    if place.expectation is None or not form.is_valid() or len(form.cleaned_data["reason"].strip()) < 3:
        messages.error(request, "Say why it is withdrawn; it stands until then.")
        return redirect("registers:expect")
    reason = form.cleaned_data["reason"].strip()
    actions.withdraw(place.expectation, by=request.may.actor(place.school), at=request.at, reason=reason)
    messages.success(request, f"No longer expected of {place.expectation.enrolment.pupil}.")
    return redirect("registers:expect")
