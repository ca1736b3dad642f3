"""Digits that stand together in a text, and the words around them that tell what they are."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

Found = tuple[int, int, str]  # start, end, kind

# Signs that people put between the digits of a number.
_BETWEEN = r"[\s.\-–—_/:,·•*\u200b-\u200f\u2060\ufeff\u00ad]{0,3}"
DIGIT_RUN = re.compile(r"\d(?:" + _BETWEEN + r"\d)+")
UNIT_AFTER = re.compile(
    r"\s*(?:,-|%|(?:kr|kroner|nok|prosent|km|kg|kvm|m2|m²|timer|timar|dager|dagar|døgn|uker|veker|måneder|månader|mnd|"
    r"år|åringer|gamle|meter|watt|mg|mcg|µg|g|ml|dl|tabletter|stk|poeng|ganger|gonger|personer|kcal|kalorier)\b)",
    re.I,
)
# What such a number is told to be when it is no phone, account or card number.
OTHER_BEFORE = re.compile(
    r"(?:\bkr|kroner|\bnok|\bsum|beløp|formue|gjeld|§|paragraf|saks?(?:nummer|nr)?|\bref|referanse|journal(?:nummer|nr)|"
    r"\b(?!telefon|tlf|tel|mobil|mob|kontakt|hjemme|heime|jobb|privat|fast|sms|vipps|fødsels|fodsels|person|konto|kort|d)"
    r"\w{2,}(?:nummer|nr|kode)|(?:ordre|faktura|kunde|medlem|polise|skade|måler|bestilling|pasient)[ -](?:nummer|nr)|"
    r"\borg\.?\s?nr|vedtak|\bårene?|\bkid|\bisbn|\blov)(?:et|a|en)?(?:[\s-](?:nummer|nr))?(?:et)?\.?"
    r"(?:\s(?:mitt|vårt|er|på|var|nr)\b\.?)*\W{0,3}$",
    re.I,
)
ACCOUNT_CUE = re.compile(r"(?:konto\w*|kto\.?)[^\w\]]*(?:\w+[^\w\]]+){0,3}$", re.I)
CARD_CUE = re.compile(
    r"(?:\bkort(?:et|nr|nummer\w*)|(?:bank|kreditt|debet|debit|visa|amex)kort\w*|\bvisa|mastercard)[^\w\]]*(?:\w+[^\w\]]+){0,3}$",
    re.I,
)
IDENTITY_CUE = re.compile(
    r"(?:fødselsn\w*|fodselsn\w*|personn\w*|\bd-?n(?:umme)?r\w*|\bf\.?nr|\bpnr)[^\w\]]*(?:\w+[^\w\]]+){0,3}$",
    re.I,
)
_WORDS = re.compile(r"[^\W\d_]|§")
CUE_CHARACTERS: Final = 60  # how far back a cue is looked for


def digits_at(text: str, places: Sequence[int]) -> str:
    """Return the digits at these places, of whatever alphabet, as ordinary ones."""
    return "".join(str(unicodedata.decimal(text[place])) for place in places)


def set_off(places: list[int], index: int, size: int) -> bool:
    """Tell whether the digits after the number are set off from it, or absent."""
    last = index + size - 1
    return last == len(places) - 1 or places[last + 1] - places[last] > 1


def cued(cue: re.Pattern[str], text: str, start: int) -> bool:
    """Tell whether the words right before a number say what it is."""
    begin = max(0, start - CUE_CHARACTERS)
    return _WORDS.search(text, begin, start) is not None and cue.search(text, begin, start) is not None


def groups(places: Sequence[int]) -> list[int]:
    """Return how many digits stand together, group by group."""
    groups = [1]
    for before, place in itertools.pairwise(places):
        if place - before == 1:
            groups[-1] += 1
        else:
            groups.append(1)
    return groups
