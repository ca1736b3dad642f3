"""Digits that are not written as digits: "ni en fem ...", and letters that look like them ("9O1 23 456")."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import yaml

NUMBER_WORDS: Final = Path(__file__).parent / "language" / "number_words.yaml"
_LOOK_ALIKE: Final = str.maketrans("OoIl|", "00111")
_MIXED = re.compile(r"(?<![^\W_])(?=[\dOoIl|]*\d)[\dOoIl|]{2,}(?![^\W_])")
FEWEST_WORDS: Final = 3  # of a number that is spelled; the rest of it may be digits


def readable(text: str) -> str:
    """Return a text of the same length, with digits where letters stand in their place among digits."""
    return _MIXED.sub(lambda match: match[0].translate(_LOOK_ALIKE), text)


def written_as_digits(written: str) -> str:
    """Return the digits of a number, however they are written."""
    found = []
    for word in re.findall(r"\d|[^\W\d_]+", readable(written)):
        found.append(_words().get(word.lower(), "") if word.isalpha() else str(unicodedata.decimal(word)))
    return "".join(found)


def spelled_runs(text: str) -> Iterator[tuple[int, int, str]]:
    """Give start, end and digits of each row of number words. Mere counting ("en to tre ...") is none."""
    for match in _pattern().finditer(text):
        words = re.findall(r"[^\W\d_]+", match[0])
        digits = written_as_digits(match[0])
        if len(words) >= FEWEST_WORDS and not _counts(digits):
            yield match.start(), match.end(), digits


def _counts(digits: str) -> bool:
    steps = {int(after) - int(before) for before, after in itertools.pairwise(digits)}
    return steps <= {1}


@cache
def _words() -> dict[str, str]:
    """Return the words and the digits that they stand for, compounds ("nittifem") included."""
    data = yaml.safe_load(NUMBER_WORDS.read_text("utf-8"))
    words: dict[str, str] = {
        word: digits for digits, forms in data["numbers"].items() for word in forms.split()
    }
    for ten, forms in data["tens"].items():
        for word in forms.split():
            words[word] = f"{ten}0"
            units = {unit: digit for digit, units in data["units"].items() for unit in units.split()}
            words |= {word + unit: f"{ten}{digit}" for unit, digit in units.items()}
    return words


@cache
def _pattern() -> re.Pattern[str]:
    word = "|".join(sorted(_words(), key=len, reverse=True))
    one = rf"(?:\b(?:{word})\b|\b\d{{1,4}}\b)"
    return re.compile(rf"{one}(?:[\s,.\-]{{1,2}}{one}){{3,11}}", re.I)
