"""See which crises nobody has taken in time. Of all processes on a database, one raises the alarm, once a wait."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.conversation.bus import QUEUE
from bot.conversation.crises import free_from_who_is_gone
from bot.conversation.service import Service
from bot.limits import CRISIS_UNCLAIMED_SECONDS, PRESENCE_SECONDS
from bot.safety import Level
from bot.store import alarms, conversations, crises, events

log = logging.getLogger(__name__)
_LIMIT = timedelta(seconds=CRISIS_UNCLAIMED_SECONDS)


class Watch:
    """`look` now and then. `ways` are how an alarm leaves the house; `wake` wakes whoever sends."""

    def __init__(self, service: Service, ways: Sequence[str], wake: Callable[[], None]) -> None:
        self._service = service
        self._ways = ways
        self._wake = wake
        self._told: set[tuple[int, datetime | None]] = set()

    async def look(self) -> bool:
        """Raise every alarm that is due, and tell the consoles of this process about those that stand.

        Danger whose counselor is no longer there waits again first.
        """
        await self._free()
        async with self._service.database.read() as connection:
            due = await crises.is_due(connection, self._service.now(), _LIMIT)
        while due:
            due = await self._raise_one()
        await self._tell()
        return False

    async def _free(self) -> None:
        service = self._service
        seen_since = service.now() - timedelta(seconds=PRESENCE_SECONDS)
        async with service.database.read() as connection:
            alone = await crises.left_alone(connection, seen_since, int(Level.HIGH))
        for conversation_id in alone:
            async with service.database.write() as connection:
                conversation = await conversations.get(connection, conversation_id, lock=True)
                if conversation is not None and conversation.level >= int(Level.HIGH):
                    await free_from_who_is_gone(connection, service, conversation)
            service.bus.publish(conversation_id)
            service.bus.publish(QUEUE)
            service.deliver()

    async def _raise_one(self) -> bool:
        service = self._service
        async with service.database.write() as connection:
            now = service.now()
            crisis = await crises.take_due(connection, now, _LIMIT)
            if crisis is None or crisis.waiting_since is None:
                return False
            await crises.change(connection, crisis.id, alarmed_at=now, alarmed_for=crisis.waiting_since)
            for way in self._ways:
                await alarms.add(
                    connection,
                    crisis_id=crisis.id,
                    way=way,
                    since=crisis.waiting_since,
                    status="queued",
                    next_at=now,
                    updated_at=now,
                )
            await events.add(connection, crisis.conversation_id, now, "alarm", level=crisis.level)
        log.warning("a crisis has waited %.0f s and nobody has taken it", CRISIS_UNCLAIMED_SECONDS)
        self._wake()
        return True

    async def _tell(self) -> None:
        """Let the consoles read the queue anew, also when another process has raised the alarm."""
        async with self._service.database.read() as connection:
            standing = {(crisis.id, crisis.alarmed_at) for crisis in await crises.alarmed(connection)}
        if standing - self._told:
            self._service.bus.publish(QUEUE)
        self._told = standing
