"""At the door: who may open a socket, from where, and how many."""

import contextlib
from collections import Counter
from collections.abc import Iterator

from aiohttp import web

from bot.conversation.service import Service
from bot.settings import Settings

SERVICE = web.AppKey("service", Service)


def origin_allowed(request: web.Request, settings: Settings) -> bool:
    """Say whether the page that opens the socket may: our own, or one the operator has named."""
    origin = request.headers.get("Origin")
    if origin is None or "*" in settings.widget_origins or origin in settings.widget_origins:
        return True
    return same_origin(request, settings)


def same_origin(request: web.Request, settings: Settings) -> bool:
    """Say whether the request comes from a page of ours (or from no page at all)."""
    origin = request.headers.get("Origin")
    return origin is None or origin in (settings.public_origin, f"{request.scheme}://{request.host}")


def remote_address(request: web.Request, settings: Settings) -> str:
    """Return the sender's address; behind proxies, the one that the outermost trusted proxy saw."""
    if settings.trusted_proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.trusted_proxies:
            return hops[-settings.trusted_proxies]
    return request.remote or ""


class AddressLimit:
    """Count what an address has open; one too many is turned away. Kept in memory only."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    @contextlib.contextmanager
    def entry(self, address: str) -> Iterator[None]:
        """Hold one place while the block runs; raises HTTPTooManyRequests."""
        if self._open[address] >= self._most:
            raise web.HTTPTooManyRequests
        self._open[address] += 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]
