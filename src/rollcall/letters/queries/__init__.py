"""Which wording is in use, who is written to about a pupil and who is not and why, and a letter made of both."""

from rollcall.letters.queries.composing import Composed, Figure, compose, compose_with
from rollcall.letters.queries.wordings import (
    Version,
    check_wording,
    drafted,
    has_wording,
    told_lines,
    versions_of,
    wording_for,
)
from rollcall.letters.queries.written_to import (
    LeftOut,
    Recipient,
    Recipients,
    hold_on,
    holds_on,
    is_read_by_barred,
    may_be_written_to,
    recipients,
    recipients_of,
)

__all__ = [
    "Composed",
    "Figure",
    "LeftOut",
    "Recipient",
    "Recipients",
    "Version",
    "check_wording",
    "compose",
    "compose_with",
    "drafted",
    "has_wording",
    "hold_on",
    "holds_on",
    "is_read_by_barred",
    "may_be_written_to",
    "recipients",
    "recipients_of",
    "told_lines",
    "versions_of",
    "wording_for",
]
