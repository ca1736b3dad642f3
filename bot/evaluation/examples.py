"""The labelled messages of tests/evaluation: their form, and how they are read.

They are written apart from the training data and never used in training.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.settings import ROOT

FOLDER = ROOT / "tests" / "evaluation"

LevelName = Literal["none", "concern", "high", "imminent"]
M = TypeVar("M", bound=BaseModel)


class EvaluationError(Exception):
    """Something that is needed to evaluate is missing or wrong; one line for the operator, without message text."""


class ExpectedEntity(BaseModel):
    """An entity that stands in a message; without a value its words count."""

    model_config = ConfigDict(frozen=True)

    entity: str
    text: str
    value: str | int | float | None = None


class LabelledMessage(BaseModel):
    """A message with what it means, who writes so (variety) and how (form)."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str = Field(min_length=1)
    history: tuple[str, ...] = ()
    intent: str
    variety: str
    form: str
    entities: tuple[ExpectedEntity, ...] = ()


def read_messages(folder: Path = FOLDER) -> list[LabelledMessage]:
    """Return all labelled messages; raises EvaluationError when there are none or an id is used twice."""
    files = sorted(folder.glob("messages_*.jsonl"))
    if not files:
        raise EvaluationError(f"There are no messages_*.jsonl in {folder}.")
    messages = [message for file in files for message in read_lines(LabelledMessage, file)]
    _check_ids([message.id for message in messages], folder)
    return messages


def read_lines(kind: type[M], file: Path) -> list[M]:
    """Return the lines of a file as `kind`; raises EvaluationError that names file, line and field."""
    if not file.exists():
        raise EvaluationError(f"{file} is missing.")
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "the line"
            raise EvaluationError(f"{file.name} line {number}: {field}: {first['msg']}") from None
    return found


def _check_ids(ids: Sequence[str], folder: Path) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise EvaluationError(f"{folder}: the id {name} is used twice.")
        seen.add(name)


class DangerMessage(BaseModel):
    """A message with the danger that is in it; `kind` says what it was written to test."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str = Field(min_length=1)
    history: tuple[str, ...] = ()
    level: LevelName
    intent: str | None
    who: str | None = None
    explicit: Literal["direct", "indirect"] | None = None
    variety: str
    kind: Literal["crisis", "near_miss", "ordinary"]


def read_dangers(folder: Path = FOLDER) -> list[DangerMessage]:
    """Return the messages of the safety sets (safety*.jsonl); raises EvaluationError."""
    files = sorted(folder.glob("safety*.jsonl"))
    if not files:
        raise EvaluationError(f"safety*.jsonl is missing in {folder}.")
    messages = [message for file in files for message in read_lines(DangerMessage, file)]
    _check_ids([message.id for message in messages], folder)
    return messages
