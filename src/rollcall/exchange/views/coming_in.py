"""A file on its way in, step by step: chosen, its columns mapped, looked at, written."""

from collections.abc import Collection, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from rollcall.accounts.door import Place, Request, allows
from rollcall.exchange import actions
from rollcall.exchange.fields import NEEDED
from rollcall.exchange.forms import UploadForm
from rollcall.exchange.guessing import guess
from rollcall.exchange.layouts import Layout, Options
from rollcall.exchange.mapping import LayoutForm
from rollcall.exchange.models import Draft, Intake
from rollcall.exchange.queries.looking import fitted, grid_of, layout_of, options_of, plan_of, presets_for, read_as
from rollcall.exchange.queries.mark_file import MarkFile
from rollcall.exchange.queries.page import school_choices, years_of
from rollcall.exchange.queries.pupil_file import PupilFile
from rollcall.exchange.queries.trouble import SHOWN, as_csv
from rollcall.exchange.reading import PAGE_LIMITS, Grid, too_large
from rollcall.exchange.waiting import take
from rollcall.journal import actions as journal
from rollcall.rules.sessions import SchoolYear
from rollcall.rules.tables import UnreadableTable
from rollcall.schools.models import School

MORE_THAN_THE_FILE = 100_000
"""What a form's other fields and its boundaries may add to a request, in bytes."""
CRUMBS = [("Files", "exchange:files")]


# A request that is too large must be refused by its length alone: checking its token would read it to the end first.
@csrf_exempt
@allows("import:run")
def bring_in(request: Request) -> HttpResponse:
    """Choose a file, and whose it is."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > PAGE_LIMITS.n_bytes + MORE_THAN_THE_FILE:
        form = _upload_form(request, None)
        messages.error(request, too_large(PAGE_LIMITS))
        return render(request, "exchange/import.html", {"form": form, "breadcrumbs": _crumbs()}, status=413)
    return _bring_in(request)


@csrf_protect
def _bring_in(request: Any) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, _upload_form(request, None))
    form = _upload_form(request, (request.POST, request.FILES))
    if form.is_valid():
        school = get_object_or_404(School, pk=form.cleaned_data["school"])
        file = form.cleaned_data["file"]
        draft = actions.keep_upload(
            request.user,  # type: ignore[arg-type]
            school,
            form.cleaned_data["kind"],
            file.name,
            file.chunks(),
            form.options(),
            at=request.at,
        )
        try:
            grid_of(draft)
        except UnreadableTable as problem:
            actions.give_up(draft)
            form.add_error("file", str(problem))
        else:
            return redirect("exchange:columns", token=draft.token)
    return _ask(request, form)


def _ask(request: Any, form: UploadForm) -> HttpResponse:
    return render(request, "exchange/import.html", {"form": form, "breadcrumbs": _crumbs()})


def _upload_form(request: Any, sent: Any) -> UploadForm:
    schools = school_choices(request.may.schools("import:run"))
    years = years_of([pk for pk, _ in schools])
    now = SchoolYear.of(request.at.date()).start
    initial = {"year": now if now in years else (years or [now])[-1], "kind": request.GET.get("kind", "pupils")}
    return UploadForm(*(sent or ()), schools=schools, years=years or [now], initial=initial)


def _crumbs() -> list[tuple[str, str]]:
    return [(words, reverse(route)) for words, route in CRUMBS]


def _draft(request: Request, token: str) -> Draft:
    """The draft of whoever is signed in, or Http404: nobody goes on with another's file."""
    draft = get_object_or_404(Draft.objects.select_related("school__federation"), token=token, user=request.user)
    request.may.check_can("import:run", Place(school=draft.school_id))
    return draft


def _rows(request: Request, draft: Draft) -> frozenset[str]:
    """The rows of the permission table that fields need and whoever is signed in holds at the file's school."""
    return frozenset(row for row in NEEDED if request.may.can(row, Place(school=draft.school_id)))


def _grid(request: Request, draft: Draft) -> Grid | None:
    try:
        return grid_of(draft)
    except (UnreadableTable, FileNotFoundError):
        actions.give_up(draft)
        messages.error(request, f"{draft.filename} is no longer here; choose it again.")
        return None


@allows("import:run")
def columns(request: Request, token: str) -> HttpResponse:
    """Say what each column holds: guessed, by a preset, or by hand."""
    draft = _draft(request, token)
    grid = _grid(request, draft)
    if grid is None:
        return redirect("exchange:import")
    options, rows = options_of(draft), _rows(request, draft)
    presets = presets_for(draft.school, draft.kind)
    row = _asked_row(request)
    try:
        layout = _start(request, draft, grid, presets, row, rows)
    except UnreadableTable as problem:
        messages.error(request, str(problem))
        layout = guess(grid, draft.kind, options.year_start, rows)
    years = years_of([draft.school_id])
    is_sent = request.method == "POST" and row is None
    form = LayoutForm(
        request.POST if is_sent else None, grid=grid, layout=layout, options=options, years=years, rows=rows
    )
    if is_sent and form.is_valid():
        actions.set_layout(draft, form.layout(), form.options())
        _save(request, draft, form)
        return redirect("exchange:preview", token=token)
    return render(request, "exchange/columns.html", _mapping(draft, grid, form, layout, presets, request))


def _asked_row(request: Request) -> int | None:
    """Another row of headings than the one the page was shown with."""
    asked, shown = request.POST.get("heading_row", ""), request.POST.get("shown_row", "")
    return int(asked) if asked != shown and asked.isdecimal() and len(asked) < 8 else None


def _start(
    request: Request, draft: Draft, grid: Grid, presets: Sequence[Any], row: int | None, rows: Collection[str]
) -> Layout:
    start = options_of(draft).year_start
    if request.method == "POST" and row is None:
        shown = request.POST.get("shown_row", "")
        n_rows = 2 if request.POST.get("heading_rows") == "2" else 1
        at_row = int(shown) if shown.isdecimal() and len(shown) < 8 else grid.rows[0][0]
        return Layout(draft.kind, heading_row=at_row, heading_rows=n_rows)
    chosen = next((one for one in presets if one.key == request.GET.get("preset")), None)
    if chosen is not None:
        return fitted(chosen, grid)
    if row is None and (kept := layout_of(draft)) is not None:
        return kept
    return guess(grid, draft.kind, start, rows, row)


def _mapping(
    draft: Draft, grid: Grid, form: LayoutForm, layout: Layout, presets: Sequence[Any], request: Request
) -> dict[str, Any]:
    return {
        "draft": draft,
        "form": form,
        "layout": layout,
        "presets": presets,
        "preset": next((one for one in presets if one.key == request.GET.get("preset")), None),
        "n_rows": sum(number > layout.heading_row for number, _ in grid.rows) - (layout.heading_rows - 1),
        "breadcrumbs": _crumbs(),
        "school": draft.school.name,
    }


def _save(request: Request, draft: Draft, form: LayoutForm) -> None:
    name = form.cleaned_data["save_as"].strip()
    if name:
        by = request.may.actor(draft.school_id)
        actions.save_preset(draft.school.federation, name, form.layout(), by=by, at=request.at)
        messages.success(request, f"The layout is saved as {name}.")


@allows("import:run")
def preview(request: Request, token: str) -> HttpResponse:
    """What the file would do; one press writes it."""
    if request.method == "POST" and (intake := _done_before(request)):
        return redirect("exchange:done", intake=intake.pk)
    draft = _draft(request, token)
    read = _read(request, draft)
    if read is None:
        return redirect("exchange:columns", token=token)
    file, options = read
    refusal = ""
    if request.method == "POST":
        try:
            return _write(request, draft, file, options)
        except actions.NotBrought as problem:
            refusal = str(problem)
        except journal.AlreadyDone:
            if intake := _done_before(request):
                return redirect("exchange:done", intake=intake.pk)
            refusal = "This press carries a key that was used for something else; press again."
        except FileNotFoundError:
            return redirect("exchange:columns", token=token)
    plan = plan_of(file, draft.school, options, request.at)
    context = {
        "draft": draft,
        "plan": plan,
        "bad": plan.bad[:SHOWN],
        "changes": plan.changes[:SHOWN],
        "refusal": refusal,
        "reason": request.POST.get("reason", ""),
        "needs_reason": draft.kind == "marks" and bool(plan.changes),
        "may_change": draft.kind == "pupils" or _may_amend(request, draft),
        "key": journal.new_key(),
        "breadcrumbs": [*_crumbs(), ("Columns", reverse("exchange:columns", args=[token]))],
        "school": draft.school.name,
    }
    return render(request, "exchange/preview.html", context)


def _read(request: Request, draft: Draft) -> tuple[MarkFile | PupilFile, Options] | None:
    layout = layout_of(draft)
    grid = _grid(request, draft) if layout else None
    if layout is None or grid is None:
        return None
    options = options_of(draft)
    try:
        return read_as(grid, layout, options, _rows(request, draft)), options
    except UnreadableTable as problem:
        messages.error(request, str(problem))
        return None


def _may_amend(request: Request, draft: Draft) -> bool:
    return request.may.can("register:amend", Place(school=draft.school_id))


def _done_before(request: Request) -> Intake | None:
    """What this very press has done already, when it was sent twice."""
    rows = Intake.objects.filter(deed__key=request.POST.get("key", ""), deed__actor=f"user:{request.user.pk}")
    return rows.first()


def _write(request: Request, draft: Draft, file: MarkFile | PupilFile, options: Options) -> HttpResponse:
    said: dict[str, Any] = {
        "by": request.may.actor(draft.school_id),
        "at": request.at,
        "key": request.POST.get("key", "")[:80],
        "filename": draft.filename,
        "content": take(draft.token),
        "seen": request.POST.get("seen", ""),
    }
    if isinstance(file, MarkFile):
        amends, reason = _may_amend(request, draft), request.POST.get("reason", "")
        intake = actions.bring_in_marks(draft.school, file, may_amend=amends, reason=reason, **said)
    else:
        intake = actions.bring_in_pupils(draft.school, file, options, **said)
    actions.give_up(draft)
    if intake is None:
        messages.success(request, "Nothing was to do: everything in the file stands already.")
        return redirect("exchange:files")
    return redirect("exchange:done", intake=intake.pk)


@allows("import:run")
def problems(request: Request, token: str) -> HttpResponse:
    """Every bad cell of a draft as a file."""
    draft = _draft(request, token)
    read = _read(request, draft)
    if read is None:
        raise Http404
    plan = plan_of(read[0], draft.school, read[1], request.at)
    answer = HttpResponse(as_csv(plan.bad).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="problems.csv"'
    return answer


@allows("import:run")
@require_POST
def give_up(request: Request, token: str) -> HttpResponse:
    """Remove a file without bringing it in."""
    draft = _draft(request, token)
    actions.give_up(draft)
    messages.success(request, f"{draft.filename} was removed; nothing was written.")
    return redirect("exchange:files")


__all__ = ["bring_in", "columns", "give_up", "preview", "problems"]
