"""How a training message is written: which Norwegian, how noisy, how long, with or without the official term.

Told by words and signs, not by a model: good enough to count shares, not to judge a single message.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

_HERE = Path(__file__).resolve().parent
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")
_LETTER_REPEATED = re.compile(r"([^\W\d_])\1\1")
# A message of this many words without one mark that ends a sentence or parts it is written in haste.
UNPUNCTUATED_WORDS = 6
LONG_SENTENCES = 3


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    data = yaml.safe_load((_HERE / "voices.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(words) for name, words in data.items()}


@lru_cache(maxsize=1)
def official_terms() -> dict[str, re.Pattern[str] | None]:
    """Return for each knowledge topic what finds its official term; None when it has none."""
    data = yaml.safe_load((_HERE / "terms.yaml").read_text(encoding="utf-8"))
    return {
        intent: re.compile(r"\b(?:" + "|".join(re.escape(term) for term in terms) + ")") if terms else None
        for intent, terms in data.items()
    }


def variety_of(text: str) -> str:
    """Return "nynorsk", "dialekt" or "bokmal"."""
    words = [word.lower() for word in _WORD.findall(text)]
    nynorsk = sum(word in _words()["nynorsk"] for word in words)
    dialect = sum(word in _words()["dialekt"] for word in words)
    if not nynorsk and not dialect:
        return "bokmal"
    return "dialekt" if dialect > nynorsk / 3 else "nynorsk"


def is_noisy(text: str) -> bool:
    """Say whether a message has the marks of haste: no capital first, no punctuation, lost or repeated letters."""
    words = _WORD.findall(text)
    letters = "".join(words)
    return (
        text[:1].islower()
        or (len(letters) > UNPUNCTUATED_WORDS and letters.isupper())
        or (len(words) >= UNPUNCTUATED_WORDS and not re.search(r"[.,!?…:;]", text))
        or bool(_LETTER_REPEATED.search(text))
        or any(word.lower() in _words()["uten_norske_bokstaver"] for word in words)
    )


def is_long(text: str) -> bool:
    """Say whether a message has more than two sentences."""
    return len(sentences(text)) >= LONG_SENTENCES


def sentences(text: str) -> Sequence[str]:
    """Return the sentences of a text, by its punctuation and lines."""
    parts = [part for line in text.splitlines() for part in _SENTENCE_END.split(line)]
    return [part.strip() for part in parts if part.strip()]


def has_official_term(text: str, intent: str) -> bool:
    """Say whether a message uses the official term of its topic."""
    pattern = official_terms().get(intent)
    return bool(pattern and pattern.search(text.lower()))
