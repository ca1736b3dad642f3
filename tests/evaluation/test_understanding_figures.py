"""The figures of understanding are those of the outcomes."""

import pytest

from bot.dialogue.understanding import ANSWER_CONFIDENCE, CLARIFY_CONFIDENCE
from bot.evaluation.examples import ExpectedEntity
from bot.evaluation.report import baseline_report, understanding_report
from bot.evaluation.running import Outcome
from bot.evaluation.understanding import figures_of, misunderstood, worst_confusions
from tests.evaluation.made import outcome

SURE, UNSURE, LOST = 0.99, (ANSWER_CONFIDENCE + CLARIFY_CONFIDENCE) / 2, CLARIFY_CONFIDENCE / 2
VOSS = {"entity": "kommune", "value": "4621", "start": 11, "end": 15}


@pytest.fixture
def outcomes() -> list[Outcome]:
    return [
        outcome(
            "demens",
            ("demens", SURE),
            wanted=(ExpectedEntity(entity="kommune", text="Voss", value="4621"),),
            entities=(VOSS,),
        ),
        outcome("demens", ("sorg", SURE - 0.01), ("demens", 0.005), variety="nord", form="kort", seconds=0.5),
        outcome("sorg", ("demens", UNSURE), ("kreft", 0.1), ("sorg", 0.1), ("rus", 0.1)),
        outcome("sorg", ("demens", UNSURE), ("kreft", 0.1), ("rus", 0.1), ("sorg", 0.1)),
        outcome("krise_vold", ("krise_vold", LOST)),
    ]


def test_accuracy_and_top_three(outcomes: list[Outcome]) -> None:
    figures = figures_of(outcomes)
    assert (figures["messages"], figures["accuracy"], figures["top_3"]) == (5, 0.4, 0.8)
    assert figures["by_variety"]["nord"] == {"messages": 1, "accuracy": 0, "top_3": 1}
    assert figures["by_form"]["vanlig"]["messages"] == 4
    assert figures["by_kind"]["crisis"]["accuracy"] == 1


def test_what_the_relative_gets(outcomes: list[Outcome]) -> None:
    assert figures_of(outcomes)["decisions"] == {
        "answered_right": 0.2,
        "answered_wrong": 0.2,
        "asked_with_right_one": 0.2,
        "asked_without_right_one": 0.2,
        "unknown": 0.2,
    }


def test_the_threshold_in_use_is_shown_beside_the_one_that_holds_the_precision(
    outcomes: list[Outcome],
) -> None:
    confidence = figures_of(outcomes)["confidence"]
    assert (confidence["threshold_at_95"], confidence["coverage_at_95"]) == (SURE, 0.2)
    assert confidence["answer_threshold_in_use"] == ANSWER_CONFIDENCE
    assert (confidence["coverage_in_use"], confidence["precision_in_use"]) == (0.4, 0.5)


def test_entities_and_speed(outcomes: list[Outcome]) -> None:
    figures = figures_of(outcomes)
    assert figures["entities"]["kommune"] == {"expected": 1, "precision": 1, "recall": 1, "f1": 1}
    assert figures["entities"]["all"]["f1"] == 1
    assert figures["speed"] == {"parse_p50_ms": 10, "parse_p95_ms": 500}


def test_what_is_confused_most_comes_first(outcomes: list[Outcome]) -> None:
    assert worst_confusions(outcomes)[0] == ("sorg", "demens", 2)
    assert [row[3] for row in misunderstood(outcomes)] == [SURE - 0.01, UNSURE, UNSURE]


def test_the_report_says_what_is_below_its_bar_and_holds_no_text(outcomes: list[Outcome]) -> None:
    figures = figures_of(outcomes) | {
        "engine_per_second": 100.0,
        "memory_mb": 950.0,
        "training_seconds": None,
    }
    report = understanding_report(figures, outcomes)
    accuracy = next(line for line in report.splitlines() if line.startswith("accuracy"))
    assert accuracy.split()[-4:] == ["0.400", ">=", "0.82", "below"]
    assert next(line for line in report.splitlines() if line.startswith("engine memory")).endswith("above")
    assert "bor på" not in report


def test_a_baseline_stands_beside_ours(outcomes: list[Outcome]) -> None:
    own = figures_of(outcomes) | {"engine_per_second": 100.0, "memory_mb": 600.0}
    other = figures_of(outcomes[:1]) | {"engine_per_second": 25.0, "memory_mb": None, "training_seconds": 9.0}
    report = baseline_report(own, "rasa_default", other)
    assert "x 4.0" in report
    assert next(line for line in report.splitlines() if line.startswith("accuracy")).split()[1:] == [
        "0.400",
        "1.000",
        "-0.600",
    ]
