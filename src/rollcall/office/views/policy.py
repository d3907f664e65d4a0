"""The policy in force, its versions, and adopting another from a date, with a preview of what changes."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from rollcall.accounts.door import Request, allows
from rollcall.accounts.queries import FEDERATION
from rollcall.office.forms.policy import AdoptForm, WishForm
from rollcall.office.queries import policy as queries
from rollcall.office.views.asking import Crumbs, done
from rollcall.office.views.places import of_federation
from rollcall.rules.policy import Policy, PolicyError, loads
from rollcall.schools import actions as schools
from rollcall.schools.models import Federation, PolicyVersion, School
from rollcall.schools.queries.policies import flags, read, version_on


@allows("policy:see")
def policy(request: Request) -> HttpResponse:
    """The policy in force, with every value and its source, what is flagged, and the versions."""
    today = request.at.date()
    version = version_on(today)
    context = {
        "flags": flags(today) if request.may.can_somewhere("policy:flags") else [],
        "versions": queries.versions(),
        "may_adopt": request.may.can("policy:adopt", FEDERATION),
        "today": today,
        **(_shown(version) if version else {}),
    }
    return render(request, "office/policy.html", context)


def _shown(version: PolicyVersion) -> dict[str, Any]:
    found = read(version)
    return {"version": version, "policy": found, "parts": queries.parts(found)}


@allows("policy:see")
def version(request: Request, version: int) -> HttpResponse:
    """One version, past or to come, and what it changed from the one before."""
    row = _version(version)
    earlier = queries.before(row)
    shown = _shown(row)
    context = {
        **shown,
        "earlier": earlier,
        "differences": queries.differences(read(earlier), shown["policy"]) if earlier else [],
        "today": request.at.date(),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "office/version.html", context)


@allows("policy:see")
def document(request: Request, version: int) -> HttpResponse:
    """A version's document as it was adopted, to be changed and adopted anew."""
    row = _version(version)
    name = f"policy-{row.effective.isoformat()}.toml"
    answer = HttpResponse(row.document, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _version(pk: int) -> PolicyVersion:
    found = PolicyVersion.objects.select_related("deed").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _crumbs() -> Crumbs:
    return [("Policy", reverse("office:policy"))]


@allows("policy:adopt", place=of_federation)
def wish(request: Request) -> HttpResponse:
    """Choose a document and its dates; what follows is a preview, and nothing is adopted yet."""
    form = WishForm(request.POST or None, request.FILES or None, initial=_first(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            _check(request, given)
        except schools.Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            dates = {name: given[name] for name in ("effective", "approved", "review", "document", "key")}
            return _preview(request, AdoptForm(initial=dates), loads(given["document"], "the policy"), dates)
    context = {"form": form, "back": reverse("office:policy"), "breadcrumbs": _crumbs()}
    return render(request, "office/wish.html", context, status=422 if form.errors else 200)


def _first(request: Request) -> dict[str, Any]:
    return {"source": request.GET.get("source", "")}


def _check(request: Request, given: dict[str, Any]) -> None:
    """Refuse dates that can't be, before anything is previewed."""
    federation = Federation.objects.get()
    dates = {name: given[name] for name in ("effective", "approved", "review")}
    schools.check_dates(federation, **dates, today=request.at.date())


def _preview(request: Request, form: AdoptForm, new: Policy, dates: dict[str, Any], status: int = 200) -> HttpResponse:
    held = version_on(dates["effective"])
    slugs = dict(School.objects.values_list("slug", "name"))
    context = {
        "form": form,
        "policy": new,
        "dates": dates,
        "held": held,
        "differences": queries.differences(read(held), new) if held else [],
        "missing": [slugs[slug] for slug in queries.schools_missing(new, slugs)],
        "parts": [] if held else queries.parts(new),
        "breadcrumbs": [*_crumbs(), ("Adopt a version", reverse("office:policy_wish"))],
    }
    return render(request, "office/preview.html", context, status=status)


@allows("policy:adopt", place=of_federation)
def adopt(request: Request) -> HttpResponse:
    """Adopt what was previewed, from its date on."""
    form = AdoptForm(request.POST or None)
    if not form.is_valid():
        return redirect("office:policy_wish")
    given = dict(form.cleaned_data)
    try:
        new = loads(given["document"], "the policy")
    except PolicyError:
        return redirect("office:policy_wish")

    def do() -> str:
        federation = Federation.objects.get()
        made = schools.adopt_policy(federation, **given, by=request.may.actor(), at=request.at)
        return f"{made.name} takes effect on {made.effective:%-d %B %Y}."

    if done(request, form, do):
        return redirect("office:policy")
    return _preview(request, form, new, given, status=422)
