"""`hjelpelinje parse` beside the engine alone: what our own part of the path costs."""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence

from bench.measure import RUNS, Figure, medians, p50_p95
from bot.evaluation.examples import LabelledMessage
from bot.evaluation.running import RunningEngine, throughput, understand_all
from bot.settings import ROOT, Settings

# The operator's command, in this checkout with this Python.
COMMAND = (sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())")
START_SECONDS = 60
LEAST_LINES = 400


async def parsing_figures(
    running: RunningEngine, messages: Sequence[LabelledMessage]
) -> AsyncIterator[Figure]:
    """Yield the figures."""
    many = list(messages) * (LEAST_LINES // len(messages) + 1)
    alone = statistics.median([await throughput(running, many) for _ in range(RUNS)])
    through = statistics.median([await _lines_per_second(running, many) for _ in range(RUNS)])
    yield Figure("engine alone, /model/parse", alone, "messages/s")
    yield Figure("hjelpelinje parse", through, "lines/s", f"{through / alone:.0%} of the engine alone")
    runs = [
        p50_p95([outcome.seconds * 1000 for outcome in await understand_all(running, messages)])
        for _ in range(RUNS)
    ]
    p50, p95 = medians(runs)
    yield Figure("understanding a message, p50", p50, "ms")
    yield Figure("understanding a message, p95", p95, "ms")
    memory = running.memory_mb()
    if memory is not None:
        yield Figure("engine memory", memory, "MB")


def with_engine(running: RunningEngine, **more: str) -> dict[str, str]:
    """Return the environment for a process of ours that uses the running engine."""
    settings: Settings = running.service.settings
    return os.environ | {
        "HJELPELINJE_ENGINE_URL": running.service.engine.url,
        "HJELPELINJE_ENGINE_TOKEN": settings.engine_token.get_secret_value(),
        **more,
    }


async def _lines_per_second(running: RunningEngine, messages: Sequence[LabelledMessage]) -> float:
    """Return the rate from the first line out to the last one: the start of the process is not counted."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        "parse",
        cwd=ROOT,
        env=with_engine(running),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes")
    lines = [json.dumps({"id": message.id, "text": message.text}) for message in messages]
    process.stdin.write(("\n".join(lines) + "\n").encode())
    process.stdin.write_eof()
    first = await asyncio.wait_for(process.stdout.readline(), START_SECONDS)
    started = time.perf_counter()
    rest = [line async for line in process.stdout]
    seconds = time.perf_counter() - started
    if await process.wait() != 0 or len(rest) + 1 != len(lines) or b'"error"' in b"".join([first, *rest]):
        raise RuntimeError("hjelpelinje parse failed")
    return len(rest) / seconds
