"""SMS: the gateway's calls come in, texts go out. Validate, store, acknowledge; everything else happens later."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import phonenumbers
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.guard import SERVICE, RateLimit
from bot.channels.sms.kannel import Kannel
from bot.channels.sms.provider import Provider
from bot.channels.sms.sending import Sending
from bot.channels.sms.twilio import Twilio
from bot.conversation.intake import Incoming, receive
from bot.conversation.keywords import keyword_of
from bot.conversation.model import RefusedError
from bot.conversation.service import Service
from bot.limits import MESSAGE_CHARACTERS, ORDERS_PER_NUMBER, STORE_SECONDS
from bot.settings import Settings
from bot.store import deliveries

log = logging.getLogger(__name__)
CHANNEL = "sms"
PROVIDER: web.AppKey[Provider] = web.AppKey("sms_provider")
_ORDERS = web.AppKey("sms_orders", RateLimit)
# A receipt may overtake the note of what was sent.
_RECEIPT_TRIES = 4
_RECEIPT_PAUSE_SECONDS = 0.25


def make_provider(settings: Settings) -> Provider | None:
    """Return the gateway that the settings name."""
    if settings.sms_provider == "kannel":
        return Kannel(settings)
    return Twilio(settings) if settings.sms_provider == "twilio" else None


def setup(app: web.Application) -> None:
    """Add the gateway's addresses to an application, if there is a gateway."""
    provider = make_provider(app[SERVICE].settings)
    if provider is None:
        return
    app[PROVIDER] = provider
    app[_ORDERS] = RateLimit(ORDERS_PER_NUMBER)
    for method in ("GET", "POST"):
        app.router.add_route(method, "/sms/inbound", inbound)
        app.router.add_route(method, "/sms/receipt", receipt)
    app.on_cleanup.append(_close)


async def inbound(request: web.Request) -> web.Response:
    """Take an SMS. The gateway hears 200 only when it is stored; before that it will call again."""
    provider, service = request.app[PROVIDER], request.app[SERVICE]
    sms = await provider.inbound(request)
    number = _e164(sms.sender)
    if number is None:
        log.info("an SMS from a sender that cannot be answered was left alone")
        return provider.acknowledge()
    text = sms.text[:MESSAGE_CHARACTERS].strip()
    if (not text or keyword_of(text)) and not request.app[_ORDERS].allows(number):
        raise web.HTTPServiceUnavailable  # the gateway tries again later, when it costs no flood of answers
    incoming = Incoming(CHANNEL, number, sms.reference, text, address=number, wordless=not text)
    try:
        await service.database.within(STORE_SECONDS, receive(service, incoming))
    except RefusedError as refusal:
        if refusal.code == "for_fort":
            raise web.HTTPServiceUnavailable from None  # the gateway tries again later: nothing is lost
        log.info("an SMS was refused: %s", refusal.code)
    except Exception as error:
        log.error("could not store an SMS: %s", type(error).__name__)
        raise web.HTTPServiceUnavailable from None  # the gateway has it still, and calls again
    return provider.acknowledge()


async def receipt(request: web.Request) -> web.Response:
    """Note what became of an SMS."""
    provider, service = request.app[PROVIDER], request.app[SERVICE]
    told = await provider.receipt(request)
    for _ in range(_RECEIPT_TRIES if told else 0):
        try:
            async with service.database.write() as connection:
                known = (
                    await deliveries.receipt(connection, told[0], told[1].value, service.now())
                    if told
                    else None
                )
        except (SQLAlchemyError, OSError) as error:
            log.error("could not store a receipt: %s", type(error).__name__)
            raise web.HTTPServiceUnavailable from None
        if known:
            service.bus.publish(known)
            break
        await asyncio.sleep(_RECEIPT_PAUSE_SECONDS)
    return provider.acknowledge()


@contextlib.asynccontextmanager
async def run_sending(service: Service) -> AsyncIterator[None]:
    """Send what is queued, while the block runs."""
    provider = make_provider(service.settings)
    if provider is None:
        yield
        return
    sending = Sending(service, provider)
    sending.start()
    try:
        yield
    finally:
        await sending.stop()
        await provider.close()


async def _close(app: web.Application) -> None:
    await app[PROVIDER].close()


def _e164(sender: str) -> str | None:
    """Return a number we can answer, or None for names and short codes."""
    try:
        number = phonenumbers.parse(sender, "NO")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
