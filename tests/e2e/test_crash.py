"""Kill -9 in the middle: what was acknowledged is there, once, in order, and answered."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from tests.e2e.conftest import Live

PATIENCE_SECONDS = 60
QUIET_SECONDS = 4


@dataclass
class Client:
    """A widget reduced to its promises: it keeps each message until it is acknowledged, and reads on from `seen`."""

    url: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    outbox: dict[str, str] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    state: str = ""
    _counted: int = 0
    _since: float = 0.0

    def write(self, text: str) -> None:
        self.outbox[str(uuid4())] = text

    async def run_until(self, done: Any) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not done(self):
                try:
                    await self._connect(done)
                except (aiohttp.ClientError, ConnectionError, TypeError):
                    await asyncio.sleep(0.2)

    async def _connect(self, done: Any) -> None:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{self.url}/widget/ws") as ws,
        ):
            seen = self.items[-1]["seq"] if self.items else 0
            await ws.send_json({"type": "hello", "token": self.token, "after": seen})
            sent: set[str] = set()
            while not done(self):
                for client_id, text in list(self.outbox.items()):
                    if client_id not in sent:
                        sent.add(client_id)
                        await ws.send_json({"type": "send", "id": client_id, "text": text})
                try:
                    frame = json.loads(await ws.receive_str(timeout=0.3))
                except TimeoutError:
                    continue
                if frame["type"] == "ack":
                    self.outbox.pop(frame["id"], None)
                elif frame["type"] == "messages":
                    last = self.items[-1]["seq"] if self.items else 0
                    self.items += [item for item in frame["items"] if item["seq"] > last]
                elif frame["type"] == "state":
                    self.state = frame["state"]

    def is_answered(self) -> bool:
        """All is answered when nothing has come for a while after the last message of our own."""
        last = self.items[-1] if self.items else {"author": "relative"}
        if len(self.items) != self._counted:
            self._counted, self._since = len(self.items), time.monotonic()
        return last["author"] != "relative" and time.monotonic() - self._since > QUIET_SECONDS

    def own(self) -> list[str]:
        return [item["text"] for item in self.items if item["author"] == "relative"]

    def answers(self) -> list[str]:
        return [item["kind"] for item in self.items if item["author"] == "bot"]


@pytest.fixture
def killable(tmp_path_factory: pytest.TempPathFactory) -> Any:
    service = Live(tmp_path_factory.mktemp("killable"))
    service.start()
    yield service
    service.stop()


async def test_killing_the_service_loses_and_doubles_nothing(killable: Live) -> None:
    clients = [Client(killable.url) for _ in range(5)]
    for number, client in enumerate(clients):
        for part in range(3):
            client.write(f"Hva er avlastning? ({number}.{part})")

    async def converse(client: Client) -> None:
        await client.run_until(lambda c: not c.outbox and c.is_answered())

    talking = [asyncio.create_task(converse(client)) for client in clients]
    await asyncio.sleep(0.5)
    killable.kill()
    await asyncio.to_thread(killable.start)
    await asyncio.gather(*talking)
    for number, client in enumerate(clients):
        assert sorted(client.own()) == [f"Hva er avlastning? ({number}.{part})" for part in range(3)]
        numbers = [item["seq"] for item in client.items]
        assert numbers == sorted(set(numbers))
    again = Client(killable.url, token=clients[0].token)
    await again.run_until(lambda c: len(c.items) >= len(clients[0].items))
    assert again.items == clients[0].items


async def test_killing_the_engine_costs_no_answer_and_it_comes_back(killable: Live) -> None:
    client = Client(killable.url)
    client.write("Hva er avlastning?")
    await client.run_until(lambda c: len(c.answers()) >= 1)
    killable.kill_engine()
    danger = Client(killable.url)
    danger.write("jeg vil ta livet mitt")
    await danger.run_until(lambda c: c.answers() == ["crisis"] and c.state == "waiting")
    client.write("Hvordan klager jeg på et vedtak?")
    await client.run_until(lambda c: any("113" in str(item["contacts"]) for item in c.items))
    assert len(client.own()) == 2
    await asyncio.to_thread(killable.wait_for, engine=True)
    assert "starting it again" in killable.log.read_text()
    after = Client(killable.url)
    after.write("Hva er avlastning?")
    await after.run_until(lambda c: "answer" in c.answers())


async def test_ctrl_c_stops_everything_cleanly(tmp_path_factory: pytest.TempPathFactory) -> None:
    service = Live(tmp_path_factory.mktemp("stopped"))
    service.start()
    assert service.engine_pids()
    assert service.stop() == 0
    assert not service.engine_pids()
    assert "Traceback" not in service.log.read_text()
