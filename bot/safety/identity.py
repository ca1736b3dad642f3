"""Identity numbers: valid ones, misspelt ones, and those told in two halves, the birth date first.

Checksums are the library's (python-stdnum). A number whose check digits are wrong is still somebody's, misspelt.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Final

from stdnum.no import fodselsnummer, kontonr

from .digits import CUE_CHARACTERS, UNIT_AFTER, Found, groups
from .spelled import written_as_digits

IDENTITY_DIGITS: Final = 11
IDENTITY_PARTS: Final = [6, 5]
# Synthetic populations (Tenor, Dolly, BOST) add to the month; d-numbers add 40 to the day.
MONTH_SHIFTS: Final = (0, 20, 40, 60, 65, 80)
LIKELY_MONTH_SHIFTS: Final = (0, 40, 80)
DAY_SHIFTS: Final = (0, 40)
# The two halves of an identity number told apart: "født 08.01.47 og personnummeret er ...".
_BIRTH_DATE = re.compile(
    r"(?<![\d.,/-])(?:([0-7]\d)([0-5]\d|[89]\d)|([0-7]?\d)[./ -]{1,2}([0-5]?\d|[89]\d)[./ -]{1,2})"
    r"(?:19|20)?(\d{2})(?![\d/-]|[.,]\d)"
)
_FIVE = re.compile(r"(?<![\d.,/-])\d{2,3} ?\d{2,3}(?![\d/-]|[.,]\d)")
_FIVE_CUE = re.compile(
    r"(?:\bpersonn(?:umme)?r\w*|\bpnr\.?|fødselsn\w*|\bfnr\.?|siste\s(?:(?:fem|5)\s)?(?:sifre\w*|siffer\w*|tall\w*|fem|5))"
    r"[^\w\]]*(?:[^\W\d]+[^\w\]]+){0,4}$",
    re.I,
)
_BIRTH_CUE = re.compile(
    r"(?:\bfød|\bfød[dt]|fødsels\w*|bursdag\w*|\bf\.|\bfnr\.?|personn\w*|^|\n)[^\w\]]*(?:[^\W\d]+[^\w\]]+){0,4}$",
    re.I,
)
_ONLY_FIVE = re.compile(r"\s*(?:(?:og|så|er|resten|pluss)\W+){0,3}\d{2,3} ?\d{2,3}\W*")
FIVE: Final = 5
_HALVES_APART: Final = 160  # characters between the halves, at most


def is_identity_number(digits: str) -> bool:
    """Tell whether eleven digits are a valid identity number, d-number or synthetic number.

    The library knows the d-numbers and H-numbers; the check digits of synthetic ones are the same.
    """
    if len(digits) != IDENTITY_DIGITS:
        return False
    if fodselsnummer.is_valid(digits):
        return True
    checks = fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits)
    return digits[-2:] == checks and (digits[0] in "89" or _birth_date(digits, MONTH_SHIFTS))


def looks_like_identity_number(digits: str) -> bool:
    """Tell whether eleven digits begin with a day and a month, so that they are a misspelt identity number.

    An account number may look so too; what has an account's check digit and no identity number's is one.
    """
    return _birth_date(digits, LIKELY_MONTH_SHIFTS) and not kontonr.is_valid(digits)


def _birth_date(digits: str, month_shifts: tuple[int, ...]) -> bool:
    day, month = int(digits[:2]), int(digits[2:4])
    return any(1 <= day - shift <= 31 for shift in DAY_SHIFTS) and any(
        1 <= month - shift <= 12 for shift in month_shifts
    )


def is_grouped_as_identity(places: list[int]) -> bool:
    """Tell whether the birth date stands apart, or nothing does; "1.11.2024 12.15" has eleven digits too."""
    ends = list(itertools.accumulate(groups(places)))
    return len(ends) == 1 or IDENTITY_PARTS[0] in ends or ends == [2, 4, IDENTITY_DIGITS]


def halves(text: str) -> Iterator[Found]:
    """Find a birth date and the five digits that follow it further on; told to be those, or with right check digits."""
    dates = list(_BIRTH_DATE.finditer(text))
    for five in _FIVE.finditer(text):
        last = written_as_digits(five[0])
        if len(last) != FIVE or UNIT_AFTER.match(text, five.end()):
            continue
        told = bool(_FIVE_CUE.search(text, max(0, five.start() - CUE_CHARACTERS), five.start()))
        line = text.rfind("\n", 0, five.start()) + 1
        alone = bool(line and _ONLY_FIVE.fullmatch(text[line:].split("\n", 1)[0]))
        near = [d for d in dates if 0 <= five.start() - d.end() <= _HALVES_APART][::-1]
        near += [d for d in dates if told and 0 <= d.start() - five.end() <= _HALVES_APART]
        date = next((d for d in near if _are_halves(d, last, told or (alone and _is_birth(text, d)))), None)
        if date:
            yield date.start(), date.end(), "fodselsnummer"
        if date or told:
            yield five.start(), five.end(), "fodselsnummer"


def _is_birth(text: str, date: re.Match[str]) -> bool:
    """Tell whether a date is said to be a birth date, or stands at the beginning of its line with nothing before it."""
    return bool(_BIRTH_CUE.search(text, max(0, date.start() - CUE_CHARACTERS), date.start()))


def _are_halves(date: re.Match[str], last: str, told: bool) -> bool:
    digits = "".join(part.zfill(2) for part in date.groups() if part) + last
    return is_identity_number(digits) or (told and _birth_date(digits, LIKELY_MONTH_SHIFTS))
