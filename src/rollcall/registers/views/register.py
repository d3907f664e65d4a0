"""The page of one register, as a form that works by itself; the page's script saves as it goes instead."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from rollcall.accounts.door import Request, allows
from rollcall.journal.actions import new_key
from rollcall.registers.actions import NewMark, NotSaved
from rollcall.registers.forms import Save, read_posted
from rollcall.registers.queries.news import version_of
from rollcall.registers.queries.page import RegisterPage, other_half, register_page
from rollcall.registers.views.answers import NOT_WRITTEN, log, tagged, unchanged
from rollcall.registers.views.drawing import draw_notes, draw_rows
from rollcall.registers.views.faces import known_codes, options
from rollcall.registers.views.places import ClassPlace, session_place
from rollcall.registers.views.rows import Typed, Way, rows_of
from rollcall.registers.views.saving import SOMEBODY_ELSE, write
from rollcall.registers.views.submitting import hand_in_form
from rollcall.rules.codes import LATE, LATE_AFTER_CLOSING, LEAST_LETTERS, MISSING, PRESENT_CODE, needs_ground
from rollcall.rules.giving import why_not_late
from rollcall.rules.sessions import Half
from rollcall.rules.words import time_words


@allows("register:see", place=session_place)
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: Request, school_class: int, day: date, half: Half) -> HttpResponse:
    """A class's register for a session."""
    if request.method == "POST":
        return _posted(request, day, half)
    return _page(request, _way(request, day, half), {}, "", 200)


def _way(request: Request, day: date, half: Half) -> Way:
    place: ClassPlace = request.place
    page = register_page(place.room, place.facts, day, half, request.at)
    return Way(
        may_take=request.may.can("register:take", place),
        may_amend=request.may.can("register:amend", place),
        page=page,
        edition=place.facts.edition_on(day),
        at=request.at,
        may_decide=request.may.can("mark:decide", place),
    )


def _page(request: Request, way: Way, typed: dict[int, Typed], problem: str, status: int) -> HttpResponse:
    page = way.page
    tag = tag_of(way, version_of(page.school, request.at))
    rows = rows_of(way, typed)
    context = {
        "way": way,
        "page": page,
        "rows": rows,
        "can_mark": any(not row.locked for row in rows),
        "options": options(way.edition, page.half, way.giver),
        "codes": known_codes(way.edition, page.half, way.giver),
        "problem": problem,
        "n_left": sum(not line.is_marked and line.expected is None for line in page.lines),
        "present": PRESENT_CODE[page.half],
        "key": new_key(),
        "other_half": other_half(page.half),
        "tag": tag,
        "school": page.school_name,
        "reason": request.POST.get("reason", ""),
        "may_see_history": request.may.can("mark:history", request.place),
        "late": LATE,
        "late_after_closing": LATE_AFTER_CLOSING,
        "early": why_not_late(LATE_AFTER_CLOSING, None, closed=False, closes=time_words(page.closes_at)),
        "least_letters": LEAST_LETTERS,
        "now": request.at.isoformat(),
        "late_from": way.late_from.isoformat() if way.is_today else "",
        "hand_in": way.mode != "look" and page.handed is None,
    }
    context["lines"] = draw_rows(rows, context)
    return render(request, "registers/register.html", context, status=status)


def tag_of(way: Way, version: str) -> str:
    """The version of what a page shows: what has happened, and where the clock stands between the times."""
    return f"{version}-{way.page.has_begun:d}{way.page.has_closed:d}"


@allows("register:see", place=session_place)
@never_cache
@require_GET
def live(request: Request, school_class: int, day: date, half: Half) -> HttpResponse:
    """What others have changed since: marks, expectations, wishes, the head; 304 when nothing moved."""
    if request.headers.get("X-User", str(request.user.pk)) != str(request.user.pk):
        return JsonResponse({"error": SOMEBODY_ELSE, "other": True}, status=401)
    place: ClassPlace = request.place
    times = place.facts.times_on(day)
    passed = f"{_has(request, place, day, times.opens(half)):d}{_has(request, place, day, times.closes(half)):d}"
    version = version_of(place.room.school_id, request.at)
    if answer := unchanged(request, f"{version}-{passed}"):
        return answer
    way = _way(request, day, half)
    return tagged(JsonResponse(_news(request, way)), f"{version}-{passed}")


def _news(request: Request, way: Way) -> dict[str, Any]:
    """What the page's script needs to bring itself up to date."""
    rows = rows_of(way, {})
    more = {"way": way, "page": way.page, "may_see_history": request.may.can("mark:history", request.place)}
    notes = draw_notes(rows, more)
    return {
        "now": request.at.isoformat(),
        "mode": way.mode,
        "head": render_to_string("registers/_partials/head.html", more, request),
        "in": way.page.handed is not None,
        "rows": {
            row.line.enrolment: {
                "code": row.code,
                "minutes": row.minutes,
                "ground": row.line.ground,
                "expected": row.line.expected.code if row.line.expected else "",
                "expected_ground": row.line.expected.ground if row.line.expected else "",
                "note": notes[row.line.enrolment],
            }
            for row in rows
        },
    }


def _has(request: Request, place: ClassPlace, day: date, at: Any) -> bool:
    return request.at >= place.facts.moment(day, at)


def _posted(request: Request, day: date, half: Half) -> HttpResponse:
    request.may.check_can("register:take", request.place)
    way = _way(request, day, half)
    enrolments = [line.enrolment for line in way.page.lines]
    posted = read_posted(request.POST, enrolments, PRESENT_CODE[half], way.minutes_now())
    marks = [_with_ground(mark, way) for mark in posted.marks]
    if request.POST.get("do") == "rest":
        marks = [*marks, *_the_rest(way.page, marks, posted.problems)]
    typed = {
        n: Typed(_code_of(request, n), None, problem, request.POST.get(f"ground-{n}", "")[:200])
        for n, problem in posted.problems.items()
    }
    try:
        problem = _save_what_can_be(request, day, half, marks, typed)
        if not typed and not problem and request.POST.get("do") == "submit":
            problem = hand_in_form(request, day, half)
    except DatabaseError:
        log.exception("a register could not be written")
        typed = {m.enrolment: Typed(m.code, m.minutes_late, "Not saved.", m.ground) for m in marks}
        return _page(request, way, typed, NOT_WRITTEN, 503)
    if typed or problem:
        return _page(request, _way(request, day, half), typed, problem, 422)
    return redirect(reverse("registers:register", args=[way.page.school_class, day, half]))


def _with_ground(mark: NewMark, way: Way) -> NewMark:
    """A mark that confirms what is expected has its ground, where it needs one and none was typed."""
    expected = next((line.expected for line in way.page.lines if line.enrolment == mark.enrolment), None)
    if mark.ground or not expected or expected.code != mark.code or not needs_ground(mark.code, way.edition):
        return mark
    return replace(mark, ground=expected.ground)


def _code_of(request: Request, enrolment: int) -> str:
    return request.POST.get(f"mark-{enrolment}", MISSING)[:2]


def _the_rest(page: RegisterPage, marks: list[NewMark], problems: dict[int, str]) -> list[NewMark]:
    """Present for who has no mark; never for a pupil of whom something else is expected."""
    chosen = {mark.enrolment for mark in marks} | set(problems)
    return [
        NewMark(line.enrolment, PRESENT_CODE[page.half], seen=MISSING)
        for line in page.lines
        if not line.is_marked and line.expected is None and line.enrolment not in chosen
    ]


def _save_what_can_be(request: Request, day: date, half: Half, marks: list[NewMark], typed: dict[int, Typed]) -> str:
    """Save the marks; the refused go to `typed` with their sentence, the others are saved without them."""
    key, reason = request.POST.get("key", "")[:32] or new_key(), request.POST.get("reason", "")[:500]
    for turn in range(3):
        if not marks:
            return ""
        try:
            write(request, day, half, Save(f"{key}-{turn}", marks, reason, None))
            return ""
        except NotSaved as refused:
            if refused.whole:
                typed.update({m.enrolment: Typed(m.code, m.minutes_late, "Not saved.", m.ground) for m in marks})
                return refused.whole
            marks = _put_aside(marks, refused, typed)
    return ""


def _put_aside(marks: list[NewMark], refused: NotSaved, typed: dict[int, Typed]) -> list[NewMark]:
    for mark in marks:
        if sentence := refused.refused.get(mark.enrolment):
            typed[mark.enrolment] = Typed(mark.code, mark.minutes_late, sentence, mark.ground)
        elif mark.enrolment in refused.changed:
            sentence = f"Somebody marked {refused.changed[mark.enrolment]} meanwhile; choose again if it should differ."
            typed[mark.enrolment] = Typed(mark.code, mark.minutes_late, sentence, mark.ground)
    return [mark for mark in marks if mark.enrolment not in typed]
