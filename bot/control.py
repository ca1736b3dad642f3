"""The operator's way into a running service: a Unix socket in data_dir that only its owner can open.

`hjelpelinje knowledge reload` asks the service to read the knowledge base anew. The socket's file permissions are the
authentication, so there is no secret to keep, and the one who asks gets the error back. The engine reads its lexicon
(relasjon, tilstand, place names) and its training data when it starts: those need a restart.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, UnixConnector, web

import actions.knowledge_base
from bot.conversation.service import Service
from bot.settings import Settings
from knowledge import KnowledgeError
from knowledge.ready import read_everything

log = logging.getLogger(__name__)
RELOAD_SECONDS = 60.0
_ONLY_OWNER = 0o177  # what is taken away
_SERVICE = web.AppKey("service", Service)
_ONE_AT_A_TIME = web.AppKey("reloading", asyncio.Lock)


def socket_path(settings: Settings) -> Path:
    """Return where a service with these settings listens."""
    return settings.data_dir.resolve() / f"control-{settings.port}.sock"


async def reload_knowledge(service: Service) -> str:
    """Read the knowledge base anew and answer from it; return what was read.

    Raises KnowledgeError for a broken file, and then nothing has changed.
    """
    knowledge = await asyncio.to_thread(read_everything)
    service.knowledge = knowledge
    actions.knowledge_base.use(knowledge)
    log.info("the knowledge base was read anew")
    return (
        f"Read anew: {len(knowledge.topics)} topics, {len(knowledge.contacts)} contacts, "
        f"{len(knowledge.offers)} offers, {len(knowledge.phrases)} phrases."
    )


@contextlib.asynccontextmanager
async def run_control(service: Service) -> AsyncIterator[None]:
    """Listen for the operator. Where no socket can be made (a very long path), say so and go on without."""
    app = web.Application()
    app[_SERVICE] = service
    app[_ONE_AT_A_TIME] = asyncio.Lock()
    app.router.add_post("/reload", _reload)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    path = socket_path(service.settings)
    try:
        await _listen(runner, path)
        yield
    finally:
        await runner.cleanup()
        path.unlink(missing_ok=True)


async def ask_for_reload(settings: Settings) -> tuple[bool, str]:
    """Ask the running service to read the knowledge base anew; return whether it did, and what it said."""
    try:
        async with (
            ClientSession(
                connector=UnixConnector(str(socket_path(settings))),
                timeout=ClientTimeout(total=RELOAD_SECONDS),
            ) as session,
            session.post("http://service/reload") as response,
        ):
            return response.status == web.HTTPOk.status_code, await response.text()
    except (ClientConnectionError, OSError):
        return False, f"No service is running on port {settings.port} with data in {settings.data_dir}."


async def _listen(runner: web.AppRunner, path: Path) -> None:
    try:
        listening = _bind(path)
    except OSError as error:
        log.warning("no control socket, knowledge cannot be reloaded: %s", error.strerror or error)
        return
    await web.SockSite(runner, listening).start()


def _bind(path: Path) -> socket.socket:
    """Make the socket so that nobody else could open it, not even for a moment. Raises OSError."""
    path.unlink(missing_ok=True)  # left by a service that was killed
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(_ONLY_OWNER)
    try:
        listening.bind(str(path))
    except OSError:
        listening.close()
        raise
    finally:
        os.umask(before)
    return listening


async def _reload(request: web.Request) -> web.Response:
    async with request.app[_ONE_AT_A_TIME]:
        try:
            return web.Response(text=await reload_knowledge(request.app[_SERVICE]))
        except KnowledgeError as error:
            return web.Response(status=409, text=f"Kept the old knowledge base. {error}")
