"""Tasks that run beside the requests. They are asked to end and end at a pause: a task that is cancelled
inside a database call can leave the connection's thread waiting for ever.
"""

import asyncio
import contextlib


async def pause(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, at most so long; say whether it has come."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
