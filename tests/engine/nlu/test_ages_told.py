"""Ages told in passing: the number is an age also when the sentence goes on."""

from pathlib import Path

import pytest
from components.entities.finder import EntityFinder, read_knowledge

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(read_knowledge(KNOWLEDGE))


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("Mora mi på 82 i Sandnes har demens", [82]),
        ("han fyller 18 til våren", [18]),
        ("søsteren min (34) har ms", [34]),
        ("jeg skal på møte 2 i kommunen", []),
        ("faren min venter på 3 til", []),
    ],
)
def test_an_age_in_the_middle_of_a_sentence(finder: EntityFinder, text: str, ages: list) -> None:
    assert [found.value for found in finder.find(text) if found.entity == "alder"] == ages
