"""Which digits are a private phone number. Formats are the library's (phonenumbers), in Norway eight digits."""

import re
from functools import cache
from pathlib import Path
from typing import Final

import phonenumbers
import yaml

from .digits import ACCOUNT_CUE, CARD_CUE, IDENTITY_CUE, OTHER_BEFORE, UNIT_AFTER, cued, digits_at, set_off

PHONE_DIGITS: Final = (12, 10, 8)
REGION: Final = "NO"
# Emergency and help lines, and the ranges for services: everybody's numbers, never a person's.
PUBLIC_NUMBERS: Final = Path(__file__).parent / "language" / "public_numbers.yaml"
PUBLIC_PREFIXES: Final = ("116", "800", "810", "815", "820", "829", "850", "880", "0")
# Whose number it is, when it is a service's and so nobody's secret: "Helfo har 23 32 70 00", "sentralbordet på ...".
_SERVICE_BEFORE = re.compile(
    r"(?:\w+(?:telefon(?:en)?|linj[ea]n?|ombudet|forvalteren|tilsynet|foreningen|forbundet|sykehus(?:et)?|senter(?:et)?)|"
    r"\bnav|\bhelfo|\bhelsenorge|\w*vakt(?:a|en)?|legekontoret|\bdps|\bbup|sentralbord\w*|sykehus(?:et)?|sjukehus(?:et)?|hospital(?:et)?|politi\w*|"
    r"kirkens sos|mental helse|røde kors|blå kors|kommune(?:n|ns)?)"
    r"(?:\s(?:på|er|har|sitt|sin|i|oslo|bergen|nummer|nr\.?|tlf\.?|telefon|her|sier))*[\s:(,]*$",
    re.I,
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])"
_CLOCK = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_DATE_LIKE = re.compile(
    r"^(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{4}\s?[-–—]\s?\d{4}|"
    rf"(?:19|20)\d\d\s(?:19|20)\d\d|{_DAY}\.?(?:\s|\s?[-–—]\s?){_DAY}|{_CLOCK}(?:\s|\s?[-–—]\s?){_CLOCK})$"
)
_MILLIONS = re.compile(r"\d{2}[ .\u00a0]\d{3}[ .\u00a0]000$")
_DECIMALS = re.compile(r"\d{2}[.,]\d{2}\s\d{2}[.,]\d{2}$")
_PAIRS = re.compile(r"\d{2}(?:[ ,.]\s?\d{2}){3}$")
_PAIR_AFTER = re.compile(r"[ ,.]\s?\d{1,2}(?!\d)")
_NORWEGIAN_PHONE = re.compile(r"^(?:(?:\+|00)47[2-9]\d{7}|(?:47)?[49]\d{7}|[235-8]\d{7})$")
_COUNTRY_BEFORE = re.compile(r"(?:\(\s?\+?\d{1,3}\s?\)\s?|\+)$")
_PHONE_CUE = re.compile(
    r"(?:\bring|tlf|telefon|mobil|\bnummer|\bnr\b|sms|treffes|nås)[^\w\]]*(?:\w+[^\w\]]+){0,4}$", re.I
)
_CLIMB: Final = 12


def with_country(text: str, first: int) -> int:
    """Return where the number begins, with the plus or the country code in parentheses before it."""
    before = _COUNTRY_BEFORE.search(text, max(0, first - 8), first)
    return before.start() if before else first


def may_begin_phone(text: str, places: list[int], index: int, after_number: bool) -> bool:
    """Tell whether a phone number may begin here: first in its run, after a number, or after more than a space."""
    if index == 0 or after_number:
        return True
    return bool(re.search(r"[,/:;\n]|\s[-–—]", text[places[index - 1] + 1 : places[index]]))


def phone_size(text: str, places: list[int], index: int) -> int:
    """Return how many of the digits from `index` on are a private phone number, 0 for none."""
    start, rest = places[index], len(places) - index
    plus = "+" if text[start - 1 : start] == "+" else ""
    abroad = plus or digits_at(text, places[index : index + 2]) == "00"
    sizes = {*PHONE_DIGITS, rest} if abroad else PHONE_DIGITS
    for size in sorted(sizes, reverse=True):
        if size > rest or not set_off(places, index, size):
            continue
        last = places[index + size - 1] + 1
        if is_phone(plus + digits_at(text, places[index : index + size])) and _is_written_as_phone(
            text, start, last
        ):
            other = _is_told_otherwise(text, start) or cued(OTHER_BEFORE, text, places[0])
            return 0 if other else size
    return 0


def _is_told_otherwise(text: str, start: int) -> bool:
    """Tell whether the words before eight digits say that they are something else, or a part of it."""
    if cued(OTHER_BEFORE, text, start) or cued(_SERVICE_BEFORE, text, start):
        return True
    part = any(cued(cue, text, start) for cue in (CARD_CUE, ACCOUNT_CUE, IDENTITY_CUE))
    return part and not cued(_PHONE_CUE, text, start)


def _is_written_as_phone(text: str, start: int, end: int) -> bool:
    """Tell whether digits are not dates, clock times, amounts, doses or a list of small numbers."""
    written = text[start:end]
    if _DATE_LIKE.match(written) or UNIT_AFTER.match(text, end):
        return False
    if re.search(r"[,:/]\s?\d", written) or re.search(r"\d\s[-–—]\s\d", written):
        return False
    listed = _PAIRS.match(written) and (_PAIR_AFTER.match(text, end) or _climbs(written))
    return not (listed or _MILLIONS.match(written) or _DECIMALS.match(written)) or cued(
        _PHONE_CUE, text, start
    )


def _climbs(written: str) -> bool:
    """Tell whether pairs of digits are small numbers in order, such as weeks or ages: "22 24 26 28"."""
    pairs = [int(pair) for pair in re.findall(r"\d{2}", written)]
    return pairs == sorted(set(pairs)) and pairs[-1] - pairs[0] <= _CLIMB


@cache
def public_numbers() -> frozenset[str]:
    """Return the numbers that are everybody's, digits only."""
    return frozenset(yaml.safe_load(PUBLIC_NUMBERS.read_text("utf-8")))


def is_phone(number: str) -> bool:
    """Tell whether digits, with or without a plus, make a phone number that may be a private person's."""
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
