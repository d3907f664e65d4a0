"""Before and since: as many school days on both sides, against a reading day by day."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.rules.spans import before_and_since

FIRST = date(2024, 1, 1)
days = st.sets(st.integers(0, 60)).map(lambda found: [FIRST + timedelta(days=n) for n in sorted(found)])
day = st.integers(-5, 65).map(lambda n: FIRST + timedelta(days=n))


@pytest.mark.policy("7.2-b")
@given(days, day, day)
def test_both_sides_have_as_many_days_as_both_allow(school_days: list[date], begins: date, last: date) -> None:
    earlier = [one for one in school_days if one < begins]
    later = [one for one in school_days if begins <= one <= last]
    n = min(len(earlier), len(later))
    found = before_and_since(school_days, begins, last)
    if n == 0:
        assert found is None
        return
    assert found is not None and found.days == n
    assert found.before == (earlier[-n], earlier[-1]) and found.since == (later[0], later[n - 1])


def test_no_school_day_is_on_both_sides() -> None:
    school_days = [FIRST + timedelta(days=int(n)) for n in np.arange(10)]
    found = before_and_since(school_days, FIRST + timedelta(days=4), FIRST + timedelta(days=9))
    assert found is not None and found.days == 4 and found.before[1] < found.since[0]
