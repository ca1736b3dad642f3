"""The figures of redaction: private numbers and names found, and what was masked without need.

Numbers and addresses are masked by `bot.safety.redact` alone, names only where the engine's name finder runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.dialogue.engine import Engine, EngineError
from bot.dialogue.understanding import understand
from bot.evaluation.examples import FOLDER, EvaluationError, read_lines
from bot.evaluation.metrics import share
from bot.evaluation.tables import least, most, table
from bot.safety import redact

Figures = dict[str, Any]
Place = tuple[int, int]

NAME = "navn"
_LEAST_NUMBERS, _LEAST_NAMES, _MOST_FALSE = 0.99, 0.90, 0.01


class PrivateSpan(BaseModel):
    """Something private that stands in a message."""

    model_config = ConfigDict(frozen=True)

    kind: str
    text: str = Field(min_length=1)


class PrivateMessage(BaseModel):
    """A message with everything private in it; without any, nothing may be masked."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str = Field(min_length=1)
    spans: tuple[PrivateSpan, ...] = ()


@dataclass(frozen=True)
class Masked:
    """A message, and the places of it that were masked, by kind."""

    message: PrivateMessage
    found: tuple[tuple[str, Place], ...]


def read_private(file: Path = FOLDER / "redaction.jsonl") -> list[PrivateMessage]:
    """Return the messages of the redaction set, none when there is no such file; raises EvaluationError."""
    messages = read_lines(PrivateMessage, file) if file.exists() else []
    for message in messages:
        for span in message.spans:
            if span.text not in message.text:
                raise EvaluationError(f"{file.name}: {message.id}: a span is not in the text.")
    return messages


async def redact_all(engine: Engine | None, messages: Sequence[PrivateMessage]) -> list[Masked]:
    """Return what is masked in each message; without an engine names are not looked for, nor expected."""
    rows = []
    for message in messages:
        found = [(span.kind, (span.start, span.end)) for span in redact(message.text).spans]
        if engine:
            found += [(NAME, place) for place in await _names(engine, message)]
        else:
            kept = tuple(span for span in message.spans if span.kind != NAME)
            message = message.model_copy(update={"spans": kept})
        rows.append(Masked(message, tuple(found)))
    return rows


async def _names(engine: Engine, message: PrivateMessage) -> list[Place]:
    try:
        understood = await understand(engine, message.text)
    except EngineError as error:
        raise EvaluationError(f"Message {message.id}: {error}.") from None
    return [(entity["start"], entity["end"]) for entity in understood.entities if entity["entity"] == NAME]


def redaction_figures(rows: Sequence[Masked]) -> Figures:
    """Return recall by kind, for numbers together and for names, and the share of messages masked without need."""
    by_kind: dict[str, list[tuple[bool, bool]]] = {}
    needless = 0
    for row in rows:
        covered = {at for _, (start, end) in row.found for at in range(start, end)}
        expected: set[int] = set()
        for span, place in _places(row.message):
            expected.update(range(*place))
            hidden = all(at in covered for at in range(*place) if row.message.text[at].isalnum())
            named = any(kind == span.kind and _overlap(place, where) for kind, where in row.found)
            by_kind.setdefault(span.kind, []).append((hidden, hidden and named))
        needless += any(not expected.intersection(range(*where)) for _, where in row.found)
    together: dict[str, list[tuple[bool, bool]]] = {"all numbers and addresses": []}
    for kind, found in by_kind.items():
        if kind != NAME:
            together["all numbers and addresses"] += found
    return {
        "messages": len(rows),
        "by_kind": {name: _recall(found) for name, found in (*sorted(by_kind.items()), *together.items())},
        "false_masking": share(needless, len(rows)),
    }


def _places(message: PrivateMessage) -> list[tuple[PrivateSpan, Place]]:
    """Return where the spans stand; the same words twice are taken in the order of the text."""
    after: dict[str, int] = {}
    found = []
    for span in message.spans:
        start = message.text.find(span.text, after.get(span.text, 0))
        start = start if start >= 0 else message.text.index(span.text)
        after[span.text] = start + len(span.text)
        found.append((span, (start, start + len(span.text))))
    return found


def _recall(found: Sequence[tuple[bool, bool]]) -> Figures:
    return {
        "expected": len(found),
        "recall": share(sum(hidden for hidden, _ in found), len(found)),
        "right_kind": share(sum(named for _, named in found), len(found)),
    }


def _overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def redaction_report(figures: Figures) -> str:
    """Return the table, each kind beside its bar."""
    rows: list[tuple[object, ...]] = []
    for name, row in figures["by_kind"].items():
        bar = _LEAST_NAMES if name == NAME else _LEAST_NUMBERS
        rows.append((name, row["expected"], row["recall"], *least(row["recall"], bar), row["right_kind"]))
    masked = figures["false_masking"]
    rows.append(("masked without need", figures["messages"], masked, *most(masked, _MOST_FALSE), None))
    return table(("private", "expected", "found", "bar", "", "right kind"), rows)
