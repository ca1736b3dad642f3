"""`hjelpelinje evaluate`: how good the assistant is on messages that it was not trained on."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.evaluation import committed
from bot.evaluation.baseline import NAMES, running_baseline
from bot.evaluation.confusion import draw_confusion
from bot.evaluation.curve import curve_figures, curve_report
from bot.evaluation.examples import LabelledMessage, read_dangers, read_messages
from bot.evaluation.model_card import model_card, write_model_card
from bot.evaluation.norsid import norsid_figures, norsid_report
from bot.evaluation.redaction import read_private, redact_all, redaction_figures, redaction_report
from bot.evaluation.report import baseline_report, changes_report, understanding_report
from bot.evaluation.running import RunningEngine, running_engine, throughput, understand_all
from bot.evaluation.safety import (
    RULES,
    TOGETHER,
    Screened,
    missed,
    safety_figures,
    safety_report,
    screen_all,
    screen_all_together,
)
from bot.evaluation.tables import table
from bot.evaluation.training_data import read_training_data
from bot.evaluation.understanding import figures_of, misunderstood
from bot.settings import Settings
from knowledge import load_knowledge

Figures = dict[str, Any]


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("evaluate", help="measure understanding and safety on tests/evaluation")
    command.add_argument(
        "--safety", action="store_true", help="measure danger seen and private numbers removed instead"
    )
    command.add_argument(
        "--rules-only", action="store_true", help="with --safety: only what works without the engine"
    )
    command.add_argument(
        "--baseline",
        nargs="?",
        const=NAMES[0],
        choices=NAMES,
        help="also train one of Rasa's own pipelines on the same data and measure it (the default one takes hours)",
    )
    command.add_argument(
        "--baseline-model",
        type=_file,
        metavar="FILE",
        help="with --baseline: the model of that pipeline from an earlier `rasa train nlu`, instead of training one",
    )
    command.add_argument(
        "--norsid",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="measure on NorSID instead: one file in folds by sentence, or a file to train on and one to test on",
    )
    command.add_argument("--curve", action="store_true", help="show the learning curve instead")
    command.add_argument("--retrain", action="store_true", help="train first, to measure how long it takes")
    command.add_argument("--list", action="store_true", help="list the ids of all messages that went wrong")
    command.add_argument(
        "--save", action="store_true", help="make these the figures to compare with from now on"
    )
    command.set_defaults(run=run)


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise argparse.ArgumentTypeError(f"{name} is no file")
    return path


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Print the report, write picture and model card, compare with the saved figures."""
    before = committed.read_figures()
    if options.norsid:
        now = await _norsid(settings, options.norsid)
    elif options.curve:
        now = {"curve": await curve_figures(settings)}
        print(curve_report(now["curve"]))
    elif options.safety:
        now = await _safety(settings, options.rules_only, options.list)
    else:
        now = await _understanding(settings, options)
    print("\n" + changes_report(committed.changes(now, before)))
    if options.rules_only:
        return 0  # half of the picture: nothing to keep
    knowledge = load_knowledge()
    card = model_card(before | now, len(knowledge.intents), len(read_training_data()))
    write_model_card(committed.DOCS, card)
    if options.save:
        committed.save_figures(now)
    return 0


async def _understanding(settings: Settings, options: argparse.Namespace) -> Figures:
    messages, baseline = read_messages(), options.baseline
    async with running_engine(settings, options.retrain) as running:
        outcomes = await understand_all(running, messages)
        figures = figures_of(outcomes) | await _cost(running, messages)
        intents = list(running.service.knowledge.intents)
        other = await _baseline(running, messages, options) if baseline else None
    print(understanding_report(figures, outcomes))
    if options.list:
        print("\n" + table(("misunderstood", "expected", "found", "confidence"), misunderstood(outcomes)))
    committed.DOCS.mkdir(parents=True, exist_ok=True)
    await draw_confusion(settings, outcomes, intents, committed.DOCS / "confusion.png")
    if baseline is None or other is None:
        return {"understanding": figures}
    print("\n" + baseline_report(figures, baseline, other))
    return {
        "understanding": figures,
        "baselines": committed.read_figures().get("baselines", {}) | {baseline: other},
    }


async def _cost(running: RunningEngine, messages: Sequence[LabelledMessage]) -> Figures:
    return {
        "engine_per_second": await throughput(running, messages),
        "memory_mb": running.memory_mb(),
        "training_seconds": running.training_seconds,
    }


async def _baseline(
    running: RunningEngine, messages: Sequence[LabelledMessage], options: argparse.Namespace
) -> Figures:
    async with running_baseline(running, options.baseline, options.baseline_model) as other:
        outcomes = await understand_all(other, messages)
        return figures_of(outcomes) | await _cost(other, messages)


async def _safety(settings: Settings, rules_only: bool, listed: bool) -> Figures:
    dangers, private = read_dangers(), read_private()
    rows: dict[str, list[Screened]] = {RULES: screen_all(dangers)}
    if rules_only:
        redacted = await redact_all(None, private)
    else:
        async with running_engine(settings) as running:
            rows[TOGETHER] = await screen_all_together(running.service.engine, dangers)
            redacted = await redact_all(running.service.engine, private)
    layers = {name: safety_figures(screened) for name, screened in rows.items()}
    print(safety_report(layers))
    if listed:
        wrong = missed(list(rows.values())[-1])
        print("\n" + table(("not as it should be", "expected", "found", "about"), wrong))
    figures: Figures = {"safety": layers}
    if private:
        figures["redaction"] = redaction_figures(redacted)
        print("\n" + redaction_report(figures["redaction"]))
    return figures


async def _norsid(settings: Settings, files: Sequence[Path]) -> Figures:
    figures = await norsid_figures(settings, files)
    print(norsid_report(figures))
    return {"norsid": figures}
