"""What is written stays written: figures, card and picture; a quick look writes nothing."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from bot.commands import evaluate
from bot.evaluation import committed
from bot.evaluation.committed import changes, read_figures, save_figures
from bot.evaluation.confusion import draw_confusion
from bot.evaluation.examples import DangerMessage, EvaluationError
from bot.evaluation.model_card import model_card
from bot.evaluation.safety import RULES, TOGETHER, safety_figures, screen_all
from bot.evaluation.tools import run_tool
from bot.evaluation.understanding import figures_of
from bot.settings import Settings
from tests.evaluation.made import outcome

DANGER = DangerMessage.model_validate(
    {
        "id": "s",
        "text": "Hun puster ikke!",
        "level": "imminent",
        "intent": "krise_akutt_helse",
        "explicit": "direct",
        "variety": "bokmal",
        "kind": "crisis",
    }
)


@pytest.fixture
def all_figures() -> dict[str, Any]:
    own = figures_of([outcome("demens", ("demens", 0.9)), outcome("sorg", ("demens", 0.6), variety="nord")])
    layer = safety_figures(screen_all([DANGER]))
    return {
        "understanding": own | {"memory_mb": 600.0, "engine_per_second": 90.0, "training_seconds": 60.0},
        "safety": {RULES: layer, TOGETHER: layer},
        "redaction": {"by_kind": {"telefon": {"expected": 5, "recall": 1.0}}, "false_masking": 0.0},
        "baselines": {"rasa_default": own},
        "norsid": {
            "protocol": "5 folds",
            "intent": 0.93,
            "slots": 0.7,
            "by_dialect": {"north": {"messages": 1, "intent": 1.0, "slots": 1.0}},
        },
    }


def test_saved_figures_come_back_and_other_sections_stay(tmp_path: Path) -> None:
    save_figures({"safety": {"recall": 0.9}, "understanding": {"accuracy": 0.81234567}}, tmp_path)
    save_figures({"understanding": {"accuracy": 0.9}}, tmp_path)
    assert read_figures(tmp_path) == {"safety": {"recall": 0.9}, "understanding": {"accuracy": 0.9}}


def test_without_saved_figures_nothing_is_compared(tmp_path: Path) -> None:
    assert read_figures(tmp_path) == {}
    assert changes({"a": {"b": 1.0}}, {}) == []


def test_changes_are_told_by_name_with_both_values() -> None:
    now, before = {"a": {"b": 0.5, "c": 1.0, "d": 0.33333333}}, {"a": {"b": 0.4, "c": 1.0, "d": 0.3333}}
    assert changes(now, before) == [("a.b", 0.4, 0.5)]


def test_the_card_tells_every_figure_there_is_and_works_with_none(all_figures: dict[str, Any]) -> None:
    card = model_card(all_figures, 79, 17_000)
    for words in (
        "17000 messages",
        "top-3 accuracy",
        "krise_akutt_helse",
        "rasa_default",
        "NorSID, 5 folds",
        "telefon",
    ):
        assert words in card
    assert "## Limits" in model_card({}, 79, 0)


async def test_the_picture_is_drawn_and_the_same_figures_give_the_same_picture(tmp_path: Path) -> None:
    outcomes = [outcome("demens", ("demens", 0.9)), outcome("sorg", ("demens", 0.6))]
    settings, pictures = Settings(_env_file=None), []
    for name in ("one.png", "two.png"):
        await draw_confusion(settings, outcomes, ["demens", "sorg", "rus"], tmp_path / name)
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0].startswith(b"\x89PNG")
    assert pictures[0] == pictures[1]


async def test_a_tool_that_fails_is_one_line() -> None:
    with pytest.raises(EvaluationError, match="The tool nothing failed"):
        await run_tool(Settings(_env_file=None), "nothing")


async def test_the_rules_alone_are_measured_without_engine_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = tmp_path / "docs"
    monkeypatch.setattr(committed, "DOCS", docs)
    monkeypatch.setattr(evaluate, "read_dangers", lambda: [DANGER])
    monkeypatch.setattr(evaluate, "running_engine", None)
    parser = argparse.ArgumentParser()
    evaluate.add_to(parser.add_subparsers())
    options = parser.parse_args(["evaluate", "--safety", "--rules-only"])
    assert await options.run(Settings(_env_file=None), options) == 0
    assert "direct seen by the rules alone" in capsys.readouterr().out
    assert not docs.exists()


def test_a_baseline_model_that_is_missing_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    evaluate.add_to(parser.add_subparsers())
    with pytest.raises(SystemExit):
        parser.parse_args(["evaluate", "--baseline", "--baseline-model", "nowhere.tar.gz"])
    assert "nowhere.tar.gz is no file" in capsys.readouterr().err
