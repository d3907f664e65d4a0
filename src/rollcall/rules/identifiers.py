"""Whether a number that names a pupil, a school or an authority can be right.

Checks form and check letter only: a list of live authorities grows old, and has refused real pupils. Each check returns
the number as it is written, or raises one sentence.
"""

import re

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(rf"([{UPN_LETTERS}])(\d{{11}})([\d{UPN_LETTERS}])")


class BadIdentifier(ValueError):
    """The text cannot be the number that it should be."""


def upn_letter(rest: str) -> str:
    """The check letter for the other twelve characters of a unique pupil number.

    Each value times its place (2 to 13), summed, modulo 23, read from the letters without I, O and S; the last letter
    of a temporary number has its place among them as its value. Source: Government data standards catalogue, UPN.
    """
    values = [int(character) if character.isdigit() else UPN_LETTERS.index(character) for character in rest]
    return UPN_LETTERS[sum(value * weight for value, weight in zip(values, range(2, 14), strict=True)) % 23]


def check_upn(text: str) -> str:
    """A unique pupil number, permanent or temporary, in capitals without spaces. Raises BadIdentifier."""
    upn = re.sub(r"\s", "", text).upper()
    found = _UPN.fullmatch(upn) if upn.isascii() else None
    if found is None:
        raise BadIdentifier(f"{text!r} is not a UPN: a letter, eleven digits, then a digit (or a letter if temporary).")
    if upn_letter(upn[1:]) != upn[0]:
        raise BadIdentifier(f"UPN {upn} does not agree with its check letter; look for a mistyped character.")
    return upn


def is_temporary_upn(upn: str) -> bool:
    """Whether a checked UPN is a temporary one, which ends in a letter."""
    return upn[-1].isalpha()


def check_urn(text: str) -> str:
    """A school's unique reference number: six digits, the first not 0. Raises BadIdentifier."""
    return _check(text, r"[1-9]\d{5}", "a school's URN, which has six digits")


def check_authority(text: str) -> str:
    """A local authority's number: three digits (East Sussex is 845). Raises BadIdentifier."""
    return _check(text, r"\d{3}", "a local authority's number, which has three digits")


def check_establishment(text: str) -> str:
    """A school's number within its authority: four digits. Raises BadIdentifier."""
    return _check(text, r"\d{4}", "an establishment number, which has four digits")


def check_notify_id(text: str) -> str:
    """An id as GOV.UK Notify gives them, in small letters; "" for none. Raises BadIdentifier."""
    tidy = text.strip().lower()
    hexes = "-".join(f"[0-9a-f]{{{n}}}" for n in (8, 4, 4, 4, 12))
    return _check(tidy, hexes, "an id of GOV.UK Notify, such as 8b1b2f0e-93b3-4d7a-9a0c-1f2e3d4c5b6a") if tidy else ""


def check_school_number(text: str) -> tuple[str, str]:
    """Authority and establishment from `845/4000`, `845-4000` or `8454000`. Raises BadIdentifier."""
    number = _check(text, r"\d{3}[/-]?\d{4}", "a school's number, such as 845/4000")
    return number[:3], number[-4:]


def _check(text: str, pattern: str, what: str) -> str:
    tidy = text.strip()
    if not tidy.isascii() or not re.fullmatch(pattern, tidy):
        raise BadIdentifier(f"{text!r} is not {what}.")
    return tidy
