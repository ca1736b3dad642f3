"""Where private numbers stand in a text: identity, card, account and phone numbers, however spaced or spelled.

Checksums and formats are the libraries' (python-stdnum, phonenumbers). An identity number whose check
digits are wrong is still somebody's, misspelt: what looks like a birth date with five digits goes too.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Final

import phonenumbers
from stdnum import iban, luhn
from stdnum.no import kontonr

from .digits import (
    ACCOUNT_CUE,
    CARD_CUE,
    DIGIT_RUN,
    IDENTITY_CUE,
    OTHER_BEFORE,
    UNIT_AFTER,
    Found,
    cued,
    digits_at,
    groups,
    set_off,
)
from .identity import (
    IDENTITY_DIGITS,
    IDENTITY_PARTS,
    halves,
    is_grouped_as_identity,
    is_identity_number,
    looks_like_identity_number,
)
from .phones import REGION, is_phone, may_begin_phone, phone_size, with_country
from .spelled import readable, spelled_runs, written_as_digits

SLIPPED_DIGITS: Final = (11, 10, 12)  # an identity number told as such, with a digit too few or too many
CARD_DIGITS: Final = range(13, 20)
CARD_GROUPS: Final = [4, 4, 4, 4]
ACCOUNT_GROUPS: Final = [4, 2, 5]
_YEARS = re.compile(r"(?:(?:19|20)\d\d\D{1,3}){3}(?:19|20)\d\d$")
_IBAN = re.compile(r"\b(?:NO|[A-Z]{2})\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b", re.I)


def find_numbers(text: str) -> Iterator[Found]:
    """Give the private numbers of a text. Spelled digits and letters that look like digits count; may overlap."""
    text = readable(text)
    yield from _ibans(text)
    yield from halves(text)
    for run in DIGIT_RUN.finditer(text):
        yield from _in_run(text, run.start(), run.end())
    for start, end, digits in spelled_runs(text):
        if is_identity_number(digits):
            yield start, end, "fodselsnummer"
        elif is_phone(digits):
            yield start, end, "telefon"


def find_split(texts: Sequence[str]) -> Iterator[Found]:
    """Give the identity, card and account numbers that only messages together show; offsets in them joined by newlines.

    Digits of several messages make many numbers by chance. So their check digits must be right, or the parts be such
    as people make, or the words before them say what the number is.
    """
    text = readable("\n".join(texts))
    borders = list(itertools.accumulate(len(part) + 1 for part in texts[:-1]))
    yield from halves(text)
    for run in DIGIT_RUN.finditer(text):
        if not any(run.start() < border < run.end() for border in borders):
            continue
        for start, end, kind in _in_run(text, run.start(), run.end()):
            cuts = [border for border in borders if start < border < end]
            if cuts and kind != "telefon" and _is_split_so(text, start, end, kind, cuts):
                yield start, end, kind


def _is_split_so(text: str, start: int, end: int, kind: str, cuts: list[int]) -> bool:
    edges = [start, *cuts, end]
    parts = [written_as_digits(text[one:other]) for one, other in itertools.pairwise(edges)]
    sizes = [len(part) for part in parts]
    if kind == "fodselsnummer":
        told = cued(IDENTITY_CUE, text, start)
        return told or sizes == IDENTITY_PARTS or is_identity_number("".join(parts))
    if kind == "kort":
        return not any(size % CARD_GROUPS[0] for size in sizes[:-1]) or cued(CARD_CUE, text, start)
    return sizes == ACCOUNT_GROUPS or cued(ACCOUNT_CUE, text, start)


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        if iban.is_valid(match[0], check_country=False):
            yield match.start(), match.end(), "konto"


def _in_run(text: str, start: int, end: int) -> Iterator[Found]:
    """Look for numbers among digits that stand together: the whole, then its parts from the left."""
    places = [i for i in range(start, end) if text[i].isdecimal()]
    index = 0
    after_number = True
    while index < len(places):
        reading = next(_readings(text, places, index, after_number), None)
        after_number = reading is not None
        if reading is None:
            index += 1
            continue
        size, kind = reading
        first, last = places[index], places[index + size - 1] + 1
        yield (with_country(text, first) if kind == "telefon" else first), last, kind
        index += size


def _readings(text: str, places: list[int], index: int, after_number: bool) -> Iterator[tuple[int, str]]:
    """Give how many digits from `index` on are a private number, and of which kind; the gravest first."""
    rest = len(places) - index
    at_edge = index == 0 or places[index] - places[index - 1] > 1
    digits = digits_at(text, places[index : index + CARD_DIGITS.stop])
    phone = (
        phone_size(text, places, index)
        if at_edge and may_begin_phone(text, places, index, after_number)
        else 0
    )
    if phone and text[places[index] - 1 : places[index]] == "+":
        yield phone, "telefon"
        return
    if at_edge and rest >= IDENTITY_DIGITS and _is_account(text, places, index, digits[:IDENTITY_DIGITS]):
        yield IDENTITY_DIGITS, "konto"
    if rest >= IDENTITY_DIGITS and is_identity_number(digits[:IDENTITY_DIGITS]):
        # One that begins or ends in the midst of another group is made of several numbers' digits by chance.
        together = places[index + IDENTITY_DIGITS - 1] - places[index] == IDENTITY_DIGITS - 1
        if together or (at_edge and set_off(places, index, IDENTITY_DIGITS)):
            yield IDENTITY_DIGITS, "fodselsnummer"
    if not at_edge:
        return
    for size in reversed(CARD_DIGITS):
        is_set_off = rest >= size and set_off(places, index, size)
        if is_set_off and _is_card(text, places[index : index + size], digits[:size]):
            yield size, "kort"
    if cued(IDENTITY_CUE, text, places[index]):
        for size in SLIPPED_DIGITS:
            if rest >= size and set_off(places, index, size):
                yield size, "fodselsnummer"
    if rest >= IDENTITY_DIGITS and set_off(places, index, IDENTITY_DIGITS):
        yield from _eleven(text, places[index : index + IDENTITY_DIGITS], digits[:IDENTITY_DIGITS])
    if phone:
        yield phone, "telefon"


def _eleven(text: str, places: list[int], digits: str) -> Iterator[tuple[int, str]]:
    """Read eleven digits of which nothing is said: a misspelt identity number, or an account number."""
    if cued(OTHER_BEFORE, text, places[0]) or UNIT_AFTER.match(text, places[-1] + 1):
        return
    if looks_like_identity_number(digits) and is_grouped_as_identity(places):
        yield IDENTITY_DIGITS, "fodselsnummer"
    if kontonr.is_valid(digits):
        yield IDENTITY_DIGITS, "konto"


def _is_account(text: str, places: list[int], index: int, digits: str) -> bool:
    """Tell whether eleven digits are said to be an account number, or are valid and grouped as one."""
    if not set_off(places, index, IDENTITY_DIGITS):
        return False
    if cued(ACCOUNT_CUE, text, places[index]):
        return kontonr.is_valid(digits) or not is_identity_number(digits)
    grouped = groups(places[index : index + IDENTITY_DIGITS]) == ACCOUNT_GROUPS
    return grouped and kontonr.is_valid(digits) and not cued(IDENTITY_CUE, text, places[index])


def _is_card(text: str, places: list[int], digits: str) -> bool:
    """Tell whether the digits are a card number; one with a slip is known by its groups or by what is said of it."""
    if digits[0] not in "23456" or cued(OTHER_BEFORE, text, places[0]):
        return False
    if luhn.is_valid(digits):
        return True
    if len(digits) != sum(CARD_GROUPS):
        return False
    if _YEARS.match(text, places[0], places[-1] + 1):
        return False
    return groups(places) == CARD_GROUPS or cued(CARD_CUE, text, places[0])


def canonical(kind: str, written: str) -> str:
    """Return a number as data: a phone number in E.164, other numbers as digits; the rest as it is written."""
    if kind == "konto" and iban.is_valid(written, check_country=False):
        return str(iban.compact(written))
    digits = written_as_digits(written)
    if kind == "telefon":
        try:
            number = phonenumbers.parse(("+" if "+" in written else "") + digits, REGION)
        except phonenumbers.NumberParseException:
            return written
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return digits if kind in ("fodselsnummer", "kort", "konto") else written
