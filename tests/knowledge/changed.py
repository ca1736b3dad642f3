"""Knowledge bases that differ from the shipped one in a single place."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from knowledge import Knowledge
from knowledge.rates import Rate, Rates

_PARTS = ("topics", "contacts", "crisis", "phrases", "intents", "offers")


def changed(knowledge: Knowledge, part: str, entry: str, **fields: Any) -> Knowledge:
    """Return `knowledge` with some fields of one entry replaced; it is not validated again."""
    entries = dict(_part(knowledge, part))
    entries[entry] = entries[entry].model_copy(update=fields)
    return _with(knowledge, {part: entries})


def without(knowledge: Knowledge, part: str, entry: str) -> Knowledge:
    """Return `knowledge` without one entry."""
    return _with(knowledge, {part: {k: v for k, v in _part(knowledge, part).items() if k != entry}})


def with_rates(knowledge: Knowledge, rates: Iterable[Rate]) -> Knowledge:
    """Return `knowledge` with other rates."""
    return _with(knowledge, {}, Rates(rates))


def ended(knowledge: Knowledge, name: str, last: date) -> Knowledge:
    """Return `knowledge` with one rate that holds until `last`."""
    return with_rates(
        knowledge,
        (rate.model_copy(update={"valid_to": last}) if rate.id == name else rate for rate in knowledge.rates),
    )


def _part(knowledge: Knowledge, name: str) -> Mapping[str, Any]:
    part: Mapping[str, Any] = getattr(knowledge, "written_topics" if name == "topics" else name)
    return part


def _with(knowledge: Knowledge, parts: Mapping[str, Any], rates: Rates | None = None) -> Knowledge:
    all_parts = {name: _part(knowledge, name) for name in _PARTS} | dict(parts)
    return Knowledge(
        **all_parts,
        kommuner=knowledge.kommuner,
        routing=knowledge.routing,
        credits=knowledge.credits,
        files=knowledge.files,
        rates=rates or knowledge.rates,
    )
