"""The widget over real sockets: a service of its own process on a temporary database."""

import asyncio
import contextlib
import resource
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import aiohttp

from bench.measure import RUNS, Figure, medians, memory_mb, p50_p95
from bench.parsing import COMMAND, with_engine
from bot.dialogue.supervisor import free_port
from bot.evaluation.running import RunningEngine
from bot.settings import ROOT

START_SECONDS = 60.0
REPLY_SECONDS = 30.0
IDLE_SOCKETS = 1000
CONVERSATIONS = 20  # a run; one after the other, a few messages each
MESSAGES_EACH = 3
OPENED_AT_ONCE = 50


async def socket_figures(running: RunningEngine, texts: Sequence[str]) -> AsyncIterator[Figure]:
    """Yield the figures."""
    async with _service(running) as (url, pid):
        runs = [await _round_trips(url, texts) for _ in range(RUNS)]
        acks, replies = (medians([p50_p95(run[which]) for run in runs]) for which in (0, 1))
        yield Figure("sent to stored and acknowledged, p50", acks[0], "ms")
        yield Figure("sent to stored and acknowledged, p95", acks[1], "ms")
        yield Figure("sent to the reply shown, p50", replies[0], "ms")
        yield Figure("sent to the reply shown, p95", replies[1], "ms")
        before = memory_mb(pid)
        yield Figure("service memory", before, "MB")
        async with _idle_sockets(url):
            yield Figure("memory for 1,000 idle sockets", memory_mb(pid) - before, "MB")


@contextlib.asynccontextmanager
async def _service(running: RunningEngine) -> AsyncIterator[tuple[str, int]]:
    """Start `hjelpelinje serve` and wait until it answers; yields its address and process id."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        # Every socket says that it comes from an address of its own, as behind a proxy.
        own = {"DATA_DIR": folder, "PORT": str(port), "TRUSTED_PROXIES": "1"}
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            "serve",
            cwd=ROOT,
            env=with_engine(running, **{f"HJELPELINJE_{name}": value for name, value in own.items()}),
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            await asyncio.wait_for(_healthy(url), START_SECONDS)
            yield url, process.pid
        finally:
            process.terminate()
            await process.wait()


async def _healthy(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"{url}/health") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.2)


async def _round_trips(url: str, texts: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds from sending to the acknowledgement, and to the first reply of the bot."""
    acks: list[float] = []
    replies: list[float] = []
    async with aiohttp.ClientSession() as session:
        for number in range(CONVERSATIONS):
            async with _connected(session, url, number) as ws:
                for place in range(MESSAGES_EACH):
                    text = texts[(number * MESSAGES_EACH + place) % len(texts)]
                    ack, reply = await asyncio.wait_for(_send(ws, text), REPLY_SECONDS)
                    acks.append(ack)
                    replies.append(reply)
    return acks, replies


async def _send(ws: aiohttp.ClientWebSocketResponse, text: str) -> tuple[float, float]:
    started = time.perf_counter()
    await ws.send_json({"type": "send", "id": str(uuid4()), "text": text, "payload": None})
    ack = reply = None
    while ack is None or reply is None:
        frame: dict[str, Any] = await ws.receive_json()
        taken = (time.perf_counter() - started) * 1000
        if frame["type"] == "ack":
            ack = taken
        elif frame["type"] == "messages" and any(item["author"] != "relative" for item in frame["items"]):
            reply = taken
        elif frame["type"] == "error":
            raise RuntimeError(f"the service refused a message: {frame['code']}")
    return ack, reply


@contextlib.asynccontextmanager
async def _connected(
    session: aiohttp.ClientSession, url: str, number: int
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    async with session.ws_connect(f"{url}/widget/ws", headers={"X-Forwarded-For": address}) as ws:
        await ws.send_json({"type": "hello", "token": secrets.token_urlsafe(32), "after": 0})
        welcome = await ws.receive_json()
        if welcome["type"] != "welcome":
            raise RuntimeError("the service did not say welcome")
        yield ws


@contextlib.asynccontextmanager
async def _idle_sockets(url: str) -> AsyncIterator[None]:
    """Hold 1,000 open sockets that have said hello."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, min(most, IDLE_SOCKETS * 2)), most))
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, contextlib.AsyncExitStack() as stack:
        for first in range(0, IDLE_SOCKETS, OPENED_AT_ONCE):
            some = range(first, first + OPENED_AT_ONCE)
            await asyncio.gather(
                *(stack.enter_async_context(_connected(session, url, 1000 + number)) for number in some)
            )
        yield
