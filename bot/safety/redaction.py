"""Private numbers and addresses taken out of a text, with a map from the old offsets to the new ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from .addresses import find_addresses, find_emails
from .digits import Found
from .numbers import canonical, find_numbers, find_split

PLACEHOLDERS: Final = Path(__file__).parent / "language" / "placeholders.yaml"
KINDS: Final = ("fodselsnummer", "kort", "konto", "telefon", "epost", "adresse")


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
    return _without(text, _found(text))


def redact_after(earlier: Sequence[str], text: str) -> tuple[list[str], Redacted]:
    """Redact a text that comes after others; return those others too, as they must then read.

    A number may be told in parts: "fødselsnummeret er 010190", and then "12345". The earlier texts are as they were
    stored, without what was private in each alone; they come back unchanged unless they hold a part of such a number.
    """
    texts = [*earlier, text]
    split = list(find_split(texts))
    start, redacted = 0, []
    for part in texts:
        shared = [
            (max(one, start) - start, min(other, start + len(part)) - start, kind)
            for one, other, kind in split
            if one < start + len(part) and other > start
        ]
        redacted.append(_without(part, _in_order([*shared, *_private(part)])) if shared else None)
        start += len(part) + 1
    before = [part if new is None else new.text for part, new in zip(earlier, redacted, strict=False)]
    return before, redacted[-1] or redact(text)


def _without(text: str, found: Iterable[Found]) -> Redacted:
    words = placeholders()
    spans: list[Span] = []
    pieces: list[str] = []
    position = length = 0
    for start, end, kind in found:
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
    return _in_order(_private(text))


def _private(text: str) -> list[Found]:
    return [*find_numbers(text), *find_emails(text), *find_addresses(text)]


def _in_order(found: Iterable[Found]) -> Iterator[Found]:
    """Give what must go, left to right; where two overlap, the one that begins first."""
    position = 0
    for start, end, kind in sorted(found, key=lambda item: (item[0], -item[1])):
        if start >= position:
            yield start, end, kind
            position = end
