"""The assistant of today is no worse than the one of the committed figures: real model, real engine, same path."""

import asyncio
from typing import Any

import pytest

from bot.evaluation.committed import read_figures
from bot.evaluation.examples import read_dangers, read_messages
from bot.evaluation.running import running_engine, understand_all
from bot.evaluation.safety import RULES, TOGETHER, safety_figures, screen_all, screen_all_together
from bot.evaluation.understanding import figures_of
from bot.settings import Settings

Figures = dict[str, Any]

# Less than this is chance: some ten messages of the set.
SLACK = 0.01
ALARMS_SLACK = 10.0  # per 1,000


@pytest.fixture(scope="module")
def committed() -> Figures:
    figures = read_figures()
    assert {"understanding", "safety"} <= figures.keys(), (
        "run hjelpelinje evaluate with --save, and with --safety --save"
    )
    return figures


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """Everything measured once, with one engine, without touching the operator's own data."""
    return asyncio.run(_measured(Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("data"))))


async def _measured(settings: Settings) -> Figures:
    dangers = read_dangers()
    async with running_engine(settings) as running:
        outcomes = await understand_all(running, read_messages())
        together = await screen_all_together(running.service.engine, dangers)
    return {
        "understanding": figures_of(outcomes),
        "safety": {RULES: safety_figures(screen_all(dangers)), TOGETHER: safety_figures(together)},
    }


def test_understanding_is_no_worse(now: Figures, committed: Figures) -> None:
    new, old = now["understanding"], committed["understanding"]
    assert new["accuracy"] >= old["accuracy"] - SLACK
    assert new["top_3"] >= old["top_3"] - SLACK
    assert new["entities"]["all"]["f1"] >= old["entities"]["all"]["f1"] - SLACK
    assert new["confidence"]["precision_in_use"] >= old["confidence"]["precision_in_use"] - SLACK


@pytest.mark.parametrize("layer", [RULES, TOGETHER])
def test_danger_is_seen_no_less(now: Figures, committed: Figures, layer: str) -> None:
    new, old = now["safety"][layer], committed["safety"][layer]
    assert new["recall"]["recall"] >= old["recall"]["recall"] - SLACK
    assert new["by_level"]["imminent"]["recall"] >= old["by_level"]["imminent"]["recall"] - SLACK
    assert new["by_explicitness"]["direct"]["recall"] >= old["by_explicitness"]["direct"]["recall"] - SLACK


@pytest.mark.parametrize("kind", ["near_miss", "ordinary"])
def test_there_are_no_more_false_alarms(now: Figures, committed: Figures, kind: str) -> None:
    new, old = (
        figures["safety"][TOGETHER]["false_alarms"][kind]["alarms_per_1000"] for figures in (now, committed)
    )
    assert new <= old + ALARMS_SLACK
