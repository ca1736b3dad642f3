"""Municipalities from what the language understanding found: official numbers, or names that may be shared."""

from collections.abc import Iterable
from functools import lru_cache

from knowledge import Knowledge, Kommune


def find_kommuner(values: Iterable[str], knowledge: Knowledge) -> list[str]:
    """Return the numbers of the municipalities that `values` (numbers or names) may mean, each once, in order."""
    found: dict[str, None] = {}
    for value in values:
        if value in knowledge.kommuner:
            found[value] = None
        else:
            found |= dict.fromkeys(_by_name(knowledge).get(value.strip().casefold(), ()))
    return list(found)


def in_words(kommune: Kommune, knowledge: Knowledge) -> str:
    """Return the name, with the county when another municipality has the same name."""
    twins = _by_name(knowledge).get(kommune.name.casefold(), ())
    return f"{kommune.name} ({kommune.fylke_name})" if len(twins) > 1 else kommune.name


@lru_cache(maxsize=2)
def _by_name(knowledge: Knowledge) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for number, kommune in knowledge.kommuner.items():
        for name in dict.fromkeys(text.casefold() for text in (kommune.name, *kommune.other_names)):
            names[name] = (*names.get(name, ()), number)
    return names
