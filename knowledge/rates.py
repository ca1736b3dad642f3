"""Rates and amounts with the days they hold: told while they do, dropped afterwards, with a pointer to the source.

Texts name a rate in braces. The knowledge base hands out its entries with the rates of the day put in, so nothing
else has to know about dates.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final, Self, TypeVar

from pydantic import BaseModel, model_validator

from knowledge.schema import PLACEHOLDER, Id, Source, Topic
from knowledge.text import Frozen, Text

M = TypeVar("M", bound=BaseModel)

# What must be a rate: kroner, percent, and days a year in figures or words.
_NUMBER: Final = (
    r"(?:\d+(?:[.,]\d+)?|en|ei|ein|to|tre|fire|fem|seks|sju|syv|åtte|ni|ti|elleve|tolv|tjue|tretti)"
)
LOOSE: Final = re.compile(
    rf"\b\d[\d ]*(?:[.,]\d+)? ?(?:kroner|kr\b|prosent\b|%)|\b{_NUMBER} (?:ekstra )?(?:omsorgs)?dag(?:er|ar)?\b"
    r"(?: \w+){0,3}? (?:i|per|kvart|hvert) (?:året|år|kalenderår)\b|\b60 dag",
    re.IGNORECASE,
)


class Rate(Frozen):
    """A rate, what is said when it no longer holds, and who says so. The days are both included."""

    id: Id
    value: Text
    without: Text
    valid_from: date
    valid_to: date | None = None
    source: Source

    @model_validator(mode="after")
    def check_days(self) -> Self:
        """Refuse a rate that ends before it begins."""
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    def holds_on(self, day: date) -> bool:
        """Return whether the rate holds on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Rates:
    """All rates, read-only: each name with its periods, oldest first."""

    def __init__(self, rates: Iterable[Rate] = ()) -> None:
        """Hold the rates. Raise ValueError when two of one name hold on the same day."""
        self._periods: dict[str, list[Rate]] = {}
        for rate in sorted(rates, key=lambda rate: rate.valid_from):
            self._periods.setdefault(rate.id, []).append(rate)
        for name, periods in self._periods.items():
            for earlier, later in pairwise(periods):
                if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
                    raise ValueError(f"{name}: two periods overlap on {later.valid_from}")

    def __iter__(self) -> Iterator[Rate]:
        """Yield every period of every rate."""
        return (rate for periods in self._periods.values() for rate in periods)

    def latest(self) -> Iterator[Rate]:
        """Yield the last period of every rate."""
        return (periods[-1] for periods in self._periods.values())

    def unknown_in(self, entry: BaseModel) -> list[str]:
        """Return the names in an entry's texts that are no rate."""
        return sorted(name for name in _names(entry) if name not in self._periods)

    def used_in(self, entry: BaseModel) -> set[str]:
        """Return the names of the rates that an entry tells."""
        return _names(entry) & self._periods.keys()

    def topic_on(self, topic: Topic, day: date) -> Topic:
        """Return a topic with the rates of `day` put in; `outdated` names the sources of those that do not hold."""
        filled = self.filled(topic, day)
        missing = [
            rate for name in sorted(self.used_in(topic)) if not (rate := self._at(name, day)).holds_on(day)
        ]
        sources = {rate.source.url: rate.source for rate in missing}
        return filled.model_copy(update={"outdated": tuple(sources.values())}) if sources else filled

    def filled(self, entry: M, day: date) -> M:
        """Return an entry with the rates of `day` put in; other names in braces are left as they are."""
        if not self.used_in(entry):
            return entry
        said = {name: self._said(name, day) for name in self._periods}
        result: M = _replaced(entry, said)
        return result

    def _said(self, name: str, day: date) -> Text:
        rate = self._at(name, day)
        return rate.value if rate.holds_on(day) else rate.without

    def _at(self, name: str, day: date) -> Rate:
        """Return the period that holds on `day`, else the last that began before it, else the first."""
        periods = self._periods[name]
        return next((rate for rate in reversed(periods) if rate.valid_from <= day), periods[0])


def loose_figures(text: str) -> list[str]:
    """Return the amounts in a text that are written out, and so would be told for ever."""
    return [match.group() for match in LOOSE.finditer(PLACEHOLDER.sub("", text))]


def _names(value: Any) -> set[str]:
    if isinstance(value, Text):
        return set(PLACEHOLDER.findall(value.nb + value.nn))
    if isinstance(value, BaseModel):
        return set().union(*(_names(getattr(value, field)) for field in type(value).model_fields))
    if isinstance(value, tuple):
        return set().union(*map(_names, value))
    return set()


def _replaced(value: Any, said: Mapping[str, Text]) -> Any:
    """Return a value with names in its texts replaced; the same object where there are none."""
    if isinstance(value, Text):
        return (
            Text(nb=_put_in(value.nb, "nb", said), nn=_put_in(value.nn, "nn", said))
            if _names(value)
            else value
        )
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        new = {name: _replaced(field, said) for name, field in fields.items()}
        changed = {name: field for name, field in new.items() if field is not fields[name]}
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, tuple):
        items = tuple(_replaced(item, said) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


def _put_in(text: str, malform: str, said: Mapping[str, Text]) -> str:
    return PLACEHOLDER.sub(
        lambda match: said[match[1]].in_(malform) if match[1] in said else match.group(), text
    )
