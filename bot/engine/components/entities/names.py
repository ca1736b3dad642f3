"""Names of private persons (`navn`): by rule ("jeg heter ..."), by list, and by spaCy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, FrozenSet, List, Mapping, Sequence, Set, Tuple

from components.entities.tokens import Found, Token
from components.entities.words import (
    CALLED,
    GREETING,
    NAME_IS,
    NOT_NAMES,
    PERSONS,
    PLACE_BEFORE,
    POSSESSIVES,
    THINGS,
)

# Beside a relation too these are mostly the word, not the name: "sønnen vår per i dag", "min far bo hos oss".
MOSTLY_WORDS = frozenset(
    {
        "ann",
        "bo",
        "dag",
        "dan",
        "else",
        "lea",
        "lene",
        "line",
        "liv",
        "mai",
        "may",
        "mo",
        "per",
        "ro",
        "roar",
        "sol",
    }
    | {"tale", "una", "vera", "vår"}
)

Spans = List[Tuple[int, int]]
People = Callable[[], Spans]


@dataclass(frozen=True)
class NameLists:
    """First names in lower case; `common` ones are ordinary words too."""

    first: FrozenSet[str]
    common: FrozenSet[str]

    @staticmethod
    def from_data(data: Mapping[str, str]) -> NameLists:
        """Build from navn.yaml."""
        common = frozenset(data["also_words"].split())
        return NameLists(frozenset(data["first_names"].split()) | common, common)


def nobody() -> Spans:
    """Return no persons: for a text that spaCy is not there for."""
    return []


def names(words: Sequence[Token], lists: NameLists, people: People, taken: Sequence[Found]) -> List[Found]:
    """Return the names; `people` gives spaCy's persons, `taken` is what the words already are.

    spaCy can only add words that may be a name; where the lists and rules have all of those, it is not asked.
    """
    free = [not any(other.start <= word.start < other.end for other in taken) for word in words]
    marked: Set[int] = set()
    for index in range(len(words)):
        if free[index] and (_by_rule(words, index) or _by_list(words, index, lists, taken)):
            marked.add(index)
    possible = {index for index in range(len(words)) if free[index] and _believable(words, index, lists)}
    if possible - marked:
        for start, end in people():
            span = [index for index, word in enumerate(words) if start <= word.start and word.end <= end]
            if possible.issuperset(span):
                marked.update(span)
    return _spans(words, marked, free, lists)


def _believable(words: Sequence[Token], index: int, lists: NameLists) -> bool:
    """Return whether spaCy's person may be one: a name has a capital, or is on the list."""
    word = words[index]
    if word.low in NOT_NAMES or any(char.isdigit() for char in word.text) or _is_saint(words, index):
        return False
    before = words[index - 1].low if index else ""
    if (before in PLACE_BEFORE or before in CALLED) and word.low not in lists.first:
        return False  # "fra Syria", "noe som heter Mestring"
    shouting = word.text.isupper() and len(word.text) > 1
    if word.capital and not shouting:
        return (
            not word.first or word.low in lists.first or (index + 1 < len(words) and words[index + 1].capital)
        )
    return word.low in lists.first and word.low not in lists.common


def _by_rule(words: Sequence[Token], index: int) -> bool:
    """Return whether the words before say that this is a name: "jeg heter", "navnet er", "mvh"."""
    word = words[index]
    if word.low in NOT_NAMES or any(char.isdigit() for char in word.low) or len(word.low) < 2:
        return False
    before = [token.low for token in words[max(0, index - 3) : index]]
    if not before:
        return False
    if before[-1] in CALLED and not word.first:
        return _somebody_is_called(word, before)
    if (
        before[-1] in {"jeg", "eg", "æ", "han", "hun", "ho", "hu"}
        and len(before) > 1
        and before[-2] in CALLED
    ):
        return True
    if before[-1] == "er" and set(before[:-1]) & NAME_IS:
        return True
    return before[-1] in GREETING and index >= len(words) - 2 and "med" not in before[-1:]


def _somebody_is_called(word: Token, before: Sequence[str]) -> bool:
    """Return whether it is a person that is "called" so, and not a thing: "noe som heter mestringskurs"."""
    subjects = set(before[:-1])
    if subjects & THINGS:
        return False
    return word.capital or bool(subjects & (PERSONS | POSSESSIVES)) or not subjects


def _by_list(words: Sequence[Token], index: int, lists: NameLists, taken: Sequence[Found]) -> bool:
    word = words[index]
    bare = word.low[:-1] if word.low.endswith("s") and word.low not in lists.first else word.low
    if bare not in lists.first or word.low in NOT_NAMES or _is_saint(words, index):
        return False
    if bare not in lists.common:
        return True
    if word.capital and not word.first and not word.text.isupper():
        return True
    return _beside_relation(words, index, taken) and bare not in MOSTLY_WORDS


def _is_saint(words: Sequence[Token], index: int) -> bool:
    """Return whether a hospital is meant: "St. Olav"."""
    return index > 0 and words[index - 1].low in {"st", "sankt"}


def _beside_relation(words: Sequence[Token], index: int, taken: Sequence[Found]) -> bool:
    """Return whether the word before is a relation or its possessive: "sønnen min even"."""
    start = words[index].start
    relations = [found for found in taken if found.entity == "relasjon" and found.end < start]
    return any(
        start - found.end <= 1
        or (
            index > 1
            and start - found.end <= 6
            and words[index - 1].low in {"min", "mi", "vår", "mitt", "sin"}
        )
        for found in relations
    )


def _spans(words: Sequence[Token], marked: Set[int], free: Sequence[bool], lists: NameLists) -> List[Found]:
    """Return marked words joined with what follows of the name: "kari", "Kari Hagen", "per olav".

    The value is left to the caller: it is the text of the span.
    """
    found: List[Found] = []
    index = 0
    while index < len(words):
        if index not in marked:
            index += 1
            continue
        last = index + 1
        while last < len(words) and free[last] and _continues(words, last, marked):
            last += 1
        end = words[last - 1].end - (1 if _has_genitive(words[last - 1], lists) else 0)
        found.append(Found("navn", None, words[index].start, end))
        index = last
    return found


def _continues(words: Sequence[Token], index: int, marked: Set[int]) -> bool:
    word, before = words[index], words[index - 1]
    if word.start - before.end != 1 or word.low in NOT_NAMES:
        return False
    if index in marked:
        return True
    return word.capital and before.capital and not word.text.isupper() and not word.first


def _has_genitive(word: Token, lists: NameLists) -> bool:
    return word.low.endswith("s") and word.low not in lists.first and word.low[:-1] in lists.first
