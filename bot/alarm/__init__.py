"""The alarm about a crisis that nobody takes: to every open console, and by setting to a webhook and a phone on call.

What is to be sent is written in the transaction that marks the crisis; sending comes after it, and is taken up again
after a restart. Nobody who writes to us waits for it.
"""

import contextlib
from collections.abc import AsyncIterator

from bot.alarm.sending import Sending, Way
from bot.alarm.sms import OnCallSms
from bot.alarm.watch import Watch
from bot.alarm.webhook import Webhook
from bot.background import Loop
from bot.channels.sms import make_provider
from bot.conversation.service import Service
from bot.limits import SWEEP_SECONDS


@contextlib.asynccontextmanager
async def run_alarm(service: Service) -> AsyncIterator[None]:
    """Watch over the crises, and send what is to be sent, while the block runs."""
    ways = make_ways(service)
    sending = [Loop(f"alarm by {way.name}", Sending(service, way).send_next, SWEEP_SECONDS) for way in ways]

    def wake() -> None:
        for loop in sending:
            loop.wake()

    watch = Watch(service, [way.name for way in ways], wake)
    loops = [Loop("alarm", watch.look, SWEEP_SECONDS), *sending]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            await loop.stop()
        for way in ways:
            await way.close()


def make_ways(service: Service) -> list[Way]:
    """Return the ways out of the house that the settings name, perhaps none."""
    settings = service.settings
    ways: list[Way] = []
    if settings.alarm_webhook_url:
        ways.append(Webhook(settings))
    provider = make_provider(settings) if settings.alarm_phone else None
    if provider is not None:
        ways.append(OnCallSms(service, provider))
    return ways
