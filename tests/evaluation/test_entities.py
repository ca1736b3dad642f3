"""Entities are counted strictly: kind and value, or kind and words where there is no value."""

from typing import Any

import pytest

from bot.evaluation.entities import add_up, score_entities
from bot.evaluation.examples import ExpectedEntity
from bot.evaluation.metrics import Score

TEXT = "Mamma er 82 og bor på Voss, ring Kari i morgen"


def expected(entity: str, text: str, value: str | float | None = None) -> ExpectedEntity:
    return ExpectedEntity(entity=entity, text=text, value=value)


def found(entity: str, words: str, value: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"entity": entity, "value": value, "start": start, "end": start + len(words)}


def test_the_value_counts_not_where_it_stands() -> None:
    scores = score_entities(
        [expected("relasjon", "Mamma", "mor")], [found("relasjon", "Mamma er", "mor")], TEXT
    )
    assert scores == {"relasjon": Score(1, 0, 0)}


def test_another_value_is_both_wrong_and_missed() -> None:
    scores = score_entities([expected("kommune", "Voss", "4621")], [found("kommune", "Voss", "4601")], TEXT)
    assert scores == {"kommune": Score(0, 1, 1)}


@pytest.mark.parametrize("value", [82, 82.0, "82"])
def test_a_number_is_the_same_however_it_is_written(value: object) -> None:
    scores = score_entities([expected("alder", "82", 82)], [found("alder", "82", value)], TEXT)
    assert scores["alder"].right == 1


def test_without_a_value_the_words_count() -> None:
    names = [expected("navn", "Kari")]
    assert score_entities(names, [found("navn", "Kari", "Kari")], TEXT)["navn"] == Score(1, 0, 0)
    assert score_entities(names, [found("navn", "Kari i", "Kari i")], TEXT)["navn"] == Score(0, 1, 1)


def test_a_fact_named_twice_counts_once() -> None:
    twice = [found("relasjon", "Mamma", "mor"), found("relasjon", "Kari", "mor")]
    scores = score_entities([expected("relasjon", "Mamma", "mor")] * 2, twice, TEXT)
    assert scores == {"relasjon": Score(1, 0, 0)}


def test_what_nobody_expected_is_wrong() -> None:
    assert score_entities([], [found("navn", "Voss", "Voss")], TEXT) == {"navn": Score(0, 1, 0)}


def test_scores_add_up_by_kind() -> None:
    rows = [{"navn": Score(1, 0, 0)}, {"navn": Score(0, 1, 1), "alder": Score(1, 0, 0)}]
    assert add_up(rows) == {"navn": Score(1, 1, 1), "alder": Score(1, 0, 0)}
