"""Put the parts together and take them down again: for the server and for the commands alike."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from sqlalchemy.exc import SQLAlchemyError

import actions.knowledge_base
from bot.background import pause
from bot.conversation.answering import Answering
from bot.conversation.service import Service
from bot.conversation.words import own_details
from bot.dialogue.actions_endpoint import make_actions_app
from bot.dialogue.engine import Engine
from bot.dialogue.supervisor import EngineProcess, free_port
from bot.dialogue.training import TrainingError, model_path, models, newest_model, train
from bot.limits import CLOCK_JUMP_SECONDS, CLOCK_STEADY_SECONDS, ENGINE_REST_SECONDS, STATISTICS_DAYS
from bot.safety import screen
from bot.settings import Settings, SettingsError
from bot.store import blocks, conversations, crises, events, votes
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge.ready import read_everything

log = logging.getLogger(__name__)
PURGE_SECONDS = 3600.0
WHERE_TO_LOOK = "Does it run, is there room on the disk, is HJELPELINJE_DATABASE_URL right?"
MODEL_LOOK_SECONDS = 15.0


@contextlib.asynccontextmanager
async def open_service(settings: Settings, database_url: str | None = None) -> AsyncIterator[Service]:
    """Open database and knowledge base; the engine's client is made but nothing is started. Raises SettingsError."""
    knowledge = read_everything()
    screen("hei")  # reads its patterns now: the first one in danger does not wait for that
    database = Database(database_url or settings.database, Cipher(settings.keys))
    url = settings.engine_url or f"http://127.0.0.1:{settings.engine_port or free_port()}"
    engine = Engine(url, settings.engine_token.get_secret_value(), uuid4().hex[:8])
    try:
        try:
            await database.migrate()
        except (SQLAlchemyError, OSError) as error:
            raise SettingsError(
                f"Cannot use the database ({type(error).__name__}). {WHERE_TO_LOOK}"
            ) from None
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
    """Keep an engine of our own alive on the model of the present data, trained if need be.

    None when the settings name a running engine.
    """
    settings = service.settings
    async with run_actions(settings) as actions_url:
        if settings.engine_url:
            yield None
            return
        async with _keep_engine(service, await train(settings), actions_url) as process:
            yield process


@contextlib.asynccontextmanager
async def run_live_engine(service: Service) -> AsyncIterator[EngineProcess | None]:
    """As `run_engine`, for people who wait: an older model answers while a new one is trained or takes over.

    A model that `hjelpelinje train` makes meanwhile is taken over too.
    """
    settings, service.engine.rest_seconds = service.settings, ENGINE_REST_SECONDS
    async with run_actions(settings) as actions_url:
        if settings.engine_url:
            yield None
            return
        path = model_path(settings)
        model = path if path.exists() else newest_model() or await train(settings)
        async with _keep_engine(service, model, actions_url) as process:
            renewing = asyncio.create_task(renew(settings, process))
            try:
                yield process
            finally:
                renewing.cancel()  # it touches no database
                await asyncio.gather(renewing, return_exceptions=True)


@contextlib.asynccontextmanager
async def _keep_engine(service: Service, model: Path, actions_url: str) -> AsyncIterator[EngineProcess]:
    process = EngineProcess(service.settings, service.engine, model, actions_url, lambda _: service.work())
    process.start()
    try:
        yield process
    finally:
        await process.stop()


async def renew(settings: Settings, process: EngineProcess) -> None:
    """Train a model if there is none for the present data, and let each new model take over, for ever."""
    known = set(models())
    try:
        await train(settings)
    except TrainingError as error:
        log.error("the engine goes on with the model it has. %s", error)
    while True:
        for model in set(models()) - known:
            known.add(model)
            await _take_over(process, model[1])
        await asyncio.sleep(MODEL_LOOK_SECONDS)


async def _take_over(process: EngineProcess, model: Path) -> None:
    try:
        await process.replace(model)
    except OSError as error:
        log.error("cannot start a second engine for the new model: %s", error.strerror or error)


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

    clock = Steadiness(service.now)

    async def keep_purging() -> None:
        while not stopping.is_set():
            try:
                if clock.is_steady():
                    await purge(service)
                else:
                    log.error("the clock has jumped; nothing is deleted until it has been steady for a day")
            except Exception as error:
                log.error("could not purge: %s", type(error).__name__)
            await pause(stopping, PURGE_SECONDS)

    task = asyncio.create_task(keep_purging())
    try:
        yield
    finally:
        stopping.set()
        await task


class Steadiness:
    """Whether the clock can be believed where it would delete: one that jumped ahead would delete everything."""

    def __init__(self, now: Callable[[], datetime], elapsed: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._elapsed = elapsed
        self._last = (now(), elapsed())
        self._jumped_at: float | None = None

    def is_steady(self) -> bool:
        """Compare the time that has gone by, by the clock and in fact, since this was asked last."""
        (then, begun), (now, elapsed) = self._last, (self._now(), self._elapsed())
        self._last = (now, elapsed)
        if abs((now - then).total_seconds() - (elapsed - begun)) > CLOCK_JUMP_SECONDS:
            self._jumped_at = elapsed
        return self._jumped_at is None or elapsed - self._jumped_at >= CLOCK_STEADY_SECONDS


async def purge(service: Service) -> tuple[int, int]:
    """Delete conversations idle for content_days and events past their time; return how many of each."""
    now = service.now()
    async with service.database.write() as connection:
        old = await conversations.idle_since(connection, now - timedelta(days=service.settings.content_days))
        for conversation_id in old:
            await conversations.erase(connection, conversation_id)
        gone = await events.purge(connection, now - timedelta(days=STATISTICS_DAYS))
        await crises.purge(connection, now - timedelta(days=STATISTICS_DAYS))
        await blocks.purge(connection, now)
        await votes.purge(connection, now.date() - timedelta(days=STATISTICS_DAYS))
    return len(old), gone
