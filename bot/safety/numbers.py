"""Where private numbers stand in a text: identity, card, account and phone numbers, however spaced.

Checksums and formats are the libraries' (python-stdnum, phonenumbers). An identity number whose check
digits are wrong is still somebody's, misspelt: what looks like a birth date with five digits goes too.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import phonenumbers
import yaml
from stdnum import luhn
from stdnum.no import fodselsnummer, kontonr

Found = tuple[int, int, str]  # start, end, kind

IDENTITY_DIGITS: Final = 11
CARD_DIGITS: Final = range(13, 20)
REGION: Final = "NO"
# Synthetic populations (Tenor, Dolly, BOST) add to the month; d-numbers add 40 to the day.
MONTH_SHIFTS: Final = (0, 20, 40, 60, 65, 80)
LIKELY_MONTH_SHIFTS: Final = (0, 40, 80)
DAY_SHIFTS: Final = (0, 40)
# Emergency and help lines, and the ranges for services: everybody's numbers, never a person's.
PUBLIC_NUMBERS: Final = Path(__file__).parent / "language" / "public_numbers.yaml"
PUBLIC_PREFIXES: Final = ("116", "800", "810", "815", "820", "829", "850", "880", "0")

# Signs that people put between the digits of a number.
_BETWEEN = r"[\s.\-–—_/:,·•*\u200b-\u200f\u2060\ufeff\u00ad]{0,3}"
_DIGIT_RUN = re.compile(r"\d(?:" + _BETWEEN + r"\d)+")
_MONEY_AFTER = re.compile(
    r"\s*(?:kr\b|kroner|kr\.|,-|nok\b|%|prosent|km|kg|kvm|m2|m²|timer|dager|meter|watt)", re.I
)
_MONEY_BEFORE = re.compile(
    r"(?:kr\.?|kroner|nok|sum|beløp|§|paragraf|saksnummer|saks?nr\.?|sak|ref\.?|referanse|journalnr\.?|"
    r"kundenr\.?|kundenummer|org\.?\s?nr\.?|orgnr\.?|organisasjonsnummer|vedtak|årene?|ordrenr\.?|kid|isbn|lov)\W{0,3}$",
    re.I,
)
_DATE_LIKE = re.compile(
    r"^(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4}\s?[-–—]\s?\d{4})$"
)
_NORWEGIAN_PHONE = re.compile(r"^(?:(?:\+|00)47)?[2-9]\d{7}$")


def find_numbers(text: str) -> Iterator[Found]:
    """Give the private numbers of a text, left to right, without overlap."""
    for run in _DIGIT_RUN.finditer(text):
        yield from _in_run(text, run.start(), run.end())


def _in_run(text: str, start: int, end: int) -> Iterator[Found]:
    """Look for numbers among digits that stand together: the whole, then its parts from the left."""
    places = [i for i in range(start, end) if text[i].isdecimal()]
    index = 0
    while index < len(places):
        for size, kind in _readings(text, places, index):
            first, last = places[index], places[index + size - 1] + 1
            first = _plus(text, first) if kind == "telefon" else first
            yield first, last, kind
            index += size
            break
        else:
            index += 1


def _readings(text: str, places: list[int], index: int) -> Iterator[tuple[int, str]]:
    """Give how many digits from `index` on are a private number, and of which kind; the gravest first."""
    rest = len(places) - index
    at_edge = index == 0 or places[index] - places[index - 1] > 1
    digits = _digits(text, places[index : index + CARD_DIGITS.stop])
    phone = _phone_size(text, places) if index == 0 else 0
    if phone and _plus(text, places[0]) < places[0]:
        yield phone, "telefon"
        return
    if rest >= IDENTITY_DIGITS and is_identity_number(digits[:IDENTITY_DIGITS]):
        yield IDENTITY_DIGITS, "fodselsnummer"
    if not at_edge:
        return
    for size in reversed(CARD_DIGITS):
        if (
            rest >= size
            and _ends(places, index, size)
            and luhn.is_valid(digits[:size])
            and digits[0] in "2345"
        ):
            yield size, "kort"
    eleven = rest >= IDENTITY_DIGITS and _ends(places, index, IDENTITY_DIGITS)
    if eleven and looks_like_identity_number(digits[:IDENTITY_DIGITS]):
        yield IDENTITY_DIGITS, "fodselsnummer"
    if eleven and kontonr.is_valid(digits[:IDENTITY_DIGITS]):
        yield IDENTITY_DIGITS, "konto"
    if phone:
        yield phone, "telefon"


def _digits(text: str, places: list[int]) -> str:
    """Return the digits at these places, of whatever alphabet, as ordinary ones."""
    return "".join(str(unicodedata.decimal(text[place])) for place in places)


def _ends(places: list[int], index: int, size: int) -> bool:
    """Tell whether the digits after the number are set off from it, or absent."""
    last = index + size - 1
    return last == len(places) - 1 or places[last + 1] - places[last] > 1


def is_identity_number(digits: str) -> bool:
    """Tell whether eleven digits are a valid identity number, d-number or synthetic number.

    The library knows the d-numbers and H-numbers; the check digits of synthetic ones are the same.
    """
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


def _plus(text: str, first: int) -> int:
    """Return where the number begins, with the plus before it."""
    return first - 1 if first and text[first - 1] == "+" else first


def _phone_size(text: str, places: list[int]) -> int:
    """Return how many of the digits are a private phone number, 0 for none."""
    start, end = places[0], places[-1] + 1
    written = text[start:end]
    if _DATE_LIKE.match(written) or _MONEY_AFTER.match(text, end) or _MONEY_BEFORE.search(text, 0, start):
        return 0
    if re.search(r"[,:/]\s?\d", written) or re.search(r"\d\s[-–—]\s\d", written):
        return 0
    international = start > 0 and text[start - 1] == "+"
    for size in sorted({len(places), 8, 10, 12}):
        if size > len(places) or (size < len(places) and not _ends(places, 0, size)):
            continue
        digits = _digits(text, places[:size])
        if _is_phone(("+" if international else "") + digits):
            return size
    return 0


@cache
def public_numbers() -> frozenset[str]:
    """Return the numbers that are everybody's, digits only."""
    return frozenset(yaml.safe_load(PUBLIC_NUMBERS.read_text("utf-8")))


def _is_phone(number: str) -> bool:
    national = number.removeprefix("+47").removeprefix("0047")
    if national in public_numbers() or (len(national) in (3, 5, 6) and not number.startswith("+")):
        return False
    if national.startswith(PUBLIC_PREFIXES) and not number.startswith(("+4", "00")):
        return False
    try:
        parsed = phonenumbers.parse(number, None if number.startswith("+") else REGION)
    except phonenumbers.NumberParseException:
        return False
    if not number.startswith(("+", "00")) and not _NORWEGIAN_PHONE.match(number):
        return False
    return phonenumbers.is_valid_number(parsed) or bool(_NORWEGIAN_PHONE.match(number))


def canonical(kind: str, written: str) -> str:
    """Return a number as data: a phone number in E.164, other numbers as digits; the rest as it is written."""
    if kind == "telefon":
        try:
            number = phonenumbers.parse(written, REGION)
        except phonenumbers.NumberParseException:
            return written
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return re.sub(r"\D", "", written) if kind in ("fodselsnummer", "kort", "konto") else written
