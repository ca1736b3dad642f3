"""Entities found against entities expected.

A fact counts once in a message, however often it is named. It is found when kind and value agree; where no value is
expected (a name, a time), when kind and words agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.evaluation.examples import ExpectedEntity
from bot.evaluation.metrics import Score


def score_entities(
    expected: Sequence[ExpectedEntity], found: Sequence[Mapping[str, Any]], text: str
) -> dict[str, Score]:
    """Return a score for each kind of entity in one message; `found` has offsets in `text`."""
    kinds = {entity.entity for entity in expected} | {str(entity["entity"]) for entity in found}
    return {
        kind: _score(
            [entity for entity in expected if entity.entity == kind],
            [
                (entity["value"], text[entity["start"] : entity["end"]])
                for entity in found
                if entity["entity"] == kind
            ],
        )
        for kind in kinds
    }


def _score(expected: Sequence[ExpectedEntity], found: Sequence[tuple[Any, str]]) -> Score:
    wanted = {_key(entity.value, entity.text) for entity in expected}
    open_values: dict[str, set[str]] = {}
    for value, words in found:
        open_values.setdefault(_plain(value), set()).add(_plain(words))
    right = 0
    # Values first, so that an expected text does not use up what another value needs.
    for is_value, key in sorted(wanted, reverse=True):
        hit = next(
            (
                value
                for value, words in open_values.items()
                if key == value or (not is_value and key in words)
            ),
            None,
        )
        if hit is not None:
            right += 1
            del open_values[hit]
    return Score(right, len(open_values), len(wanted) - right)


def _key(value: Any, words: str) -> tuple[bool, str]:
    return (False, _plain(words)) if value is None else (True, _plain(value))


def _plain(value: Any) -> str:
    """Return a value in a form in which 16 is 16.0 and case does not matter."""
    if isinstance(value, int | float):
        return f"{float(value):g}"
    return str(value).strip().casefold()


def add_up(rows: Iterable[Mapping[str, Score]]) -> dict[str, Score]:
    """Return the scores of many messages together, by kind."""
    total: dict[str, Score] = {}
    for row in rows:
        for kind, score in row.items():
            total[kind] = total.get(kind, Score()) + score
    return total
