"""Municipalities (`kommune`): from their names, former names, places and districts, to the official number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from components.entities.lexicon import FUZZY_LENGTH, deletions, one_slip
from components.entities.tokens import Found, Token, spellings
from components.entities.words import LIVING, MUNICIPALITY, PLACE_BEFORE

PLACE = 2  # the rank of a mere place among names
LONGEST = 4  # words in a name: "Bø i Vesterålen", "Nes på Romerike"


@dataclass(frozen=True)
class _Place:
    """A name of a place at words[first:last], and the municipalities that have it."""

    numbers: Sequence[str]
    first: int
    last: int


class Gazetteer:
    """Names of places and the municipalities they lie in."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Build from `Gazetteer.condense`'s result."""
        self._numbers: Dict[Tuple[str, ...], List[str]] = {}
        self._common: Set[str] = set()
        for name, numbers in data["names"].items():
            for spelling in spellings(name):
                self._numbers.setdefault(tuple(spelling.split()), list(numbers))
        for name in data["common"]:
            self._common |= spellings(name)
        self._hospitals = {spelling for name in data["hospitals"] for spelling in spellings(name)}
        self._starts = {key[0] for key in self._numbers}
        self._near: Dict[str, Set[str]] = defaultdict(set)
        for key in self._numbers:
            if len(key) == 1 and len(key[0]) >= FUZZY_LENGTH:
                for shorter in deletions(key[0]):
                    self._near[shorter].add(key[0])

    @staticmethod
    def condense(municipalities: Mapping[str, Any], additions: Mapping[str, Any]) -> Dict[str, Any]:
        """Return what is needed of kommuner.json and steder.yaml: names in lower case -> numbers, the best first.

        A municipality, or one that was until lately, hides a place of the same name elsewhere ("Molde"); among equals
        the bigger population goes first.
        """
        people = {
            entry["kommunenummer"]: entry.get("folketall_2025") or 0 for entry in municipalities["kommuner"]
        }
        votes: Dict[str, Dict[str, int]] = defaultdict(dict)

        def vote(name: str, number: str, rank: int) -> None:
            key = " ".join(name.lower().replace("-", " ").split())
            votes[key][number] = min(rank, votes[key].get(number, 9))

        for entry in municipalities["kommuner"]:
            vote(entry["navn_norsk"], entry["kommunenummer"], 0)
            for other in entry["navn_andre_sprak"]:
                vote(other["navn"], entry["kommunenummer"], 1)
        for entry in municipalities["tidligere_kommuner"]:
            for now in entry["na"]:
                if now["andel_postnummer"] >= 0.3:
                    vote(entry["navn"], now["kommunenummer"], 1)
        for entry in municipalities["steder"]:
            vote(entry["navn"], entry["kommunenummer"], PLACE)
        for name, number in additions["aliases"].items():
            vote(name, number, 0)
        names = {}
        for name, ranks in votes.items():
            kept = [number for number, rank in ranks.items() if rank < PLACE or min(ranks.values()) == PLACE]
            names[name] = sorted(kept, key=lambda number: (ranks[number], -people[number]))
        for name in additions["not_places"]:
            names[name] = []
        return {
            "names": names,
            "common": sorted(set(additions["common_words"])),
            "hospitals": list(additions["hospitals"]),
        }

    def find(self, words: Sequence[Token]) -> List[Found]:
        """Return the places; a name that several municipalities have gives each of them, on the same span."""
        found: List[_Place] = []
        index = 0
        while index < len(words):
            length = self._length_at(words, index)
            name = tuple(word.low for word in words[index : index + length])
            if length and (length > 1 or self._is_place(words, index)):
                found.append(_Place(self._numbers[name], index, index + length))
                index += length
                continue
            guess = self._owner(words[index]) or self._misspelt(words, index)
            if guess:
                found.append(_Place(self._numbers[(guess,)], index, index + 1))
            index += 1
        certain = {place.numbers[0] for place in found if len(place.numbers) == 1}
        return [
            Found("kommune", number, words[place.first].start, words[place.last - 1].end)
            for place in found
            for number in _meant(place, certain)
        ]

    def _length_at(self, words: Sequence[Token], index: int) -> int:
        """Return how many words the longest name at `index` has; 0 for none."""
        if words[index].low not in self._starts:
            return 0
        for length in range(min(LONGEST, len(words) - index), 0, -1):
            if tuple(word.low for word in words[index : index + length]) in self._numbers:
                return length
        return 0

    def _is_place(self, words: Sequence[Token], index: int) -> bool:
        """Return whether a one-word name is meant as a place here."""
        word = words[index]
        before = words[index - 1] if index else None
        after = words[index + 1].low if index + 1 < len(words) else ""
        if after in MUNICIPALITY and not words[index + 1].first:
            return True
        if len(words) == 1:
            return True
        earlier = {token.low for token in words[max(0, index - 3) : index]}
        if word.low in self._hospitals:
            return bool(earlier & LIVING)
        if word.low not in self._common:
            # After a word with a capital inside a sentence it is a surname ("Kari Hagen"), not a town.
            surname = before is not None and before.capital and not before.first and word.capital
            return not (surname and before.low not in self._starts)
        if before is None or not (before.low in PLACE_BEFORE or self._goes_on(words, index)):
            return False
        if word.capital:
            return True
        return bool(earlier & LIVING) and len(word.low) > 1

    def _owner(self, word: Token) -> Optional[str]:
        """Return the place that a genitive belongs to: "Oslos tilbud"."""
        stem = word.low[:-1]
        is_name = word.capital and word.low.endswith("s") and (stem,) in self._numbers
        return stem if is_name and stem not in self._common | self._hospitals else None

    def _goes_on(self, words: Sequence[Token], index: int) -> bool:
        """Return whether a name goes on from another place: "Fredrikstad og Moss"."""
        return (
            words[index - 1].low in {"og", "eller"} and index > 1 and (words[index - 2].low,) in self._numbers
        )

    def _misspelt(self, words: Sequence[Token], index: int) -> Optional[str]:
        """Return the one name that a word after "i", "fra", "bor på" is a slip for."""
        low = words[index].low
        alone = len(words) == 1
        if (
            (low,) in self._numbers
            or len(low) < FUZZY_LENGTH
            or not (alone or (index and words[index - 1].low in PLACE_BEFORE))
        ):
            return None
        earlier = {token.low for token in words[max(0, index - 3) : index]}
        if not (alone or words[index].capital or earlier & LIVING):
            return None
        near = {name for shorter in deletions(low) for name in self._near.get(shorter, ())}
        near = {
            name for name in near if name[0] == low[0] and name not in self._common and one_slip(name, low)
        }
        return near.pop() if len(near) == 1 else None


def _meant(place: _Place, certain: Set[str]) -> Sequence[str]:
    """Return the municipalities that a name may mean; the one that is told elsewhere ("Bø i Telemark ... i Bø")."""
    told = [number for number in place.numbers if number in certain]
    return told or place.numbers
