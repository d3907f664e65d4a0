"""An evidence pack in plain JSON: everything at a moment, copied and in words, so that it can be set from that alone.

Whoever reads one years later sees what was known then: nothing in it is looked up again (design law 7).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rollcall.casework.queries.packing import agreed, cover, day, letters, paths, register
from rollcall.casework.queries.packing.blocks import Block, exhibit, heading, items, numbered
from rollcall.casework.queries.packing.hidden import ALWAYS, OF_NOTICE, OTHERS
from rollcall.casework.queries.packing.missing import missing
from rollcall.casework.queries.packing.subject import Certified, Subject, period_of, subject_of
from rollcall.journal.actor import Actor
from rollcall.schools.models import LedgerCount

MOST_PARTS = 60
"""With more parts than this the contents name exhibits alone: letters are listed at the head of theirs."""
NO_GAP = "Nothing that a pack is asked for is missing."
TRIES = 3

__all__ = [
    "Certified",
    "Subject",
    "canonical",
    "contents_of",
    "digest_of",
    "gaps",
    "left_out",
    "period_of",
    "subject_of",
]


def contents_of(about: Subject, *, by: Actor) -> dict[str, Any]:
    """All that stands in a pack, as plain JSON with its reference; made anew where a mark was made meanwhile."""
    for _ in range(TRIES):
        numbers = _numbers(about)
        found = _gathered(about, by, numbers)
        if _numbers(about) == numbers:
            break
    swept: dict[str, Any] = about.hidden.swept(found)
    return swept | {"reference": _reference(swept)}


def gaps(about: Subject) -> list[str]:
    """What is missing in the evidence, before a pack is made."""
    found: list[str] = about.hidden.swept(missing(about, register.extracts(about), letters.messages_about(about)))
    return found


def left_out(about: Subject) -> list[str]:
    """What a pack never tells, in words that are the same for every pupil."""
    return [*ALWAYS, *([OF_NOTICE, OTHERS] if about.notice is not None else [])]


def canonical(contents: Mapping[str, Any]) -> bytes:
    """Contents as bytes, the same for the same contents whichever database kept them."""
    return json.dumps(contents, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(content: bytes) -> str:
    """The digest of some bytes, as it is kept and shown."""
    return hashlib.sha256(content).hexdigest()


def _reference(contents: Mapping[str, Any]) -> str:
    digest = digest_of(canonical(contents))
    return "-".join(digest[start : start + 4] for start in range(0, 16, 4))


def _numbers(about: Subject) -> list[tuple[str, int]]:
    """The last number that each school's ledger gave, in the order in which the pupil was there."""
    schools = {one.school.pk: one.school.name for one in about.enrolled}
    last = dict(LedgerCount.objects.filter(school__in=schools).values_list("school", "last"))
    return [(name, last.get(pk, 0)) for pk, name in schools.items()]


def _gathered(about: Subject, by: Actor, numbers: Sequence[tuple[str, int]]) -> dict[str, Any]:
    extracts, messages = register.extracts(about), letters.messages_about(about)
    told = missing(about, extracts, messages)
    exhibits = numbered(
        [
            *register.exhibits(extracts, about),
            *letters.exhibits(messages, about),
            *day.exhibits(about, letters.log(messages)),
            *agreed.exhibits(about),
            *paths.exhibits(about),
            cover.policy_exhibit(about),
        ]
    )
    today = about.at.date()
    title = f"Evidence about {about.pupil.legal_name}"
    return {
        "title": title,
        "head": f"{title}, {about.school.name}",
        "made_by": f"{by.name}, {by.position}",
        "dated": [today.year, today.month, today.day],
        "cover": {
            "above": about.school.name,
            "rows": cover.rows(about, by, numbers),
            "blocks": [heading("What is missing") | {"level": 2}, items(told or [NO_GAP])],
        },
        "missing": told,
        "left_out": left_out(about),
        "outline_depth": 2 if _parts(exhibits) <= MOST_PARTS else 1,
        "exhibits": [*exhibits, _out(about, len(exhibits) + 1)],
    }


def _parts(exhibits: Sequence[Mapping[str, Any]]) -> int:
    blocks: list[Block] = [block for one in exhibits for block in one["blocks"]]
    return sum(1 for block in blocks if block["kind"] == "heading" and block["listed"])


def _out(about: Subject, number: int) -> dict[str, Any]:
    """The last exhibit: what the pack leaves out on purpose."""
    said = "Left out whether or not there is any, so that this list tells nothing of this pupil."
    one = exhibit("What this pack leaves out", [items(left_out(about))], said)
    return {**one, "title": f"{number}  {one['title']}"}
