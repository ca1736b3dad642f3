"""The service as it runs, its parts real, and whoever stands outside: a relative, a gateway, a counselor."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

import bot.dialogue.supervisor
import bot.dialogue.training
from bot.conversation.service import Service
from bot.dialogue.engine import Engine
from bot.runtime import run_answering
from bot.safety import screen
from bot.server import make_app
from bot.settings import Settings
from bot.store import counselors
from tests.faults import standin
from tests.faults.standin import StandIn
from tests.postgres import Postgres

Client = TestClient[web.Request, web.Application]
PATIENCE_SECONDS = 30.0  # on a slow machine; nothing waits so long when it works
SECRET = "a-secret-for-tests"
NUMBER = "+4790000001"
ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True, scope="session")
def warm() -> None:
    """Have the safety screen read its patterns, as the service does when it starts."""
    screen("hei")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty SQLite database."""
    return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """SQLite; tests that ask for ON_BOTH run on PostgreSQL too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return sqlite_url
    server: Postgres = request.getfixturevalue("postgres")
    return server.database("faults")


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings with an SMS gateway."""
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        sms_provider="kannel",
        sms_number="26100",
        kannel_password=SecretStr("a-password-for-tests"),
        kannel_inbound_secret=SecretStr(SECRET),
    )


async def until(what: Callable[[], Awaitable[Any]], seconds: float = PATIENCE_SECONDS) -> Any:
    """Ask until the answer is yes; return it."""
    async with asyncio.timeout(seconds):
        while True:
            if found := await what():
                return found
            await asyncio.sleep(0.05)


@dataclass
class Widget:
    """A relative's browser, reduced to its promises: it reads on from what it has, and keeps every error."""

    client: Client
    token: str = field(default_factory=lambda: uuid4().hex * 2)
    items: list[dict[str, Any]] = field(default_factory=list)
    acks: dict[str, int] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    state: str = ""
    _ws: aiohttp.ClientWebSocketResponse | None = None

    async def open(self) -> None:
        """Connect, or connect anew."""
        if self._ws:
            await self._ws.close()
        self._ws = await self.client.ws_connect("/widget/ws")
        await self._ws.send_json({"type": "hello", "token": self.token, "after": self._last})

    async def send(self, text: str, client_id: str | None = None) -> str:
        """Send a message without waiting; return its id."""
        if self._ws is None or self._ws.closed:
            await self.open()
        assert self._ws
        client_id = client_id or uuid4().hex
        await self._ws.send_json({"type": "send", "id": client_id, "text": text})
        return client_id

    async def read_until(self, done: Callable[["Widget"], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """Read frames until it is so."""
        async with asyncio.timeout(seconds):
            while not done(self):
                assert self._ws
                frame = await self._ws.receive()
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    assert done(self), f"the socket was closed: {self.errors}"
                    return
                self._take(frame.json())

    async def say(self, text: str) -> None:
        """Send a message and read until it is acknowledged."""
        client_id = await self.send(text)
        await self.read_until(lambda widget: client_id in widget.acks)

    async def ask(self, text: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Send a message and return the first reply to it."""
        before = len(self.replies)
        await self.send(text)
        await self.read_until(lambda widget: len(widget.replies) > before, seconds)
        return self.replies[before]

    async def refused(self, text: str, client_id: str | None = None) -> dict[str, Any]:
        """Send a message and return the error it gets."""
        before = len(self.errors)
        await self.send(text, client_id)
        await self.read_until(lambda widget: len(widget.errors) > before)
        return self.errors[before]

    @property
    def own(self) -> list[str]:
        """What the relative has said, as the service has it."""
        return [item["text"] for item in self.items if item["author"] == "relative"]

    @property
    def replies(self) -> list[str]:
        """What they were told."""
        return [item["text"] for item in self.items if item["author"] != "relative"]

    @property
    def numbers(self) -> set[str]:
        """Whom they can call by a tap."""
        return {str(contact["dial"]) for item in self.items for contact in item["contacts"]}

    @property
    def _last(self) -> int:
        return self.items[-1]["seq"] if self.items else 0

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "messages":
            self.items += [item for item in frame["items"] if item["seq"] > self._last]
        elif frame["type"] == "ack":
            self.acks[frame["id"]] = frame["seq"]
        elif frame["type"] == "error":
            self.errors.append(frame)
        elif frame["type"] == "state":
            self.state = frame["state"]


@pytest.fixture
async def engine(service: Service) -> AsyncIterator[StandIn]:
    """A stand-in for the engine, over real HTTP; the service asks it."""
    stand_in = StandIn()
    async with TestServer(stand_in.app()) as server:
        service.engine = Engine(str(server.make_url("/")), "token", "test")
        yield stand_in
        await service.engine.close()


@pytest.fixture
async def client(service: Service) -> AsyncIterator[Client]:
    """The service's front door, with workers behind it."""
    async with TestClient(TestServer(make_app(service))) as client, run_answering(service):
        yield client


@pytest.fixture
async def widget(client: Client) -> Widget:
    """A relative who has opened the chat."""
    widget = Widget(client)
    await widget.open()
    return widget


@pytest.fixture
async def kari(service: Service) -> int:
    """A counselor on duty."""
    async with service.database.write() as connection:
        await counselors.add(
            connection,
            username="kari",
            name="Kari",
            password_hash="x",
            on_duty=True,
            seen_at=service.now(),
            created_at=service.now(),
        )
        found = await counselors.by_username(connection, "kari")
    assert found
    return found.id


async def by_sms(client: Client, text: str, reference: str) -> int:
    """Hand an SMS over as the gateway does; return the status it hears."""
    response = await client.post(
        f"/sms/inbound?secret={SECRET}&id={reference}",
        data=text.encode(),
        headers={"X-Kannel-From": NUMBER, "Content-Type": "text/plain; charset=utf-8"},
    )
    said = await response.text()
    assert "Traceback" not in said and text not in said
    return response.status


async def rows(service: Service, query: str) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    async with service.database.read() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(query)]


@pytest.fixture
def engine_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which a stand-in is started instead of the engine, as a process; models are empty files."""
    folder = tmp_path / "engine"
    (folder / "models").mkdir(parents=True)
    shutil.copy(standin.__file__, folder / "run.py")
    monkeypatch.setattr(bot.dialogue.supervisor, "ENGINE", folder)
    monkeypatch.setattr(bot.dialogue.supervisor, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(bot.dialogue.training, "MODELS", folder / "models")
    monkeypatch.setattr(bot.dialogue.supervisor, "RESTART_PAUSE_SECONDS", (0.0, 0.1))
    return folder
