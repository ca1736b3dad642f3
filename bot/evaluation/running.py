"""Put labelled messages through the same path as a live message, one after the other, and time each."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.conversation.service import Service
from bot.dialogue.engine import EngineError
from bot.dialogue.training import model_path, train
from bot.dialogue.understanding import Understanding, understand
from bot.evaluation.examples import EvaluationError, LabelledMessage
from bot.evaluation.metrics import share
from bot.limits import ENGINE_LANES
from bot.runtime import open_service, run_engine
from bot.settings import Settings

WARM_UP = 10  # messages before the clock starts: the engine's first ones load what is read late
KIB_IN_MB = 1024


@dataclass(frozen=True)
class Outcome:
    """A labelled message and what was understood, in how many seconds."""

    message: LabelledMessage
    found: Understanding
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the final intent is the expected one."""
        return self.found.intent == self.message.intent

    @property
    def in_first_three(self) -> bool:
        """Whether the expected intent is among those the relative would be asked between."""
        return self.message.intent in self.found.candidates


@dataclass(frozen=True)
class RunningEngine:
    """A service with its engine running. `training_seconds` is None when the model was there already."""

    service: Service
    pid: int | None
    training_seconds: float | None

    def memory_mb(self) -> float | None:
        """Return the engine's resident memory; None when the engine is not ours."""
        if self.pid is None:
            return None
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / KIB_IN_MB
        return None


@contextlib.asynccontextmanager
async def running_engine(settings: Settings, retrain: bool = False) -> AsyncIterator[RunningEngine]:
    """Start an engine on the model of the present data, trained now if it is missing or `retrain` is set."""
    has_model = model_path(settings).exists() and not retrain
    training = None
    if not settings.engine_url and not has_model:
        started = time.perf_counter()
        await train(settings, force=True)
        training = time.perf_counter() - started
    async with (
        open_service(settings, "sqlite+aiosqlite:///:memory:") as service,
        run_engine(service) as process,
    ):
        if process:
            await process.ready.wait()
        yield RunningEngine(service, process.pid if process else None, training)


async def understand_all(running: RunningEngine, messages: Sequence[LabelledMessage]) -> list[Outcome]:
    """Return an outcome for each message; raises EvaluationError that names the message when the engine fails."""
    engine = running.service.engine
    outcomes = []
    for message in [*messages[:WARM_UP], *messages]:
        started = time.perf_counter()
        try:
            found = await understand(engine, message.text, message.history)
        except EngineError as error:
            raise EvaluationError(f"Message {message.id}: {error}.") from None
        outcomes.append(Outcome(message, found, time.perf_counter() - started))
    return outcomes[len(messages[:WARM_UP]) :]


async def throughput(running: RunningEngine, messages: Sequence[LabelledMessage]) -> float:
    """Return how many messages a second the engine itself parses, with as many under way as a service has."""
    waiting = list(messages)

    async def work() -> None:
        while waiting:
            await running.service.engine.parse(waiting.pop().text)

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(ENGINE_LANES)))
    return len(messages) / (time.perf_counter() - started)


def accuracy(outcomes: Sequence[Outcome]) -> float:
    """Return the share with the expected intent."""
    return share(sum(outcome.is_right for outcome in outcomes), len(outcomes))
