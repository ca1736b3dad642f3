"""The order of the topics on the pages for people: groups with a title, read from their file."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from knowledge.loader import ROOT, Knowledge, KnowledgeError, read_yaml
from knowledge.schema import Id
from knowledge.text import Frozen, Text

FILE = ROOT / "library" / "groups.yaml"


class Group(Frozen):
    """Some topics that belong together."""

    id: Id
    title: Text
    topics: Annotated[tuple[Id, ...], Field(min_length=1)]


@lru_cache(maxsize=2)
def groups_for(_knowledge: Knowledge) -> tuple[Group, ...]:
    """Return the groups that go with a knowledge base: read anew when the knowledge base was."""
    return load_groups()


def load_groups(file: Path = FILE) -> tuple[Group, ...]:
    """Read the groups. Raise KnowledgeError naming file, entry and what is wrong."""
    rows = read_yaml(file)
    if not isinstance(rows, list):
        raise KnowledgeError(f"{file}: (all): the file must be a list of groups")
    return tuple(_group(row, file) for row in rows)


def _group(row: object, file: Path) -> Group:
    try:
        return Group.model_validate(row)
    except ValidationError as error:
        name = row.get("id", "?") if isinstance(row, dict) else "?"
        raise KnowledgeError(f"{file}: {name}: {error.errors()[0]['msg']}") from error


def check_groups(groups: Sequence[Group], knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield what is wrong as entry and problem: topics in no group or two, unknown ones, missing Nynorsk."""
    placed = Counter(topic for group in groups for topic in group.topics)
    for group in groups:
        if not group.title.nn:
            yield group.id, "mangler nynorsk"
    for topic in placed.keys() - knowledge.topics.keys():
        yield topic, "ukjent emne"
    for topic in knowledge.topics:
        if placed[topic] != 1:
            yield topic, f"står i {placed[topic]} grupper, skal stå i én"
