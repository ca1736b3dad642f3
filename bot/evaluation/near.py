"""Near copies among many short texts: exact, without comparing all with all.

Two texts are near copies when their sets of character 4-grams overlap by more than a limit (Jaccard). Sorted by how
rare they are, two such sets must share one of their first grams; so only the few texts that do are compared.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LIMIT = 0.8
SIZE = 4
_SPACE = re.compile(r"\s+")


class Pair(NamedTuple):
    """Places of two texts and their likeness."""

    first: int
    second: int
    likeness: float


def grams(text: str) -> frozenset[str]:
    """Return the character 4-grams of a text in lower case; a shorter text is its own only gram."""
    plain = _SPACE.sub(" ", text.strip().lower())
    return frozenset(plain[i : i + SIZE] for i in range(len(plain) - SIZE + 1)) or frozenset({plain})


def near_copies(texts: Sequence[str], limit: float = LIMIT) -> Iterator[Pair]:
    """Yield all pairs that are more alike than `limit`, each once, `first` before `second`."""
    sets = [grams(text) for text in texts]
    rarity = Counter(gram for members in sets for gram in members)
    by_gram: dict[str, list[int]] = defaultdict(list)
    # Shorter texts first: a text then only meets texts that are not longer than itself.
    for place in sorted(range(len(sets)), key=lambda place: len(sets[place])):
        members = sets[place]
        prefix = sorted(members, key=lambda gram: (rarity[gram], gram))[: _prefix_length(len(members), limit)]
        shortest = limit * len(members)
        met = {other for gram in prefix for other in by_gram[gram] if len(sets[other]) >= shortest}
        for other in met:
            likeness = _likeness(members, sets[other])
            if likeness > limit:
                yield Pair(min(place, other), max(place, other), likeness)
        for gram in prefix:
            by_gram[gram].append(place)


def _prefix_length(size: int, limit: float) -> int:
    """Return how many of a set's rarest grams must be looked at: another set that avoids them all is not alike."""
    return size - math.ceil(limit * size) + 1


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)
