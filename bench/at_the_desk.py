"""What the office does on a morning at pace: logs calls, fills in late slips, rings in vain, and watches the day."""

import re
import time
from urllib.parse import parse_qs, quote, urlsplit

from django.urls import reverse

from bench.stage import CALLS, OVER, REPORTS, SLIPS, Child, Morning, spread
from bench.visitor import Given, Visitor, value_of

EVERY = 1.0
"""Real seconds between two questions of the day's page."""


def phone(morning: Morning, session: str) -> None:
    """The first of the office: logs who is reported away, then rings for those who are not accounted for."""
    visitor = morning.visitor(session)
    for moment, pair in zip(spread(REPORTS, len(morning.plan.reported)), morning.plan.reported, strict=True):
        morning.clock.wait_until(moment)
        report(morning, visitor, *pair)
    for moment, child in zip(spread(CALLS, len(morning.plan.unanswered)), morning.plan.unanswered, strict=True):
        morning.clock.wait_until(moment)
        ring(morning, visitor, child)


def counter(morning: Morning, session: str) -> None:
    """The second of the office: fills in the late comers' slips."""
    visitor = morning.visitor(session)
    for moment, child in zip(spread(SLIPS, len(morning.plan.late)), morning.plan.late, strict=True):
        morning.clock.wait_until(moment)
        fill_slip(morning, visitor, child)


def watch_day(morning: Morning, session: str) -> None:
    """A day page that stays open and asks every second."""
    visitor = morning.visitor(session)
    tag = visitor.open("open the day page", morning.desk("day")).tag
    while morning.clock.passed() < OVER:
        time.sleep(EVERY)
        given = visitor.open(
            "the day page asks for news", morning.desk("day"), {"X-Part": "live", "If-None-Match": tag}
        )
        tag = given.tag or tag


def fill_slip(morning: Morning, visitor: Visitor, child: Child) -> None:
    """Two letters, one tap; the whole name where two letters show too many."""
    path = reverse("absence:fill", args=[child.enrolment])
    page = _find(visitor, morning.desk("late"), child, path)
    told = {"key": value_of(page.text, "key", path), "reason": "overslept"}
    given = visitor.press("save a late slip", path, page.text, told)
    after = visitor.open("the page after a press", given.location)
    if number := _number(given, "slip"):
        morning.saved.slips.append((number, child.enrolment))
    else:
        morning.heard.errors.append(f"No slip was made for {child.name}: {said(after)}")


def report(morning: Morning, visitor: Visitor, child: Child, sibling: Child) -> None:
    """A call about two children: found by one, both ticked, who rang, why."""
    path = f"{morning.desk('report_add')}?pupil={child.enrolment}"
    _find(visitor, morning.desk("report_add"), child, f"pupil={child.enrolment}")
    page = visitor.open("open the form for a call", path).text
    told = {
        "key": value_of(page, "key"),
        "children": [child.enrolment, sibling.enrolment],
        "caller": value_of(page, "caller"),
        "day": value_of(page, "day"),
        "part": "day",
        "channel": "phone",
        "reason": "illness",
    }
    given = visitor.press("save a reported absence of two", path, page, told)
    after = visitor.open("the page after a press", given.location)
    if number := _number(given, "saved"):
        morning.saved.reports += [(number, child.enrolment), (number, sibling.enrolment)]
    else:
        morning.heard.errors.append(f"No report was made for {child.name}: {said(after)}")


def ring(morning: Morning, visitor: Visitor, child: Child) -> None:
    """A try at a child's first contact that nobody answers."""
    page = visitor.open("open the call list", morning.desk("calls")).text
    tap = re.search(rf'name="tap" value="({child.enrolment}\|[^"]*\|no_answer\|[^"]*)"', page)
    if tap is None:
        morning.heard.errors.append(f"{child.name} is not on the call list.")
        return
    told = {"key": value_of(page, "key"), "tap": tap[1]}
    given = visitor.press("save an unanswered call", morning.desk("call_log"), page, told)
    after = visitor.open("the page after a press", given.location.partition("#")[0])
    if f"{child.name}: logged" in after.text:
        morning.saved.calls.append(child.enrolment)
    else:
        morning.heard.errors.append(f"No call was logged for {child.name}: {said(after)}")


def _find(visitor: Visitor, path: str, child: Child, wanted: str) -> Given:
    """The page on which a child was found."""
    page = visitor.open("find a child", f"{path}?q={child.name[:2]}")
    return page if wanted in page.text else visitor.open("find a child", f"{path}?q={quote(child.name)}")


def _number(given: Given, name: str) -> int:
    found = parse_qs(urlsplit(given.location).query).get(name, ["0"])[0]
    return int(found) if found.isdecimal() else 0


def said(page: Given) -> str:
    """What a page's messages say."""
    found = re.findall(r'<div class="message[^"]*"[^>]*>(.*?)</div>', page.text, re.S)
    return " ".join(" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found)[:300] or str(page.status)
