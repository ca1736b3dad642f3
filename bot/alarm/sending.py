"""Send alarms out of the house, with a retry ladder; what cannot be sent ends as "failed" and is seen by counselors.

At least once: if we go down between the receiver's yes and our note of it, the alarm goes again, with the same id.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.sms.provider import SendError
from bot.conversation.service import Service
from bot.limits import ALARM_RETRY_SECONDS, ALARM_SEND_SECONDS
from bot.safety import Level
from bot.store import alarms, events
from bot.store.alarms import Alarm

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """What leaves the house: which conversation, how grave, how long it has waited. Nothing of what was written."""

    id: int
    conversation_id: str
    level: str
    waiting_since: datetime
    waited_seconds: int
    link: str


class Way(Protocol):
    """One way out of the house."""

    name: str

    async def send(self, notice: Notice) -> None:
        """Hand the alarm over; raises SendError, whose words hold nothing private."""

    async def close(self) -> None:
        """Close connections."""


class Sending:
    """The sender of one way."""

    def __init__(self, service: Service, way: Way) -> None:
        self._service = service
        self._way = way

    async def send_next(self) -> bool:
        """Send the next alarm that is due; False when there is none. One about a wait that is over is not sent."""
        service, way = self._service, self._way
        async with service.database.write() as connection:
            alarm = await alarms.take(connection, way.name, service.now(), ALARM_SEND_SECONDS * 3)
        if alarm is None:
            return False
        if not alarm.needed:
            await self._note(alarm, status="unneeded")
            return True
        try:
            await way.send(self._notice(alarm))
        except SendError as error:
            await self._failed(alarm, error)
        except Exception as error:  # a fault of our own is tried again too, and not for ever
            await self._failed(alarm, SendError(type(error).__name__))
        else:
            await self._note(alarm, status="sent")
        return True

    def _notice(self, alarm: Alarm) -> Notice:
        settings, waited = self._service.settings, self._service.now() - alarm.since
        base = settings.public_url or f"http://{settings.host}:{settings.port}"
        return Notice(
            id=alarm.id,
            conversation_id=alarm.conversation_id,
            level=Level(alarm.level).label,
            waiting_since=alarm.since,
            waited_seconds=max(0, round(waited.total_seconds())),
            link=f"{base.rstrip('/')}/console#{alarm.conversation_id}",
        )

    async def _failed(self, alarm: Alarm, error: SendError) -> None:
        tries = alarm.attempts - 1
        give_up = error.final or tries >= len(ALARM_RETRY_SECONDS)
        what = "given up" if give_up else "again"
        log.warning("alarm by %s not sent (attempt %d, %s): %s", self._way.name, alarm.attempts, what, error)
        if give_up:
            await self._note(alarm, status="failed")
        else:
            again = self._service.now() + timedelta(seconds=ALARM_RETRY_SECONDS[tries])
            await self._note(alarm, status="queued", next_at=again)

    async def _note(self, alarm: Alarm, **values: str | datetime) -> None:
        service, now = self._service, self._service.now()
        async with service.database.write() as connection:
            await alarms.change(connection, alarm.id, updated_at=now, **values)
            if values["status"] == "failed":
                await events.add(connection, alarm.conversation_id, now, "alarm_failed", way=self._way.name)
        service.bus.publish(alarm.conversation_id)
