"""An engine's stand-in: Rasa's HTTP API with every fault there is, in this process or in one of its own."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from aiohttp import web

POISON = "giftig"  # a text that kills the process that reads it
BROKEN = "broken"  # a model of this name does not start
SLOW = "slow"  # one of this name takes its time to start
SLOW_START_SECONDS = 1.5


class StandIn:
    """Answers every question with its name. Set the faults from the test."""

    def __init__(self, name: str = "engine", token: str = "") -> None:
        self.name = name
        self.token = token
        self.seconds = 0.0  # before each answer
        self.parse: Any = None  # this instead of a parse: JSON, or a web.Response
        self.turn: Any = None
        self.parsed: list[str] = []
        self.asked = asyncio.Event()

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application()
        app.router.add_get("/status", self._status)
        app.router.add_post("/model/parse", self._parse)
        app.router.add_put("/conversations/{id}/tracker/events", self._put)
        app.router.add_post("/conversations/{id}/trigger_intent", self._turn)
        return app

    async def _status(self, _request: web.Request) -> web.Response:
        return web.json_response({"model_id": self.name})

    async def _parse(self, request: web.Request) -> web.Response:
        text = (await request.json())["text"]
        self.parsed.append(text)
        self.asked.set()
        await asyncio.sleep(self.seconds)
        if POISON in text:
            _die()
        return self._answer(
            self.parse,
            {"intent_ranking": [{"name": "avlastning", "confidence": 0.9}], "entities": [], "danger": 0.0},
        )

    async def _put(self, request: web.Request) -> web.Response:
        self.state = await request.json()
        await asyncio.sleep(self.seconds)
        return web.json_response({})

    async def _turn(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.seconds)
        intent = (await request.json())["name"]
        said = {"event": "user", "parse_data": {"intent": {"name": intent}, "entities": []}}
        message = {"custom": {"text": f"svar fra {self.name}", "kind": "answer", "entries": [intent]}}
        tracker = {"events": [*self.state, said], "slots": {}}
        return self._answer(self.turn, {"messages": [message], "tracker": tracker})

    @staticmethod
    def _answer(fault: Any, otherwise: Any) -> web.Response:
        if isinstance(fault, web.Response):
            return web.Response(status=fault.status, body=fault.body, content_type=fault.content_type)
        return web.json_response(otherwise if fault is None else fault)


def _die() -> None:
    with Path("poison.log").open("a") as log:
        log.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


async def _serve() -> None:
    name = Path(os.environ["HJELPELINJE_ENGINE_MODEL"]).name.removesuffix(".tar.gz")
    if name.startswith(BROKEN):
        sys.exit(1)
    if name.startswith(SLOW):
        await asyncio.sleep(SLOW_START_SECONDS)
    runner = web.AppRunner(StandIn(name).app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["HJELPELINJE_ENGINE_PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
