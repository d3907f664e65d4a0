"""The department's own totals, held against our codes: what each year's file gives for each row, and where it is off.

The year-to-date files count sessions under each reason and publish totals beside them. They lie beside the repository
and are not copied; `python -m tests.spec.national` writes docs/golden/national-totals.md from them.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rollcall.rules.codes import Code, Counts, table

SOURCE = Path(__file__).resolve().parents[2] / "../shared/data/dfe"
PAGE = Path(__file__).resolve().parents[2] / "docs/golden/national-totals.md"
EDITION_OF = {"2023-24": "2006", "2024-25": "2024"}
TOTALS = {
    "present": "present_sessions",
    "approved activity": "approved_educational_activity",
    "authorised": "authorised_absence",
    "unauthorised": "unauthorised_absence",
    "possible": "possible_sessions",
}
_REASON = re.compile(r"reason_([a-z]\d?)_\w+")


@dataclass(frozen=True)
class Line:
    """One row of a file: where it is, our totals, the department's."""

    year: str
    place: str
    phase: str
    ours: dict[str, int]
    theirs: dict[str, int]

    @property
    def differences(self) -> dict[str, int]:
        """Theirs less ours, where they differ."""
        return {name: self.theirs[name] - n for name, n in self.ours.items() if self.theirs[name] != n}


def lines(year: str) -> Iterator[Line]:
    """Every row of a year's file that is not withheld as confidential (`c`, where one school reports)."""
    for row in rows(year):
        if not is_withheld(row):
            theirs = {name: int(row[column]) for name, column in TOTALS.items()}
            yield Line(year, _place(row), row["school_type"], _ours(row, EDITION_OF[year]), theirs)


def rows(year: str) -> list[dict[str, str]]:
    """The rows of a year's file as they stand."""
    with (SOURCE / f"ees_ytd_{year}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def is_withheld(row: dict[str, str]) -> bool:
    return row["possible_sessions"] == "c"


def code_of(column: str, edition: str) -> Code | None:
    """The code whose sessions a column counts; a code withdrawn in 2024 keeps the meaning that it had."""
    found = _REASON.fullmatch(column)
    if found is None or column.startswith("reason_present"):
        return None
    text = found[1].upper()
    return table(edition).get(text) or table("2006")[text]


def _ours(row: dict[str, str], edition: str) -> dict[str, int]:
    n = dict.fromkeys(Counts, 0)
    n[table(edition)["/"].counts_as] += int(row["reason_present_am"])
    n[table(edition)["\\"].counts_as] += int(row["reason_present_pm"])
    for column in row:
        code = code_of(column, edition)
        if code is not None:
            n[code.counts_as] += int(row[column])
    return {
        "present": n[Counts.ATTENDING],
        "approved activity": n[Counts.EDUCATIONAL],
        "authorised": n[Counts.AUTHORISED],
        "unauthorised": n[Counts.UNAUTHORISED],
        "possible": sum(n[kind] for kind in Counts if Counts.ATTENDING <= kind <= Counts.UNAUTHORISED),
    }


def _place(row: dict[str, str]) -> str:
    return row["la_name"] or row["region_name"] or row["country_name"]


def page() -> str:
    """docs/golden/national-totals.md as it must read."""
    return "\n".join([_WORDS, *(_year(year) for year in EDITION_OF)])


def _year(year: str) -> str:
    found = list(lines(year))
    off = [line for line in found if line.differences]
    n_withheld = len(rows(year)) - len(found)
    heading = f"## {year.replace('-', '/')}: codes of {EDITION_OF[year]}\n"
    summary = (
        f"{len(found)} rows compared ({n_withheld} withheld by the department): {len(found) - len(off)} equal in all"
        f" five totals, {len(off)} with authorised sessions beyond the listed reasons.\n"
    )
    top = "| place | phase | sessions beyond | of authorised |\n|---|---|---:|---:|"
    body = [
        f"| {line.place} | {line.phase} | {line.differences['authorised']:,} | {line.theirs['authorised']:,} |"
        for line in sorted(off, key=lambda line: (-line.differences["authorised"], line.place, line.phase))
    ]
    return "\n".join([heading, summary, top, *body, ""])


_WORDS = """# The national totals, by our codes

The Department for Education publishes, for England, each region and each local authority, by phase, how many sessions
stood under each reason, and its own totals of sessions present, in approved educational activity, authorised,
unauthorised and possible. Added up by our table of codes, the reasons must give those totals. A test adds them up for
every row of both years.

- **Present, approved activity and unauthorised agree to the session in every row.**
- **Authorised and possible agree, except for the rows listed here**, in which the department's authorised total is a
  little above the sum of the reasons that the file lists; its possible total exceeds ours by the same sessions. The
  difference is never negative, and no more than a few hundred sessions in any authority. The likely cause is code F,
  extended family holiday, withdrawn long ago, which some schools still send: the department's published program carries
  it as a legacy reason, and the file has no column for it. We have not seen the department say so.
- Code D, dual registration, has a column in 2023/24 named as an approved activity. It is in none of the totals: England
  has 5,850,368 such sessions, and approved activity agrees to the session without them. Here, too, it is not possible.
- In 2024/25 some sessions still stand under H and J, withdrawn on 19 August 2024 (1,465 and 503 in England). The
  department counts them as before, and so does this comparison; the program refuses a mark of that date under them.

Source: Department for Education, attendance data dashboard (public repository dfe-analytical-services/
attendance-data-dashboard, `data/EES_ytd_data.csv`). Contains public sector information licensed under the Open
Government Licence v3.0. This page is written by `python -m tests.spec.national`.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="")
