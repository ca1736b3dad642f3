"""The engine's process: started by the service, watched, started again when it dies or hangs, replaced for a new model.

Nothing here touches the database, so its tasks may be cancelled.
"""

import asyncio
import contextlib
import logging
import socket
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path

from bot.dialogue.engine import Engine
from bot.dialogue.training import ENGINE, PYTHON, engine_environment, newest_model
from bot.limits import ENGINE_CHECK_SECONDS, ENGINE_HUNG_SECONDS, TURN_SECONDS
from bot.settings import Settings

log = logging.getLogger(__name__)

START_SECONDS = 180.0  # reading a model takes 15 s on a free machine, and many times that on a busy one
STOP_SECONDS = 10.0
ASK_SECONDS = 0.25  # between questions whether it answers yet
RESTART_PAUSE_SECONDS = (0.0, 1.0, 5.0, 15.0)  # the last one again and again


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class EngineProcess:
    """Run the engine on a model and keep it running until `stop`: one that dies or hangs is started again."""

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
        self._actions_url = actions_url
        self._on_change = on_change
        self._process: Process | None = None
        self._changing = asyncio.Lock()  # which process is ours
        self._keeper: asyncio.Task[None] | None = None
        self.model = model
        self.ready = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process id, while one runs."""
        return self._process.pid if self._process and _runs(self._process) else None

    def start(self) -> None:
        """Start keeping the engine alive; `ready` is set when it answers."""
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Stop the engine and wait for its end."""
        if self._keeper:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await _end(self._process)

    async def replace(self, model: Path) -> bool:
        """Let an engine on another model take over. The present one answers meanwhile, so for a while there are two.

        False when the new one does not start: then nothing has changed.
        """
        url = f"http://127.0.0.1:{free_port()}"
        process = await self._spawn(model, url)
        probe = Engine(url, self._token, "probe")
        try:
            if not await self._answers(process, probe):
                log.error("an engine on the new model does not start; the old one goes on")
                return False
            async with self._changing:
                old, self._process = self._process, process
                self._engine.url, self.model = url, model
        finally:
            await probe.close()
            if self._process is not process:
                await _end(process)
        log.info("a new model answers")
        self._engine.wake()
        self._set_ready(True)
        try:
            await asyncio.sleep(TURN_SECONDS)  # what the old one is at, it finishes
        finally:
            await _end(old)
        return True

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
        """Run the engine to its end; True if it ever answered."""
        async with self._changing:
            if not _runs(self._process):  # else another has just taken over
                if not self.model.exists():  # trained anew since, and the old one deleted
                    self.model = newest_model() or self.model
                self._process = await self._spawn(self.model, self._engine.url)
            process = self._process
        if process is None or not await self._answers(process, self._engine):
            return False
        self._engine.wake()
        self._set_ready(True)
        await self._watch()
        return True

    async def _spawn(self, model: Path, url: str) -> Process:
        environment = engine_environment(self._settings) | {
            "HJELPELINJE_ENGINE_PORT": url.rsplit(":", 1)[1],
            "HJELPELINJE_ENGINE_TOKEN": self._token,
            "HJELPELINJE_ENGINE_MODEL": str(model),
            "HJELPELINJE_ACTIONS_URL": self._actions_url,
        }
        # A session of its own: Ctrl-C reaches the service, and the service ends the engine.
        return await asyncio.create_subprocess_exec(
            str(PYTHON), "run.py", cwd=ENGINE, env=environment, start_new_session=True
        )

    async def _answers(self, process: Process, engine: Engine) -> bool:
        """Wait until a process answers; False when it has ended, by itself or because it took too long."""
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while not await engine.ready():
            if asyncio.get_running_loop().time() > deadline:
                log.error("the engine did not answer within %.0f s", START_SECONDS)
                await _end(process)
            if await _ended(process, ASK_SECONDS):
                return False
        return True

    async def _watch(self) -> None:
        """Return when the engine has ended, by itself or because it hung. One that takes its place is watched on."""
        clock = asyncio.get_running_loop().time
        watched, alive = self._process, clock()
        while (process := self._process) and _runs(process):
            if process is not watched:
                watched, alive = process, clock()
            if await _ended(process, ENGINE_CHECK_SECONDS):
                continue
            if await self._engine.ready():
                alive = clock()
            elif process is self._process and clock() - alive > ENGINE_HUNG_SECONDS:
                log.error("the engine has not answered for %.0f s", ENGINE_HUNG_SECONDS)
                process.kill()
                await process.wait()

    @property
    def _token(self) -> str:
        return self._settings.engine_token.get_secret_value()

    def _set_ready(self, ready: bool) -> None:
        if ready == self.ready.is_set():
            return
        if ready:
            self.ready.set()
            log.info("the engine answers")
        else:
            self.ready.clear()
        self._on_change(ready)


def _runs(process: Process | None) -> bool:
    return process is not None and process.returncode is None


async def _ended(process: Process, seconds: float) -> bool:
    """Wait so long for a process to end; say whether it has."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await process.wait()
    return process.returncode is not None


async def _end(process: Process | None) -> None:
    """End a process, by force if it does not end by itself."""
    if process is None or not _runs(process):
        return
    process.terminate()
    if not await _ended(process, STOP_SECONDS):
        process.kill()
        await process.wait()
