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
    PERSONS,
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
_FUNCTION_AFTER = {"i", "til", "av", "andre", "som"}
_TURNING = {"blir", "bler", "vert", "fyller", "fylte", "fylt", "bli", "fyll"}
_TOLD_BEFORE = {"er", "e"} | _TURNING
_IS = {"er", "e", "var", "va"}
# A number in letters may be a count ("det er elleve instanser"); before these, or at the end, it is none.
_CLAUSE_GOES_ON = {"og", "å", "men", "som", "nå", "no", "nu", "når", "da", "då", "snart", "til", "uten"}
_HELLO = {"hei", "hallo", "heisann", "heia", "hey"}
_PEOPLE = frozenset(
    {
        "barn",
        "born",
        "ei",
        "ein",
        "en",
        "gutten",
        "guten",
        "gutter",
        "jenta",
        "jenter",
        "kone",
        "man",
        "person",
    }
    | {"tvillinger", "tvillingar", "unge", "unger", "ungar"}
)
NEAR = 8  # letters between a person and the age: "sønnen vår på 5"
_UNTIL = {"til", "før", "inntil", "over", "under", "mellom"}
GOES_ON = re.compile(r"\s*(?:,|,?\s+(?:og|å|eller))\s+(?:(?:en|ein|ei|han|hun|ho|hu)\s+)?(?:på\s+)?")
OLDEST_CHILD = 17
YOUNGEST_ALONE = 5  # a lower number alone is rather a choice or a count
COMPOUND = re.compile(r"^(\d{1,3})\s?(?:års?|åring(?:en|a|er|ene|ar|s)?|aring(?:en)?|årig[et]?|aarig[e]?)$")
WORD_COMPOUND = re.compile(r"^([a-zæøå]+?)(?:åring(?:en|a|er|s)?|årig[et]?)$")
DECIMALS = re.compile(r"[,.]\d")
CHILD = re.compile(r"^(\d{1,2}|[a-zæøå]*?)[åa]ring(?P<known>en|a|ane|ene)?$")


def child_by_age(words: Sequence[Token], index: int) -> bool:
    """Return whether the word is a child named by its age: "niåringen", "for en 7-åring"; a teenager's age at most."""
    match = CHILD.match(words[index].low)
    if match is None:
        return False
    first = index if match.group(1) else index - 1  # "7-åring" is two words
    number = _number(match.group(1) or (words[first].low if index else ""))
    if number is None or number > OLDEST_CHILD:
        return False
    before = [word.low for word in words[max(0, first - 2) : first]]
    return bool(match["known"]) or bool({"for", "hos", "med", "til"} & set(before))


def ages(words: Sequence[Token], relations: Sequence[Found], text: str) -> List[Found]:
    """Return the ages with the role "pasient" or "skriver"."""
    found: List[Found] = []
    for index, word in enumerate(words):
        number = _number(word.low)
        glued = COMPOUND.match(word.low)
        spelled = WORD_COMPOUND.match(word.low)
        if glued:
            value, last = int(glued.group(1)), index
            if word.low.endswith(("år", "års")) and not _years_are_age(words, index, index, relations, text):
                continue
        elif spelled and spelled.group(1) in NUMBERS:
            value, last = NUMBERS[spelled.group(1)], index
        elif number is not None:
            if found and _goes_on(found[-1], words, index, text):
                found.append(Found("alder", number, word.start, word.end, found[-1].extra))
                continue
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


def _goes_on(last: Found, words: Sequence[Token], index: int, text: str) -> bool:
    """Return whether a number goes on from the age before it: "på 6 og 11", "en på 8 og en på 11"."""
    between = text[last.end : words[index].start]
    return (
        bool(GOES_ON.fullmatch(between)) and words[index].low.isdigit() and not _is_count(words, index, text)
    )


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
        return (number, last) if _years_are_age(words, index, index + 1, relations, text) else None
    if following in MONTHS:
        is_old = index + 2 < len(words) and words[index + 2].low in OLD
        return (number // 12, index + 2) if is_old else None
    if following in OLD:
        return number, index + 1
    return (number, index) if _bare_is_age(words, index, number, relations, text) else None


def _years_are_age(
    words: Sequence[Token], first: int, last: int, relations: Sequence[Found], text: str
) -> bool:
    """Return whether "N år" is somebody's age."""
    after = words[last + 1].low if last + 1 < len(words) else ""
    before = words[first - 1].low if first else ""
    if after in OLD:
        return True
    if after in TIME_AFTER - {"med", "som", "og", "på", "nå", "etter", "til"}:
        return False
    if before in TIME_BEFORE:
        return before == "over" and first > 1 and words[first - 2].low in LINKING
    earlier = words[first - 2].low if first > 1 else ""
    if before in LINKING:  # "det er fem år", "ikke sett henne på to år" are no ages
        return not (before in _IS and earlier == "det") and not (
            before == "på" and earlier in OTHERS | WRITER
        )
    return after not in {"med", "som", "på", "til"} and _stands_by_somebody(words, first, relations, text)


def _stands_by_somebody(words: Sequence[Token], index: int, relations: Sequence[Found], text: str) -> bool:
    """Return whether the number begins a clause or follows a person: "sønnen min 7 år", "hun, 7 år"."""
    word = words[index]
    if word.first or not text[words[index - 1].end : word.start].isspace():
        return True
    person = words[index - 1].low in SELF_WORDS or words[index - 1].capital
    return person or any(0 <= word.start - relation.end <= 5 for relation in relations)


def _bare_is_age(
    words: Sequence[Token], index: int, number: int, relations: Sequence[Found], text: str
) -> bool:
    """Return whether a number without "år" is an age: "mamma (84)", "jeg er 15", "gutt på 7", "datter 12"."""
    word = words[index]
    before = words[index - 1].low if index else ""
    if len(words) == 1:
        return number >= YOUNGEST_ALONE
    if _is_count(words, index, text) or _is_until(words, index):
        return False
    if not word.low.isdigit():
        near = before == "på" and any(0 <= word.start - relation.end <= NEAR for relation in relations)
        told = before in _IS | _TURNING and _about_somebody(words, index, relations)
        return (near or told) and _ends_clause(words, index)
    if before in _TURNING:
        return number > 2
    if before in _IS and (words[index - 1].first or words[index - 2].low in _HELLO):
        return number >= YOUNGEST_ALONE  # "er 17 og sliten"
    if _turned_round(words, index):
        return True
    if before in _IS | {"på", "snart", "bare", "nesten", "ca", "rundt", "berre"}:
        return _about_somebody(words, index, relations)
    reach = 8 if text[word.start - 1 : word.start] == "(" else 5  # "søsteren min (34)"
    return before in SELF_WORDS or any(0 <= word.start - relation.end <= reach for relation in relations)


def _is_count(words: Sequence[Token], index: int, text: str) -> bool:
    """Return whether a number counts something, or is part of a time, a share, or a paragraph."""
    word = words[index]
    after = words[index + 1].low if index + 1 < len(words) else ""
    before = words[index - 1].low if index else ""
    # "fyller 18 til våren", "mora mi på 82 i Sandnes", and not "venter på 3 til"
    told = (before in _TOLD_BEFORE and after in _FUNCTION_AFTER) or (before == "på" and after in {"i", "som"})
    return (
        (after in UNIT_AFTER and not told)
        or text[word.end :].lstrip()[:1] == "%"
        or text[word.end : word.end + 1] in {":", "/", "-"}
        or DECIMALS.match(text, word.end) is not None
        or text[max(0, word.start - 1) : word.start] in {":", "/", "§", "-", "+"}
        or DECIMALS.match(text, word.start - 1) is not None
    )


def _is_until(words: Sequence[Token], index: int) -> bool:
    """Return whether it is an age that the law counts to: "til barnet er 18", "over 18"."""
    return bool({word.low for word in words[max(0, index - 3) : index]} & _UNTIL)


def _ends_clause(words: Sequence[Token], index: int) -> bool:
    following = words[index + 1] if index + 1 < len(words) else None
    return following is None or following.first or following.low in _CLAUSE_GOES_ON


def _turned_round(words: Sequence[Token], index: int) -> bool:
    """Return whether verb and person stand before the number: "nå er jeg 41"."""
    return index > 1 and words[index - 1].low in PERSONS and words[index - 2].low in _IS | _TURNING


def _about_somebody(words: Sequence[Token], index: int, relations: Sequence[Found]) -> bool:
    nearby = {word.low for word in words[max(0, index - 4) : index]}
    if nearby & (PERSONS | SELF_WORDS | _PEOPLE) or (nearby & {"de", "dei"} and _ends_clause(words, index)):
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
