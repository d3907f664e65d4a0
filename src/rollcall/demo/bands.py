"""How absence spreads over pupils: the share of pupils in each band of absence, by year group.

England, state-funded primary, academic year 2022/23, pupils in the bands of 5 percentage points that the Department
publishes, per thousand. Source: dfe-analytical-services/absence-distributions-dashboard, Open Government Licence v3.0.
Reception, which the source leaves out, takes the shares of year 1.
"""

from itertools import accumulate

EDGES = ((0, 5), (5, 10), (10, 15), (15, 20), (20, 25), (25, 30), (30, 35), (35, 40), (40, 45), (45, 50), (50, 100))

SHARES: dict[int, tuple[float, ...]] = {
    1: (508.6, 299.7, 107.0, 38.9, 17.0, 8.7, 5.1, 3.1, 2.1, 1.4, 8.4),
    2: (556.4, 280.9, 92.9, 32.3, 13.9, 7.0, 4.1, 2.5, 1.8, 1.1, 7.1),
    3: (578.7, 269.2, 86.6, 29.9, 13.0, 6.8, 3.8, 2.3, 1.7, 1.2, 6.9),
    4: (578.7, 268.6, 86.8, 30.1, 12.9, 6.6, 3.9, 2.4, 1.7, 1.1, 7.1),
    5: (573.3, 270.1, 88.7, 30.3, 13.4, 7.2, 4.0, 2.6, 1.8, 1.3, 7.4),
    6: (570.8, 272.3, 88.7, 30.9, 13.2, 6.9, 4.0, 2.4, 1.8, 1.3, 7.8),
}
# Few miss more than this; the band itself is open.
MOST = 78


def band_at(year_group: int, quantile: float) -> tuple[int, float]:
    """The band (its place in EDGES) at a quantile of a year group, and how far into the band it lies, 0 to 1."""
    shares = SHARES[max(1, min(6, year_group))]
    whole, below = sum(shares), 0.0
    for n, upto in enumerate(accumulate(shares)):
        if quantile * whole < upto:
            return n, (quantile * whole - below) / (upto - below)
        below = upto
    return len(EDGES) - 1, 1.0


def absent_sessions(year_group: int, quantile: float, possible: int) -> int:
    """How many of `possible` sessions a pupil at a quantile misses, kept off the edges of the pupil's band."""
    band, along = band_at(year_group, quantile)
    low, high = EDGES[band]
    share = low + (0.1 + 0.8 * along) * (min(high, MOST) - low)
    return round(share * possible / 100)
