"""Personal data in a question, found by rule before anything is logged, stored or sent on.

Owns CPR numbers (Danish civil registration numbers) and payment card numbers. Names, addresses and
telephone numbers are left alone: they can't be told from what a page is about.
"""

import re
import unicodedata
from datetime import date

# Ten digits, the first six a date; spaces, dots and any kind of dash may part them.
_SEPARATOR = r"[\s.\-‐-―−/]{0,3}"
_CPR = re.compile(rf"(?<!\d)(\d{{2}}){_SEPARATOR}(\d{{2}}){_SEPARATOR}(\d{{2}}){_SEPARATOR}(\d{{4}})(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")


def has_personal_data(text: str) -> bool:
    """Whether the text holds a CPR number or a payment card number.

    A CPR number's first six digits are a date, the day raised by 60 in a substitute number (erstatnings-CPR);
    its check digit is not tested, since numbers without one are given out since 2007 (cpr.dk).
    """
    digits = unicodedata.normalize("NFKC", text)
    return any(_is_date(*match.groups()[:3]) for match in _CPR.finditer(digits)) or any(
        _luhn(match[0]) for match in _CARD.finditer(digits)
    )


def _is_date(day: str, month: str, year: str) -> bool:
    first_day = int(day) - 60 if int(day) > 60 else int(day)
    # The century is in the seventh digit; 1900 + year or 2000 + year differ only on 29 February 1900.
    try:
        date(2000 + int(year), int(month), first_day)
    except ValueError:
        return False
    return True


def _luhn(number: str) -> bool:
    """The check that payment card numbers pass (ISO/IEC 7812-1, annex B)."""
    digits = [int(letter) for letter in number if letter.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
