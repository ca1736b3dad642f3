"""Where private addresses stand in a text: streets and farms, post boxes, and e-mail however it is spelled.

A street is known by how it ends and the house number after it. Where the ending says little, only what stands
before it ("bor i") or after it (a postcode and its place) makes an address of a name and a number.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from .digits import Found

_BEFORE: Final = 60  # how far before an address an institution is looked for
ADDRESS_WORDS: Final = Path(__file__).parent / "language" / "address_words.yaml"

_UPPER = r"[A-ZÆØÅ]"
_CAPITAL = _UPPER + r"[\wæøåéü.'-]*"
_NUMBER = r"(?:nr\.?\s?)?\d{1,4}+(?:\s?[A-Ha-h]\b)?"
# What is counted is no house: "den veien 3 ganger", "bor i Bergen 2 av dagene".
_HOUSE = _NUMBER + (
    r"(?!\.\s?(?:etg|etasje|avd)|\s?(?:%|(?:kr|kroner|år|åra|årene|ganger|gonger|timer|timar|dager|dagar|døgn|prosent|uker|veker|uke|veke|måneder|"
    r"månader|mnd|km|kilometer|mil|meter|min|minutter|minutt|stk|personer|barn|netter|mg|poeng)\b))"
)
_UNCERTAIN_HOUSE = _HOUSE + r"(?!\.?\s?(?:etg|etasje|avd)|\s(?:av|til|og|eller|m|tima|daga|høyde)\b)"
_POSTCODE = r"\d{4}\s" + _CAPITAL + r"(?:\s(?:i|på)\s" + _CAPITAL + r"|\s" + _CAPITAL + r")?"
_INSIDE = (  # which door and floor
    r"(?:,?\s(?:(?:\d{1,2}\.?|første|andre|tredje|fjerde|femte)\s?(?:etg\.?|etasje)|leil(?:ighet|\.)?\s?(?:nr\.?\s?)?\d{1,4}|"
    r"[HULK]\d{4}|(?:oppgang|oppg\.?|inngang|inng\.?)\s?[A-Za-z0-9]\b))*"
)
_AFTER = _INSIDE + r"(?:,?\s" + _POSTCODE + r"|,?\s\d{4}\s[a-zæøå]{3,}\b(?!\s?kr))?"
_LIVES = (
    r"\b(?:bor|bodde|budd|bodd|bur|budde|busett|bosatt|heim(?:me)?|hjemme|hus(?:et)?|leilighet(?:en)?|hybel(?:en)?|hybler|"
    r"adr(?:esse[nra]?|\.)?|flytta|flyttet|flytter|ligger|ligg|holder til|held til|eier|eig|gård(?:en)?|gard(?:en)?|"
    r"småbruk(?:et)?|bruket)[:,]?\s(?:\w+\s){0,2}?(?:(?:i|på|te|til|er|e)\s)?"
)

_FARM = (
    r"\b(?:gård(?:en)?|gard(?:en)?|småbruk(?:et)?|bruket|adr(?:esse[nra]?|\.)?)[:,]?\s"
    r"(?:vår\s)?(?:(?:er|e|heter|heiter)\s)?"
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the ways to write an address; the group "address" is what is private, the whole when there is none."""
    words = _words()
    strong, weak, own = ("|".join(words[name].split()) for name in ("endings", "weak_endings", "own_words"))
    no_street = r"(?!" + "|".join(words["no_street_before"].split()) + r")"
    lower = "|".join(words["lower_endings"].split())
    return tuple(
        re.compile(pattern)
        for pattern in (
            # "Storgata 12 B", "Nedre Storgate 5, 0184 Oslo"
            rf"\b(?:{_CAPITAL}\s){{0,3}}{no_street}{_UPPER}[\wæøåéü.'-]*?(?:{strong})\s{_HOUSE}{_AFTER}",
            # "St. Olavs gate 21B", "Bekkestua terrasse 4"
            rf"\b(?:{_CAPITAL}\s){{0,2}}{no_street}(?:{_CAPITAL}\s(?:{own})|[A-ZÆØÅ][\wæøå.-]+s\s(?:vei|veg|plass|alle|minde))"
            rf"\s{_HOUSE}{_AFTER}",
            # "kirkeveien 14"
            rf"\b{no_street}[a-zæøå]{{3,24}}(?:{lower})\s{_HOUSE}{_AFTER}",
            # "bor i Ospeholtet 5", "ho bur på Sørstranda 87"; "Kalvøya 11, 1580 Rygge"
            rf"{_LIVES}(?P<address>(?:{_CAPITAL}\s){{0,2}}{no_street}{_CAPITAL}\s{_UNCERTAIN_HOUSE}{_AFTER})",
            rf"{_LIVES}(?P<address>{no_street}[a-zæøå]{{2,20}}(?:{weak})\s{_UNCERTAIN_HOUSE}{_AFTER})",
            rf"{_LIVES}(?P<address>[a-zæøå.]+s\s(?:vei|veg|plass|{own})\s{_HOUSE}{_AFTER})",
            rf"(?P<address>\b(?:{_CAPITAL}\s){{0,2}}{no_street}{_CAPITAL}\s{_NUMBER},?\s{_POSTCODE})",
            # "bor i Parkveien i Moss": a street is enough when somebody lives there
            rf"\b(?:bor|bodde|bur|budde|adressen? (?:er)?)\s(?:i|på)?\s?(?P<address>(?:{_CAPITAL}\s){{0,2}}{no_street}"
            rf"[A-ZÆØÅ][\wæøå-]+?(?:gata|gaten|gate|veien|vegen|alléen)(?:\s[A-H]\b)?)(?!\s?(?:\d|bo-|[a-zæøå]*(?:senter|hjem|heim|skole)))\b",
            # "garden Nordre Haugen, 2920 Leira", "bor på Myrvoll gård"
            rf"{_FARM}(?P<address>(?:{_CAPITAL}\s?){{1,3}},\s{_POSTCODE})",
            rf"{_LIVES}(?P<address>(?:{_CAPITAL}\s){{1,2}}(?:gård|gard)\b)",
            r"(?i:\bgnr\.?\s?\d{1,4}(?:\s|,|/|og){1,5}bnr\.?\s?\d{1,4})",
            # "postboks 77", "c/o Hansen"
            rf"\b(?i:postboks|postb\.?|p\.?\s?b\.)\s?\d{{1,5}}\b(?:\s{_CAPITAL})?(?:,?\s{_POSTCODE})?",
            rf"\b[cC]/[oO]:?\s(?:{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}|[a-zæøå]{{2,20}}(?=,))(?:,?\s(?:{_CAPITAL}\s){{1,3}}{_HOUSE}{_AFTER})?",
        )
    )


_TOGETHER = re.compile(r",?\s?")  # between two parts of one address


def find_addresses(text: str) -> Iterator[Found]:
    """Give the private street addresses, farms and post boxes; those of institutions are nobody's secret."""
    found: list[tuple[int, int]] = []
    for pattern in _patterns():
        for match in pattern.finditer(text):
            name: str | int = "address" if "address" in pattern.groupindex else 0
            before = text[max(0, match.start(name) - _BEFORE) : match.start(name)]
            if not (_of_institution().search(match[name]) or _institution_before().search(before)):
                found.append((match.start(name), match.end(name)))
    together: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if together and _TOGETHER.fullmatch(text, min(together[-1][1], start), start):
            start, end_before = together.pop()
            end = max(end_before, end)
        together.append((start, end))
    for start, end in together:
        yield start, end, "adresse"


@cache
def _of_institution() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(_words()["institutions"].split()) + r")\b", re.I)


@cache
def _institution_before() -> re.Pattern[str]:
    return re.compile(
        _of_institution().pattern + rf"(?:\s{_CAPITAL}){{0,2}}(?:,|\s(?:ligger\s)?(?:i|på)|:)?\s$", re.I
    )


@cache
def _words() -> dict[str, str]:
    data: dict[str, str] = yaml.safe_load(ADDRESS_WORDS.read_text("utf-8"))
    return data


_SIGN = r"(?:krøllalfa|alfakrøll|krøll-alfa|snabel-?a)"
_DOT = r"(?:\.|\s?[\[(]?(?:punktum|dot|prikk)[\])]?\s?)"
_LOCAL = rf"(?:[\w+%'-]{{1,40}}{_DOT}|[\w+%'-]{{1,40}}\s(?:understrek|bindestrek)\s){{0,4}}[\w.+%'-]{{1,64}}"
_DOMAIN = rf"[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,4}}{_DOT}[a-z]{{2,24}}\b"
_POST = (  # whose addresses people have: enough to know one that is not written as it should be
    r"(?:gmail|googlemail|hotmail|outlook|live|yahoo|online|icloud|msn|me|protonmail|proton|getmail|broadpark|lyse|altibox|"
    r"frisurf|c2i|start|epost|mac)"
)
_TOP = r"(?:no|com|net|org|se|dk|eu|pl)\b"
_EMAILS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,24}\b",
        rf"(?<![\w.+%'-]){_LOCAL}(?:\s?[\[(](?:at|alfa|a|@|{_SIGN})[\])]\s?|\s?@\s?|\s{_SIGN}\s){_DOMAIN}",
        rf"(?<![\w.+%'-]){_LOCAL}(?:@\s?|\s(?:at|alfa|ætt)\s|\s?[\[(]at[\])]\s?){_POST}(?:{_DOT}|\s?,\s?|\s){_TOP}",
    )
)


# Read by an office, not by a person.
_OFFICE = re.compile(
    r"(?:post|postmottak|firmapost|info|kontakt|support|kundeservice|resepsjon|noreply|no-reply|ombud|pasientombud\w*|"
    r"hjelp|redaksjon(?:en)?|sentralbord)@",
    re.I,
)


def find_emails(text: str) -> Iterator[Found]:
    """Give people's e-mail addresses, with sign and dots or words for them ("ola at gmail punktum no")."""
    for pattern in _EMAILS:
        for match in pattern.finditer(text):
            if not _OFFICE.match(match[0]):
                yield match.start(), match.end(), "epost"
