"""Marks as they are drawn, each drawn once: a register shows hundreds, and a template for each would cost too much."""

from collections import defaultdict
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rollcall.rules import codes
from rollcall.rules.codes import MISSING, PRESENT_CODE, Counts
from rollcall.rules.giving import Giver, withheld
from rollcall.rules.sessions import Half

GROUPS = {
    Counts.ATTENDING: "Present",
    Counts.EDUCATIONAL: "Approved activity elsewhere",
    Counts.AUTHORISED: "Absent, authorised",
    Counts.UNAUTHORISED: "Absent, unauthorised",
    Counts.NOT_POSSIBLE: "Not counted",
}


@lru_cache(maxsize=512)
def face(code: str, meaning: str = "") -> SafeString:
    """One mark, from the partial that all pages use."""
    return SafeString(render_to_string("_partials/mark.html", {"code": code, "meaning": meaning}).strip())


@lru_cache(maxsize=4096)
def strip(marks: tuple[str, ...]) -> SafeString:
    """The last sessions in a row, a gap after each five days' worth, read aloud as one line."""
    said = " ".join(code if code != MISSING else "none" for code in marks) or "none"
    return format_html(
        '<span class="marks" role="img" aria-label="Last {} sessions: {}">{}</span>',
        len(marks),
        said,
        format_html_join("", "{}", ((face(code),) for code in marks)),
    )


def meaning(code: str, edition: str) -> str:
    """What a code means under an edition; nothing for no mark."""
    return codes.table(edition)[code].meaning if code in codes.table(edition) else ""


@lru_cache(maxsize=8)
def grouped(edition: str, half: Half) -> tuple[tuple[str, tuple[codes.Code, ...]], ...]:
    """The codes of an edition that a half-day can have, by how they count, in the order of the law."""
    other = PRESENT_CODE["PM" if half == "AM" else "AM"]
    groups: dict[Counts, list[codes.Code]] = defaultdict(list)
    for code in codes.table(edition).values():
        if code.code != other:
            groups[code.counts_as].append(code)
    return tuple((words, tuple(groups[counts])) for counts, words in GROUPS.items() if groups[counts])


ASKING = Giver(may_decide=True, gives_reason=False)
"""Who asks for another mark: the office answers, and a decision is not asked for here."""


@lru_cache(maxsize=32)
def options(edition: str, half: Half, giver: Giver) -> SafeString:
    """The same as options of a list, for behind "more"; without what whoever gives the mark may not."""
    offered = (
        (words, [c for c in found if not withheld(c.code, edition, giver)]) for words, found in grouped(edition, half)
    )
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (words, format_html_join("", '<option value="{0}">{0} {1}</option>', ((c.code, c.meaning) for c in found)))
            for words, found in offered
            if found
        ),
    )


@lru_cache(maxsize=32)
def known_codes(edition: str, half: Half, giver: Giver) -> dict[str, dict[str, str]]:
    """For the page's script: each code with its meaning, group and face, what goes with it, why it is not theirs.

    `-` too.
    """
    known = {MISSING: {"meaning": "no mark", "group": "", "face": face(MISSING), "with": "", "ask": ""}}
    for words, found in grouped(edition, half):
        for code in found:
            shown = face(code.code, code.meaning)
            known[code.code] = {"meaning": code.meaning, "group": words, "face": shown, "with": code.goes_with}
            known[code.code]["ask"] = withheld(code.code, edition, giver)
    return known
