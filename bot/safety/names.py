"""Which of the names that the engine finds are a private person's, and which are everybody's or no name at all.

The engine finds what stands where a name may stand. Institutions, medicines, places, languages, the long dead and the
invented stand there too, and to mask them takes the meaning out of a message.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

import yaml

NOT_NAMES: Final = Path(__file__).parent / "language" / "not_names.yaml"
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_AROUND: Final = 60  # characters looked at on each side
_DOSE = re.compile(r"\s\d{1,4}(?:[.,]\d)?\s?(?:mg|mcg|µg|g|ml|tabl\w*|stk)\b", re.I)
_SAINT = re.compile(r"\b(?:st\.?|sankt|santa|kong|dronning|kronprins|prins|keiser|pave|lex)\s$", re.I)
_COMPOUND = re.compile(r"-[a-zæøå]{3}")  # "Jonas-prosjektet"
_SENTENCE = re.compile(r"(?:^|[.!?\n])\s*$")
_COMMON_NOUN = re.compile(
    r"\b(?:et|ei|mitt|ditt|sitt|vårt|nytt|godt|hele|dette|ingen|all|mer|litt|mye)\s$", re.I
)
_MONTH_AFTER = re.compile(r"\s(?:(?:19|20)\d\d|måned|månad|i fjor|i år|neste år)\b", re.I)
_IDIOM = re.compile(r"\s(?:og|på|eller)\s[a-zæøå]|\?")  # "Liv og død", "Stein på stein"


def is_private_name(text: str, start: int, end: int) -> bool:
    """Tell whether what stands at text[start:end] may be the name of a private person. In doubt it is one."""
    words = [word.lower() for word in _WORD.findall(text[start:end])]
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if not words or (text[start].isupper() and _told().search(before)):
        return bool(words)
    if " ".join(words) in _public() or all(_is_no_name(word) for word in words):
        return False
    if any(_institution().fullmatch(word) for word in words) or _institution_after().match(after):
        return False
    if len(words) == 1 and (len(words[0]) == 1 or text[start:end] in _data()["only_capital"].split()):
        return False
    if words[0] in _data()["months"].split() and (
        _month_before().search(before) or _MONTH_AFTER.match(after)
    ):
        return False
    if _COMPOUND.match(after) or (_is_a_word_too(words) and _is_meant_as_word(before, after)):
        return False
    if _thing_called().search(before):
        return False
    return not (_DOSE.match(after) or _SAINT.search(before) or _place_before().search(before))


def _is_meant_as_word(before: str, after: str) -> bool:
    """Tell whether what is a name and a word stands where the word does: "Stein på stein", "et nytt Liv"."""
    idiom = _SENTENCE.search(before) and _IDIOM.match(after)
    return bool(idiom or _COMMON_NOUN.search(before))


def _is_a_word_too(words: list[str]) -> bool:
    return len(words) == 1 and words[0] in f"{_data()['only_capital']} {_data()['also_words']}".split()


def _is_no_name(word: str) -> bool:
    bare = word.removesuffix("s")
    return word in _ordinary() or bare in _ordinary() or _ending().search(word) is not None


@cache
def _data() -> dict[str, str]:
    data: dict[str, str] = yaml.safe_load(NOT_NAMES.read_text("utf-8"))
    return data


@cache
def _ordinary() -> frozenset[str]:
    groups = (
        "medicines",
        "conditions",
        "treatments",
        "places",
        "languages",
        "services",
        "words",
        "public_single",
    )
    return frozenset(" ".join(_data()[group] for group in groups).split())


@cache
def _public() -> frozenset[str]:
    return frozenset(name.strip() for name in _data()["public_people"].split(","))


@cache
def _ending() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(_data()["endings"].split()) + ")$")


@cache
def _institution() -> re.Pattern[str]:
    return re.compile("|".join(_data()["institutions"].split()))


@cache
def _institution_after() -> re.Pattern[str]:
    return re.compile(r"(?:s)?[ -](?:" + "|".join(_data()["institutions"].split()) + r")\b", re.I)


@cache
def _told() -> re.Pattern[str]:
    """Words after which a name comes, whatever it looks like."""
    return re.compile(r"\b(?:" + "|".join(_data()["told"].split(", ")) + r")\s$", re.I)


@cache
def _thing_called() -> re.Pattern[str]:
    things, called = ("|".join(_data()[name].split()) for name in ("things", "called"))
    return re.compile(rf"\b(?:{things})\s(?:som\s|så\s|visst\s)?(?:{called})\s(?:visst\s)?$", re.I)


@cache
def _month_before() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(_data()["month_before"].split()) + r")\s$", re.I)


@cache
def _place_before() -> re.Pattern[str]:
    """Words after which a place or an institution comes."""
    return re.compile(r"\b(?:" + "|".join(_data()["place_before"].split(", ")) + r")\s$", re.I)
