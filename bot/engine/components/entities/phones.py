"""Phone numbers (`telefon`), as E.164."""

from __future__ import annotations

import re
from typing import List

import phonenumbers

from components.entities.tokens import Found

HOME = "NO"
# A number that does not exist, given as one's own, is still a number: a slip to ask about, and personal data.
CUE = re.compile(
    r"\b(?:nummer(?:et)?|numer|nr|tlf|telefon(?:en)?|mobil(?:en)?|ring|treffes?|sms)\b", re.IGNORECASE
)
EIGHT_DIGITS = re.compile(r"(?<![\d+])(?:\+?47[ ]?)?[2-9](?:[ .]?\d){7}(?![\d])")


def phones(text: str) -> List[Found]:
    """Return the phone numbers in the text; a Norwegian one needs no country code."""
    found = [
        Found(
            "telefon",
            phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164),
            match.start,
            match.end,
        )
        for match in phonenumbers.PhoneNumberMatcher(text, HOME)
    ]
    if CUE.search(text) or EIGHT_DIGITS.fullmatch(text.strip()):
        for match in EIGHT_DIGITS.finditer(text):
            digits = re.sub(r"\D", "", match.group())[-8:]
            extra = Found("telefon", "+47" + digits, match.start(), match.end())
            if not any(extra.overlaps(known) for known in found):
                found.append(extra)
    return found
