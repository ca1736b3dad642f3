"""The widget's socket: hello, then messages both ways. Translates; decides nothing.

The browser makes the token and keeps it; we keep a keyed hash. A frame out of order or of unknown form is answered
with an error in Norwegian; the socket stays open.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from bot.channels.guard import (
    SERVICE,
    AddressLimit,
    RateLimit,
    neighbourhood,
    origin_allowed,
    remote_address,
)
from bot.conversation import reading
from bot.conversation.bus import News
from bot.conversation.intake import Incoming, leave, receive
from bot.conversation.model import RefusedError, State
from bot.conversation.service import Service
from bot.limits import (
    FRAMES_PER_MINUTE,
    HEARTBEAT_SECONDS,
    HELLO_SECONDS,
    HURRIED_SECONDS,
    MESSAGE_CHARACTERS,
    MESSAGES_PER_ADDRESS,
    MOST_SEQ,
    SOCKET_FRAME_BYTES,
    SOCKETS_PER_ADDRESS,
    STORE_SECONDS,
    TOKEN_CHARACTERS,
)

log = logging.getLogger(__name__)
Result = TypeVar("Result")
CHANNEL = "widget"
_SOCKETS = web.AppKey("widget_sockets", AddressLimit)
_MESSAGES = web.AppKey("widget_messages", RateLimit)


def setup(app: web.Application) -> None:
    """Add the widget's socket to an application."""
    app[_SOCKETS] = AddressLimit(SOCKETS_PER_ADDRESS)
    app[_MESSAGES] = RateLimit(MESSAGES_PER_ADDRESS)
    app.router.add_get("/widget/ws", socket)


async def socket(request: web.Request) -> web.StreamResponse:
    """Serve one browser."""
    service = request.app[SERVICE]
    if not origin_allowed(request, service.settings):
        raise web.HTTPForbidden
    address = neighbourhood(remote_address(request, service.settings))
    with request.app[_SOCKETS].entry(address):
        ws = web.WebSocketResponse(
            heartbeat=HEARTBEAT_SECONDS, max_msg_size=SOCKET_FRAME_BYTES, compress=False
        )
        await ws.prepare(request)
        await _Client(service, ws, address, request.app[_MESSAGES]).serve()
        return ws


class _Client:
    """One open socket."""

    def __init__(
        self, service: Service, ws: web.WebSocketResponse, address: str, messages: RateLimit
    ) -> None:
        self._service = service
        self._ws = ws
        self._address = address
        self._messages = messages
        self._frames = RateLimit(FRAMES_PER_MINUTE)
        self._token = ""
        self._malform = "nb"
        self._conversation_id: str | None = None
        self._seen = 0
        self._shown: tuple[Any, ...] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._news: asyncio.Queue[News] = asyncio.Queue()
        self._sending = asyncio.Lock()

    async def serve(self) -> None:
        """Run until the browser leaves."""
        try:
            if await self._hello():
                async for frame in self._ws:
                    if frame.type is WSMsgType.TEXT:
                        await self._frame(frame.data)
        except (ConnectionError, TimeoutError):
            pass
        finally:
            await self._stop_reading()
            if not self._ws.closed:
                await self._ws.close()

    async def _hello(self) -> bool:
        frame = await self._ws.receive(HELLO_SECONDS)
        data = _parse(frame.data) if frame.type is WSMsgType.TEXT else None
        token = data.get("token") if data and data.get("type") == "hello" else None
        after = data.get("after", 0) if data else 0
        shortest, longest = TOKEN_CHARACTERS
        known = isinstance(token, str) and token.isascii() and shortest <= len(token) <= longest
        if not isinstance(token, str) or not known or type(after) is not int or not 0 <= after <= MOST_SEQ:
            await self._error(None, "ugyldig")
            return False
        self._token, self._seen = token, after
        self._malform = "nn" if data and data.get("malform") == "nn" else "nb"
        try:
            conversation = await self._in_time(reading.find(self._service, CHANNEL, token))
        except Exception as error:
            log.error("could not look up a conversation: %s", type(error).__name__)
            await self._error(None, "uventet_feil")
            return False
        await self._send(
            type="welcome",
            state=conversation.state if conversation else State.BOT.value,
            last=conversation.last_seq if conversation else 0,
            limits={"text": MESSAGE_CHARACTERS},
        )
        if conversation:
            self._follow(conversation.id)
        return True

    async def _frame(self, raw: str) -> None:
        data = _parse(raw)
        kind = data.get("type") if data else None
        if kind != "send" and not self._frames.allows(""):
            return
        if data is None or kind not in ("send", "typing", "erase", "end"):
            await self._error(None, "ugyldig")
        elif kind == "send":
            await self._receive(data)
        elif kind in ("erase", "end"):
            await self._leave(kind)
        elif self._conversation_id:
            self._service.bus.publish(self._conversation_id, typing="relative")

    async def _leave(self, kind: str) -> None:
        try:
            if kind == "erase":
                await self._erase()
            else:
                await self._in_time(leave(self._service, CHANNEL, self._token))
                await self._ws.close()
        except ConnectionError:
            raise
        except Exception as error:
            # Not done, so not confirmed: the browser asks again.
            log.error("could not %s a conversation: %s", kind, type(error).__name__)
            await self._error(None, "uventet_feil")

    async def _in_time(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Wait for the database, but not so long that it is silence."""
        return await self._service.database.within(STORE_SECONDS, work)

    async def _receive(self, data: dict[str, Any]) -> None:
        client_id, text, payload = data.get("id"), data.get("text"), data.get("payload")
        if not isinstance(client_id, str) or not isinstance(text, str):
            await self._error(None, "ugyldig")
            return
        incoming = Incoming(
            CHANNEL,
            self._token,
            client_id,
            text,
            payload if isinstance(payload, str) else None,
            hurried=not self._messages.allows(self._address),
        )
        if incoming.hurried:
            await asyncio.sleep(HURRIED_SECONDS)
        try:
            ack = await self._in_time(receive(self._service, incoming))
        except RefusedError as refusal:
            await self._error(client_id, refusal.code)
            return
        except Exception as error:
            # Not stored, or not known to be: not acknowledged. The browser keeps it and tries again.
            log.error("could not store a message: %s", type(error).__name__)
            await self._error(client_id, "uventet_feil")
            return
        await self._send(type="ack", id=client_id, seq=ack.seq)
        self._follow(ack.conversation_id)

    async def _erase(self) -> None:
        await self._in_time(reading.erase(self._service, CHANNEL, self._token))
        await self._stop_reading()
        self._seen, self._shown = 0, None
        await self._send(type="erased")

    async def _stop_reading(self) -> None:
        """End the reader at its next pause, never inside a database call."""
        self._conversation_id = None
        if self._reader:
            with contextlib.suppress(asyncio.QueueFull):
                self._news.put_nowait({})
            await self._reader
            self._reader = None

    def _follow(self, conversation_id: str) -> None:
        if self._conversation_id != conversation_id:
            self._conversation_id = conversation_id
            self._reader = asyncio.create_task(self._read_on(conversation_id))

    async def _read_on(self, conversation_id: str) -> None:
        """Send everything after the last number sent, now and whenever there is news."""
        with self._service.bus.listen(conversation_id) as news, contextlib.suppress(ConnectionError):
            self._news = news
            while self._conversation_id == conversation_id:
                try:
                    await self._send_new(conversation_id)
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        told = await news.get()
                    if told.get("typing") == "counselor":
                        await self._send(type="typing")
                    if told.get("gone"):
                        await self._send(type="erased")
                        return
                except TimeoutError:
                    continue  # look again now and then: the bus may lose news
                except ConnectionError:
                    raise
                except Exception as error:
                    log.error("could not read on: %s", type(error).__name__)
                    await asyncio.sleep(1)

    async def _send_new(self, conversation_id: str) -> None:
        while items := await reading.items_after(self._service, conversation_id, self._seen):
            await self._send(type="messages", items=[item.model_dump(mode="json") for item in items])
            self._seen = items[-1].seq
        standing = await reading.standing(self._service, conversation_id)
        shown = (standing.state, standing.place, standing.counselor) if standing else None
        if standing and shown != self._shown:
            self._shown = shown
            await self._send(
                type="state", state=standing.state.value, place=standing.place, counselor=standing.counselor
            )

    async def _error(self, client_id: str | None, code: str) -> None:
        text = self._service.knowledge.phrases[code].render(
            self._malform, grense=MESSAGE_CHARACTERS, tjeneste=self._service.settings.helpline_name
        )
        await self._send(type="error", id=client_id, code=code, text=text)

    async def _send(self, **frame: Any) -> None:
        async with self._sending:
            await self._ws.send_str(json.dumps(frame, ensure_ascii=False))


def _parse(raw: str) -> dict[str, Any] | None:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):  # the second: brackets in brackets without end
        return None
    return data if isinstance(data, dict) else None
