"""Until when an entry of the register is kept: by every edition of the law since it was made, and by the policy.

Reads law/retention.toml. Where an edition asks for longer than the one before it, what was made earlier and is still
there is kept for the longer time.
"""

from datetime import date, timedelta

from rollcall.rules.dated import law


def kept_through(made: date, now: date, policy_years: int) -> date:
    """The last day on which an entry made on `made` must be kept, as known on `now` (4.1-e).

    policy_years: what the policy asks for. An entry may go on the day after the one returned.
    """
    longest = policy_years
    for step in law("retention", "register_entry_years").steps:
        if step.starts <= now and _years_after(made, longest) >= step.starts:
            longest = max(longest, step.value)
    return _years_after(made, longest)


def may_go(made: date, now: date, policy_years: int) -> bool:
    """Whether an entry made on `made` is past its date on `now`."""
    return now > kept_through(made, now, policy_years)


def is_past(counted_from: date, now: date, years: int) -> bool:
    """Whether a record that the policy alone keeps, for so many years from a day, is past its date on `now`."""
    return now > _years_after(counted_from, years)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February: the day after would be a day too many
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)
