"""The model card: what the model is, what it was measured on, what it is good for and what not."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.dialogue.training import ENGINE
from bot.evaluation.curve import HEAD as CURVE_HEAD
from bot.evaluation.report import overview_rows
from bot.evaluation.safety import bars as safety_bars
from bot.evaluation.tables import cell, markdown_table

Figures = Mapping[str, Any]

_HEAD = """# Model card: what the assistant understands

Written by `hjelpelinje evaluate`; do not edit. The figures are of the data and code they were committed with.

## The model

{pipeline}

It reads one message, after identity numbers, card numbers and phone numbers have been removed from it, and gives a
ranking of {intents} intents with confidences and the entities in the message. The crisis screen in `bot/safety`
works beside it and without it; either may raise the alarm.

It was trained on {trained} messages in `data/nlu`, written for this purpose by many hands in Bokmål, Nynorsk and
dialect. No message of a real relative is in it.

## What it is for

To find the topic a relative asks about, and to notice danger, so that a curated answer or a person comes at once.
Above the answering threshold it answers; below it asks between three; where it has no idea it offers a person. It
is not for diagnosis, for judging a person, or for any text but messages to this helpline.

## What it was measured on

Messages in `tests/evaluation`, written apart from the training data by other hands and never used in training.
`hjelpelinje data check` fails when one is too much like a training message. They were written for the purpose,
so the first months of real use will show other things: let counselors collect what went wrong, in new words.
"""

_TAIL = """## Limits

- A short message often has several readings; the confidence says so, and the relative is asked.
- Varieties with few messages above have wide margins: 30 messages right to 80 % means 63 to 90 %.
- An age, a place or a relation that is only implied is not found.
- The confidence threshold should be set anew when the data change: the figures above say what it gives now.
- No recall is 100 %. The widget and every SMS conversation show how to reach a person, whatever is understood.
"""


def model_card(figures: Figures, intents: int, trained: int) -> str:
    """Return the card in Markdown from all figures that have been saved or measured now."""
    parts = [_HEAD.format(pipeline=_pipeline(), intents=intents, trained=trained)]
    if "understanding" in figures:
        parts.extend(_understanding(figures["understanding"]))
    if "safety" in figures:
        parts.extend(_safety(figures["safety"]))
    if "redaction" in figures:
        head = ("what", "messages or numbers", "found")
        rows = [
            (name, row["expected"], row["recall"]) for name, row in figures["redaction"]["by_kind"].items()
        ]
        parts.append(f"## Private numbers and names removed\n\n{markdown_table(head, rows)}\n")
        parts.append(f"Wrongly masked messages: {cell(figures['redaction']['false_masking'])} of all.\n")
    if "curve" in figures:
        parts.append(f"## Learning curve\n\n{markdown_table(CURVE_HEAD, list(figures['curve'].items()))}\n")
    if "baselines" in figures:
        parts.append(_baselines(figures))
    if "norsid" in figures:
        parts.append(_norsid(figures["norsid"]))
    return "\n".join([*parts, _TAIL])


def write_model_card(folder: Path, text: str) -> None:
    """Write the card where the picture is."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model_card.md").write_text(text, encoding="utf-8")


def _pipeline() -> str:
    config = yaml.safe_load((ENGINE / "config.yml").read_text(encoding="utf-8"))
    names = [str(part["name"]).rsplit(".", 1)[-1] for part in config["pipeline"]]
    return (
        "Rasa Open Source 3.6 with these components, in this order: "
        + ", ".join(f"`{n}`" for n in names)
        + "."
    )


def _understanding(figures: Figures) -> Iterator[str]:
    rows = [row[:3] for row in overview_rows(figures)]
    yield f"## Understanding\n\n{markdown_table(('', 'measured', 'bar'), rows)}\n"
    for group, words in (("by_variety", "variety"), ("by_form", "form")):
        yield markdown_table((words, "messages", "accuracy", "top 3"), _rows(figures[group])) + "\n"
    yield (
        markdown_table(("entity", "expected", "precision", "recall", "F1"), _rows(figures["entities"])) + "\n"
    )
    decisions = [(name.replace("_", " "), value) for name, value in figures["decisions"].items()]
    yield markdown_table(("what the relative gets", "share"), decisions) + "\n"
    yield "![Expected intents against found ones](confusion.png)\n"


def _safety(layers: Figures) -> Iterator[str]:
    yield "## Danger\n"
    yield (
        "Seen means: found at high or imminent when that is the label (crisis contacts come at once), at concern or\n"
        "above when the label is concern.\n"
    )
    yield markdown_table(("", "measured", "bar"), [row[:3] for row in safety_bars(layers)]) + "\n"
    name, figures = list(layers.items())[-1]
    for group in ("by_intent", "by_variety"):
        rows = [
            (key, row["messages"], row["recall"], row["right_intent"]) for key, row in figures[group].items()
        ]
        yield (
            markdown_table((f"{name}, {group.replace('_', ' ')}", "messages", "seen", "right intent"), rows)
            + "\n"
        )


def _baselines(figures: Figures) -> str:
    own = figures.get("understanding", {})
    rows = [_baseline_row("ours", own)] if own else []
    rows += [_baseline_row(name, row) for name, row in figures["baselines"].items()]
    head = (
        "pipeline",
        "accuracy",
        "top 3",
        "entity F1",
        "p50 ms",
        "p95 ms",
        "messages/s",
        "memory MB",
        "training s",
    )
    return f"## Beside Rasa's own pipelines, same data\n\n{markdown_table(head, rows)}\n"


def _baseline_row(name: str, figures: Figures) -> tuple[object, ...]:
    return (
        name,
        figures["accuracy"],
        figures["top_3"],
        figures["entities"]["all"]["f1"],
        figures["speed"]["parse_p50_ms"],
        figures["speed"]["parse_p95_ms"],
        figures.get("engine_per_second"),
        figures.get("memory_mb"),
        figures.get("training_seconds"),
    )


def _norsid(figures: Figures) -> str:
    rows = [("intent accuracy", figures["intent"]), ("slot F1", figures["slots"])]
    text = f"## NorSID, {figures['protocol']}\n\n{markdown_table(('', 'measured'), rows)}\n"
    by_dialect = [
        (name, row["messages"], row["intent"], row["slots"]) for name, row in figures["by_dialect"].items()
    ]
    return (
        text + "\n" + markdown_table(("dialect", "messages", "intent accuracy", "slot F1"), by_dialect) + "\n"
    )


def _rows(figures: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[object, ...]]:
    return [(name, *row.values()) for name, row in figures.items()]
