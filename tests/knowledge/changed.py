"""Knowledge bases that differ from the shipped one in a single place."""

from collections.abc import Mapping
from typing import Any

from knowledge import Knowledge

_PARTS = ("topics", "contacts", "crisis", "phrases", "intents", "offers")


def changed(knowledge: Knowledge, part: str, entry: str, **fields: Any) -> Knowledge:
    """Return `knowledge` with some fields of one entry replaced; it is not validated again."""
    entries = dict(getattr(knowledge, part))
    entries[entry] = entries[entry].model_copy(update=fields)
    return _with(knowledge, {part: entries})


def without(knowledge: Knowledge, part: str, entry: str) -> Knowledge:
    """Return `knowledge` without one entry."""
    return _with(knowledge, {part: {k: v for k, v in getattr(knowledge, part).items() if k != entry}})


def _with(knowledge: Knowledge, parts: Mapping[str, Any]) -> Knowledge:
    all_parts = {name: getattr(knowledge, name) for name in _PARTS} | dict(parts)
    return Knowledge(
        **all_parts,
        kommuner=knowledge.kommuner,
        routing=knowledge.routing,
        credits=knowledge.credits,
        files=knowledge.files,
    )
