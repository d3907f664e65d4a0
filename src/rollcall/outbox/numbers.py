"""A British mobile number as people write it, turned into the form that networks want, or refused with the reason.

Ofcom's numbering plan: mobiles begin 071 to 075 and 077 to 079, and 07624 on the Isle of Man; 070 is a personal
number that costs the caller, 076 a pager.
"""

import re

_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015]")
_MOBILE = re.compile(r"\+447(?:[1-57-9]\d{8}|624\d{6})")
_ABROAD = re.compile(r"(?:\+|00)(?!44)\d{7,14}")


class NotMobile(ValueError):
    """A number that no text can be sent to; the message is a sentence for the office."""


def mobile(written: str) -> str:
    """A number such as "07700 900123" or "+44 (0)7700 900 123" as "+447700900123". Raises NotMobile."""
    digits = _BETWEEN.sub("", written.strip().replace("(0)", ""))
    plain = re.sub(r"^(?:\+44|0044)0?|^0", "+44", digits, count=1) if not _ABROAD.fullmatch(digits) else digits
    if _MOBILE.fullmatch(plain):
        return plain
    if _ABROAD.fullmatch(digits):
        raise NotMobile(f"{written!r} is a number abroad: texts go to British mobiles only.")
    raise NotMobile(f"{written!r} is no British mobile number: they begin 07 and have 11 digits.")
