"""By which way a message about a doubted reason reaches an adult: e-mail, else a text, else on paper (4.2-b)."""

from dataclasses import dataclass

from rollcall.absence.queries.mobiles import mobiles_of
from rollcall.letters.queries import Recipient


@dataclass(frozen=True)
class Way:
    """One adult with the channel of the outbox, and where it leads."""

    to: Recipient
    channel: str
    where: str

    @property
    def words(self) -> str:
        """How it goes."""
        return {
            "print": "by post, to be printed",
            "text": f"by text to {self.where}",
            "email": f"by e-mail to {self.where}",
        }[self.channel]


def way_to(to: Recipient, pupil: int, *, by_post: bool) -> Way | None:
    """How an adult is reached about a pupil (by id); None where there is no such way.

    A message goes by e-mail, or as a text to a mobile where there is no e-mail address that may be used.
    """
    if by_post:
        return Way(to, "print", "\n".join(to.address)) if to.address else None
    if to.email:
        return Way(to, "email", to.email)
    number = mobiles_of(pupil, [to.contact]).get(to.contact)
    return Way(to, "text", number) if number else None
