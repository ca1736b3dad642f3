"""News between the parts of one process. It may lose what it likes: whoever hears of news reads the store."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

QUEUE: str = "queue"  # the topic for "the counselors' queue has changed"
_HELD = 64

News = dict[str, Any]


class Bus:
    """Publish small news under a topic (a conversation's id, or QUEUE) to whoever listens now."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Queue[News]]] = defaultdict(set)

    def publish(self, topic: str, **news: Any) -> None:
        """Tell the listeners of a topic. One that is full already knows that there is more to read."""
        for listener in self._listeners.get(topic, ()):
            with contextlib.suppress(asyncio.QueueFull):
                listener.put_nowait({"topic": topic, **news})

    @contextlib.contextmanager
    def listen(self, *topics: str) -> Iterator[asyncio.Queue[News]]:
        """Listen while the block runs; the queue gets each piece of news."""
        queue: asyncio.Queue[News] = asyncio.Queue(_HELD)
        for topic in topics:
            self._listeners[topic].add(queue)
        try:
            yield queue
        finally:
            for topic in topics:
                self._listeners[topic].discard(queue)
                if not self._listeners[topic]:
                    del self._listeners[topic]
