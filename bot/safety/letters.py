"""Letters and words made comparable: case, lost æøå, doubled letters, distance of one edit."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

STEM_LETTERS: Final = 4  # a shorter stem says too little

# One entry a letter. What a phone without Norwegian letters, or a hurried thumb, makes of them.
FOLD = str.maketrans(
    {"æ": "a", "ä": "a", "å": "a", "ø": "o", "ö": "o", "ð": "d", "ł": "l", "ı": "i", "ё": "е"}
)
_DIGRAPHS = re.compile("aa|ae|oe")
_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1{2,}")
# Letters of other alphabets that look like Latin ones, used only in words that mix alphabets.
_LOOKALIKES = str.maketrans("асеорхуікмтнв", "aceopxyikmthb")
_LEET = (
    str.maketrans("013457@$€!|", "oieastaseii"),
    str.maketrans("013457@$€!|", "oleastaseil"),
)
# Joined again after a decomposed form ("a" + ring above); every other mark is dropped.
_MARKS = {("a", "\u030a"): "å", ("o", "\u0308"): "ö", ("a", "\u0308"): "ä"}
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ـ": None})


def clean(text: str) -> tuple[str, list[int]]:
    """Lower the text, drop what cannot be seen, and tell for each remaining character where it came from.

    The list has one entry more than the string: the length of the original.
    """
    out: list[str] = []
    origin: list[int] = []
    for position, char in enumerate(text):
        for piece in _pieces(char):
            category = unicodedata.category(piece)
            if category in ("Cf", "Mn", "Me") or (category == "Cc" and piece not in "\n\t\r"):
                if out and (out[-1], piece) in _MARKS:
                    out[-1] = _MARKS[out[-1], piece]
                continue
            out.append(piece)
            origin.append(position)
    origin.append(len(text))
    return "".join(out), origin


def _pieces(char: str) -> str:
    """Lower one character and undo its typographic disguise."""
    if char < "\x80":
        return char.lower()
    if char in "åäöæøÅÄÖÆØ":
        return char.lower()
    if char in "…’ʼ":
        return "'" if char != "…" else char
    plain = unicodedata.normalize("NFKC", char).casefold()
    if len(plain) == 1 and unicodedata.decomposition(plain) and plain not in "йїґ":
        plain = unicodedata.normalize("NFD", plain)[0]
    return plain.translate(_ARABIC)


def fold(word: str) -> str:
    """Return the word as it looks when æøå are lost: `dø`, `dö`, `doe` and `do` become one."""
    if word.isascii():
        return _DIGRAPHS.sub(lambda found: found.group()[0], word)
    return _DIGRAPHS.sub(lambda found: found.group()[0], word.translate(FOLD))


def squeeze(word: str) -> str:
    """Return the word with every doubled letter single."""
    return _RUN.sub(r"\1", word)


def shorten(word: str) -> str:
    """Return the word with letters written three times or more written once."""
    return _LONG_RUN.sub(r"\1", word)


def unmask(word: str) -> Iterator[str]:
    """Give the readings of a word that has digits or signs in place of letters."""
    if any(char.isalpha() for char in word) and not word.isalpha():
        for table in _LEET:
            reading = word.translate(table)
            if reading.isalpha():
                yield reading


def same_alphabet(word: str) -> str:
    """Undo look-alike letters in a word that mixes Latin and Cyrillic."""
    latin = any("a" <= char <= "z" for char in word)
    cyrillic = any("\u0400" <= char <= "\u04ff" for char in word)
    return word.translate(_LOOKALIKES) if latin and cyrillic else word


_INFLECTION = re.compile(r"(?<=[^\W\d_]{3})(?:ane|ene|ande|ende|ast|est|et|ar|er|an|en|a|e)$")
_PAST = re.compile(r"(?<=[lgkpvmn])t$|(?<=[gv])d$")


def stem(word: str) -> str:
    """Return a folded word without its inflection (`svelgte`, `svelget`, `svelga`: `svelg`), for Scandinavian words.

    It parts no words that a form of the same word would keep together; what is left is no word to be shown.
    """
    bare = _INFLECTION.sub("", word)
    shorter = _PAST.sub("", bare)
    return squeeze(shorter if len(shorter) >= STEM_LETTERS else bare)


def deletions(word: str) -> set[str]:
    """Return the word and every word that comes of leaving one letter out."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def within_one_edit(a: str, b: str) -> bool:
    """Tell whether one letter added, left out, changed or swapped with its neighbour makes a into b."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    head = 0
    while head < len(a) and a[head] == b[head]:
        head += 1
    if len(a) < len(b):
        return a[head:] == b[head + 1 :]
    return a[head + 1 :] == b[head + 1 :] or (
        a[head + 2 :] == b[head + 2 :] and a[head : head + 2] == b[head : head + 2][::-1]
    )
