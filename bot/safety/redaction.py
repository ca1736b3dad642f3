"""Private numbers and addresses taken out of a text, with a map from the old offsets to the new ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from .numbers import Found, canonical, find_numbers

PLACEHOLDERS: Final = Path(__file__).parent / "language" / "placeholders.yaml"
KINDS: Final = ("fodselsnummer", "kort", "konto", "telefon", "epost", "adresse")

_EMAIL = re.compile(
    r"[\w.+%'-]{1,64}(?:@|\s?\((?:at|alfa|krøllalfa)\)\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,24}\b",
    re.I,
)
# Endings of Norwegian street names. A house number must follow, so that "veien 3 ganger" is rare.
_STREET = (
    r"(?:gata|gaten|gate|gt\.?|veien|vegen|veg|vei|vn\.?|allé|alle|alléen|plass|plassen|torg|torget|brygge|bryggen|"
    r"brygga|kroken|svingen|bakken|bakke|stien|sti|tunet|tun|lia|faret|løkka|løkken|haugen|åsen|ringen|terrasse|"
    r"jordet|kleiva|kneiken|smauet|smau|stredet|strete|sletta|hagen|kaia|kaien|ved|toppen|marka|myra|enga|dalen)"
)
_ADDRESS = re.compile(
    r"\b(?:[A-ZÆØÅ][\wæøåéü.'-]*\s){0,3}"
    r"(?:[A-ZÆØÅ][\wæøåéü'-]*?" + _STREET + r"|(?:[A-ZÆØÅ][\wæøåéü.'-]*\s){1,3}" + _STREET + r")"
    r"\s(?:nr\.?\s?)?\d{1,4}(?:\s?[A-Ha-h]\b)?(?!\s?(?:%|kr|kroner|år|ganger|timer|dager|prosent|uker|km|meter|minutter|mil)\b)"
    r"(?:,?\s(?:[HULK]\d{4}\b))?(?:,?\s\d{4}\s[A-ZÆØÅ][\wæøå]+(?:\s[A-ZÆØÅ][\wæøå]+)?)?"
)
_LOWER_ADDRESS = re.compile(
    r"\b[a-zæøå]{3,24}(?:gata|gaten|veien|vegen|gate|vei|veg|alleen|alléen|svingen|bakken|stien)\s\d{1,4}\s?[a-h]?\b"
    r"(?!\s?(?:%|kr|kroner|år|ganger|timer|dager|prosent|uker|km|meter|minutter|mil)\b)(?:,?\s\d{4}\s[a-zæøå]+)?"
)
# Words that end like a street and are none.
_NOT_STREETS = re.compile(
    r"\b(?:gjennomvei|utvei|avvei|omvei|snarvei|hjemvei|sykehusvei|halvveis|underveis|oppgave)", re.I
)


@dataclass(frozen=True, slots=True)
class Span:
    """One thing taken out: where it stood, its canonical value, and where its placeholder stands."""

    start: int
    end: int
    kind: str
    value: str
    new_start: int
    new_end: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without private numbers and addresses, and what was taken out of it."""

    text: str
    spans: tuple[Span, ...]


def redact(text: str) -> Redacted:
    """Take identity, card, account and phone numbers, e-mail and street addresses out of a text.

    Never raises; redacting what is redacted changes nothing.
    """
    words = placeholders()
    spans: list[Span] = []
    pieces: list[str] = []
    position = length = 0
    for start, end, kind in _found(text):
        pieces += [text[position:start], words[kind]]
        length += start - position
        value = canonical(kind, text[start:end])
        spans.append(Span(start, end, kind, value, length, length + len(words[kind])))
        length += len(words[kind])
        position = end
    return Redacted("".join([*pieces, text[position:]]), tuple(spans))


@cache
def placeholders() -> dict[str, str]:
    """Return the words that stand for what was taken out, by kind."""
    data: dict[str, str] = yaml.safe_load(PLACEHOLDERS.read_text("utf-8"))
    return data


def _found(text: str) -> Iterator[Found]:
    """Give what must go, left to right; where two overlap, the one that begins first."""
    found = sorted(
        [*find_numbers(text), *_matches(_EMAIL, text, "epost"), *_addresses(text)],
        key=lambda item: (item[0], -item[1]),
    )
    position = 0
    for start, end, kind in found:
        if start >= position:
            yield start, end, kind
            position = end


def _matches(pattern: re.Pattern[str], text: str, kind: str) -> Iterator[Found]:
    for match in pattern.finditer(text):
        yield match.start(), match.end(), kind


def _addresses(text: str) -> Iterator[Found]:
    for pattern in (_ADDRESS, _LOWER_ADDRESS):
        for start, end, kind in _matches(pattern, text, "adresse"):
            if not _NOT_STREETS.search(text, start, end):
                yield start, end, kind
