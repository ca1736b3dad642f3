"""`hjelpelinje ask`: whole conversations in, all replies out, through the same code as a live message.

In:  {"id", "messages": ["...", "..."], "channel": "widget|sms"}
Out: {"id", "turns": [{"replies": [{"text", "kind", "sources", "entries", "buttons"}], "state", "slots"}]}
or {"id", "error"}.
"""

import argparse
import asyncio
import json
import secrets
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.commands.lines import print_line, read_lines
from bot.conversation import reading
from bot.conversation.intake import Incoming, receive
from bot.conversation.model import Author, Item, RefusedError
from bot.conversation.service import Service
from bot.dialogue import memory
from bot.limits import ENGINE_LANES, LEASE_SECONDS
from bot.runtime import open_service, run_answering, run_engine
from bot.settings import Settings
from bot.store import conversations, messages

CHANNELS = ("widget", "sms")
LONGEST_TURN_SECONDS = LEASE_SECONDS * 2


def add_to(commands: Any) -> None:
    """Add the command to a parser."""
    command = commands.add_parser("ask", help="JSON lines of conversations in, the replies out")
    command.set_defaults(run=run)


async def run(settings: Settings, _options: argparse.Namespace) -> int:
    """Answer standard input to standard output, in order. Nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite+aiosqlite:///{Path(folder) / 'ask.db'}"
        async with (
            open_service(settings, database) as service,
            run_answering(service),
            run_engine(service) as process,
        ):
            if process:
                await process.ready.wait()
            under_way: deque[asyncio.Task[dict[str, Any]]] = deque()
            async for raw in read_lines(sys.stdin):
                under_way.append(asyncio.create_task(_converse(service, raw)))
                while under_way and (under_way[0].done() or len(under_way) >= ENGINE_LANES):
                    print_line(await under_way.popleft())
            while under_way:
                print_line(await under_way.popleft())
    return 0


async def _converse(service: Service, raw: str) -> dict[str, Any]:
    line_id = None
    try:
        data = json.loads(raw)
        line_id = data.get("id") if isinstance(data, dict) else None
        texts, channel = check_line(data)
    except ValueError as error:
        return {"id": line_id, "error": str(error)}
    key = secrets.token_urlsafe(32) if channel == "widget" else _made_up_number()
    turns: list[dict[str, Any]] = []
    seen = 0
    for text in texts:
        address = key if channel == "sms" else None
        try:
            ack = await receive(service, Incoming(channel, key, uuid4().hex, text, address=address))
            await _until_answered(service, ack.conversation_id)
        except (RefusedError, TimeoutError) as error:
            return {
                "id": line_id,
                "error": f"message {len(turns) + 1}: {error or 'no answer'}",
                "turns": turns,
            }
        items = await reading.items_after(service, ack.conversation_id, seen)
        seen = items[-1].seq if items else seen
        turns.append(await _turn(service, ack.conversation_id, items))
    return {"id": line_id, "turns": turns}


def check_line(data: Any) -> tuple[list[str], str]:
    """Return texts and channel of an input line; raises ValueError that says what is wrong."""
    if not isinstance(data, dict):
        raise ValueError("a line must be a JSON object")
    texts, channel = data.get("messages"), data.get("channel", "widget")
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError('"messages" must be a list of strings that is not empty')
    if channel not in CHANNELS:
        raise ValueError(f'"channel" must be one of {", ".join(CHANNELS)}')
    return texts, channel


async def _until_answered(service: Service, conversation_id: str) -> None:
    with service.bus.listen(conversation_id) as news:
        async with asyncio.timeout(LONGEST_TURN_SECONDS):
            while await _is_pending(service, conversation_id):
                await news.get()


async def _is_pending(service: Service, conversation_id: str) -> bool:
    async with service.database.read() as connection:
        return await messages.pending(connection, conversation_id) is not None


async def _turn(service: Service, conversation_id: str, items: list[Item]) -> dict[str, Any]:
    async with service.database.read() as connection:
        conversation = await conversations.get(connection, conversation_id)
    if conversation is None:
        raise LookupError("the conversation is gone")
    state = service.database.cipher.open(conversation.dialogue) if conversation.dialogue else []
    return {
        "replies": [
            item.model_dump(mode="json", include={"text", "kind", "sources", "entries", "buttons"})
            for item in items
            if item.author is not Author.RELATIVE
        ],
        "state": conversation.state,
        "slots": memory.slots_of(state),
    }


def _made_up_number() -> str:
    """Return a number that no telephone has: +47 000 and five digits."""
    return f"+47000{secrets.randbelow(100_000):05}"
