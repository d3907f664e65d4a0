"""Whether a child is of compulsory school age on a day, which decides code X, returns and penalties.

Reads law/school_age.toml: Education Act 1996 section 8. Compulsory age begins on the first prescribed day (31 March,
31 August, 31 December) on or after the fifth birthday, and ends on the last Friday in June of the school year in which
the child turns sixteen. A child must attend from the start of the term after it begins.
"""

from datetime import date, timedelta

from rollcall.rules.dated import law


def compulsory_from(born: date) -> date:
    """The prescribed day on which compulsory school age begins. Education Act 1996 s8(2)."""
    fifth = birthday(born, law("school_age", "starts_at_age").value(born))
    prescribed = law("school_age", "prescribed_days").value(fifth)
    days = [date(year, month, day) for year in (fifth.year, fifth.year + 1) for month, day in prescribed]
    return min(day for day in days if day >= fifth)


def compulsory_until(born: date) -> date:
    """The last day of compulsory school age: a Friday in June, itself still within it. Education Act 1996 s8(3)."""
    sixteenth = birthday(born, law("school_age", "ends_at_age").value(born))
    june = sixteenth.year + (1 if sixteenth.month >= 9 else 0)
    last = date(june, 6, 30)
    return last - timedelta(days=(last.weekday() - 4) % 7)


def compulsory_age(born: date, day: date) -> bool:
    """Whether a child born on `born` is of compulsory school age on `day`. Education Act 1996 s8."""
    return compulsory_from(born) <= day <= compulsory_until(born)


def birthday(born: date, age: int) -> date:
    """The day on which an age is reached; for 29 February that is 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
