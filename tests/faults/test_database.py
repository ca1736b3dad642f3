"""The database locked by another: nothing is acknowledged that is not stored, and nothing is lost or doubled."""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import SQLAlchemyError

import bot.channels.sms
import bot.channels.widget
import bot.console.socket
import bot.conversation.answering
import bot.store.database
from bot.channels.sms.sending import Sending
from bot.console.auth import add_counselor
from bot.conversation.service import Service
from bot.limits import LEASE_SECONDS
from bot.settings import Settings
from bot.store import counselors
from tests.faults.conftest import ON_BOTH, Client, Widget, rows, until
from tests.faults.promises import STORE_SECONDS, assert_healed, assert_told
from tests.faults.standin import StandIn
from tests.script import write

PASSWORD = "et langt passord for prøver"
LOCK_SECONDS = 0.5


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can wait for."""
    monkeypatch.setattr(bot.store.database, "LOCK_SECONDS", LOCK_SECONDS)
    monkeypatch.setattr(bot.channels.widget, "STORE_SECONDS", STORE_SECONDS)
    monkeypatch.setattr(bot.channels.sms, "STORE_SECONDS", STORE_SECONDS)
    monkeypatch.setattr(bot.conversation.answering, "SWEEP_SECONDS", 0.2)


class Lock:
    """Another session that holds what a message needs, until it is told to let go."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: Any = None

    def hold(self) -> None:
        if self._url.startswith("sqlite"):
            self._session = sqlite3.connect(
                self._url.split("///")[1], isolation_level=None, check_same_thread=False
            )
            self._session.execute("BEGIN EXCLUSIVE")
        else:
            self._session = psycopg.connect(self._url.replace("+psycopg", ""))
            self._session.execute("LOCK TABLE messages, counselors, deliveries IN ACCESS EXCLUSIVE MODE")

    def let_go(self) -> None:
        if self._session:
            self._session.close()
            self._session = None


@pytest.fixture
def lock(settings: Settings) -> Iterator[Lock]:
    lock = Lock(settings.database)
    yield lock
    lock.let_go()


@pytest.fixture
async def console(service: Service, client: Client) -> Client:
    """The same front door, for a counselor who is logged in and on duty."""
    await add_counselor(service, "kari", "Kari", PASSWORD)
    response = await client.post("/console/api/login", json={"username": "kari", "password": PASSWORD})
    assert response.status == 200
    response = await client.post("/console/api/duty", json={"on": True})
    assert response.status == 200
    return client


@ON_BOTH
@pytest.mark.usefixtures("engine")
async def test_while_the_database_is_locked_nothing_is_acknowledged(
    service: Service, client: Client, widget: Widget, console: Client, lock: Lock
) -> None:
    await asyncio.to_thread(lock.hold)
    await assert_told(client, widget)
    response = await console.post("/console/api/duty", json={"on": False})
    assert response.status == 503
    assert "Prøv igjen om litt" in (await response.json())["error"]
    lock.let_go()
    await assert_healed(service, client, widget)
    assert (await console.post("/console/api/duty", json={"on": False})).status == 200


@ON_BOTH
async def test_a_lock_while_an_answer_is_made_costs_no_answer_and_no_lease(
    service: Service, widget: Widget, engine: StandIn, lock: Lock
) -> None:
    engine.seconds = 0.5
    await widget.say("hva er avlastning?")
    await engine.asked.wait()
    await asyncio.to_thread(lock.hold)
    await asyncio.sleep(engine.seconds * 3 + LOCK_SECONDS + 0.5)  # the answer could not be stored
    assert widget.replies == []
    lock.let_go()
    await widget.read_until(lambda it: bool(it.replies), seconds=LEASE_SECONDS / 2)
    assert widget.replies == ["svar fra engine"]


async def test_an_sms_the_gateway_has_taken_is_not_sent_again_when_that_cannot_be_noted(
    service: Service, lock: Lock
) -> None:
    sent: list[str] = []

    class Gateway:
        """Takes the SMS, and then the database is locked."""

        async def send(self, _to: str, text: str, _delivery_id: int) -> str:
            sent.append(text)
            await asyncio.to_thread(lock.hold)
            return "r1"

    await write(service, "hei", sms=True)  # is greeted
    sending = Sending(service, Gateway())  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(SQLAlchemyError):
            await sending.send_next()
    lock.let_go()
    assert not await sending.send_next()
    assert len(sent) == 1
    assert await rows(service, "SELECT status, attempts, provider_ref FROM deliveries") == [("sent", 1, "r1")]


async def test_a_counselor_is_there_again_when_the_database_is(
    service: Service, console: Client, lock: Lock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.console.socket, "PRESENCE_SECONDS", 0.3)
    async with console.ws_connect("/console/ws"):
        await asyncio.to_thread(lock.hold)
        await asyncio.sleep(LOCK_SECONDS + 0.5)  # a sign of life is lost
        lock.let_go()
        freed = service.now()
        await until(lambda: seen_since(service, freed))


async def seen_since(service: Service, moment: datetime) -> bool:
    async with service.database.read() as connection:
        kari = await counselors.by_username(connection, "kari")
    return bool(kari and kari.seen_at and kari.seen_at > moment)
