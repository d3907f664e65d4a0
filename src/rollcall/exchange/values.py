"""What a cell of somebody else's file says: days, names, sessions, year groups and facts, as they are written there.

Each parser takes a cell's text and gives the value, or raises ValueError whose text is the sentence to show.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from rollcall.exchange.fields import bare
from rollcall.rules.sessions import HALVES
from rollcall.schools.actions.spans import pattern_of

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?"
_CLOCK = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
_ISO = re.compile(rf"(?P<y>\d{{4}})[-/](?P<m>\d{{1,2}})[-/](?P<d>\d{{1,2}}){_CLOCK}", re.A)
_NUMBERS = re.compile(
    rf"{_WEEKDAY}(?P<a>\d{{1,2}})[-/. ](?P<b>\d{{1,2}})(?:[-/. ](?P<y>\d{{4}}|\d\d))?{_CLOCK}", re.A | re.I
)
_WORDS = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[- ](?P<month>[a-z]{{3,9}})(?:,?[- ](?P<y>\d{{4}}|\d\d))?{_CLOCK}",
    re.A | re.I,
)
_EXCEL_FIRST = date(1899, 12, 30)
_SESSIONS = {
    "am": "AM", "morning": "AM", "1": "AM", "a": "AM", "amreg": "AM", "amregistration": "AM", "session1": "AM",
    "morningregistration": "AM", "registrationam": "AM", "s1": "AM", "am1": "AM", "morningsession": "AM",
    "pm": "PM", "afternoon": "PM", "2": "PM", "p": "PM", "pmreg": "PM", "pmregistration": "PM", "session2": "PM",
    "afternoonregistration": "PM", "registrationpm": "PM", "s2": "PM", "pm1": "PM", "afternoonsession": "PM",
}  # fmt: skip
_AWAY = re.compile(
    r"(?P<day>mon|tue|wed|thu|fri)(?:days?|sdays?|nesdays?|rsdays?|rs|s|r)?\s*(?P<half>am|pm|mornings?|afternoons?)?\s*"
)
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "rev", "prof", "sir", "lady", "revd"}


@lru_cache(maxsize=4096)
def day_of(text: str, style: str, year_start: int | None = None) -> date:
    """A day as a style writes it (`layouts.DAYS`); one without a year lies in the school year given."""
    try:
        found = _excel(text) if style == "excel" else _written(text, style, year_start)
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar.") from None
    if found is None:
        raise ValueError(f"{text!r} is not a date as this file writes dates.")
    return found


def _written(text: str, style: str, year_start: int | None) -> date | None:
    if iso := _ISO.fullmatch(text):
        return date(int(iso["y"]), int(iso["m"]), int(iso["d"]))
    if style == "iso":
        return None
    if words := _WORDS.fullmatch(text):
        month = words["month"][:3].casefold()
        return _dated(words["y"], MONTHS.index(month) + 1, int(words["d"]), year_start) if month in MONTHS else None
    if numbers := _NUMBERS.fullmatch(text):
        first, second = int(numbers["a"]), int(numbers["b"])
        month, day = (first, second) if style == "mdy" else (second, first)
        return _dated(numbers["y"], month, day, year_start)
    return None


def _dated(year: str | None, month: int, day: int, year_start: int | None) -> date | None:
    if year is None:
        if year_start is None:
            return None
        return date(year_start if month >= 8 else year_start + 1, month, day)
    # Two digits: no register and no pupil is older than 1970.
    number = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    return date(number, month, day)


def _excel(text: str) -> date | None:
    if not re.fullmatch(r"\d{5}(?:\.0+)?", text, re.A):
        return None
    return _EXCEL_FIRST + timedelta(days=int(float(text)))


def a_dated(style: str, year_start: int | None = None) -> Callable[[str], date]:
    """The parser of days in a style."""
    return lambda text: day_of(text, style, year_start)


def half_of(text: str, more: Mapping[str, str]) -> str | None:
    """AM or PM for a file's word, None where nobody knows it; `more` is what a person said of this file's words."""
    if text in more:
        return more[text]
    found = _SESSIONS.get(bare(text))
    if found is None and (last := re.search(r"(?:^|[\s:_-])(am|pm)\b", text, re.I)):
        return last[1].upper()
    return found


def split_name(text: str, order: str) -> tuple[str, str]:
    """(first, last) of a name in one cell, "Begum, Aisha" or "Aisha Begum"; a title in front is left out."""
    if order == "last_first":
        last, comma, first = text.partition(",")
        if not comma:
            last, _, first = text.partition(" ")
    else:
        words = [word for word in text.split() if word.casefold().rstrip(".") not in TITLES]
        first, last = " ".join(words[:-1]), words[-1] if words else ""
    if not first.strip() or not last.strip():
        raise ValueError(f"{text!r} is not a first and a last name.")
    return first.strip(), last.strip()


def split_adult(text: str) -> tuple[str, str, str]:
    """(title, first, last) of an adult, "Mrs Pat Begum" or "Begum, Pat"."""
    words = text.split()
    title = words[0].rstrip(".") if words and words[0].casefold().rstrip(".") in TITLES else ""
    rest = " ".join(words[1:] if title else words)
    if "," in rest:
        first, last = split_name(rest, "last_first")
        return title, first, last
    first, _, last = rest.rpartition(" ")
    if not last:
        raise ValueError(f"{text!r} is not a name.")
    return title, first, last


def year_group_of(text: str) -> int:
    """A year group as a number: "Year 4" and "4" are 4, reception is 0, the nursery years are -1 and -2."""
    word = re.sub(r"^(nc|curriculum)?(year|yr|y)?(group)?", "", bare(text)) or bare(text)
    named = {"r": 0, "reception": 0, "rec": 0, "n2": -1, "n": -1, "nursery": -1, "n1": -2, "0": 0}
    if word in named:
        return named[word]
    if not re.fullmatch(r"\d{1,2}", word, re.A) or not 1 <= int(word) <= 14:
        raise ValueError(f"{text!r} is not a year group; write R, or 1 to 14.")
    return int(word)


def year_group_words(group: int) -> str:
    """A year group as our own files write it."""
    return {0: "R", -1: "N2", -2: "N1"}.get(group, str(group))


def sex_of(text: str) -> str:
    """F or M."""
    found = {"f": "F", "female": "F", "girl": "F", "m": "M", "male": "M", "boy": "M"}.get(bare(text))
    if found is None:
        raise ValueError(f"{text!r} is not F or M, which is what the national collection takes.")
    return found


def hold_of(text: str) -> str:
    """Why messages are held, by the word that keeps it."""
    word = bare(text)
    if word in {"bereavement", "bereaved", "death"}:
        return "bereavement"
    if word in {"illness", "seriousillness", "ill"}:
        return "illness"
    if word == "other":
        return "other"
    raise ValueError(f"{text!r} is not why messages are held; write bereavement, illness or other.")


def away_of(text: str) -> str:
    """The sessions of a week that a pupil does not attend, such as "Wed PM, Friday", as a pattern keeps them."""
    rest = re.sub(r"\band\b|[,;+&|]", " ", text.casefold()).strip()
    found = list(_AWAY.finditer(rest))
    if not found or "".join(one[0] for one in found) != rest:
        raise ValueError(f"{text!r} is not sessions of a school week; write them as Wed PM, Fri.")
    ticked = set()
    for one in found:
        half = {"a": "AM", "m": "AM", "p": "PM"}.get((one["half"] or "")[:1])
        half = "PM" if (one["half"] or "").startswith("afternoon") else half
        ticked |= {f"{one['day'].capitalize()}{which}" for which in ([half] if half else HALVES)}
    return pattern_of(ticked)


def is_permanent(text: str) -> bool:
    """Whether an exclusion is permanent, or a suspension."""
    word = bare(text)
    if word in {"suspension", "suspended", "susp", "fixd", "fixed", "fixedterm", "fixedperiod", "fixedtermexclusion",
                "fixedperiodexclusion"}:  # fmt: skip
        return False
    if word in {"permanent", "perm", "permanentexclusion", "permanentlyexcluded"}:
        return True
    raise ValueError(f"{text!r} is not a kind of exclusion; write suspension or permanent.")


def sen_of(text: str) -> str:
    """N, K or E."""
    word = bare(text)
    if word in {"n", "none", "no", "nosen", "nospecialeducationalneed", "0"}:
        return "N"
    if word in {"k", "sensupport", "support", "ksensupport"}:
        return "K"
    if word in {"e", "ehcp", "ehc", "educationhealthandcareplan", "ehcplan", "s", "statement"}:
        return "E"
    raise ValueError(f"{text!r} is not N (none), K (SEN support) or E (a plan).")


def flag_of(text: str) -> bool:
    """Yes or no, in the words that exports have for it."""
    word = bare(text)
    if word in {"yes", "y", "true", "1", "t", "x", "eligible", "current"} or text == "✓":
        return True
    if word in {"no", "n", "false", "0", "f", "noteligible"} or text in {"-", "✗"}:
        return False
    raise ValueError(f"{text!r} is not yes or no.")


def heading_session(
    heading: str, style: str, year_start: int, more: Mapping[str, str]
) -> tuple[date, str | None] | None:
    """The day of a heading and its half, None for a whole day's column; None for a heading that is no session."""
    text = heading.strip()
    half = None
    for word, start in _ends(text):
        if (known := half_of(word, more)) is not None:
            half, text = known, start
            break
    for style_tried in (style, "dmy"):
        try:
            return day_of(text, style_tried, year_start), half
        except ValueError:
            continue
    return None


def _ends(text: str) -> list[tuple[str, str]]:
    """(session's word, the rest) for each way in which a heading may name its session, last word first."""
    found = re.fullmatch(
        r"(?P<rest>.*\d.*?)[\s:_,(-]+(?P<word>[a-z.]+(?: reg\w*)?|[12])\)?", text, re.I
    ) or re.fullmatch(r"(?P<rest>.*\d)(?P<word>am|pm)", text, re.I)
    ways = [(found["word"].strip(), found["rest"])] if found else []
    if start := re.fullmatch(r"(?P<word>am|pm|morning|afternoon)[\s:_-]+(?P<rest>.*\d.*)", text, re.I):
        ways.append((start["word"], start["rest"]))
    return ways
