"""`hjelpelinje parse`: JSON lines in, what each message means out. A contract: see the architecture page.

In:  {"id", "text", "history": [earlier texts], "channel"}
Out: {"id", "intent", "confidence", "ranking": [{"intent", "confidence"}], "entities": [{"entity", "value", "text",
"start", "end"}], "crisis": {"level", "intent", "score"}, "language", "redacted"} or {"id", "error"}.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any

from bot.commands.lines import print_line, read_lines
from bot.conversation.service import Service
from bot.dialogue.engine import EngineError
from bot.dialogue.understanding import Understanding, understand
from bot.limits import MESSAGE_CHARACTERS
from bot.runtime import open_service, run_engine
from bot.settings import Settings

RANKED = 5
UNDER_WAY = 24  # lines at once: enough that no engine waits for the next one
MOST_ENGINES = 2  # an engine uses one core; it takes two to keep the promised 100 lines a second


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("parse", help="JSON lines of messages in, intents, entities and danger out")
    command.set_defaults(run=run)


async def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Parse standard input to standard output, in order."""
    engines = 1 if settings.engine_url or settings.engine_port else min(MOST_ENGINES, os.cpu_count() or 1)
    async with contextlib.AsyncExitStack() as stack:
        services, processes = [], []
        for _ in range(engines):
            service = await stack.enter_async_context(open_service(settings, "sqlite+aiosqlite:///:memory:"))
            services.append(service)
            processes.append(await stack.enter_async_context(run_engine(service)))
        for process in processes:
            if process:
                await process.ready.wait()
        async for line in _parsed(services):
            print_line(line)
    return 0


async def _parsed(services: Sequence[Service]) -> AsyncIterator[dict[str, Any]]:
    """Yield results in the order of the input; a few lines are under way at once, the engines take turns."""
    under_way: deque[asyncio.Task[dict[str, Any]]] = deque()
    turns = itertools.cycle(services)
    async for raw in read_lines(sys.stdin):
        under_way.append(asyncio.create_task(_parse(next(turns), raw)))
        while under_way and (under_way[0].done() or len(under_way) >= UNDER_WAY):
            yield await under_way.popleft()
    while under_way:
        yield await under_way.popleft()


async def _parse(service: Service, raw: str) -> dict[str, Any]:
    line_id = None
    try:
        data = json.loads(raw)
        line_id = data.get("id") if isinstance(data, dict) else None
        text, history = check_line(data)
        return {"id": line_id} | as_line(text, await understand(service.engine, text, history))
    except ValueError as error:
        return {"id": line_id, "error": str(error)}
    except EngineError as error:
        return {"id": line_id, "error": str(error)}


def check_line(data: Any) -> tuple[str, list[str]]:
    """Return text and history of an input line; raises ValueError that says what is wrong."""
    if not isinstance(data, dict):
        raise ValueError("a line must be a JSON object")
    text, history = data.get("text"), data.get("history") or []
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"text" must be a string that is not empty')
    if len(text) > MESSAGE_CHARACTERS:
        raise ValueError(f'"text" is longer than {MESSAGE_CHARACTERS} characters')
    if not isinstance(history, list) or not all(isinstance(entry, str) for entry in history):
        raise ValueError('"history" must be a list of strings')
    return text, history


def as_line(text: str, understanding: Understanding) -> dict[str, Any]:
    """Return an understanding in the form of the contract."""
    verdict = understanding.verdict
    return {
        "intent": understanding.intent,
        "confidence": round(understanding.confidence, 4),
        "ranking": [
            {"intent": intent, "confidence": round(confidence, 4)}
            for intent, confidence in understanding.ranking[:RANKED]
        ],
        "entities": [
            {
                "entity": entity["entity"],
                "value": entity["value"],
                "text": text[entity["start"] : entity["end"]],
                "start": entity["start"],
                "end": entity["end"],
            }
            | ({"role": entity["role"]} if "role" in entity else {})
            for entity in understanding.entities
        ],
        "crisis": {"level": verdict.level.label, "intent": verdict.intent, "score": round(verdict.score, 4)},
        "language": understanding.language,
        "redacted": understanding.redacted,
    }
