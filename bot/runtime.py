"""Put the parts together and take them down again: for the server and for the commands alike."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from uuid import uuid4

from aiohttp import web
from rasa_sdk.executor import ActionExecutor

import actions.knowledge_base
from bot.background import pause
from bot.conversation.answering import Answering
from bot.conversation.service import Service
from bot.conversation.words import own_details
from bot.dialogue.actions_endpoint import make_actions_app
from bot.dialogue.engine import Engine
from bot.dialogue.supervisor import EngineProcess, free_port
from bot.dialogue.training import train
from bot.limits import STATISTICS_DAYS
from bot.settings import Settings
from bot.store import conversations, events, votes
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge.ready import read_everything

log = logging.getLogger(__name__)
PURGE_SECONDS = 3600.0


@contextlib.asynccontextmanager
async def open_service(settings: Settings, database_url: str | None = None) -> AsyncIterator[Service]:
    """Open database and knowledge base; the engine's client is made but nothing is started."""
    knowledge = read_everything()
    database = Database(database_url or settings.database, Cipher(settings.keys))
    url = settings.engine_url or f"http://127.0.0.1:{settings.engine_port or free_port()}"
    engine = Engine(url, settings.engine_token.get_secret_value(), uuid4().hex[:8])
    try:
        await database.migrate()
        service = Service(database, knowledge, engine, settings)
        actions.knowledge_base.use(knowledge, partial(own_details, service))
        yield service
    finally:
        await engine.close()
        await database.close()


@contextlib.asynccontextmanager
async def run_actions(settings: Settings) -> AsyncIterator[str]:
    """Serve the engine's call-backs on loopback; yields their address."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app = make_actions_app(executor, settings.engine_token.get_secret_value())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        port = settings.actions_port or free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{port}/actions"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def run_engine(service: Service) -> AsyncIterator[EngineProcess | None]:
    """Keep an engine of our own alive, trained if need be; none when the settings name a running one."""
    settings = service.settings
    async with run_actions(settings) as actions_url:
        if settings.engine_url:
            yield None
            return
        model = await train(settings)
        process = EngineProcess(settings, service.engine, model, actions_url, lambda _ready: service.work())
        process.start()
        try:
            yield process
        finally:
            await process.stop()


@contextlib.asynccontextmanager
async def run_answering(service: Service) -> AsyncIterator[Answering]:
    """Run the workers that answer messages."""
    answering = Answering(service)
    await answering.start()
    try:
        yield answering
    finally:
        await answering.stop()


@contextlib.asynccontextmanager
async def run_purging(service: Service) -> AsyncIterator[None]:
    """Delete old content every hour."""

    stopping = asyncio.Event()

    async def keep_purging() -> None:
        while not stopping.is_set():
            try:
                await purge(service)
            except Exception as error:
                log.error("could not purge: %s", type(error).__name__)
            await pause(stopping, PURGE_SECONDS)

    task = asyncio.create_task(keep_purging())
    try:
        yield
    finally:
        stopping.set()
        await task


async def purge(service: Service) -> tuple[int, int]:
    """Delete conversations idle for content_days and events past their time; return how many of each."""
    now = service.now()
    async with service.database.write() as connection:
        old = await conversations.idle_since(connection, now - timedelta(days=service.settings.content_days))
        for conversation_id in old:
            await conversations.erase(connection, conversation_id)
        gone = await events.purge(connection, now - timedelta(days=STATISTICS_DAYS))
        await votes.purge(connection, now.date() - timedelta(days=STATISTICS_DAYS))
    return len(old), gone
