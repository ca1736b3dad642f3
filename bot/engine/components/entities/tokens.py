"""Words of a message with their place, and the spellings under which a form of a lexicon may turn up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Dict, FrozenSet, List

# A word may have an apostrophe inside ("mutter'n"); a hyphen parts two words, in texts and lexicons alike.
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
ASCII_SPELLINGS = {"æ": ("ae", "e"), "ø": ("o", "oe"), "å": ("a", "aa")}
SENTENCE_END = set(".!?\n")


@dataclass(frozen=True)
class Token:
    """A word: as written, in lower case, and where; `first` says that it begins a sentence."""

    text: str
    low: str
    start: int
    end: int
    first: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


@dataclass(frozen=True)
class Found:
    """An entity at text[start:end]; `extra` holds what else Rasa should pass on, such as a role."""

    entity: str
    value: Any
    start: int
    end: int
    extra: "tuple[tuple[str, Any], ...]" = ()

    def overlaps(self, other: Found) -> bool:
        """Return whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def as_rasa(self, text: str) -> Dict[str, Any]:
        """Return the entity as Rasa's messages hold it."""
        return {
            "entity": self.entity,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "text": text[self.start : self.end],
            **dict(self.extra),
        }


def tokens(text: str) -> List[Token]:
    """Return the words of a text."""
    found = []
    last_end = 0
    for match in WORD.finditer(text):
        between = text[last_end : match.start()]
        first = not found or bool(SENTENCE_END & set(between))
        word = match.group().replace("’", "'")
        found.append(Token(word, word.lower(), match.start(), match.end(), first))
        last_end = match.end()
    return found


@lru_cache(maxsize=8192)  # more than the lexicons have words
def spellings(word: str) -> FrozenSet[str]:
    """Return a lexicon word as it may be typed: with æøå, without, with or without the apostrophe.

    The lexicon is bent to the message, never the other way: "får" must not become "far".
    """
    forms = {word, word.replace("'", "")}
    for choice in (0, 1):
        forms |= {"".join(ASCII_SPELLINGS.get(char, (char, char))[choice] for char in form) for form in forms}
    return frozenset(forms)
