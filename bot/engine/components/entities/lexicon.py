"""Match the forms of a lexicon (relasjon, tilstand) in a message."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from components.entities.tokens import Token, spellings

# Spellings without æøå that are words of their own: "OL" is no "øl".
NOT_SPELLINGS = {"magen", "ol", "dove", "sos", "kane", "mag", "vier", "kare", "drapa", "fortrakk", "tale"}
# Words of their own, though they look like a slip for, or begin as, a word of a lexicon.
OWN_WORDS = {
    *(
        "bestemmer",
        "betring",
        "gammelt",
        "grunnar",
        "grunnen",
        "grunner",
        "kjeften",
        "krafta",
        "kraften",
        "krefta",
    ),
    *(
        "krefter",
        "kreftene",
        "magen",
        "opphevet",
        "russ",
        "stilling",
        "stillinga",
        "stillingar",
        "stillingen",
    ),
}
FUZZY_LENGTH = 7  # shorter words have too many neighbours one letter away,
SWAP_LENGTH = 6  # but two letters swapped are told from six on

Lexicon = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Form:
    """One form: its words, the value it stands for, and the heading of the lexicon it was under ("forms", "own")."""

    words: Tuple[str, ...]
    value: str
    kind: str
    cased: bool


@dataclass(frozen=True)
class Match:
    """A form at tokens[first:last]."""

    form: Form
    first: int
    last: int


class Matcher:
    """Find the forms of a lexicon, the longest first, none overlapping."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Index the forms; a lexicon maps values to headings to lists of forms."""
        self._exact: Dict[str, List[Form]] = defaultdict(list)
        self._prefix: Dict[str, List[Form]] = defaultdict(list)
        self._suffix: Dict[str, List[Form]] = defaultdict(list)
        self._deletions: Dict[str, Set[str]] = defaultdict(set)
        for value, headings in lexicon.items():
            for kind, forms in headings.items():
                for written in forms:
                    self._add(written, value, kind)

    def _add(self, written: str, value: str, kind: str) -> None:
        cased = written != written.lower()
        words = written.replace("’", "'").replace("-", " ").replace("/", " ").split()
        form = Form(tuple(words), value, kind, cased)
        head = words[0]
        if head.endswith("*"):
            for spelling in spellings(head[:-1]):
                self._prefix[spelling].append(form)
        elif head.startswith("*"):
            for spelling in spellings(head[1:]):
                self._suffix[spelling].append(form)
        else:
            for spelling in spellings(head.lower()) - NOT_SPELLINGS | {head.lower()}:
                self._exact[spelling].append(form)
                if len(words) == 1 and kind == "forms" and len(spelling) >= SWAP_LENGTH:
                    for shorter in deletions(spelling):
                        self._deletions[shorter].add(spelling)

    def find(self, words: Sequence[Token]) -> List[Match]:
        """Return the matches in order."""
        found: List[Match] = []
        index = 0
        shouting = len(words) > 1 and all(word.text.isupper() for word in words)
        while index < len(words):
            match = self._longest_at(words, index, shouting)
            if match is None:
                index += 1
            else:
                found.append(match)
                index = match.last
        return found

    def _longest_at(self, words: Sequence[Token], index: int, shouting: bool) -> Optional[Match]:
        best: Optional[Match] = None
        for form in self._candidates(words[index].low):
            last = index + len(form.words)
            if last > len(words) or (form.cased and shouting) or not self._rest_fits(form, words, index):
                continue
            if any(word.first for word in words[index + 1 : last]):
                continue  # "husker ikke. Hvem ..." is two sentences
            if best is None or last > best.last:
                best = Match(form, index, last)
        return best

    @staticmethod
    def _rest_fits(form: Form, words: Sequence[Token], index: int) -> bool:
        if form.cased:
            return all(
                words[index + offset].text == word or (word == word.lower() == words[index + offset].low)
                for offset, word in enumerate(form.words)
            )
        for offset, word in enumerate(form.words[1:], start=1):
            low = words[index + offset].low
            if word.endswith("*"):
                if not any(low.startswith(spelling) for spelling in spellings(word[:-1])):
                    return False
            elif low not in spellings(word):
                return False
        return True

    def _candidates(self, low: str) -> Iterator[Form]:
        yield from self._exact.get(low, ())
        if low in OWN_WORDS:
            return
        if len(low) > 3 and low.endswith("s"):
            yield from (form for form in self._exact.get(low[:-1], ()) if form.kind != "weak")
        for length in range(3, len(low) + 1):
            yield from self._prefix.get(low[:length], ())
            yield from self._suffix.get(low[-length:], ())
        if len(low) >= SWAP_LENGTH and low not in self._exact:
            for spelling in self._neighbours(low):
                yield from (form for form in self._exact[spelling] if len(form.words) == 1)

    def _neighbours(self, low: str) -> Set[str]:
        """Return known words that are one slip away; the first letter must be right."""
        found: Set[str] = set()
        for shorter in deletions(low) | {low}:
            found |= self._deletions.get(shorter, set())
        return {word for word in found if word[0] == low[0] and one_slip(word, low)}


def deletions(word: str) -> Set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))} | {word}


def one_slip(left: str, right: str) -> bool:
    """Return whether one letter was added, left out, changed, or swapped with the next."""
    if len(left) > len(right):
        left, right = right, left
    if len(left) < FUZZY_LENGTH and sorted(left) != sorted(right):
        return False
    if len(right) - len(left) > 1:
        return False
    place = next((i for i, (a, b) in enumerate(zip(left, right)) if a != b), len(left))
    if len(left) != len(right):
        return left[place:] == right[place + 1 :]
    if left[place + 1 :] == right[place + 1 :]:
        return True
    return (
        left[place : place + 2] == right[place : place + 2][::-1] and left[place + 2 :] == right[place + 2 :]
    )
