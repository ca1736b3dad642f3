"""Rasa's own pipelines, trained on the same data and measured in the same way."""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.dialogue.engine import Engine
from bot.dialogue.supervisor import EngineProcess, free_port
from bot.dialogue.training import ENGINE, PYTHON, engine_environment
from bot.evaluation.examples import EvaluationError
from bot.evaluation.running import RunningEngine
from bot.settings import ROOT, Settings

CONFIGS = ENGINE / "benchmarks"
NAMES = ("rasa_default", "rasa_logistic")
MODEL = "baseline"


class _PlainEngine(Engine):
    """An engine with a pipeline of Rasa's own, which says nothing of danger."""

    async def _ask(self, method: str, url: str, body: Any, seconds: float) -> Any:
        return {"danger": 0.0} | await super()._ask(method, url, body, seconds)


@contextlib.asynccontextmanager
async def running_baseline(
    running: RunningEngine, name: str, trained: Path | None = None
) -> AsyncIterator[RunningEngine]:
    """Run one of Rasa's pipelines: the model `trained` before, or one trained now in a temporary folder.

    `running` gives the service. Raises EvaluationError when the training fails.
    """
    settings = running.service.settings
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        model = trained or await _train(settings, name, Path(folder))
        seconds = None if trained else time.perf_counter() - started
        token = settings.engine_token.get_secret_value()
        engine = _PlainEngine(f"http://127.0.0.1:{free_port()}", token, MODEL)
        process = EngineProcess(settings, engine, model, "http://127.0.0.1:9/", lambda _ready: None)
        process.start()
        try:
            await process.ready.wait()
            service = replace(running.service, engine=engine)
            yield RunningEngine(service, process.pid, seconds)
        finally:
            await process.stop()
            await engine.close()


async def _train(settings: Settings, name: str, folder: Path) -> Path:
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        *("-m", "rasa", "train", "nlu", "--config", str(CONFIGS / f"{name}.yml"), "--domain", "domain"),
        *("--nlu", str(ROOT / "data" / "nlu"), "--out", str(folder), "--fixed-model-name", MODEL),
        cwd=ENGINE,
        env=engine_environment(settings),
        stdout=sys.stderr,
    )
    model = folder / f"{MODEL}.tar.gz"
    if await process.wait() != 0 or not model.exists():
        raise EvaluationError(f"Training {name} failed; what Rasa said stands above.")
    return model
