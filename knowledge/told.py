"""What a message tells that the language understanding does not look for: work, home, consent, closest relative.

Matched by phrases that editors keep (told.yaml), so that a wording somebody used can be added without training.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from pydantic import ValidationError, model_validator

from knowledge.loader import ROOT, Knowledge, KnowledgeError, read_yaml
from knowledge.text import Frozen
from knowledge.vocabulary import SAID_FACTS
from knowledge.wording import bare, example, pattern

FILE: Final = ROOT / "told.yaml"
NOTHING: Final = "ingen"
UNKNOWN: Final = "?"
CHARACTERS: Final = 2000  # of a message; what comes after is not looked at


class Told(Frozen):
    """The phrases, by fact and value, and what yes, no and "do not know" mean."""

    vet_ikke: tuple[str, ...]
    ja: dict[str, str]
    nei: dict[str, str]
    fakta: dict[str, dict[str, tuple[str, ...]]]

    @model_validator(mode="after")
    def check_values(self) -> "Told":
        """Refuse facts and values that no condition could ask for."""
        if set(self.fakta) != set(SAID_FACTS):
            raise ValueError(f"the facts must be {', '.join(SAID_FACTS)}")
        for fact, values in self.fakta.items():
            unknown = set(values) - {*SAID_FACTS[fact], NOTHING}
            if unknown:
                raise ValueError(f"{fact}: unknown value {', '.join(sorted(unknown))}")
        for meaning in (self.ja, self.nei):
            for fact, value in meaning.items():
                if value not in SAID_FACTS.get(fact, ()):
                    raise ValueError(f"{fact}: unknown value {value}")
        return self

    def facts_in(self, text: str) -> dict[str, str]:
        """Return the facts that a message tells, by name: of several phrases the longest counts."""
        said = bare(text[:CHARACTERS])
        found = ((fact, self._value_of(fact, said)) for fact in self.fakta)
        return {fact: value for fact, value in found if value is not None}

    def is_unknown(self, text: str) -> bool:
        """Return whether the whole message says that the relative does not know."""
        return bare(text[:CHARACTERS]).strip() in self.vet_ikke

    def _value_of(self, fact: str, said: str) -> str | None:
        lengths: dict[str, int] = {}
        for value, wanted in self._patterns[fact].items():
            for match in wanted.finditer(said):
                lengths[value] = max(lengths.get(value, 0), len(match.group().split()))
        longest = [value for value, length in lengths.items() if length == max(lengths.values())]
        return longest[0] if len(longest) == 1 and longest[0] != NOTHING else None

    @cached_property
    def _patterns(self) -> Mapping[str, Mapping[str, re.Pattern[str]]]:
        return {
            fact: {value: pattern(phrases) for value, phrases in values.items()}
            for fact, values in self.fakta.items()
        }


@lru_cache(maxsize=2)
def told_for(_knowledge: Knowledge) -> Told:
    """Return the phrases that go with a knowledge base: read anew when the knowledge base was."""
    return load_told()


def load_told(file: Path = FILE) -> Told:
    """Read the phrases. Raise KnowledgeError naming file, entry and what is wrong."""
    try:
        return Told.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        raise KnowledgeError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def check_told(told: Told) -> Iterator[tuple[str, str]]:
    """Yield what is wrong as entry and problem: a value without phrases, a phrase that another value takes."""
    for fact, allowed in SAID_FACTS.items():
        for value in allowed:
            if not told.fakta[fact].get(value):
                yield fact, f"{value} har ingen ord"
        for value, phrases in told.fakta[fact].items():
            for phrase in phrases:
                if value != NOTHING and told.facts_in(example(phrase)).get(fact) != value:
                    yield fact, f"«{phrase}» blir ikke forstått som {value}"
