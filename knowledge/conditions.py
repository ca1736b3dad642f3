"""The condition of a variant in words, for the pages where people read all variants of an answer."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from knowledge.loader import ROOT, Knowledge, KnowledgeError, read_yaml
from knowledge.situation import When
from knowledge.text import Frozen, Text
from knowledge.vocabulary import SAID_FACTS, AgeGroup, Relasjon, Tilstand

FILE = ROOT / "library" / "conditions.yaml"


class Conditions(Frozen):
    """The words: a sentence for each key of a condition, and a name for each value."""

    eller: Text
    skriver_under_18: Text
    relasjon: Text
    pasient_alder: Text
    tilstand: Text
    arbeid: Text
    bor: Text
    samtykke: Text
    naermeste: Text
    verdier: dict[str, Text]

    def describe(self, when: When, malform: str) -> str:
        """Return when a variant holds: "Når den syke er under 12 år". Empty for a condition on the channel alone."""
        said = [self.skriver_under_18.in_(malform)] if when.skriver_under_18 else []
        for sentence, values in (
            (self.relasjon, when.relasjon),
            (self.pasient_alder, when.pasient_alder),
            (self.tilstand, when.tilstand),
        ):
            if values:
                said.append(sentence.in_(malform).format(liste=self._listed(values, malform)))
        for fact in SAID_FACTS:
            named = [f"{fact}_{value}" for value in getattr(when, fact)]
            if named:
                sentence = getattr(self, fact)
                said.append(sentence.in_(malform).format(liste=self._listed(named, malform)))
        return ". ".join(said)

    def _listed(self, values: Sequence[str], malform: str) -> str:
        names = [self.verdier[value].in_(malform) for value in values]
        return f" {self.eller.in_(malform)} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


@lru_cache(maxsize=2)
def conditions_for(_knowledge: Knowledge) -> Conditions:
    """Return the words that go with a knowledge base: read anew when the knowledge base was."""
    return load_conditions()


def load_conditions(file: Path = FILE) -> Conditions:
    """Read the words. Raise KnowledgeError naming file, entry and what is wrong."""
    try:
        return Conditions.model_validate(read_yaml(file))
    except ValidationError as error:
        first = error.errors()[0]
        raise KnowledgeError(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def check_conditions(conditions: Conditions) -> Iterator[tuple[str, str]]:
    """Yield what is wrong as entry and problem: a value that cannot be said, missing Nynorsk."""
    said = (f"{fact}_{value}" for fact, values in SAID_FACTS.items() for value in values)
    for value in (*get_args(Relasjon), *get_args(Tilstand), *get_args(AgeGroup), *said):
        if value not in conditions.verdier:
            yield value, "mangler ord"
        elif not conditions.verdier[value].nn:
            yield value, "mangler nynorsk"
