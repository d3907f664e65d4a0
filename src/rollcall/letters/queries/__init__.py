"""Which wording is in use, who is written to about a pupil and who is not and why, and a letter made of both."""

from rollcall.letters.queries.composing import Composed, compose, compose_with, paragraphs_of
from rollcall.letters.queries.telling import Figure, spoken
from rollcall.letters.queries.wordings import (
    Version,
    check_wording,
    drafted,
    fields_for,
    has_wording,
    languages_of,
    told_lines,
    versions_of,
    wording_for,
    wordings_for,
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
    "fields_for",
    "has_wording",
    "hold_on",
    "holds_on",
    "is_read_by_barred",
    "languages_of",
    "may_be_written_to",
    "paragraphs_of",
    "recipients",
    "recipients_of",
    "spoken",
    "told_lines",
    "versions_of",
    "wording_for",
    "wordings_for",
]
