"""Twilio: sends through its REST API, checks the signature of every call with Twilio's own library."""

import asyncio

from aiohttp import web
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.channels.sms.provider import Inbound, Receipt, SendError
from bot.limits import SMS_SEND_SECONDS
from bot.settings import Settings

_RECEIPTS = {
    "sent": Receipt.SENT,
    "delivered": Receipt.DELIVERED,
    "undelivered": Receipt.FAILED,
    "failed": Receipt.FAILED,
}
# Twilio's error for a number that has said STOP to us, and for numbers that cannot get SMS.
_TOO_MANY_REQUESTS = 429


class Twilio:
    """A Twilio account as the settings describe it."""

    name = "twilio"

    def __init__(self, settings: Settings) -> None:
        token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
        self._public_url = (settings.public_url or "").rstrip("/")
        self._number = settings.sms_number
        self._validator = RequestValidator(token)
        self._client = Client(
            settings.twilio_account_sid,
            token,
            http_client=_Http(settings.twilio_api_url, timeout=SMS_SEND_SECONDS),
        )

    async def send(self, to: str, text: str, delivery_id: int) -> str:
        """Hand the SMS to Twilio; returns its message sid. Raises SendError."""
        try:
            message = await asyncio.to_thread(
                self._client.messages.create,
                to=to,
                from_=self._number,
                body=text,
                status_callback=f"{self._public_url}/sms/receipt",
            )
        except TwilioRestException as error:
            final = 400 <= error.status < 500 and error.status != _TOO_MANY_REQUESTS
            raise SendError(f"twilio answered {error.status} ({error.code})", final=final) from None
        except OSError as error:
            raise SendError(f"twilio does not answer ({type(error).__name__})") from None
        return str(message.sid)

    async def inbound(self, request: web.Request) -> Inbound:
        """Read an SMS from Twilio's webhook."""
        form = await self._signed_form(request)
        if not form.get("From") or not form.get("MessageSid"):
            raise web.HTTPBadRequest
        return Inbound(form["From"], form.get("Body", ""), form["MessageSid"])

    async def receipt(self, request: web.Request) -> tuple[str, Receipt] | None:
        """Read a status call-back."""
        form = await self._signed_form(request)
        fate = _RECEIPTS.get(form.get("MessageStatus", ""))
        return (form.get("MessageSid", ""), fate) if fate else None

    def acknowledge(self) -> web.Response:
        """Return an empty TwiML document: no reply in the response."""
        return web.Response(text="<Response></Response>", content_type="text/xml")

    async def close(self) -> None:
        """Nothing stays open."""

    async def _signed_form(self, request: web.Request) -> dict[str, str]:
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        url = self._public_url + request.path_qs
        if not self._validator.validate(url, form, request.headers.get("X-Twilio-Signature", "")):
            raise web.HTTPForbidden
        return form


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client; its requests can be pointed at another host."""

    def __init__(self, base: str | None, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._base = base

    def request(self, method, url, *args, **kwargs):  # type: ignore[no-untyped-def]
        """Send a request as Twilio's library does."""
        if self._base:
            url = self._base.rstrip("/") + "/" + url.split("/", 3)[3]
        return super().request(method, url, *args, **kwargs)
