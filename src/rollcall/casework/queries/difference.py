"""A session that counts otherwise today than in the evidence of a step or a notice, in words."""

from dataclasses import dataclass
from datetime import date

from rollcall.rules.words import day_words


@dataclass(frozen=True)
class Difference:
    """A session whose mark today is another than what was decided rests on; `-` is no mark.

    rested: how the words say when the earlier one stood.
    """

    day: date
    half: str
    was: str
    now: str
    rested: str = "when it was proposed"

    @property
    def words(self) -> str:
        """It in one line."""
        half = "morning" if self.half == "AM" else "afternoon"
        return f"{day_words(self.day)}, {half}: {self.was} {self.rested}, {self.now} today"

    def to_json(self) -> dict[str, str]:
        """As it is kept with a decision."""
        return {"day": f"{self.day}", "half": self.half, "was": self.was, "now": self.now}
