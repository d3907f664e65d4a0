"""The wordings that are shipped: one TOML file a letter, named by the letter's id in the policy. Data, never code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

GREETING, CLOSING = "Dear {recipients_first_names},", "Yours sincerely"
PARTS = ("subject", "greeting", "body", "closing")


@dataclass(frozen=True)
class WordingText:
    """One version of a letter's text. Version 0 is the shipped one; `language` is empty for English.

    law: added for children of compulsory school age only; wishes: in the last week of a term only.
    """

    kind: str
    version: int
    subject: str
    greeting: str
    body: str
    closing: str
    wishes: str = ""
    law: str = ""
    language: str = ""

    @property
    def name(self) -> str:
        """How evidence names this version."""
        kind = f"{self.kind}, {self.language}" if self.language else self.kind
        return f"{kind}, version {self.version}" if self.version else f"{kind}, as shipped"

    @property
    def whole(self) -> str:
        """All of its text, for checks."""
        return "\n".join((self.subject, self.greeting, self.body, self.law, self.wishes, self.closing))


@cache
def shipped() -> Mapping[str, WordingText]:
    """The shipped wordings by the letter's id."""
    found = {}
    for file in files(__name__).iterdir():
        if file.name.endswith(".toml"):
            given = tomllib.loads(file.read_text(encoding="utf-8"))
            texts = {part: given[part].strip() for part in PARTS}
            extra = {part: given.get(part, "").strip() for part in ("wishes", "law")}
            found[given["kind"]] = WordingText(given["kind"], 0, **texts, **extra)
    return found


def base_of(kind: str) -> WordingText:
    """The wording from which versions of a letter (by its id in a policy) start: the shipped one where there is one.

    A letter that only a policy of the school's own has starts with a greeting and a close: its text is the school's.
    """
    plain = WordingText(kind, 0, kind.replace("-", " ").capitalize(), GREETING, "", CLOSING)
    return shipped().get(kind, plain)
