"""Run a script of bot/engine/benchmarks with the engine's Python."""

import asyncio
import json
from typing import Any

from bot.dialogue.training import ENGINE, PYTHON, engine_environment
from bot.evaluation.examples import EvaluationError
from bot.settings import Settings


async def run_tool(settings: Settings, name: str, *arguments: str, given: Any = None) -> str:
    """Return what the script prints; `given` is its standard input as JSON. Raises EvaluationError."""
    if not PYTHON.exists():
        raise EvaluationError("The engine's environment is missing; run `make setup`.")
    process = await asyncio.create_subprocess_exec(
        str(PYTHON),
        *("-m", f"benchmarks.{name}", *arguments),
        cwd=ENGINE,
        env=engine_environment(settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(json.dumps(given).encode())
    if process.returncode != 0:
        raise EvaluationError(f"The tool {name} failed; what it said stands above.")
    return output.decode()
