"""The naive figures: plain loops and exact fractions, kept for ever as the judge of the fast ones.

It answers what `rollcall figures` must print, as the design's "Exact meanings" say it, slowly and in the open. It
imports nothing of the program, not even its table of codes, so that a mistake there cannot agree with itself here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

ATTENDING = {"2006": ["/", "\\", "L"], "2024": ["/", "\\", "L"]}
EDUCATIONAL = {"2006": ["B", "J", "P", "V", "W"], "2024": ["B", "K", "P", "V", "W"]}
AUTHORISED = {
    "2006": ["C", "E", "H", "I", "M", "R", "S", "T"],
    "2024": ["C", "C1", "C2", "E", "I", "J1", "M", "R", "S", "T"],
}
UNAUTHORISED = {"2006": ["G", "N", "O", "U"], "2024": ["G", "N", "O", "U"]}
OUTSIDE = {
    "2006": ["D", "X", "Y", "Z", "#"],
    "2024": ["D", "Q", "X", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Y7", "Z", "#"],
}
KINDS = {
    "attended": [ATTENDING, EDUCATIONAL],
    "authorised": [AUTHORISED],
    "unauthorised": [UNAUTHORISED],
    "outside": [OUTSIDE],
}
NEW_CODES = date(2024, 8, 19)

COLUMNS = (
    "pupil",
    "possible",
    "attended",
    "authorised",
    "unauthorised",
    "missing",
    "late",
    "late_after_close",
    "minutes_late",
    "attendance_percent",
    "persistent",
    "severe",
    "stage",
    "tier",
    "unauthorised_in_10_weeks",
    "threshold_reached_on",
    "longest_absence",
)


@dataclass(frozen=True)
class Row:
    """One mark in a file. Without a school there is one school, ""; without an edition the date decides."""

    pupil: str
    school: str
    day: date
    session: str
    code: str
    minutes_late: int | None = None
    edition: str | None = None

    def kind(self) -> str:
        """attended, authorised, unauthorised, outside or missing."""
        if self.code == "-":
            return "missing"
        edition = self.edition or ("2024" if self.day >= NEW_CODES else "2006")
        for kind, tables in KINDS.items():
            for table in tables:
                if self.code in table[edition]:
                    return kind
        raise ValueError(f"{self.code} is no code of {edition}")


Figures = dict[str, object]


def figures(rows: Iterable[Row]) -> dict[tuple[str, str], Figures]:
    """All output columns for each (pupil, school), sorted by both: int, or text as printed; None where empty."""
    by_school: dict[str, list[Row]] = {}
    by_pupil: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_school.setdefault(row.school, []).append(row)
        by_pupil.setdefault((row.pupil, row.school), []).append(row)
    weeks = {school: school_weeks(marks) for school, marks in by_school.items()}
    return {key: figures_of(sorted(by_pupil[key], key=when), weeks[key[1]]) for key in sorted(by_pupil)}


def when(row: Row) -> tuple[date, str]:
    """In order of time; AM comes before PM in the alphabet as well."""
    return row.day, row.session


def monday(day: date) -> date:
    """The Monday of a day's week."""
    while day.weekday() != 0:
        day -= timedelta(days=1)
    return day


def school_weeks(rows: Iterable[Row]) -> list[date]:
    """The Mondays of one school's weeks: those in which any of its pupils has a mark other than #."""
    return sorted({monday(row.day) for row in rows if row.code != "#"})


def figures_of(rows: list[Row], weeks: list[date]) -> Figures:
    """One pupil at one school: marks in order of time, and the school's weeks."""
    count = {"attended": 0, "authorised": 0, "unauthorised": 0, "missing": 0, "outside": 0}
    late = late_after_close = minutes_late = 0
    for row in rows:
        count[row.kind()] += 1
        late += row.code == "L"
        late_after_close += row.code == "U"
        minutes_late += row.minutes_late or 0
    absent = count["authorised"] + count["unauthorised"]
    possible = count["attended"] + absent
    greatest, reached_on = ten_weeks([row.day for row in rows if row.kind() == "unauthorised"], weeks)
    return {
        "possible": possible,
        "attended": count["attended"],
        "authorised": count["authorised"],
        "unauthorised": count["unauthorised"],
        "missing": count["missing"],
        "late": late,
        "late_after_close": late_after_close,
        "minutes_late": minutes_late,
        "attendance_percent": percent(count["attended"], possible),
        "persistent": 1 if possible and Fraction(absent, possible) >= Fraction(1, 10) else 0,
        "severe": 1 if possible and Fraction(absent, possible) >= Fraction(1, 2) else 0,
        "stage": stage(count["attended"], possible),
        "tier": tier(count["attended"], possible),
        "unauthorised_in_10_weeks": greatest,
        "threshold_reached_on": reached_on.isoformat() if reached_on else None,
        "longest_absence": longest_absence(rows),
    }


def percent(attended: int, possible: int) -> str | None:
    """One decimal, a half upwards, as statistics have it."""
    if possible == 0:
        return None
    tenths = Fraction(1000 * attended, possible) + Fraction(1, 2)
    whole = tenths.numerator // tenths.denominator
    return f"{whole // 10}.{whole % 10}"


def stage(attended: int, possible: int) -> int | None:
    """The band of the exact figure: 0 from 97%, 1 from 95%, 2 from 90%, else 3."""
    if possible == 0:
        return None
    share = Fraction(attended, possible)
    for band, least in enumerate([Fraction(97, 100), Fraction(95, 100), Fraction(90, 100)]):
        if share >= least:
            return band
    return 3


def tier(attended: int, possible: int) -> int | None:
    """By whole percent rounded down: 93 and more is 1, 80 to 92 is 2, 51 to 79 is 3, the rest 4."""
    if possible == 0:
        return None
    whole = 100 * attended // possible
    for number, least in [(1, 93), (2, 80), (3, 51)]:
        if whole >= least:
            return number
    return 4


def ten_weeks(days: list[date], weeks: list[date]) -> tuple[int, date | None]:
    """The most unauthorised sessions in any 10 consecutive school weeks, and the day of the tenth such session.

    days: of each unauthorised session in order. Each window ends with a session's own week and takes in the nine
    school weeks before it.
    """
    greatest, reached_on = 0, None
    for number, day in enumerate(days, 1):
        last = weeks.index(monday(day))
        window = weeks[max(0, last - 9) : last + 1]
        within = 0
        for earlier in days[:number]:
            if monday(earlier) in window:
                within += 1
        greatest = max(greatest, within)
        if within >= 10 and reached_on is None:
            reached_on = day
    return greatest, reached_on


def longest_absence(rows: list[Row]) -> int:
    """The longest run of absent sessions; those outside possible, and missing ones, neither break nor lengthen it."""
    longest = run = 0
    for row in rows:
        if row.kind() == "attended":
            run = 0
        elif row.kind() in ("authorised", "unauthorised"):
            run += 1
        longest = max(longest, run)
    return longest
