"""All entities of a message: each kind by its own module, put together without overlaps."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List

import yaml

from components.entities.ages import ages
from components.entities.conditions import conditions
from components.entities.lexicon import Matcher
from components.entities.names import NameLists, People, names, nobody
from components.entities.phones import phones
from components.entities.places import Gazetteer
from components.entities.relations import relations
from components.entities.times import times
from components.entities.tokens import Found, tokens

MUNICIPALITIES = "kommuner.json"
LEXICON = "lexicon"


def read_knowledge(folder: Path) -> Dict[str, Any]:
    """Return the lexicons of knowledge/ as one JSON-able bundle; raise FileNotFoundError naming what is missing."""

    def lexicon(name: str) -> Any:
        return yaml.safe_load((folder / LEXICON / f"{name}.yaml").read_text(encoding="utf-8"))

    municipalities = json.loads((folder / LEXICON / MUNICIPALITIES).read_text(encoding="utf-8"))
    return {
        "relasjon": lexicon("relasjon"),
        "tilstand": lexicon("tilstand"),
        "navn": lexicon("navn"),
        "kommune": Gazetteer.condense(municipalities, lexicon("steder")),
    }


def knowledge_files(folder: Path) -> List[Path]:
    """Return the files that `read_knowledge` reads."""
    return [*sorted((folder / LEXICON).glob("*.yaml")), folder / LEXICON / MUNICIPALITIES]


class EntityFinder:
    """Find entities with the lexicons of a bundle."""

    def __init__(self, bundle: Dict[str, Any]) -> None:
        """Index the lexicons."""
        self._relations = Matcher(bundle["relasjon"])
        self._conditions = Matcher(bundle["tilstand"])
        self._places = Gazetteer(bundle["kommune"])
        self._names = NameLists.from_data(bundle["navn"])

    def find(self, text: str, people: People = nobody) -> List[Found]:
        """Return the entities in the order in which they stand.

        `people` returns the persons that spaCy finds, as (start, end); it is asked only when it can tell more.
        """
        words = tokens(text)
        numbers = phones(text)
        moments = _without(times(text), numbers)
        kin = relations(words, self._relations)
        taken = numbers + moments + kin
        taken += _without(conditions(words, self._conditions), kin)
        taken += _without(ages(words, kin, text), numbers + moments)
        taken += _without(self._places.find(words), taken)
        persons = names(words, self._names, people, taken)
        named = [replace(person, value=text[person.start : person.end]) for person in persons]
        return sorted(taken + named, key=lambda found: found.start)


def _without(found: List[Found], others: List[Found]) -> List[Found]:
    return [item for item in found if not any(item.overlaps(other) for other in others)]
