"""Tasks that run beside the requests. They are asked to end and end at a pause: a task that is cancelled
inside a database call can leave the connection's thread waiting for ever.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def pause(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, at most so long; say whether it has come."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


class Loop:
    """A task that does what there is to do: at the start, when woken, and every so many seconds.

    `step` does one thing and says whether there may be more. What goes wrong in it is logged without words, and it is
    tried again after the pause.
    """

    def __init__(self, name: str, step: Callable[[], Awaitable[bool]], seconds: float) -> None:
        self._name = name
        self._step = step
        self._seconds = seconds
        self._work = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the task."""
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Say that there is work."""
        self._work.set()

    async def stop(self) -> None:
        """Let the task finish the step it is at, and stop."""
        self._stopping = True
        self._work.set()
        if self._task:
            await self._task

    async def _run(self) -> None:
        while not self._stopping:
            self._work.clear()
            try:
                while not self._stopping and await self._step():
                    pass
            except Exception as error:
                log.error("%s: %s, trying again", self._name, type(error).__name__)
            await pause(self._work, self._seconds)
