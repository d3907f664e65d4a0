"""A pack for a targeting support meeting as tables, drawn from what was kept alone; page and PDF show the same."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rollcall.documents.tables import Table, TablesPage
from rollcall.rules.stages import change, percent_down
from rollcall.rules.words import counted, day_words

TITLE = "Targeting support meeting"
CHANGED = {"up": "better", "down": "worse", "same": "the same", "": ""}
Kept = Mapping[str, Any]


def drawn(kept: Kept, made: str) -> TablesPage:
    """The pack as its tables. made: who made it and when, in words."""
    through = date.fromisoformat(kept["through"])
    return TablesPage(
        school=kept["school"],
        title=TITLE,
        about=f"Figures up to {day_words(through)} {through.year}. {made}",
        foot=f"{kept['school']}: for the named staff and the authority's point of contact. It holds names of pupils.",
        tables=tuple(_tables(kept)),
    )


def _tables(kept: Kept) -> Iterator[Table]:
    yield _trends(kept)
    yield _data(kept)
    yield _groups(kept["groups"])
    yield _cohorts(kept["cohorts"])
    for tier in kept["tiers"]:
        yield _tier(tier)
    actions = tuple((one,) for one in kept["actions"])
    yield Table("To be done from earlier meetings", "" if actions else "Nothing is open.", ("What",), (1,), actions)


def figure(pair: Sequence[int] | None) -> str:
    """A share in print with its counts, rounded down; a dash where nothing was possible."""
    if not pair or not pair[1]:
        return "–"
    return f"{percent_down(pair[0], pair[1])}% ({pair[0]} of {pair[1]})"


def _changed(now: Sequence[int], then: Sequence[int] | None) -> str:
    return CHANGED[change((now[0], now[1]), (then[0], then[1]))] if then else ""


def _span(one: Kept) -> str:
    first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
    return f"{one['term']}{' so far' if one['runs'] else ''}\n{day_words(first)} to {day_words(last)}"


def _trends(kept: Kept) -> Table:
    rows = [
        (_span(one), figure(one["share"]), figure(one["before"]), _changed(one["share"], one["before"]))
        for one in kept["trends"]
    ]
    note = "Each term beside the term of that name a year before; of one that runs, as many school days."
    return Table("Trends", note, ("Term", "Sessions attended", "A year before", "Change"), (4, 4, 4, 2), tuple(rows))


def _data(kept: Kept) -> Table:
    now, then = kept["whole"], kept["before"]
    of, before = counted(now["pupils"], "pupil"), counted(then["pupils"], "pupil") if then else ""
    lines = [("Sessions attended", figure(now["share"]), figure(then["share"]) if then else "–")]
    for name, words in (
        ("below", "Below the target"),
        ("persistent", "Persistently absent"),
        ("severe", "Severely absent"),
    ):
        lines.append((words, f"{now[name]} of {of}", f"{then[name]} of {before}" if then else "–"))
    note = f"{counted(now['missing'], 'session')} without a mark: not counted." if now["missing"] else ""
    return Table("The year so far", note, ("", "Now", "A year before"), (3, 4, 4), tuple(lines))


def _groups(groups: Sequence[Kept]) -> Table:
    rows = [
        (
            one["name"],
            str(one["pupils"]),
            figure(one["share"]),
            str(one["below"]),
            str(one["persistent"]),
            str(one["severe"]),
        )
        for one in groups
    ]
    columns = ("Group", "Pupils", "Sessions attended", "Below target", "Persistent", "Severe")
    return Table("By class, year and group", "", columns, (5, 2, 5, 2, 2, 2), tuple(rows))


def _cohorts(cohorts: Sequence[Kept]) -> Table:
    rows = [
        (f"{one['name']}\n{one['kind']}", one["aim"], str(one["pupils"]), figure(one["before"]), figure(one["since"]))
        for one in cohorts
    ]
    note = "As many school days before pupils joined as since." if rows else "No strategy runs."
    columns = ("Strategy", "Meant to change", "Pupils", "Before", "Since")
    return Table("Cohorts and strategies", note, columns, (4, 5, 2, 3, 3), tuple(rows))


def _tier(tier: Kept) -> Table:
    rows = [
        (
            f"{one['name']}\n{one['class']}",
            figure(one["share"]),
            _where(one),
            "\n".join(one["tried"]) or "nothing on record this year",
        )
        for one in tier["pupils"]
    ]
    note = f"{counted(tier['n'], 'pupil')} in all" + (", those with something to see:" if rows else ".")
    columns = ("Pupil", "Sessions attended", "Where", "What was tried")
    return Table(f"{tier['name']} ({tier['band']})", note, columns, (4, 3, 4, 6), tuple(rows))


def _where(one: Kept) -> str:
    """The state on the authority's process, and what is proposed next."""
    state = one["state"] or "not on the authority's process"
    return f"{state}\nNext: {one['next']}" if one["next"] else state
