"""The training messages of data/nlu, as they are checked: with file and line, words and annotations apart."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.evaluation.examples import EvaluationError
from bot.settings import ROOT

FOLDER = ROOT / "data" / "nlu"
_BULLET = "- "
_ANNOTATION = re.compile(
    r"\[(?P<words>[^\]]+)\](?:\((?P<name>[^():]+)(?::(?P<value>[^()]+))?\)|(?P<more>\{[^}]*\}))"
)


@dataclass(frozen=True)
class Annotation:
    """An entity that a writer has marked."""

    entity: str
    words: str
    value: str | None
    role: str | None


@dataclass(frozen=True)
class TrainingMessage:
    """One message of the training data."""

    file: str
    line: int
    intent: str
    text: str
    annotations: tuple[Annotation, ...]

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.file}:{self.line}"


def read_training_data(folder: Path = FOLDER) -> list[TrainingMessage]:
    """Return all messages; raises EvaluationError that names the file and line that cannot be read."""
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise EvaluationError(f"There are no *.yml in {folder}.")
    return [message for file in files for message in _read(file)]


def _read(file: Path) -> Iterator[TrainingMessage]:
    try:
        # Composed, not loaded: nodes know their line.
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{file.name}: {' '.join(str(error).split())}") from None
    for item in _members(_mapping(root, file).get("nlu"), file):
        fields = _mapping(item, file)
        if "intent" not in fields:
            continue
        examples = fields.get("examples")
        if not isinstance(examples, yaml.ScalarNode):
            raise EvaluationError(f"{file.name}:{item.start_mark.line + 1}: the intent has no examples.")
        yield from _examples(file, str(fields["intent"].value), examples)


def _examples(file: Path, intent: str, node: yaml.ScalarNode) -> Iterator[TrainingMessage]:
    first_line = node.start_mark.line + 2  # the text begins on the line after "examples: |"
    for number, raw in enumerate(str(node.value).splitlines(), first_line):
        if not raw.strip():
            continue
        if not raw.startswith(_BULLET):
            raise EvaluationError(f'{file.name}:{number}: a message begins with "{_BULLET}".')
        yield _message(file.name, number, intent, raw[len(_BULLET) :].strip())


def _message(file: str, line: int, intent: str, raw: str) -> TrainingMessage:
    annotations = tuple(_annotation(match, f"{file}:{line}") for match in _ANNOTATION.finditer(raw))
    return TrainingMessage(
        file, line, intent, _ANNOTATION.sub(lambda match: match["words"], raw), annotations
    )


def _annotation(match: re.Match[str], place: str) -> Annotation:
    if match["name"]:
        return Annotation(match["name"], match["words"], match["value"], None)
    try:
        more = json.loads(match["more"])
        value = more.get("value")
        return Annotation(
            str(more["entity"]), match["words"], None if value is None else str(value), more.get("role")
        )
    except (ValueError, KeyError):
        raise EvaluationError(f"{place}: an annotation is not JSON with an entity.") from None


def _mapping(node: Any, file: Path) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise EvaluationError(f"{file.name}: not a file of training data.")
    return {str(key.value): value for key, value in node.value}


def _members(node: Any, file: Path) -> Sequence[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise EvaluationError(f"{file.name}: no list under nlu.")
    return list(node.value)
