"""The figures of understanding: intents, confidence, decisions, entities, speed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from bot.dialogue.understanding import ANSWER_CONFIDENCE, CLARIFY_CONFIDENCE, Decision
from bot.evaluation.entities import add_up, score_entities
from bot.evaluation.metrics import (
    Score,
    calibration_error,
    coverage_at,
    covered_from,
    macro_f1,
    margin,
    percentile,
    share,
)
from bot.evaluation.running import Outcome, accuracy

Figures = dict[str, Any]

ANSWERED_PRECISION = 0.95
# Asking between three is worth the relative's time when the right one is among them this often.
ASKED_HIT_RATE = 0.75
WORST = 20


def figures_of(outcomes: Sequence[Outcome]) -> Figures:
    """Return the figures of a run."""
    pairs = [(outcome.message.intent, outcome.found.intent) for outcome in outcomes]
    rate = accuracy(outcomes)
    return {
        "messages": len(outcomes),
        "accuracy": rate,
        "accuracy_margin": margin(rate, len(outcomes)),
        "top_3": share(sum(outcome.in_first_three for outcome in outcomes), len(outcomes)),
        "macro_f1": macro_f1(pairs),
        "by_variety": _by(outcomes, lambda outcome: outcome.message.variety),
        "by_form": _by(outcomes, lambda outcome: outcome.message.form),
        "by_kind": _by(outcomes, lambda outcome: _kind(outcome.message.intent)),
        "confidence": _confidence(outcomes),
        "decisions": _decisions(outcomes),
        "entities": _entities(outcomes),
        "speed": _speed(outcomes),
    }


def worst_confusions(outcomes: Sequence[Outcome], limit: int = WORST) -> list[tuple[str, str, int]]:
    """Return (expected, found, how often), the most frequent first."""
    counts = Counter(
        (outcome.message.intent, outcome.found.intent) for outcome in outcomes if not outcome.is_right
    )
    return [(expected, found, count) for (expected, found), count in counts.most_common(limit)]


def misunderstood(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str, float]]:
    """Return (id, expected, found, confidence) of all that is wrong, what the service was surest of first."""
    rows = [
        (outcome.message.id, outcome.message.intent, outcome.found.intent, outcome.found.confidence)
        for outcome in outcomes
        if not outcome.is_right
    ]
    return sorted(rows, key=lambda row: -row[3])


def weakest_intents(outcomes: Sequence[Outcome], limit: int = WORST) -> list[tuple[str, float, int]]:
    """Return (intent, accuracy, messages), the lowest accuracy first."""
    rows = [
        (name, row["accuracy"], row["messages"])
        for name, row in _by(outcomes, lambda o: o.message.intent).items()
    ]
    return sorted(rows, key=lambda row: (row[1], row[0]))[:limit]


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> Figures:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return {
        name: {
            "messages": len(members),
            "accuracy": accuracy(members),
            "top_3": share(sum(outcome.in_first_three for outcome in members), len(members)),
        }
        for name, members in sorted(groups.items())
    }


def _kind(intent: str) -> str:
    return "crisis" if intent.startswith("krise_") else "other"


def _confidence(outcomes: Sequence[Outcome]) -> Figures:
    rows = [(outcome.found.confidence, outcome.is_right) for outcome in outcomes]
    best = coverage_at(rows, ANSWERED_PRECISION)
    now = covered_from(rows, ANSWER_CONFIDENCE)
    return {
        "calibration_error": calibration_error(rows),
        "coverage_at_95": best.coverage if best else 0.0,
        "threshold_at_95": best.threshold if best else None,
        "answer_threshold_in_use": ANSWER_CONFIDENCE,
        "coverage_in_use": now.coverage,
        "precision_in_use": now.precision,
        "clarify_threshold": _clarify_threshold(outcomes, best.threshold if best else ANSWER_CONFIDENCE),
        "clarify_threshold_in_use": CLARIFY_CONFIDENCE,
    }


def _clarify_threshold(outcomes: Sequence[Outcome], answered_from: float) -> float | None:
    """Return the lowest confidence from which, below the answered ones, asking between three has the right one."""
    rows = [
        (outcome.found.confidence, outcome.in_first_three)
        for outcome in outcomes
        if outcome.found.confidence < answered_from
    ]
    best = coverage_at(rows, ASKED_HIT_RATE)
    return best.threshold if best else None


def _decisions(outcomes: Sequence[Outcome]) -> Figures:
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        if outcome.found.decision is Decision.ANSWER:
            counts["answered_right" if outcome.is_right else "answered_wrong"] += 1
        elif outcome.found.decision is Decision.CLARIFY:
            counts["asked_with_right_one" if outcome.in_first_three else "asked_without_right_one"] += 1
        else:
            counts["unknown"] += 1
    names = ("answered_right", "answered_wrong", "asked_with_right_one", "asked_without_right_one", "unknown")
    return {name: share(counts[name], len(outcomes)) for name in names}


def _entities(outcomes: Sequence[Outcome]) -> Figures:
    scores = add_up(
        score_entities(outcome.message.entities, outcome.found.entities, outcome.message.text)
        for outcome in outcomes
    )
    rows = {"all": sum(scores.values(), Score()), **dict(sorted(scores.items()))}
    return {
        name: {
            "expected": score.right + score.missed,
            "precision": score.precision,
            "recall": score.recall,
            "f1": score.f1,
        }
        for name, score in rows.items()
    }


def _speed(outcomes: Sequence[Outcome]) -> Figures:
    milliseconds = [outcome.seconds * 1000 for outcome in outcomes]
    return {"parse_p50_ms": percentile(milliseconds, 50), "parse_p95_ms": percentile(milliseconds, 95)}
