"""What an SMS gateway must do for us: send a text, and make sense of its calls to us."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from aiohttp import web


class SendError(Exception):
    """The gateway did not take the SMS. `final` when trying again cannot help."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why)
        self.final = final


class Receipt(StrEnum):
    """What became of an SMS, as far as the gateway knows."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Inbound:
    """An SMS from a relative. `reference` is the gateway's own id for it: a repeat is the same SMS."""

    sender: str
    text: str
    reference: str


class Provider(Protocol):
    """One SMS gateway."""

    name: str

    async def send(self, to: str, text: str, delivery_id: int) -> str:
        """Hand over an SMS (E.164 number, plain text); return the gateway's reference. Raises SendError."""

    async def inbound(self, request: web.Request) -> Inbound:
        """Return the SMS in a call from the gateway; raises HTTPForbidden or HTTPBadRequest."""

    async def receipt(self, request: web.Request) -> tuple[str, Receipt] | None:
        """Return reference and fate from a receipt call, None for one that says nothing; raises HTTPForbidden."""

    def acknowledge(self) -> web.Response:
        """Return the response that tells the gateway we have it."""

    async def close(self) -> None:
        """Close connections."""
