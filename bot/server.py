"""The HTTP side: one application with the widget, SMS, the console and the pages."""

import asyncio
import contextlib
import errno
import logging
import signal

from aiohttp import web
from sqlalchemy import text as sql
from sqlalchemy.exc import SQLAlchemyError

from bot import navigator_page, pages
from bot.alarm import run_alarm
from bot.channels import sms, widget
from bot.channels.guard import SERVICE
from bot.console import api, socket
from bot.control import run_control
from bot.conversation.service import Service
from bot.library import pages as library
from bot.limits import HTTP_BODY_BYTES, STORE_SECONDS
from bot.runtime import open_service, run_answering, run_live_engine, run_purging
from bot.settings import Settings, SettingsError

log = logging.getLogger(__name__)
SHUTDOWN_SECONDS = 5.0


def make_app(service: Service) -> web.Application:
    """Return the application; it is served but not started here."""
    app = web.Application(client_max_size=HTTP_BODY_BYTES)
    app[SERVICE] = service
    pages.setup(app)
    navigator_page.setup(app)
    library.setup(app)
    widget.setup(app)
    sms.setup(app)
    api.setup(app)
    socket.setup(app)
    app.router.add_get("/health", health)
    return app


async def health(request: web.Request) -> web.Response:
    """Say whether the parts answer; 503 when messages could not be stored."""
    service = request.app[SERVICE]
    try:
        await service.database.within(STORE_SECONDS, _touch(service))
        database = True
    except (SQLAlchemyError, OSError):
        database = False
    parts = {"database": database, "engine": await service.engine.ready()}
    return web.json_response(parts, status=200 if database else 503)


async def _touch(service: Service) -> None:
    """Take a writer's turn, since a database that only reads cannot take a message."""
    async with service.database.write() as connection:
        await connection.execute(sql("SELECT 1"))


async def serve(settings: Settings) -> None:
    """Run the service until it is told to stop; raises SettingsError for a port that is taken."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        service = await stack.enter_async_context(open_service(settings))
        runner = web.AppRunner(make_app(service), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        # The doors open before the engine is up: crisis contacts and people do not wait for it.
        await _listen(runner, settings)
        await stack.enter_async_context(run_control(service))
        answering = await stack.enter_async_context(run_answering(service))
        await stack.enter_async_context(sms.run_sending(service))
        await stack.enter_async_context(run_alarm(service))
        await stack.enter_async_context(run_purging(service))
        process = await stack.enter_async_context(run_live_engine(service))
        _print_addresses(settings)
        if process:
            waiting = asyncio.create_task(process.ready.wait())
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({waiting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if not stop.is_set():
                print("Ready.", flush=True)
        await stop.wait()
        log.info("stopping")
        await answering.stop()  # before the engine goes: what is being answered is answered well


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(
                f"Port {settings.port} is taken; stop what uses it or set HJELPELINJE_PORT to another."
            ) from None
        raise SettingsError(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}") from None


def _print_addresses(settings: Settings) -> None:
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    print(f"Relatives:  {base}/\nCounselors: {base}/console", flush=True)
