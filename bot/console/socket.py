"""The console's live socket: says that there is news; the console then reads it through the API."""

import asyncio
import contextlib
import json
import logging
from typing import Any

from aiohttp import WSMsgType, web
from sqlalchemy.exc import SQLAlchemyError

from bot.background import pause
from bot.channels.guard import SERVICE
from bot.console.api import COUNSELOR
from bot.conversation.bus import QUEUE
from bot.conversation.service import Service
from bot.limits import HEARTBEAT_SECONDS, PRESENCE_SECONDS, SOCKET_FRAME_BYTES
from bot.store import counselors
from bot.store.counselors import Counselor

log = logging.getLogger(__name__)


def setup(app: web.Application) -> None:
    """Add the console's socket to an application."""
    app.router.add_get("/console/ws", socket)


async def socket(request: web.Request) -> web.StreamResponse:
    """Serve one counselor's browser. The frame {"watch": id} names the conversation on the screen."""
    service, counselor = request.app[SERVICE], request[COUNSELOR]
    ws = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=SOCKET_FRAME_BYTES, compress=False)
    await ws.prepare(request)
    left = asyncio.Event()
    seen = asyncio.create_task(_be_seen(service, counselor, left))
    queue = asyncio.create_task(_tell(service, ws, QUEUE))
    watching: asyncio.Task[None] | None = None
    try:
        async for frame in ws:
            wanted = _watched(frame.data) if frame.type is WSMsgType.TEXT else None
            if wanted is not None:
                if watching:
                    watching.cancel()
                watching = asyncio.create_task(_tell(service, ws, wanted))
    finally:
        left.set()
        queue.cancel()
        if watching:
            watching.cancel()
        await seen
    return ws


async def _tell(service: Service, ws: web.WebSocketResponse, topic: str) -> None:
    with service.bus.listen(topic) as news, contextlib.suppress(ConnectionError):
        while True:
            told = await news.get()
            frame: dict[str, Any] = (
                {"type": "queue"} if topic == QUEUE else {"type": "conversation", "id": topic}
            )
            if told.get("typing"):
                if told["typing"] != "relative":
                    continue
                frame = {"type": "typing", "id": topic}
            await ws.send_str(json.dumps(frame))


async def _be_seen(service: Service, counselor: Counselor, left: asyncio.Event) -> None:
    """While the console is open the counselor shows signs of life."""
    while not left.is_set():
        try:
            async with service.database.write() as connection:
                await counselors.change(connection, counselor.id, seen_at=service.now())
        except (SQLAlchemyError, OSError) as error:  # a sign of life is lost, the next one need not be
            log.error("could not note that a counselor is there: %s", type(error).__name__)
        await pause(left, PRESENCE_SECONDS / 3)


def _watched(raw: str) -> str | None:
    try:
        wanted = json.loads(raw).get("watch")
    except (ValueError, AttributeError, RecursionError):
        return None
    return wanted if isinstance(wanted, str) and len(wanted) == 32 else None
