"""Send queued SMS in order, with the written retry ladder; what cannot be sent ends as "failed" and is seen.

At least once: if we go down between the gateway's yes and our note of it, the SMS goes again.
"""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.background import pause
from bot.channels.sms.form import sms_text
from bot.channels.sms.provider import Provider, SendError
from bot.conversation.service import Service
from bot.limits import SMS_RETRY_SECONDS, SMS_SEND_SECONDS, SWEEP_SECONDS
from bot.store import deliveries, events
from bot.store.deliveries import Delivery

log = logging.getLogger(__name__)


class Sending:
    """The sender's task. `start` and `stop` it; the service's `deliver` wakes it."""

    def __init__(self, service: Service, provider: Provider) -> None:
        self._service = service
        self._provider = provider
        self._work = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self._sent: tuple[Delivery, str] | None = None  # taken by the gateway, and not noted yet

    def start(self) -> None:
        """Start sending."""
        self._service.deliver = self._work.set
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish the SMS that is being sent, and stop; what is queued stays queued."""
        self._stopping = True
        self._work.set()
        if self._task:
            await self._task

    async def _run(self) -> None:
        while not self._stopping:
            self._work.clear()
            try:
                while not self._stopping and await self.send_next():
                    pass
            except (SQLAlchemyError, OSError) as error:
                log.error("cannot send SMS now: the database says %s", type(error).__name__)
            except Exception:
                log.exception("the SMS sender stumbled")
            await pause(self._work, SWEEP_SECONDS)

    async def send_next(self) -> bool:
        """Send the next SMS that is due; False when there is none."""
        service = self._service
        await self._note_sent()
        async with service.database.write() as connection:
            delivery = await deliveries.take(connection, service.now(), SMS_SEND_SECONDS * 3)
        if delivery is None:
            return False
        cipher = service.database.cipher
        try:
            reference = await self._provider.send(
                cipher.open(delivery.address), sms_text(cipher.open(delivery.body)), delivery.id
            )
        except SendError as error:
            await self._failed(delivery, error)
        except Exception as error:  # a fault of our own is tried again too, and not for ever
            await self._failed(delivery, SendError(type(error).__name__))
        else:
            self._sent = (delivery, reference)
            await self._note_sent()
        return True

    async def _note_sent(self) -> None:
        """Note what the gateway has taken. While that cannot be noted nothing else is sent: it would go out twice."""
        if self._sent is None:
            return
        service, (delivery, reference) = self._service, self._sent
        async with service.database.write() as connection:
            await deliveries.change(
                connection, delivery.id, status="sent", provider_ref=reference, updated_at=service.now()
            )
        self._sent = None
        service.bus.publish(delivery.conversation_id)

    async def _failed(self, delivery: Delivery, error: SendError) -> None:
        service, now = self._service, self._service.now()
        tries = delivery.attempts - 1
        give_up = error.final or tries >= len(SMS_RETRY_SECONDS)
        log.warning(
            "SMS not sent (attempt %d, %s): %s", delivery.attempts, "given up" if give_up else "again", error
        )
        async with service.database.write() as connection:
            if give_up:
                await deliveries.change(connection, delivery.id, status="failed", updated_at=now)
                await events.add(connection, delivery.conversation_id, now, "sms_failed")
            else:
                again = now + timedelta(seconds=SMS_RETRY_SECONDS[tries])
                await deliveries.change(
                    connection, delivery.id, status="queued", next_at=again, updated_at=now
                )
        service.bus.publish(delivery.conversation_id)
