"""What letters may tell: names, days, the figure and the policy's values, as the words that stand in their fields.

In a translation these are bare numbers and days, for the words around them are the translator's.
"""

from dataclasses import dataclass
from datetime import date

from rollcall.letters.queries.written_to import Recipient
from rollcall.rules.policy import Policy, number_text
from rollcall.rules.stages import percent_down
from rollcall.rules.words import counted
from rollcall.schools.models import Pupil, School


@dataclass(frozen=True)
class Figure:
    """A pupil's sessions this year: attended, of those possible, up to a day."""

    attended: int
    possible: int
    through: date

    def values(self, *, bare: bool = False) -> dict[str, str]:
        """The fields that tell it."""
        missed, share = self.possible - self.attended, f"{percent_down(self.attended, self.possible)}%"
        if bare:
            counts = f"({self.attended} / {self.possible})"
            return {
                "figure_day": spoken(self.through, bare=True),
                "attendance_figure": f"{share} {counts}",
                "missed": str(missed),
            }
        return {
            "figure_day": spoken(self.through),
            "attendance_figure": f"{share} ({self.attended} of {self.possible} sessions)",
            "missed": f"{counted(missed, 'session')}, each of them a morning or an afternoon",
        }


def common(
    pupil: Pupil, recipient: Recipient, school: School, policy: Policy, day: date, *, bare: bool = False
) -> dict[str, str]:
    """What every letter may say; bare: in a translation."""
    return {
        "recipients_first_names": recipient.first,
        "child_first_name": pupil.known_first,
        "today_with_weekday": spoken(day, bare=bare),
        "authority": policy.authority.name,
        "school_name": school.name,
        "contact": (school.phone or school.email) if bare else _contact(school),
        **_told(policy, bare),
    }


def spoken(day: date, *, bare: bool = False) -> str:
    """A day as "Tuesday 14 May 2024", or bare as "14/05/2024"."""
    return f"{day:%d/%m/%Y}" if bare else f"{day:%A} {day.day} {day:%B %Y}"


def _told(policy: Policy, bare: bool) -> dict[str, str]:
    """The values of the policy that a letter may tell."""
    measures, fine = policy.measures, policy.penalty
    counts = {
        "review_weeks": (policy.monitoring.review_every_weeks.value, "school week"),
        "threshold_sessions": (measures.threshold_sessions.value, "session"),
        "threshold_school_weeks": (measures.threshold_school_weeks.value, "school week"),
    }
    return {
        **{field: str(n) if bare else counted(n, noun) for field, (n, noun) in counts.items()},
        "target": f"{number_text(measures.target_percent.value)}%",
        "persistent_absence": f"{number_text(measures.persistent_absent_percent.value)}%",
        "fine_lower": _fine(fine.lower_pounds.value, fine.lower_within_days.value, bare),
        "fine_higher": _fine(fine.higher_pounds.value, fine.higher_within_days.value, bare),
        "improve_weeks": _improving(policy, bare),
    }


def _fine(pounds: int, days: int, bare: bool) -> str:
    return f"£{pounds} ({days})" if bare else f"£{pounds} if it is paid within {days} days"


def _improving(policy: Policy, bare: bool) -> str:
    """How long a notice to improve runs; empty where the policy has none."""
    least, most = policy.penalty.improve_least_weeks, policy.penalty.improve_most_weeks
    if least is None or most is None:
        return ""
    return f"{least.value}-{most.value}" if bare else f"between {least.value} and {counted(most.value, 'week')}"


def _contact(school: School) -> str:
    if school.phone:
        return f"the school office on {school.phone}"
    return f"or write to the school office ({school.email})" if school.email else ""
