"""Texts a relative reads: the Bokmål/Nynorsk pair, and what a text message may hold.

GSM-7 limits follow 3GPP TS 23.038: 160 characters in one segment, 153 in each of several.
LIX is the Swedish/Norwegian readability index: words per sentence plus the percentage of words
longer than six letters.
"""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

Malform = Literal["nb", "nn"]

SMS_SEGMENT_ALONE = 160
SMS_SEGMENT_JOINED = 153
LONG_WORD = 6

_GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM7_EXTENDED = frozenset("^{}\\[~]|€\f")

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;](?=\s|$)|\n+")
_URL = re.compile(r"https?://\S+")


class Frozen(BaseModel):
    """Base of everything in the knowledge base: unchangeable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(Frozen):
    """One text in both written forms of Norwegian. A missing Nynorsk text is a finding, not a crash."""

    nb: str
    nn: str = ""

    @field_validator("nb")
    @classmethod
    def check_not_empty(cls, value: str) -> str:
        """Refuse an empty Bokmål text: there would be nothing to fall back on."""
        if not value:
            raise ValueError("the Bokmål text is empty")
        return value

    def in_(self, malform: str) -> str:
        """Return the text in `malform` ("nb" or "nn"); Bokmål when there is no Nynorsk."""
        return self.nn if malform == "nn" and self.nn else self.nb

    def both(self) -> tuple[tuple[Malform, str], ...]:
        """Return the forms that exist, each with its name."""
        return (("nb", self.nb), ("nn", self.nn)) if self.nn else (("nb", self.nb),)


def gsm7_length(text: str) -> int | None:
    """Return how many GSM-7 septets `text` takes, or None when it does not fit the alphabet."""
    length = 0
    for char in text:
        if char in _GSM7_BASIC:
            length += 1
        elif char in _GSM7_EXTENDED:
            length += 2
        else:
            return None
    return length


def gsm7_misfits(text: str) -> str:
    """Return the characters of `text` that GSM-7 cannot carry, each once, in order."""
    return "".join(dict.fromkeys(c for c in text if c not in _GSM7_BASIC and c not in _GSM7_EXTENDED))


def sms_segments(text: str) -> int | None:
    """Return how many GSM-7 segments `text` needs, or None when it needs another alphabet."""
    length = gsm7_length(text)
    if length is None:
        return None
    return 1 if length <= SMS_SEGMENT_ALONE else -(-length // SMS_SEGMENT_JOINED)


def lix(text: str) -> float:
    """Return the LIX of `text`; addresses are left out, and a text without words scores 0."""
    plain = _URL.sub("", text)
    words = _WORD.findall(plain)
    if not words:
        return 0.0
    sentences = max(1, sum(1 for part in _SENTENCE_END.split(plain) if _WORD.search(part)))
    long_words = sum(1 for word in words if len(word) > LONG_WORD)
    return len(words) / sentences + 100 * long_words / len(words)
