"""The alarm as an HTTPS POST, signed as Standard Webhooks (https://www.standardwebhooks.com) says, so that the
receiver can check it with a ready library.
"""

import base64
import hashlib
import hmac
import json
import time

import aiohttp

from bot.alarm.sending import Notice
from bot.channels.sms.provider import SendError
from bot.limits import ALARM_SEND_SECONDS
from bot.settings import Settings


class Webhook:
    """The operator's address."""

    name = "webhook"

    def __init__(self, settings: Settings) -> None:
        self._url = settings.alarm_webhook_url or ""
        self._key = settings.alarm_webhook_key
        self._session: aiohttp.ClientSession | None = None

    async def send(self, notice: Notice) -> None:
        """Post the alarm; any answer from 200 to 299 is a yes. Raises SendError."""
        body = json.dumps(
            {
                "type": "crisis.unclaimed",
                "timestamp": notice.waiting_since.isoformat(),
                "data": {
                    "conversation": notice.conversation_id,
                    "level": notice.level,
                    "waited_seconds": notice.waited_seconds,
                    "console": notice.link,
                },
            }
        ).encode()
        if self._session is None:
            self._session = aiohttp.ClientSession()
        try:
            async with self._session.post(
                self._url,
                data=body,
                headers=_signed(self._key, f"alarm_{notice.id}", int(time.time()), body),
                timeout=aiohttp.ClientTimeout(total=ALARM_SEND_SECONDS),
                allow_redirects=False,
            ) as response:
                if not 200 <= response.status < 300:
                    raise SendError(f"the webhook answered {response.status}")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SendError(f"the webhook does not answer ({type(error).__name__})") from None

    async def close(self) -> None:
        """Close connections."""
        if self._session:
            await self._session.close()


def _signed(key: bytes, message_id: str, at: int, body: bytes) -> dict[str, str]:
    digest = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
