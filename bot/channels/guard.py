"""At the door: who may open a socket, from where, how many, and how fast."""

import contextlib
import ipaddress
import time
from collections import Counter
from collections.abc import Iterator

from aiohttp import web

from bot.conversation.service import Service
from bot.settings import Settings

SERVICE = web.AppKey("service", Service)
MINUTE_SECONDS = 60.0
_IPV6_HOME = 64  # bits that one household or firm shares; the rest each of its machines can choose anew


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


def neighbourhood(address: str) -> str:
    """Return what limits count by: an IPv4 address as it is, an IPv6 address as the network it can move within."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _IPV6_HOME), strict=False).network_address)


class RateLimit:
    """Count what comes from whom, by the minute. Kept in memory only, and for a minute at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = time.monotonic()
        self._count: Counter[str] = Counter()

    def allows(self, who: str) -> bool:
        """Count one more; False when that is one too many."""
        now = time.monotonic()
        if now - self._begun >= MINUTE_SECONDS:
            self._begun = now
            self._count.clear()
        self._count[who] += 1
        return self._count[who] <= self._most


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
