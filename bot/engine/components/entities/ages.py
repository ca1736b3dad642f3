"""Ages in years (`alder`), of the writer or of the one they are close to."""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Sequence

from components.entities.tokens import Found, Token
from components.entities.words import (
    AGE_SUFFIX,
    LINKING,
    MONTHS,
    OLD,
    OTHERS,
    SELF_WORDS,
    TIME_AFTER,
    TIME_BEFORE,
    UNIT_AFTER,
    WRITER,
    YEARS,
)

UNITS = {
    "null": 0,
    "to": 2,
    "tre": 3,
    "fire": 4,
    "fem": 5,
    "seks": 6,
    "sju": 7,
    "syv": 7,
    "åtte": 8,
    "ni": 9,
    "ti": 10,
    "elleve": 11,
    "tolv": 12,
    "tretten": 13,
    "fjorten": 14,
    "femten": 15,
    "seksten": 16,
    "sytten": 17,
    "atten": 18,
    "nitten": 19,
}
TENS = {
    "tjue": 20,
    "tredve": 30,
    "tretti": 30,
    "førti": 40,
    "femti": 50,
    "seksti": 60,
    "sytti": 70,
    "åtti": 80,
    "nitti": 90,
}
NUMBERS: Dict[str, int] = {
    **UNITS,
    **TENS,
    "hundre": 100,
    "søtten": 17,
    **{
        ten + unit: value + UNITS[unit]
        for ten, value in TENS.items()
        for unit in list(UNITS)[1:10]
        if unit != "ti"
    },
    **{ten + "en": value + 1 for ten, value in TENS.items()},
}
OLDEST = 112
# Words that may follow an age as well as a count; before them only a word that tells an age makes it one.
_FUNCTION_AFTER = {"i", "til", "av", "andre"}
_TOLD_BEFORE = {"er", "e", "blir", "fyller", "fylte", "fylt"}
COMPOUND = re.compile(r"^(\d{1,3})\s?(?:års?|åring(?:en|a|er|ene|ar|s)?|aring(?:en)?|årig[et]?|aarig[e]?)$")
WORD_COMPOUND = re.compile(r"^([a-zæøå]+?)(?:åring(?:en|a|er|s)?|årig[et]?)$")


def ages(words: Sequence[Token], relations: Sequence[Found], text: str) -> List[Found]:
    """Return the ages with the role "pasient" or "skriver"."""
    found = []
    for index, word in enumerate(words):
        number = _number(word.low)
        glued = COMPOUND.match(word.low)
        spelled = WORD_COMPOUND.match(word.low)
        if glued:
            value, last = int(glued.group(1)), index
            if word.low.endswith(("år", "års")) and not _years_are_age(words, index, index):
                continue
        elif spelled and spelled.group(1) in NUMBERS:
            value, last = NUMBERS[spelled.group(1)], index
        elif number is not None:
            reading = _read(words, index, number, relations, text)
            if reading is None:
                continue
            value, last = reading
        else:
            continue
        if 0 <= value <= OLDEST:
            noun = bool(glued or spelled) or words[last].low in AGE_SUFFIX
            role = "pasient" if noun and not _says_i_am(words, index) else _role(words, index, relations)
            found.append(Found("alder", value, word.start, words[last].end, (("role", role),)))
    return found


def _number(low: str) -> Optional[int]:
    if low.isdigit() and len(low) <= 3:
        return int(low)
    return NUMBERS.get(low)


def _read(
    words: Sequence[Token], index: int, number: int, relations: Sequence[Found], text: str
) -> "Optional[tuple[int, int]]":
    """Return (age, index of the last word) for the number at `index`, or None if it is no age."""
    following = words[index + 1].low if index + 1 < len(words) else ""
    if following in AGE_SUFFIX:
        return number, index + 1
    if following in YEARS:
        last = index + 2 if index + 2 < len(words) and words[index + 2].low in OLD else index + 1
        return (number, last) if _years_are_age(words, index, index + 1) else None
    if following in MONTHS:
        is_old = index + 2 < len(words) and words[index + 2].low in OLD
        return (number // 12, index + 2) if is_old else None
    if following in OLD:
        return number, index + 1
    return (number, index) if _bare_is_age(words, index, number, relations, text) else None


def _years_are_age(words: Sequence[Token], first: int, last: int) -> bool:
    """Return whether "N år" is somebody's age."""
    after = words[last + 1].low if last + 1 < len(words) else ""
    before = words[first - 1].low if first else ""
    if after in OLD:
        return True
    if after in TIME_AFTER - {"med", "som", "og", "på", "nå", "etter", "til"}:
        return False
    if before in TIME_BEFORE:
        return before == "over" and first > 1 and words[first - 2].low in LINKING
    return before in LINKING or after not in {"med", "som", "på", "til"}


def _bare_is_age(
    words: Sequence[Token], index: int, number: int, relations: Sequence[Found], text: str
) -> bool:
    """Return whether a number without "år" is an age: "mamma (84)", "jeg er 15", "gutt på 7", "datter 12"."""
    word = words[index]
    after = words[index + 1].low if index + 1 < len(words) else ""
    before = words[index - 1].low if index else ""
    # "fyller 18 til våren", "mora mi på 82 i Sandnes", and not "venter på 3 til"
    told = (before in _TOLD_BEFORE and after in _FUNCTION_AFTER) or (before == "på" and after == "i")
    if (
        (after in UNIT_AFTER and not told)
        or text[word.end :].lstrip()[:1] == "%"
        or text[word.end : word.end + 1] in {":", "/", "-"}
    ):
        return False
    if text[word.end : word.end + 2] in {",5", ".5"} or text[word.start - 1 : word.start] in {
        ":",
        "/",
        "§",
        "-",
        "+",
    }:
        return False
    if not word.low.isdigit() and number < 5:
        return False  # "en", "to", "tre" are too often just words
    if before in {"blir", "fyller", "fylte", "fylt", "bli", "fyll"}:
        return number > 2
    if before in {"er", "e", "var", "va", "på", "snart", "bare", "nesten", "ca", "rundt", "berre"}:
        return _about_somebody(words, index, relations)
    reach = 8 if text[word.start - 1 : word.start] == "(" else 5  # "søsteren min (34)"
    named = any(0 <= word.start - relation.end <= reach for relation in relations)
    return (named or before in SELF_WORDS or (before in {"min", "mi"} and named)) and word.low.isdigit()


def _about_somebody(words: Sequence[Token], index: int, relations: Sequence[Found]) -> bool:
    nearby = {word.low for word in words[max(0, index - 4) : index]}
    if nearby & (WRITER | OTHERS | SELF_WORDS | {"kone", "guten", "gutten", "jenta", "unge", "person"}):
        return True
    start = words[index].start
    return any(0 <= start - relation.end <= 30 for relation in relations)


def _says_i_am(words: Sequence[Token], index: int) -> bool:
    """Return whether "jeg er (en)" stands before the word at `index`."""
    return bool({word.low for word in words[max(0, index - 4) : index]} & WRITER)


def _role(words: Sequence[Token], index: int, relations: Sequence[Found]) -> str:
    """Return whose age it is: the nearest person before the number, or after it ("jente 14 her")."""
    for place in range(index - 1, max(-1, index - 7), -1):
        word = words[place]
        if any(relation.start <= word.start < relation.end for relation in relations) or word.low in OTHERS:
            return "pasient"
        if word.low in WRITER:
            return "skriver"
        if word.low in SELF_WORDS:
            having = {words[before].low for before in range(max(0, place - 3), place)}
            return "pasient" if having & {"til", "har", "min", "vår", "av", "med", "for", "mi"} else "skriver"
        if word.first and place < index:
            break
    start = words[index].start
    return "pasient" if any(relation.start < start for relation in relations) or index > 6 else "skriver"
