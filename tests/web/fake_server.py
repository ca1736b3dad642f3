"""A scripted server of the widget's socket that misbehaves on command: lost lines, lost acks, doubles."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

WEB = Path(__file__).resolve().parents[2] / "bot" / "web"
STRICT_POLICY = "default-src 'none'; script-src {0}; connect-src {0} {1}; base-uri 'none'; form-action 'none'"
HOSTILE = """
html { font-size: 62.5%; } body { font: 40px serif; color: yellow; line-height: 3; text-align: center; }
button, textarea, dialog, ol, a { display: none !important; } * { letter-spacing: 9px; text-transform: uppercase; }
"""
SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

Frame = dict[str, Any]


@dataclass
class Talk:
    """What the server has of one conversation."""

    items: list[Frame] = field(default_factory=list)
    state: Frame = field(default_factory=lambda: {"state": "bot", "place": None, "counselor": None})


class FakeServer:
    """Keeps conversations by token and records every frame it gets. Set the faults from the test."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.frames: list[Frame] = []
        self.requests: list[str] = []
        self.sockets: dict[web.WebSocketResponse, str] = {}
        self.down = False  # refuse everything under /widget/
        self.sockets_down = False  # refuse sockets
        self.lose_acks = 0  # store that many messages without a word
        self.cut_after_store = 0  # store that many messages and cut the line instead of the ack
        self.repeat_items = 1  # how often each item is delivered
        self.refuse: Frame | None = None  # answer sends with this error
        self.ignore_erase = False
        self.end_closes = True  # else an "end" only ends the connection
        self.limit = 4000
        self.pace = 4  # the widget's patience is that many times shorter than in real life
        self.url = ""

    # ---- What a test does ----

    async def say(self, text: str, **more: Any) -> None:
        """Put a message in every conversation that has a socket, and deliver it."""
        for socket, token in list(self.sockets.items()):
            item = self._store(self._talk(token), {"author": "bot", "kind": "answer", "text": text, **more})
            await self._deliver(socket, [item])

    async def state(self, state: str, place: int | None = None, counselor: str | None = None) -> None:
        """Change the state of every conversation that has a socket."""
        frame = {"state": state, "place": place, "counselor": counselor}
        for socket, token in list(self.sockets.items()):
            self._talk(token).state = frame
            await socket.send_json({"type": "state", **frame})

    async def send(self, frame: Frame) -> None:
        """Send any frame to every socket."""
        for socket in list(self.sockets):
            await socket.send_json(frame)

    async def cut(self) -> None:
        """Cut every line without a goodbye."""
        for socket in list(self.sockets):
            transport = socket._req.transport if socket._req else None
            if transport:
                transport.abort()
        await asyncio.sleep(0.05)

    def got(self, kind: str) -> list[Frame]:
        """Return the frames of a type that arrived, in order."""
        return [frame for frame in self.frames if frame["type"] == kind]

    def stored(self) -> list[str]:
        """Return the texts that relatives' messages were stored with, over all conversations."""
        return [i["text"] for t in self.talks.values() for i in t.items if i["author"] == "relative"]

    async def until_stored(self, count: int = 1) -> None:
        """Wait until relatives' messages are stored; raises TimeoutError."""
        for _ in range(500):
            if len(self.stored()) >= count:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError

    # ---- The server ----

    def app(self) -> web.Application:
        """Return the application: demo page, widget, socket."""
        app = web.Application(middlewares=[self._watch])
        app.router.add_get("/", self._page)
        app.router.add_get("/widget/ws", self._socket)
        app.router.add_get(r"/widget/{name:\w+\.js}", self._script)
        app.router.add_static("/widget", WEB / "widget")
        app.router.add_static("/demo", WEB / "demo")
        app.router.add_get("/elsewhere", self._elsewhere)
        return app

    @web.middleware
    async def _watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.requests.append(request.path)
        if self.down and request.path.startswith("/widget/"):
            raise web.HTTPServiceUnavailable
        response: web.StreamResponse = await handler(request)
        if not response.prepared:
            response.headers.update(SHARED)
            response.headers["Cache-Control"] = "no-cache"
        return response

    async def _page(self, _: web.Request) -> web.StreamResponse:
        page = web.FileResponse(WEB / "demo" / "index.html")
        page.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            "base-uri 'none'; form-action 'none'"
        )
        return page

    async def _elsewhere(self, _: web.Request) -> web.Response:
        return web.Response(text="<title>Været</title>", content_type="text/html")

    async def _script(self, request: web.Request) -> web.Response:
        text = (WEB / "widget" / request.match_info["name"]).read_text()
        text = re.sub(r"(_MS = )(\d+)", lambda found: f"{found[1]}{int(found[2]) // self.pace}", text)
        return web.Response(text=text, content_type="text/javascript")

    def _talk(self, token: str) -> Talk:
        return self.talks.setdefault(token, Talk())

    def _store(self, talk: Talk, item: Frame) -> Frame:
        empty: Frame = {"sources": [], "buttons": [], "contacts": [], "id": None}
        stored = {**empty, **item, "seq": len(talk.items) + 1, "at": datetime.now(UTC).isoformat()}
        talk.items.append(stored)
        return stored

    async def _deliver(self, socket: web.WebSocketResponse, items: list[Frame]) -> None:
        for _ in range(self.repeat_items):
            await socket.send_json({"type": "messages", "items": items})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.sockets_down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        try:
            await self._serve(socket)
        finally:
            self.sockets.pop(socket, None)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        hello = await socket.receive_json()
        self.frames.append(hello)
        token = hello["token"]
        talk = self.talks.get(token, Talk())
        self.sockets[socket] = token
        last = len(talk.items)
        welcome = {
            "type": "welcome",
            "state": talk.state["state"],
            "last": last,
            "limits": {"text": self.limit},
        }
        await socket.send_json(welcome)
        if missed := [item for item in talk.items if item["seq"] > hello["after"]]:
            await self._deliver(socket, missed)
        await socket.send_json({"type": "state", **talk.state})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._handle(socket, token, message.json())

    async def _handle(self, socket: web.WebSocketResponse, token: str, frame: Frame) -> None:
        self.frames.append(frame)
        match frame["type"]:
            case "send":
                await self._receive(socket, token, frame)
            case "erase" if not self.ignore_erase:
                self.talks.pop(token, None)
                await socket.send_json({"type": "erased"})
            case "end" if self.end_closes:
                await self.state("closed")
            case "end":
                await socket.close()

    async def _receive(self, socket: web.WebSocketResponse, token: str, frame: Frame) -> None:
        uuid.UUID(frame["id"])
        if self.refuse:
            await socket.send_json({"type": "error", "id": frame["id"], **self.refuse})
            return
        talk = self._talk(token)
        known = next((item for item in talk.items if item["id"] == frame["id"]), None)
        item = known or self._store(
            talk, {"author": "relative", "kind": "text", "text": frame["text"], "id": frame["id"]}
        )
        if self.lose_acks > 0:
            self.lose_acks -= 1
            return
        if self.cut_after_store > 0:
            self.cut_after_store -= 1
            await self.cut()
            return
        await socket.send_json({"type": "ack", "id": frame["id"], "seq": item["seq"]})
        await self._deliver(socket, [item])


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[str]:
    """Serve an application on a free port of this machine; yields its address."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def other_site(chat: str, attributes: str = "", language: str = "nb") -> web.Application:
    """Return a site on another origin, with a strict policy and hostile styles, that embeds the chat of `chat`."""

    async def page(_: web.Request) -> web.Response:
        html = (
            f'<!doctype html><html lang="{language}"><head><title>Et annet nettsted</title>'
            '<link rel="stylesheet" href="/hostile.css">'
            f'<script src="{chat}/widget/widget.js" async {attributes}></script></head>'
            "<body><main><h1>Et annet nettsted</h1><p>Innhold.</p>"
            '<a href="/annen">Videre</a> <input aria-label="Søk"></main></body></html>'
        )
        policy = STRICT_POLICY.format(chat, chat.replace("http", "ws"))
        headers = {"Content-Security-Policy": f"{policy}; style-src 'self'"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def hostile(_: web.Request) -> web.Response:
        return web.Response(text=HOSTILE, content_type="text/css")

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/hostile.css", hostile)
    return app
