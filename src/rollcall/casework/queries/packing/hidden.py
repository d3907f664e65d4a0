"""What never stands in an evidence pack, whoever typed it where: it is taken out, and the pack says what was left out.

Safeguarding facts, why an adult is barred, brothers and sisters, how to reach adults. The sentences that say so are the
same for every pupil, for that something was left out would tell that it is there.
"""

import re
from dataclasses import dataclass
from typing import Any

from rollcall.schools.models import Hold, Pupil, PupilContact

LEFT_OUT, ANOTHER = "[left out]", "[another child]"
ALWAYS = (
    "Safeguarding records of any kind, whether there are any, and whether there is a social worker.",
    "Whether and why an adult may not be in contact with the pupil.",
    "Facts about other children, and the names of brothers and sisters, where they were found.",
    "Addresses, telephone numbers and e-mail addresses of adults.",
    "Forms that only the safeguarding lead fills in, and meetings of several agencies.",
    "Alerts within the school, who was asked to see to what, and advice given before a decision.",
)
OF_NOTICE = "The address of the parent to whom the notice goes stands with the letters to them; no other does."
OTHERS = "Notices to other adults, and their letters."
LEAST = 4


@dataclass(frozen=True)
class Hidden:
    """What is taken out of texts: secrets and full names anywhere, first names alone where somebody typed freely."""

    secrets: tuple[str, ...]
    names: tuple[str, ...]
    first_names: tuple[str, ...]

    def typed(self, words: str) -> str:
        """What somebody typed, without the first names of brothers and sisters; a day's "14 May" is no name."""
        for name in self.first_names:
            words = re.sub(rf"(?<!\d )\b{re.escape(name)}\b(?! \d)", ANOTHER, words)
        return words

    def swept(self, given: Any) -> Any:
        """Plain JSON without any of the secrets or full names, wherever they stand."""
        if isinstance(given, str):
            return self._swept(given)
        if isinstance(given, dict):
            return {name: self.swept(value) for name, value in given.items()}
        return [self.swept(one) for one in given] if isinstance(given, list) else given

    def _swept(self, words: str) -> str:
        for hidden, instead in ((self.secrets, LEFT_OUT), (self.names, ANOTHER)):
            for one in hidden:
                words = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", instead, words, flags=re.IGNORECASE)
        return words


def hidden_of(pupil: Pupil) -> Hidden:
    """What must not be told of a pupil, in three queries."""
    links = list(PupilContact.objects.filter(pupil=pupil).select_related("contact"))
    siblings = list(Pupil.objects.filter(contacts__contact__in=[one.contact_id for one in links]).exclude(pk=pupil.pk))
    parts = [one.strip() for one in re.split(r"[,;()\n]", pupil.social_worker)]
    # The name and the numbers alone too, but not what else stands there, such as the authority's name.
    secrets = [pupil.social_worker, parts[0], *(one for one in parts if any(sign.isdigit() for sign in one))]
    secrets += [words for one in links for words in (one.barred_why, one.barred_do)]
    secrets += Hold.objects.filter(pupil=pupil).values_list("note", flat=True)
    own = {pupil.known_first, pupil.legal_first, pupil.known_last, pupil.legal_last}
    own |= {name for one in links for name in (one.contact.first, one.contact.last)}
    own_full = {pupil.known_name.casefold(), pupil.legal_name.casefold()}
    own_full |= {str(one.contact).casefold() for one in links}
    full = {name for one in siblings for name in (one.known_name, one.legal_name) if name.casefold() not in own_full}
    first = {name for one in siblings for name in (one.known_first, one.legal_first)} - own
    return Hidden(_longest(secrets, LEAST), _longest(full), _longest(first))


def _longest(words: Any, least: int = 1) -> tuple[str, ...]:
    """The longest first, so that a part is not taken out of a whole."""
    found = {" ".join(one.split()) for one in words} | {one.strip() for one in words}
    return tuple(sorted({one for one in found if len(one) >= least}, key=lambda one: (-len(one), one)))
