"""What `hjelpelinje evaluate` prints about understanding."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.evaluation.metrics import share
from bot.evaluation.running import Outcome
from bot.evaluation.tables import cell, least, most, table
from bot.evaluation.understanding import weakest_intents, worst_confusions

# What has to be reached, by the dotted name of the figure; the sign says in which direction.
BAR: Mapping[str, float] = {
    "accuracy": 0.82,
    "top_3": 0.93,
    "confidence.coverage_at_95": 0.60,
    "entities.all.f1": 0.90,
    "entities.kommune.f1": 0.95,
}
VARIETY_BAR = 0.76
MOST: Mapping[str, float] = {"speed.parse_p95_ms": 25.0, "memory_mb": 900.0, "training_seconds": 300.0}


def understanding_report(figures: Mapping[str, Any], outcomes: Sequence[Outcome]) -> str:
    """Return the whole report."""
    return "\n\n".join(
        [
            overview(figures),
            table(("variety", "messages", "accuracy", "top 3"), _rows(figures["by_variety"])),
            table(("form", "messages", "accuracy", "top 3"), _rows(figures["by_form"])),
            table(("entity", "expected", "precision", "recall", "F1"), _rows(figures["entities"])),
            table(
                ("decision", "share"),
                [(name.replace("_", " "), value) for name, value in figures["decisions"].items()],
            ),
            table(("expected", "found", "times"), worst_confusions(outcomes)),
            table(("weakest intents", "accuracy", "messages"), weakest_intents(outcomes)),
        ]
    )


def overview(figures: Mapping[str, Any]) -> str:
    """Return the figures that are judged, each beside its bar."""
    return table(("understanding", "now", "bar", ""), overview_rows(figures))


def overview_rows(figures: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """Return (what, measured, bar, remark) of the figures that are judged."""
    return list(_overview(figures))


def _overview(figures: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    confidence, speed = figures["confidence"], figures["speed"]
    lowest = min(figures["by_variety"].items(), key=lambda item: item[1]["accuracy"])
    yield "messages", figures["messages"], None, ""
    yield (
        f"accuracy (+/- {cell(figures['accuracy_margin'])})",
        figures["accuracy"],
        *least(figures["accuracy"], BAR["accuracy"]),
    )
    yield "top-3 accuracy", figures["top_3"], *least(figures["top_3"], BAR["top_3"])
    yield "macro F1", figures["macro_f1"], None, ""
    yield f"lowest variety ({lowest[0]})", lowest[1]["accuracy"], *least(lowest[1]["accuracy"], VARIETY_BAR)
    for name in ("all", "kommune"):
        if name in figures["entities"]:
            f1 = figures["entities"][name]["f1"]
            yield f"entity F1 ({name})", f1, *least(f1, BAR[f"entities.{name}.f1"])
    yield "expected calibration error", confidence["calibration_error"], None, ""
    covered = confidence["coverage_at_95"]
    yield "coverage at 95 % precision", covered, *least(covered, BAR["confidence.coverage_at_95"])
    yield "  confidence that gives it", confidence["threshold_at_95"], None, ""
    yield "  threshold in use", confidence["answer_threshold_in_use"], None, ""
    yield "  coverage with it", confidence["coverage_in_use"], None, ""
    yield "  precision with it", confidence["precision_in_use"], None, ""
    yield "ask between three from", confidence["clarify_threshold"], None, ""
    yield "  threshold in use", confidence["clarify_threshold_in_use"], None, ""
    yield "parse p50, ms", speed["parse_p50_ms"], None, ""
    yield "parse p95, ms", speed["parse_p95_ms"], *most(speed["parse_p95_ms"], MOST["speed.parse_p95_ms"])
    if "engine_per_second" in figures:
        yield "messages/s, engine alone", figures["engine_per_second"], None, ""
    for name, words in (("memory_mb", "engine memory, MB"), ("training_seconds", "training, s")):
        if figures.get(name) is not None:
            yield words, figures[name], *most(figures[name], MOST[name])


def _rows(figures: Mapping[str, Mapping[str, Any]]) -> list[tuple[object, ...]]:
    return [(name, *row.values()) for name, row in figures.items()]


def changes_report(rows: Sequence[tuple[str, float, float]]) -> str:
    """Return what has changed since the committed figures."""
    if not rows:
        return "No figure differs from the committed ones."
    return table(
        ("changed since the committed figures", "before", "now", "change"),
        [(name, before, now, f"{now - before:+.3f}") for name, before, now in rows],
    )


def baseline_report(own: Mapping[str, Any], name: str, other: Mapping[str, Any]) -> str:
    """Return our figures beside those of one of Rasa's pipelines."""
    rows: list[tuple[object, ...]] = [
        (words, _at(own, path), _at(other, path), _at(own, path) - _at(other, path))
        for words, path in (
            ("accuracy", ("accuracy",)),
            ("top-3 accuracy", ("top_3",)),
            ("macro F1", ("macro_f1",)),
            ("coverage at 95 % precision", ("confidence", "coverage_at_95")),
            ("expected calibration error", ("confidence", "calibration_error")),
            ("entity F1", ("entities", "all", "f1")),
            ("parse p50, ms", ("speed", "parse_p50_ms")),
            ("parse p95, ms", ("speed", "parse_p95_ms")),
            ("engine memory, MB", ("memory_mb",)),
        )
    ]
    rates = (own["engine_per_second"], other["engine_per_second"])
    rows.append(("messages/s, engine alone", *rates, f"x {share(*rates):.1f}"))
    rows.append(("training, s", own.get("training_seconds"), other.get("training_seconds"), None))
    return table(("", "ours", name, "difference"), rows)


def _at(figures: Mapping[str, Any], path: Sequence[str]) -> float:
    value: Any = figures
    for name in path:
        value = value[name]
    return float(value or 0.0)
