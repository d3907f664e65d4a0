"""When two telephone numbers are the same one, however they were written down."""

import re

LEAST_DIGITS = 9
"""In a number that may be compared: fewer are an extension, or a slip of the finger."""


def dialled(number: str) -> str:
    """A number's digits as they are dialled within the country, so that +44 7700 and 07700 are one; "" for none."""
    digits = re.sub(r"\D", "", number)
    for abroad in ("0044", "44"):
        if digits.startswith(abroad):
            return f"0{digits.removeprefix(abroad).removeprefix('0')}"
    return digits
