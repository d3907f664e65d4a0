"""What a row of a review keeps: a copy of all that it rests on, and the little of it that the review's list shows."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from rollcall.casework.queries.place import Before, PupilRow, Reviewed
from rollcall.registers.queries.unclear import unclear
from rollcall.rules.unclear import Unclear, unclear_words
from rollcall.rules.words import day_words


def with_unclear(found: Reviewed) -> Reviewed:
    """The same with the very sessions to be looked into: of the window, or of the year where the window is clear."""
    since = {
        row.seat.enrolment: row.since if row.window.unexplained + row.window.missing else date(found.year_start, 8, 1)
        for row in found.rows
        if row.check_first
    }
    sessions = unclear(found.facts.school, since, found.year_start, found.as_of)
    return replace(found, rows=tuple(replace(row, unclear=sessions.get(row.seat.enrolment, ())) for row in found.rows))


def evidence(row: PupilRow, found: Reviewed, number: int) -> dict[str, Any]:
    """A copy of all that a row rests on, in plain JSON (design law 7). number: the ledger's, up to which it counts."""
    policy = row.standing.policy
    return {
        "pupil": {
            "id": row.seat.pupil,
            "name": row.seat.name,
            "first": row.seat.known_first,
            "born": f"{row.seat.born}",
        },
        "enrolment": row.seat.enrolment,
        "class": {"id": row.seat.school_class, "name": row.seat.class_name, "year_group": row.seat.year_group},
        "school": {"id": found.facts.school, "name": found.facts.name},
        "at": found.at.isoformat(),
        "as_of": found.as_of.isoformat(),
        "through": None if found.through is None else f"{found.through}",
        "year_start": found.year_start,
        "marks": row.marks,
        "number": number,
        "figures": {name: str(n) if isinstance(n, date) else n for name, n in asdict(row.figures).items()},
        "apart": {"attended": row.apart[0], "possible": row.apart[1]},
        "before": None if row.before is None else _plain(row.before),
        "unclear": [{"day": f"{one.day}", "half": one.half, "code": one.code} for one in row.unclear],
        "carried": None if row.carried is None else {name: str(one) for name, one in asdict(row.carried).items()},
        "case": row.standing.case,
        "place": {"step": row.place.step, "since": None if row.place.since is None else f"{row.place.since}"},
        "window": {"since": f"{row.since}", **asdict(row.window)},
        "stage": row.conclusion.stage,
        "tier": row.conclusion.tier,
        "persistent": row.conclusion.persistent,
        "severe": row.conclusion.severe,
        "reasons": [asdict(reason) for reason in row.conclusion.reasons],
        "headroom": list(row.headroom),
        "proposal": row.proposal.to_json(),
        "policy": {"id": row.standing.policy_id, "name": policy.name, "edition": policy.edition},
    }


def _plain(before: Before) -> dict[str, Any]:
    return {"day": f"{before.day}", "attended": before.attended, "possible": before.possible}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The little of a row's evidence that the list of a review shows."""
    before, headroom = kept["before"], kept["headroom"]
    return {
        "name": kept["pupil"]["name"],
        "class": kept["class"]["name"],
        "counts": [kept["figures"]["attended"], kept["figures"]["possible"]],
        "before": [before["attended"], before["possible"]] if before else None,
        "stage": kept["stage"],
        "persistent": kept["persistent"],
        "severe": kept["severe"],
        "why": kept["proposal"]["why"][0]["text"],
        "headroom": headroom[0] if headroom else "",
        "unclear": _unclear_words(kept),
        "carried": carried_words(kept["carried"]),
        "policy": kept["policy"]["id"],
    }


def carried_words(carried: Mapping[str, str] | None) -> str:
    """Where a row that was carried over comes from, in a sentence; empty for one that was not."""
    if not carried:
        return ""
    day, first = (date.fromisoformat(carried[name]) for name in ("day", "first"))
    since = f", carried since {day_words(first)}" if first != day else ""
    because = carried["because"].rstrip(".")
    return f"Left over from the review of {day_words(day)}{since}: {because}."


def _unclear_words(kept: Mapping[str, Any]) -> str:
    sessions = [Unclear(date.fromisoformat(one["day"]), one["half"], one["code"]) for one in kept["unclear"]]
    return unclear_words(sessions)
