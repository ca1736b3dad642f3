"""Which known words a written word may stand for: dialect, misspelling, disguise, a slip of the thumb."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .letters import (
    FOLD,
    STEM_LETTERS,
    clean,
    deletions,
    fold,
    same_alphabet,
    shorten,
    squeeze,
    stem,
    unmask,
    within_one_edit,
)

STRONG_FUZZY_LETTERS: Final = 6  # so long a word is itself even with one slip
JOINED_LETTERS: Final = 7  # a key word written in pieces is put together from here on
BROKEN_LETTERS: Final = 5  # a shorter one too, when a piece of it is no word
WEAK_FUZZY_LETTERS: Final = 4  # a shorter one only when the words around it fit too
WORD_LETTERS: Final = 40  # longer is not a word
PREFIX_LETTERS: Final = 3
GLUED_WORDS: Final = 7
# A glued word is parted only when one of its parts is among these: "avslag" is not "av slag".
GLUED: Final = frozenset(
    {"jeg", "vil", "skal", "ikke", "dø", "død", "dør", "leve", "livet", "liv", "mitt", "min", "meg", "seg"}
    | {
        "hun",
        "han",
        "orker",
        "klarer",
        "puster",
        "drepe",
        "slår",
        "lenger",
        "mer",
        "har",
        "til",
        "tar",
        "får",
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a written word may be: surely (strong), or when the rest of a pattern fits (weak)."""

    strong: frozenset[str]
    weak: frozenset[str]


EMPTY: Final = Reading(frozenset(), frozenset())
SHORT_NAME: Final = 2  # so few letters with a capital are a shortening
NAME: Final = "@navn"  # the symbol of a word that is somebody's name


class Lexicon:
    """The dialect forms, and the words that the patterns know."""

    def __init__(
        self,
        forms: Mapping[str, str],
        protected: Iterable[str] = (),
        sounds: Mapping[str, str] | None = None,
        contractions: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """Take canonical words with their spellings, and real words that must never be "corrected".

        `sounds` are the sounds of dialects (a regular expression and what it is in writing); `contractions` are
        words written together with what they stand for; `names` are given names, and those that are words too.
        """
        self._names = frozenset((names or {}).get("first_names", "").split())
        self._capital_names = frozenset((names or {}).get("also_words", "").split())
        self._exact: dict[str, set[str]] = defaultdict(set)
        for canonical, spellings in forms.items():
            for spelling in (canonical, *spellings.split()):
                self._exact[spelling].add(canonical)
        self._canonical = frozenset(forms)
        self._folded: dict[str, set[str]] = defaultdict(set)
        for spelling, canonicals in self._exact.items():
            self._folded[fold(spelling)] |= canonicals
        self._protected = frozenset(fold(word) for word in protected)
        self._sounds = [(re.compile(sound), letters) for sound, letters in (sounds or {}).items()]
        self.contractions = {word: whole.split() for word, whole in (contractions or {}).items()}
        self._squeezed: dict[str, set[str]] = defaultdict(set)
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._forms: set[str] = set()
        self._literals: dict[str, str] = {}
        self._prefixes: frozenset[str] = frozenset()
        self._near: dict[str, set[str]] = defaultdict(set)
        self._near_prefix: dict[str, set[str]] = defaultdict(set)
        self.read = lru_cache(maxsize=20_000)(self._read)

    def symbols(self, word: str) -> frozenset[str]:
        """Return the symbols that a word of a pattern stands for.

        `dør*` is any word that begins so, `hamre+` any form of the word.
        """
        if word == NAME:
            return frozenset({NAME})
        word = clean(word)[0]
        if word.endswith("+"):
            return self.symbols(word[:-1]) | {"=" + stem(fold(word[:-1]))}
        if word.endswith("*"):
            return frozenset({fold(word[:-1]) + "*"})
        if word in self._canonical:
            return frozenset({word})
        return frozenset(self._exact.get(word, ())) or frozenset({fold(word)})

    def learn(self, symbols: Iterable[str]) -> None:
        """Take in the symbols of all patterns: from now on words are recognised as them."""
        prefixes = set()
        for symbol in symbols:
            if symbol == NAME:
                continue
            if symbol.startswith("="):
                self._forms.add(symbol)
                continue
            if symbol.endswith("*"):
                prefixes.add(symbol[:-1])
                self._index(self._near_prefix, symbol[:-1], symbol)
                continue
            spellings = [s for s, canonicals in self._exact.items() if symbol in canonicals] or [symbol]
            for spelling in spellings:
                plain = fold(spelling)
                self._literals[plain] = symbol
                self._squeezed[squeeze(plain)].add(symbol)
                if len(stem(plain)) >= STEM_LETTERS:
                    self._stems[stem(plain)].add(symbol)
                self._index(self._near, plain, symbol)
        self._prefixes = frozenset(prefixes)
        self.read.cache_clear()

    @staticmethod
    def _index(index: dict[str, set[str]], plain: str, symbol: str) -> None:
        if len(plain) >= WEAK_FUZZY_LETTERS:
            for key in deletions(plain):
                index[key].add(plain + "\n" + symbol)

    def knows(self, word: str) -> bool:
        """Tell whether the word is one that a pattern or the dialect forms name."""
        plain = fold(word)
        return word in self._exact or plain in self._literals or plain in self._folded

    def is_name(self, word: str, *, capital: bool) -> bool:
        """Tell whether a word names a person; `capital` says that it has one which is not that of a sentence.

        It does when it is a given name, or with a capital when it is no word we know.
        """
        if word in self._names:
            return True
        if not capital:
            return False
        if word in self._capital_names:
            return True
        return (
            len(word) > SHORT_NAME
            and word.isalpha()
            and fold(word) not in self._protected
            and not self.knows(word)
        )

    def names_key(self, pieces: Sequence[str]) -> bool:
        """Tell whether the pieces, put together, are a long key word of the patterns or begin like one."""
        plain = fold("".join(pieces))
        if len(plain) >= BROKEN_LETTERS and len(pieces) == 2 and plain in self._folded:
            return any(not self.knows(piece) and fold(piece) not in self._protected for piece in pieces)
        if len(plain) < JOINED_LETTERS:
            return False
        if plain in self._literals:
            return True
        before = len(fold("".join(pieces[:-1])))
        return any(
            plain[:length] in self._prefixes
            for length in range(max(before + 1, JOINED_LETTERS), len(plain) + 1)
        )

    def _read(self, word: str) -> Reading:
        """Return what a written word may stand for."""
        if len(word) > WORD_LETTERS:
            return EMPTY
        word = same_alphabet(word)
        plain = fold(word)
        strong = self._strong(word)
        if not plain.isalpha():
            return Reading(strong, frozenset())
        beginnings = all(symbol.endswith("*") for symbol in strong)
        if beginnings:
            strong |= self._inflected(plain)
        heard = frozenset() if strong else self._heard(word)
        strong |= heard | (self._forms & {"=" + stem(plain)})
        if plain in self._protected:
            return Reading(strong, frozenset())
        if strong and not beginnings:
            return Reading(strong, frozenset())
        slips = self._fuzzy(plain, word)
        return Reading(strong | slips.strong, slips.weak if not strong or heard else frozenset())

    def _inflected(self, plain: str) -> frozenset[str]:
        """Return the symbols of which the word is another form."""
        return frozenset(self._stems.get(stem(plain), ()))

    def _heard(self, word: str) -> frozenset[str]:
        """Return the symbols of a word written as a dialect sounds; none for a word of its own."""
        if fold(word) in self._protected:
            return frozenset()
        found: set[str] = set()
        for sound, letters in self._sounds:
            written = sound.sub(letters, word)
            if written != word:
                plain = fold(written)
                found |= {s for s in self._plain(written) if not s.endswith("*")} or self._inflected(plain)
                found |= self._forms & {"=" + stem(plain)}
        return frozenset(found)

    def _strong(self, word: str) -> frozenset[str]:
        """Return the symbols of a word that is spelled in a way we know."""
        found = self._plain(word)
        if any(not symbol.endswith("*") for symbol in found):
            return found
        for reading in (*unmask(word), shorten(word)):
            more = self._plain(reading)
            if more - found:
                return found | more
        plain = squeeze(fold(word))
        if len(plain) >= 2 and fold(word) not in self._protected:
            return found | self._squeezed.get(plain, set()) | self._plain(plain)
        return found

    def _plain(self, word: str) -> frozenset[str]:
        plain = fold(word)
        found = set(self._exact.get(word, ()) or self._folded.get(plain, ()))
        if not found and plain in self._literals:
            found.add(self._literals[plain])
        for length in range(PREFIX_LETTERS, len(plain) + 1):
            if plain[:length] in self._prefixes:
                found.add(plain[:length] + "*")
        return frozenset(found)

    def _fuzzy(self, *spellings: str) -> Reading:
        """Return the words one slip away from any of these spellings of one word."""
        strong: set[str] = set()
        weak: set[str] = set()
        for plain in dict.fromkeys(spelling.translate(FOLD) for spelling in spellings):
            self._slips(plain, strong, weak)
        return Reading(frozenset(strong), frozenset(weak - strong))

    def _slips(self, plain: str, strong: set[str], weak: set[str]) -> None:
        if len(plain) < WEAK_FUZZY_LETTERS - 1:
            return
        for entry in self._candidates(self._near, plain):
            target, symbol = entry.split("\n")
            if within_one_edit(plain, target):
                (strong if len(target) >= STRONG_FUZZY_LETTERS else weak).add(symbol)
        if len(plain) >= STRONG_FUZZY_LETTERS - 1:
            self._fuzzy_prefixes(plain, strong, weak)

    def _fuzzy_prefixes(self, plain: str, strong: set[str], weak: set[str]) -> None:
        for length in range(WEAK_FUZZY_LETTERS, len(plain) + 1):
            head = plain[:length]
            for entry in self._candidates(self._near_prefix, head):
                target, symbol = entry.split("\n")
                if abs(len(target) - length) <= 1 and within_one_edit(head, target):
                    (strong if len(target) >= STRONG_FUZZY_LETTERS else weak).add(symbol)

    @staticmethod
    def _candidates(index: Mapping[str, set[str]], plain: str) -> set[str]:
        found: set[str] = set()
        for key in deletions(plain):
            found |= index.get(key, set())
        return found

    def wildcard(self, word: str) -> frozenset[str]:
        """Return the symbols of a word with letters hidden behind asterisks (`selvm*rd`)."""
        parts = [fold(part) for part in word.replace("#", "*").split("*")]
        if sum(len(part) for part in parts) < 2:
            return frozenset()
        hidden = len(word) - sum(len(part) for part in parts)
        found: set[str] = set()
        for plain, symbol in self._literals.items():
            if len(plain) >= 3 and len(plain) <= sum(map(len, parts)) + hidden + 1 and _fits(plain, parts):
                found |= {symbol} | self._plain(plain)
        for prefix in self._prefixes:
            if len(prefix) >= STRONG_FUZZY_LETTERS and _fits(prefix, parts):
                found.add(prefix + "*")
        return frozenset(found)

    def split(self, word: str) -> list[str]:
        """Part a glued word (`vildø`) into known words; return [] when it is not all made of them."""
        if len(word) < 5 or len(word) > WORD_LETTERS or fold(word) in self._protected:
            return []
        best: list[list[str] | None] = [[]] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 16), end):
                before = best[start]
                piece = word[start:end]
                if before is None or (len(piece) < 2 and piece not in "åæ") or not self.knows(piece):
                    continue
                held = best[end]
                if held is None or len(before) + 1 < len(held):
                    best[end] = [*before, piece]
        parts = best[-1] or []
        core = sum(1 for part in parts if not GLUED.isdisjoint(self._plain(part)))
        return parts if core and 2 <= len(parts) <= GLUED_WORDS else []


def _fits(word: str, parts: list[str]) -> bool:
    """Tell whether the word begins with the first part, ends with the last, and has the others between."""
    if not word.startswith(parts[0]) or not word.endswith(parts[-1]):
        return False
    position = len(parts[0])
    for part in parts[1:-1]:
        position = word.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return position <= len(word) - len(parts[-1])
