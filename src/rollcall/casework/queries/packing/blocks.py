"""The few kinds of block that an evidence pack is made of, as plain JSON; `documents.pack` sets them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rollcall.journal.models import Deed
from rollcall.rules.words import day_words, time_words
from rollcall.schools.queries.facts import LONDON

Block = dict[str, Any]
NOTHING = "Nothing is on record."
OWN_PAGE = ("register", "letter", "message", "drawing")
MANY_LINES = 14


def facts(*rows: tuple[str, str]) -> Block:
    """Labels beside what they stand for; a row without words is left out."""
    return {"kind": "facts", "rows": [[label, words] for label, words in rows if words]}


def text(words: str) -> Block:
    """A paragraph."""
    return {"kind": "text", "text": words}


def items(words: Iterable[str]) -> Block:
    """A list."""
    return {"kind": "list", "items": list(words)}


def heading(words: str, level: int = 3) -> Block:
    """A heading inside an exhibit; one of the second level is a part of its own and stands in the contents."""
    return {"kind": "heading", "level": level, "listed": level == 2, "text": words}


def table(head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]) -> Block:
    """A table; widths are parts of the line. One without rows is a sentence."""
    found = [list(row) for row in rows]
    return {"kind": "table", "head": list(head), "widths": list(widths), "rows": found} if found else text(NOTHING)


def page() -> Block:
    """What follows begins on a new page."""
    return {"kind": "page"}


def exhibit(title: str, blocks: Sequence[Block], about: str = "") -> dict[str, Any]:
    """One exhibit; its number is given when all are there."""
    nothing = [text(NOTHING)]
    found = list(blocks) or nothing
    return {
        "title": title,
        "about": about,
        "blocks": found,
        "is_empty": found == nothing,
        "on_new_page": _needs_page(found),
    }


def _needs_page(blocks: Iterable[Block]) -> bool:
    """Whether an exhibit is large enough to begin on a page of its own; smaller ones follow each other."""
    large, lines = False, 0
    for block in blocks:
        large = large or block["kind"] in OWN_PAGE
        lines += 1 + len(block.get("rows", ())) + len(block.get("items", ()))
    return large or lines > MANY_LINES


def numbered(exhibits: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Exhibits with their numbers in their titles, and those of their parts."""
    return [
        {**one, "title": f"{n}  {one['title']}", "blocks": list(_numbered(n, one["blocks"]))}
        for n, one in enumerate(exhibits, 1)
    ]


def _numbered(n: int, blocks: Iterable[Block]) -> Iterator[Block]:
    """A heading below no part stands one level up, for levels may not be skipped in an accessible document."""
    part = 0
    for block in blocks:
        if block["kind"] != "heading":
            yield block
        elif block["listed"]:
            part += 1
            yield block | {"text": f"{n}.{part}  {block['text']}"}
        else:
            yield block | {"level": 3 if part else 2}


def day(one: date | None) -> str:
    """A day with its year, "Tuesday 14 May 2024"; empty for none."""
    return f"{day_words(one)} {one.year}" if one else ""


def moment(at: datetime | None) -> str:
    """A moment in London, "Tuesday 14 May 2024 at 9.05"; empty for none."""
    if at is None:
        return ""
    local = at.astimezone(LONDON)
    return f"{day(local.date())} at {time_words(local)}"


def who(deed: Deed) -> str:
    """Who did something, with the position."""
    return f"{deed.name}, {deed.position}"


def done(deed: Deed | None) -> str:
    """Who did something and when; empty for nothing."""
    return f"{who(deed)}, {moment(deed.at)}" if deed else ""
