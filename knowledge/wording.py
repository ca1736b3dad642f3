"""The small language in which editors write phrases to look for: "a/b" is one word or the other, "..." up to four."""

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_GAP: Final = r"(?:\S+ ){0,4}?"


def bare(text: str) -> str:
    """Return the words of a text in small letters, with one space after each."""
    return "".join(f"{word} " for word in _WORD.findall(text.casefold()))


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the phrases in a bare text; of two that begin at the same word, the longer."""
    ordered = sorted(phrases, key=lambda phrase: -len(phrase.split()))
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(_alternative, ordered))})")


def example(phrase: str) -> str:
    """Return a message that a phrase should be found in: the first choice of each word."""
    return " ".join(word.split("/")[0] for word in phrase.split() if word != "...")


def _alternative(phrase: str) -> str:
    return "".join(_GAP if word == "..." else f"(?:{_choices(word)}) " for word in phrase.split())


def _choices(word: str) -> str:
    return "|".join(re.escape(choice.casefold()) for choice in word.split("/"))
