"""Kannel: sends through its sendsms address; its sms-service and dlr-url call us back.

Text, number and password go in bodies and headers both ways, never in an address, which gets logged.
Kannel signs nothing, so its calls carry a secret, and should come over loopback or a private network.
Inbound: post-url /sms/inbound?secret=...&id=%I with send-sender = true (see docs/sms.md).
"""

import hmac
from urllib.parse import quote

import aiohttp
from aiohttp import web

from bot.channels.sms.provider import Inbound, Receipt, SendError
from bot.limits import SMS_SEND_SECONDS
from bot.settings import Settings
from knowledge import sms_segments

# Kannel's delivery report types: 1 delivered, 2 failed, 4 queued at the SMSC, 8 at the SMSC, 16 refused.
_RECEIPTS = {"1": Receipt.DELIVERED, "2": Receipt.FAILED, "8": Receipt.SENT, "16": Receipt.FAILED}
_DLR_MASK = "27"
_ACCEPTED = (200, 202)
_BAD_REQUEST = 400  # the SMS itself is at fault; other answers tell of settings or load, and may pass


class Kannel:
    """A Kannel gateway as the settings describe it."""

    name = "kannel"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def send(self, to: str, text: str, delivery_id: int) -> str:
        """Hand the SMS to Kannel; our delivery id comes back in the receipt. Raises SendError."""
        settings = self._settings
        password = settings.kannel_password.get_secret_value() if settings.kannel_password else ""
        reference = f"k{delivery_id}"
        # GSM-7 texts go as UTF-8 that Kannel maps to its alphabet; others as UCS-2.
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": settings.kannel_user,
            "X-Kannel-Password": password,
            "X-Kannel-From": settings.sms_number or "",
            "X-Kannel-To": to,
            "X-Kannel-Charset": "UTF-8",
            "X-Kannel-Coding": "0" if _fits_gsm7(text) else "2",
            "X-Kannel-DLR-Mask": _DLR_MASK,
            "X-Kannel-DLR-Url": self._receipt_url(reference),
        }
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.post(
                settings.kannel_url,
                data=text.encode(),
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=SMS_SEND_SECONDS),
            ) as response:
                if response.status in _ACCEPTED:
                    return reference
                raise SendError(f"kannel answered {response.status}", final=response.status == _BAD_REQUEST)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendError(f"kannel does not answer ({type(error).__name__})") from None

    async def inbound(self, request: web.Request) -> Inbound:
        """Read an SMS from Kannel's post-url."""
        self._check_secret(request)
        sender, reference = request.headers.get("X-Kannel-From"), request.query.get("id")
        if not sender or not reference:
            raise web.HTTPBadRequest
        try:
            # Kannel names the alphabet the phone used, and passes the text on in it.
            text = (await request.read()).decode(request.charset or "utf-8", errors="replace")
        except LookupError:
            raise web.HTTPBadRequest from None
        return Inbound(sender, text, reference)

    async def receipt(self, request: web.Request) -> tuple[str, Receipt] | None:
        """Read a delivery report from our dlr-url."""
        self._check_secret(request)
        fate = _RECEIPTS.get(request.query.get("type", ""))
        return (request.query.get("ref", ""), fate) if fate else None

    def acknowledge(self) -> web.Response:
        """Return an empty body: anything else Kannel would send as an SMS."""
        return web.Response(text="")

    async def close(self) -> None:
        """Close connections."""
        if self._session:
            await self._session.close()

    def _receipt_url(self, reference: str) -> str:
        settings = self._settings
        base = settings.public_url or f"http://{settings.host}:{settings.port}"
        return f"{base}/sms/receipt?secret={quote(self._secret(), safe='')}&ref={reference}&type=%d"

    def _secret(self) -> str:
        secret = self._settings.kannel_inbound_secret
        return secret.get_secret_value() if secret else ""

    def _check_secret(self, request: web.Request) -> None:
        if not hmac.compare_digest(request.query.get("secret", "").encode(), self._secret().encode()):
            raise web.HTTPForbidden


def _fits_gsm7(text: str) -> bool:

    return sms_segments(text) is not None
