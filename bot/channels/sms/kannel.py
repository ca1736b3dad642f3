"""Kannel: sends through its sendsms address; its sms-service and dlr-url call us back.

Kannel signs nothing, so its calls carry a secret, and should come over loopback or a private network.
Inbound get-url: /sms/inbound?secret=...&from=%p&text=%b&id=%I&charset=%C  (see docs/sms.md).
"""

import hmac
from urllib.parse import parse_qsl, quote

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
_UTF16 = "UTF-16BE"


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
        form = {
            "username": settings.kannel_user,
            "password": password,
            "from": settings.sms_number or "",
            "to": to,
            "text": text,
            "charset": "UTF-8",
            "coding": "0" if _fits_gsm7(text) else "2",
            "dlr-mask": _DLR_MASK,
            "dlr-url": self._receipt_url(reference),
        }
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.get(
                settings.kannel_url, params=form, timeout=aiohttp.ClientTimeout(total=SMS_SEND_SECONDS)
            ) as response:
                if response.status in _ACCEPTED:
                    return reference
                raise SendError(f"kannel answered {response.status}", final=400 <= response.status < 500)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SendError(f"kannel does not answer ({type(error).__name__})") from None

    async def inbound(self, request: web.Request) -> Inbound:
        """Read an SMS from Kannel's get-url."""
        self._check_secret(request)
        query = request.query
        if not query.get("from") or not query.get("id"):
            raise web.HTTPBadRequest
        text = _utf16_text(request) if query.get("charset") == _UTF16 else query.get("text", "")
        return Inbound(query["from"], text, query["id"])

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


def _utf16_text(request: web.Request) -> str:
    """Return the text of an SMS in another alphabet: Kannel passes it on as the phone sent it."""
    query = dict(parse_qsl(request.rel_url.raw_query_string, keep_blank_values=True, encoding="latin-1"))
    return query.get("text", "").encode("latin-1").decode("utf-16-be", errors="replace")


def _fits_gsm7(text: str) -> bool:

    return sms_segments(text) is not None
