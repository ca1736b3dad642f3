"""Opening hours as data: is it open at a moment, and how to say the hours.

Times are Norwegian local time (Europe/Oslo). No source tells what a service does on public holidays,
so weekly hours say "unknown" on those days; only "always" holds then too.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import holidays
from pydantic import AfterValidator, Field, model_validator

from knowledge.text import Frozen
from knowledge.vocabulary import Confidence

OSLO = ZoneInfo("Europe/Oslo")

# Made at import, because the library takes a moment; it adds the years as they are asked for.
_PUBLIC_HOLIDAYS = holidays.country_holidays("NO")

Weekday = Literal["man", "tir", "ons", "tor", "fre", "lor", "son"]
WEEKDAYS: tuple[Weekday, ...] = ("man", "tir", "ons", "tor", "fre", "lor", "son")
_DAY_NAMES: Mapping[str, tuple[str, ...]] = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "nb": {"always": "hele døgnet", "every_day": "alle dager"},
    "nn": {"always": "heile døgnet", "every_day": "alle dagar"},
}
_CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")


def _check_clock(value: str) -> str:
    """Refuse anything but a clock time from 00:00 to 24:00."""
    if not _CLOCK.match(value):
        raise ValueError(f"not a clock time: {value}")
    return value


Clock = Annotated[str, AfterValidator(_check_clock)]
Span = tuple[Clock, Clock]
ROUND_THE_CLOCK: Span = ("00:00", "24:00")


def is_holiday(day: date) -> bool:
    """Return whether `day` is a public holiday, or the eve of one on which offices often close early."""
    eve = (day.month, day.day) in ((12, 24), (12, 31))
    return eve or day in _PUBLIC_HOLIDAYS


class Hours(Frozen):
    """When one channel of a service is open, and how sure we are of it."""

    status: Literal["always", "weekly", "unknown", "none"]
    weekly: dict[Weekday, tuple[Span, ...]] = Field(default_factory=dict)
    confidence: Confidence = "usikker"
    seen: str | None = None

    @model_validator(mode="after")
    def check_weekly(self) -> Self:
        """Require a week exactly when the status says so, and spans that go forwards."""
        if (self.status == "weekly") != bool(self.weekly):
            raise ValueError("`weekly` belongs to the status weekly, and to no other")
        for day, spans in self.weekly.items():
            if any(start >= end for start, end in spans):
                raise ValueError(f"{day}: a span must end after it starts")
        return self

    @property
    def can_be_told(self) -> bool:
        """Return whether the hours are sure enough to be told."""
        return self.status in ("always", "weekly") and self.confidence == "sikker"

    def open_at(self, at: datetime) -> bool | None:
        """Return whether it is open at `at` (any time zone), None when that is not known.

        Raise ValueError for a time without a zone: it could be an hour off.
        """
        if at.tzinfo is None:
            raise ValueError("the time has no zone")
        if self.status == "none":
            return False
        if not self.can_be_told:
            return None
        if self.status == "always":
            return True
        local = at.astimezone(OSLO)
        if is_holiday(local.date()):
            return None
        clock = local.strftime("%H:%M")
        spans = self.weekly.get(WEEKDAYS[local.weekday()], ())
        return any(start <= clock < end for start, end in spans)

    def next_opening(self, at: datetime) -> datetime | None:
        """Return when it next opens after `at` within a week, None when unknown or open now."""
        if self.status != "weekly" or not self.can_be_told or self.open_at(at):
            return None
        local = at.astimezone(OSLO)
        for ahead in range(8):
            day = local.date() + timedelta(days=ahead)
            if is_holiday(day):
                continue
            for start, _ in self.weekly.get(WEEKDAYS[day.weekday()], ()):
                hour, minute = (int(part) for part in start.split(":"))
                opening = datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO)
                if opening > local:
                    return opening
        return None

    def text(self, malform: str) -> str:
        """Return the hours in words ("mandag-fredag 09-15"), empty when they may not be told."""
        if not self.can_be_told:
            return ""
        form = malform if malform in _WORDS else "nb"
        if self.status == "always":
            return _WORDS[form]["always"]
        return weekly_text(self.weekly, form)


def _clock_text(clock: str) -> str:
    """Return "09:00" as "09" and "16:15" as "16.15", as Norwegian opening hours are written."""
    hour, minute = clock.split(":")
    return hour if minute == "00" else f"{hour}.{minute}"


def weekly_text(weekly: Mapping[Weekday, tuple[Span, ...]], malform: str) -> str:
    """Return a week in words: neighbouring days with the same hours are joined, closed days left out."""
    names = _DAY_NAMES[malform]
    days = [(index, weekly.get(day, ())) for index, day in enumerate(WEEKDAYS)]
    parts: list[str] = []
    for spans, run in groupby(days, key=lambda item: item[1]):
        indexes = [index for index, _ in run]
        if not spans:
            continue
        first, last = names[indexes[0]], names[indexes[-1]]
        if len(indexes) == len(WEEKDAYS):
            label = _WORDS[malform]["every_day"]
        elif len(indexes) == 1:
            label = first
        elif len(indexes) == 2:
            label = f"{first} og {last}"
        else:
            label = f"{first}-{last}"
        clock = " og ".join(f"{_clock_text(start)}-{_clock_text(end)}" for start, end in spans)
        parts.append(f"{label} {_WORDS[malform]['always'] if spans == (ROUND_THE_CLOCK,) else clock}")
    return ", ".join(parts)
