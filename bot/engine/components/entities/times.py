"""When to call back (`tidspunkt`): a day, a clock time, a part of the day; resolved by dateparser.

The value is ISO 8601 in Norwegian local time: "2026-11-26T10:00", or "2026-11-26" when only a day was said.
Times of something else ("han falt i går", "jeg ringte i går") are none: a time counts in a message that asks for a
call or says when it suits, or in one that is little more than the time itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import List, Optional
from zoneinfo import ZoneInfo

import dateparser

from components.entities.tokens import Found

ZONE = ZoneInfo("Europe/Oslo")
BESIDE = 2  # words: so little beside the time that the time is what the message is about
OPEN = re.compile(r"\b(?:[åa]pe?n|[åa]bn|ope?n|ope\b|stengt|stengd)", re.IGNORECASE)
EVERY = re.compile(r"\b(?:hver|kvar|kver|kvær|samme|same)\s+$", re.IGNORECASE)
# "God morgen", "ikke i dag", "trenger fri mandag" are short, but no answer to "when shall we call".
NO_ANSWER = re.compile(r"\b(?:god|go|fin|ikke|ikkje|itj|fri|treng\w*)\b|\?", re.IGNORECASE)
_I = r"(?:jeg|eg|æ|jæ|ej|je|vi|me)"
_YOU = r"(?:dere|dykk|dokke[rn]?|dåkk(?:er|e)?|di|de|du|noen|nokon|nån|no[ek]n|en|ein|ei)"
_ME = r"(?:meg|mæ|me|mei|meig|oss|opp|tilbake|tebake|att|attende|hit)"
_CALL = r"(?:ring|ringe|ringja|ringje|ringa|ringast|reng|kontakt|kontakte|kontaktes)"
# Somebody asks to be called or met, or says when it suits. "Jeg ringte i går" and "på telefonen sa hun" are none.
_CUES = (
    rf"\b{_CALL}\s+(?:\w+\s+){{0,2}}{_ME}\b",
    rf"(?:^|[.!?,]\s*|\bog\s){_CALL}\b",
    rf"\b(?:kan|kunne|vil|ka)\s+{_YOU}\s[^.?!]*\b{_CALL}\b",
    r"\b(?:opp?ringn?ing|ringes opp|bli ringt|dere ringer|telefonsamtale)\b",
    r"\b(?:ledig|tilgjengel[ei]g|treffes|treffast|helst)\b",
    r"\b(?:det|som|dag|gen|gon|kl\.?\s?\d+)\s+(?:passer|passar|høver)\b",
    r"\b(?:passer|passar|høver)\s+(?:best|bra|fint|godt|for|det)\b",
    r"\b(?:nummere?t?\s+(?:mitt|mett|er|e)|mitt\s+nummer|mobilnummer|nr|tlf)\b",
    rf"\b{_I}\s+kan\s+(?:best\s+)?(?:ta\s+telefonen\s+|snakke\s+|prate\s+)?(?:etter|før|fra|frå|mellom|på)\b",
    r"\b(?:prate?|snakke?)\s+(?:med|me|mæ)\s+(?:en|ein|ei|et|eit|noen|nokon|nån|dere|dykk|dokker)\b",
    r"\b(?:tar|tek|svarer)\s+(?:jeg\s+|eg\s+)?(?:ikke\s+|ikkje\s+)?telefonen\b",
)
CUE = re.compile("|".join(_CUES), re.IGNORECASE)
WEEKDAYS = {
    "man": "mandag",
    "mån": "mandag",
    "tir": "tirsdag",
    "tys": "tirsdag",
    "ons": "onsdag",
    "tor": "torsdag",
    "fre": "fredag",
    "lør": "lørdag",
    "lau": "lørdag",
    "lor": "lørdag",
    "søn": "søndag",
    "sun": "søndag",
    "son": "søndag",
}
MONTHS = (
    "januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|des"
)
HOURS = {
    "ett": 1,
    "eitt": 1,
    "en": 1,
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
}
HOUR_WORD = "|".join(HOURS)
PARTS = {
    "morgen": (8, 0),
    "morgon": (8, 0),
    "morran": (8, 0),
    "formiddag": (9, 0),
    "føremiddag": (9, 0),
    "ettermiddag": (13, 0),
    "kveld": (18, 0),
    "kvelden": (18, 0),
    "lunsj": (12, 0),
    "dagtid": (9, 0),
    "arbeidstid": (15, 30),
    "jobb": (16, 0),
    "skolen": (14, 30),
    "skulen": (14, 30),
}
AFTERNOON_BEFORE = 8  # "ring kl 5": nobody means five in the morning

DAY = (
    r"(?:i\s?dag|i\s?mor(?:g[eo]n|r[ao]n?|ra|ern)(?:\stidlig|\stidleg)?|i\s?mårr?[aå]|i\s?overmor(?:gen|gon)|"
    r"i\s?kveld|i\s?ettermiddag|i\s?formiddag|i\s?føremiddag|"
    r"(?:til\s|på\s|førstkommende\s|kommende\s|neste\s|nå på\s|no på\s)?"
    r"(?:man|mån|tirs|tys|ons|tors|fre|lør|lau|laur|lor|søn|sun|son)da(?:g(?:en|er|ar)?|n|jen)\b|"
    r"(?:til\s|i\s)?helg[ae]n?|neste\s(?:uke|veke|vecka|uka)|"
    r"(?:den\s)?\d{1,2}\.?\s?(?:"
    + MONTHS
    + r")\b(?:\s\d{4})?|(?<![\d.])(?:[12]?\d|3[01])[./](?:1[0-2]|0?[1-9])(?:[./]\d{2,4})?(?![\d])|"
    r"om\s(?:en|ein|ett|eit|et|ei|to|tre|fire|fem|\d{1,2})\s(?:halvtime|time|timer|timar|minutter|minutt|min|dag|dager|dagar|uke|uker|veke|veker)|om\s(?:en\s)?halv\stime)"
)
CLOCK = (
    r"(?:(?:kl|klokka|klokken|klokk[ao]|kl\.)\.?\s?(?P<h>\d{1,2})(?:[.:]?(?P<m>[0-5]\d))?\b|(?<![\d.])(?P<h2>[01]?\d|2[0-3])[:.](?P<m2>[0-5]\d)(?![\d.])|"
    r"(?:mellom|frå|fra)\s(?:kl\.?\s)?(?P<h3>\d{1,2})(?:[.:][0-5]\d)?(?=\s?(?:og|til|-)\s?\d)|"
    r"(?:kl\.?\s|klokka\s|klokken\s)?(?P<half>halv|kvart\sover|kvart\spå|kvart\sover)\s(?P<hw>"
    + HOUR_WORD
    + r"|\d{1,2})\b|"
    r"(?:kl\.?|klokka|klokken|etter|før|ved)\s(?P<hw2>"
    + HOUR_WORD
    + r"|\d{1,2})(?:[- ]?tida|[- ]?tiden)?\b(?!\s(?:år|dag|uke|veke|mnd|måned|time|gang|min)))"
)
SPAN = r"(?P<h4>\d{1,2})(?=\s?[-–]\s?\d{1,2}\b)"  # "tirsdag 10-12"
PART = (
    r"(?P<part>(?:hele\s|heile\s|en\s|ein\s|i\s|på\s|om\s|tidlig\s(?:på\s)?|seint\s(?:på\s)?|sent\s(?:på\s)?|utpå\s|til\s|rundt\s)?(?:formiddag|føremiddag|ettermiddag|kveld|morgen|morgon|lunsj|dag(?=tid))(?:en|an|a|s)?(?:tid[ae]?n?)?|"
    r"(?:(?:rett\s)?etter|utenom|(?:rett\s)?før)\s(?:arbeidstid|jobb|skolen|skulen))"
)
QUALIFIER = r"(?:(?:rett\s)?etter|(?:rett\s)?før|rundt|ca\.?|omkring|mellom|fra|frå|innen|tidligst|ved)"
JOIN = r"(?:[\s,]+(?:(?:og|til|eller|-|–|helst|gjerne|rundt|ca\.?)\s)?)"
TIME = re.compile(
    rf"(?:\b{QUALIFIER}\s)?(?P<day>\b{DAY})(?:{JOIN}(?:{QUALIFIER}\s)?(?:{PART}))?(?:{JOIN}(?:{QUALIFIER}\s)?(?:{CLOCK}|{SPAN}))?"
    rf"|(?:\b{QUALIFIER}\s)?\b{CLOCK.replace('P<', 'P<c')}|\b{PART.replace('P<', 'P<c')}",
    re.IGNORECASE,
)
CLOCK_TAIL = re.compile(
    r"\s?(?:og|til|-|–)\s?(?:kl\.?\s?)?\d{1,2}(?:[.:]\d{2})?\b(?!\s?(?:år|dag|uke|mnd|time))", re.IGNORECASE
)


def times(text: str, now: Optional[datetime] = None) -> List[Found]:
    """Return the call-back times; `now` is for tests, the clock else."""
    matches = list(TIME.finditer(text))
    # What a time means is asked last: dateparser takes ten times as long as all the rest.
    if not matches or OPEN.search(text) or not (CUE.search(text) or _is_all(text, matches)):
        return []
    moment = now or datetime.now(ZONE).replace(tzinfo=None)
    parts = _joined([part for part in (_part(text, match, moment) for match in matches) if part])
    return [Found("tidspunkt", part.value(moment), part.start, part.end) for part in parts]


@dataclass(frozen=True)
class _Part:
    """A day, a clock time, or a moment, at text[start:end]."""

    start: int
    end: int
    day: Optional[date]
    clock: Optional[time]

    def value(self, now: datetime) -> str:
        """Return ISO 8601; a clock time without a day is the next such time."""
        if self.clock is None:
            assert self.day is not None
            return self.day.isoformat()
        day = self.day or (now.date() if self.clock > now.time() else now.date() + timedelta(days=1))
        return datetime.combine(day, self.clock).strftime("%Y-%m-%dT%H:%M")


def _is_all(text: str, matches: "List[re.Match[str]]") -> bool:
    """Return whether the message is little more than the times in it, and an answer to "when"."""
    inside = sum(len(match.group().split()) for match in matches)
    return len(text.split()) - inside <= BESIDE and not NO_ANSWER.search(text)


def _joined(parts: List[_Part]) -> List[_Part]:
    """Join a day and a clock time that stand together: "etter kl 16 på torsdag"."""
    joined: List[_Part] = []
    for part in parts:
        before = joined[-1] if joined else None
        if before and part.start - before.end <= 4 and (before.day is None or part.day is None):
            day, clock = before.day or part.day, before.clock or part.clock
            joined[-1] = _Part(before.start, part.end, day, clock)
        else:
            joined.append(part)
    return joined


def _part(text: str, match: "re.Match[str]", now: datetime) -> Optional[_Part]:
    """Return what a match means, or None if it names no moment."""
    clock, written = _clock(match), match.group("day")
    tail = CLOCK_TAIL.match(text, match.end())
    end = tail.end() if tail else match.end()
    if text[end : end + 1].isalpha() or EVERY.search(text, 0, match.start()):
        return None  # "helgevakt", "hver kveld"
    if written and re.match(r"om\s", written, re.IGNORECASE) and not re.search(r"dag|uke|veke", written):
        moment = _parse(_standard(written), now)
        return _Part(match.start(), end, moment.date(), moment.time()) if moment else None
    day = _day(written, now) if written else None
    if (written and day is None) or (day is None and clock is None):
        return None
    return _Part(match.start(), end, day, clock)


def _day(written: str, now: datetime) -> Optional[date]:
    low = " ".join(written.lower().split())
    numeric = re.fullmatch(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{2,4}))?", low)
    if numeric:
        return _calendar_day(int(numeric.group(1)), int(numeric.group(2)), numeric.group(3), now)
    if "helg" in low:
        return now.date() + timedelta(days=(5 - now.weekday()) % 7)
    if re.search(r"neste\s(?:uke|uka|veke)", low):
        return now.date() + timedelta(days=7 - now.weekday())
    weekday = re.search(r"(\w{3})(?:s|ur)?da(?:g|n|jen)", low)
    if weekday and weekday.group(1)[:3] in WEEKDAYS and not low.startswith("om "):
        low = WEEKDAYS[weekday.group(1)[:3]]
    moment = _parse(_standard(low), now)
    return moment.date() if moment else None


def _calendar_day(day: int, month: int, year: Optional[str], now: datetime) -> Optional[date]:
    """Return day/month of the year given, or the next one; None if there is no such day."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this = date(now.year, month, day)
        return this if this >= now.date() else date(now.year + 1, month, day)
    except ValueError:
        return None


def _standard(low: str) -> str:
    """Return the words as dateparser knows them in Bokmål."""
    low = re.sub(r"^i\s?overmor(?:gen|gon)$", "om 2 dager", low.lower())
    low = re.sub(r"^i\s?m(?:or|år)\w*(?:\s+tid\w+)?$", "i morgen", low)
    low = re.sub(r"^i\s?(?:dag|kveld|ettermiddag|formiddag|føremiddag)$", "i dag", low)
    low = re.sub(r"^om (?:en |ein )?halv ?time$", "om 30 minutter", low)
    low = re.sub(r"\b(?:en|ein|ett|eit|et|ei)\b", "1", low)
    for word, number in (("to", 2), ("tre", 3), ("fire", 4), ("fem", 5)):
        low = re.sub(rf"\b{word}\b", str(number), low)
    low = (
        low.replace("timar", "timer")
        .replace("dagar", "dager")
        .replace("veker", "uker")
        .replace("veke", "uke")
    )
    return re.sub(r"^den ", "", low)


def _parse(words: str, now: datetime) -> Optional[datetime]:
    return dateparser.parse(
        words,
        languages=["nb"],
        settings={"RELATIVE_BASE": now, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"},
    )


def _clock(match: "re.Match[str]") -> Optional[time]:
    """Return the clock time that a match names, by figures, by words, or by part of the day."""
    groups = match.groupdict()

    def get(name: str) -> Optional[str]:
        return groups.get(name) or groups.get("c" + name)

    hour: Optional[int] = None
    minute = int(get("m") or get("m2") or 0)
    figures, words = get("h") or get("h2") or get("h3") or get("h4"), get("hw") or get("hw2")
    if figures:
        hour = int(figures)
    elif words:
        hour = HOURS.get(words.lower()) or (int(words) if words.isdigit() else None)
        shift = " ".join((get("half") or "").lower().split())
        if hour is not None and shift:
            minutes = hour * 60 + {"halv": -30, "kvart over": 15, "kvart på": -15}[shift]
            hour, minute = divmod(minutes, 60)
    if hour is not None:
        if hour > 23:
            return None
        if hour < AFTERNOON_BEFORE and not (get("h2") and (get("h2") or "").startswith("0")):
            hour += 12
        return time(hour, minute)
    part = (get("part") or match.group(0)).lower()
    name = next(
        (
            name
            for name in PARTS
            if re.search(rf"\b(?:i\s?)?{name}", part) and not re.match(r"^i\s?mor", part)
        ),
        None,
    )
    return time(*PARTS[name]) if name else None
