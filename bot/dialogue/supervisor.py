"""The engine's process: started by the service, watched, started again when it dies."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from pathlib import Path

from bot.dialogue.engine import Engine
from bot.dialogue.training import ENGINE, PYTHON, engine_environment
from bot.settings import Settings

log = logging.getLogger(__name__)

START_SECONDS = 90.0
STOP_SECONDS = 10.0
WATCH_SECONDS = 1.0
RESTART_PAUSE_SECONDS = (0.0, 1.0, 5.0, 15.0)  # the last one again and again


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class EngineProcess:
    """Run the engine on a model and keep it running until `stop`."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        model: Path,
        actions_url: str,
        on_change: Callable[[bool], None],
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._model = model
        self._actions_url = actions_url
        self._on_change = on_change
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process id, while one runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def start(self) -> None:
        """Start keeping the engine alive; `ready` is set when it answers."""
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Stop the engine and wait for its end."""
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._end()

    async def _keep(self) -> None:
        failures = 0
        while True:
            await asyncio.sleep(RESTART_PAUSE_SECONDS[min(failures, len(RESTART_PAUSE_SECONDS) - 1)])
            try:
                served = await self._run_once()
            finally:
                self._set_ready(False)
            failures = 1 if served else failures + 1
            log.error("the engine stopped; starting it again (attempt %d)", failures)

    async def _run_once(self) -> bool:
        """Run one process to its end; True if it ever answered."""
        environment = engine_environment(self._settings) | {
            "HJELPELINJE_ENGINE_PORT": self._engine.url.rsplit(":", 1)[1],
            "HJELPELINJE_ENGINE_TOKEN": self._settings.engine_token.get_secret_value(),
            "HJELPELINJE_ENGINE_MODEL": str(self._model),
            "HJELPELINJE_ACTIONS_URL": self._actions_url,
        }
        # A session of its own: Ctrl-C reaches the service, and the service ends the engine.
        self._process = await asyncio.create_subprocess_exec(
            str(PYTHON), "run.py", cwd=ENGINE, env=environment, start_new_session=True
        )
        ended = asyncio.create_task(self._process.wait())
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while not ended.done() and not self.ready.is_set():
            if await self._engine.ready():
                self._set_ready(True)
            elif asyncio.get_running_loop().time() > deadline:
                log.error("the engine did not answer within %.0f s", START_SECONDS)
                await self._end()
            else:
                await asyncio.wait([ended], timeout=WATCH_SECONDS / 4)
        served = self.ready.is_set()
        await ended
        return served

    async def _end(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _set_ready(self, ready: bool) -> None:
        if ready == self.ready.is_set():
            return
        if ready:
            self.ready.set()
            log.info("the engine answers")
        else:
            self.ready.clear()
        self._on_change(ready)
