"""A filled-in form as PDF: what was copied, what was answered, lines to sign on; A4, tagged as PDF/UA-1.

It decides nothing: what stands on it, in which order and in which words, is said by whoever calls.
"""

from dataclasses import asdict, dataclass
from datetime import date

from rollcall.documents.letter import typeset


@dataclass(frozen=True)
class FormPage:
    """A form as it is printed.

    facts: copied, with their labels. answers: each question with its answer, empty for none. by: who filled it in, and
    when. signatures: whose signature each line is for.
    """

    school: str
    title: str
    purpose: str
    by: str
    facts: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    signatures: tuple[str, ...] = ()


def form_pdf(page: FormPage, *, dated: date) -> bytes:
    """The form as PDF, the same bytes for the same form. Raises NoFont, CannotSet."""
    return typeset("forms.typ", asdict(page) | {"dated": [dated.year, dated.month, dated.day]}, dated=dated)
