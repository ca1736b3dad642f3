"""A real gateway that goes away and comes back, and a database that is away when it calls."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

import bot.channels.sms
import bot.channels.sms.sending
import bot.store.database
from bot.channels.sms import run_sending
from bot.conversation import desk, reading
from bot.conversation.service import Service
from bot.runtime import run_answering
from bot.server import make_app
from bot.store import counselors
from tests.e2e.conftest import free_port
from tests.e2e.kannel import PASSWORD, SECRET, Kannel
from tests.faults.conftest import NUMBER, rows, until

LADDER = (0.5,) * 60


@pytest.fixture
async def kannel(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Kannel]:
    """The gateway, with the service behind it."""
    monkeypatch.setattr(bot.channels.sms.sending, "SMS_RETRY_SECONDS", LADDER)
    monkeypatch.setattr(bot.channels.sms, "STORE_SECONDS", 1.0)
    folder, port = tmp_path / "kannel", free_port()
    folder.mkdir()
    kannel = Kannel(folder, f"http://127.0.0.1:{port}")
    service.settings.port = port
    service.settings.kannel_url = f"http://127.0.0.1:{kannel.send_port}/cgi-bin/sendsms"
    assert service.settings.kannel_password
    assert service.settings.kannel_password.get_secret_value() == PASSWORD
    assert service.settings.kannel_inbound_secret
    assert service.settings.kannel_inbound_secret.get_secret_value() == SECRET
    async with (
        TestServer(make_app(service), port=port),
        run_answering(service),
        run_sending(service),
    ):
        await asyncio.to_thread(kannel.start)
        yield kannel
        await asyncio.to_thread(kannel.stop)


async def received(kannel: Kannel, text: str) -> int:
    """Wait for a text at the telephone; return how often it has come."""

    async def has_come() -> bool:
        return text in kannel.received

    await until(has_come)
    return kannel.received.count(text)


@pytest.mark.usefixtures("engine")
async def test_an_sms_for_which_there_was_no_gateway_comes_out_once(
    service: Service, kannel: Kannel, kari: int
) -> None:
    kannel.send(NUMBER, "Hva er avlastning?")
    assert await received(kannel, "svar fra engine") == 1
    await asyncio.to_thread(kannel.stop)
    (conversation,) = [row[0] for row in await rows(service, "SELECT id FROM conversations")]
    async with service.database.read() as connection:
        counselor = await counselors.get(connection, kari)
    assert counselor
    async with service.database.write() as connection:
        await connection.exec_driver_sql("UPDATE conversations SET state = 'waiting'")
    await desk.claim(service, conversation, counselor)
    await desk.write_as(service, conversation, counselor, "m1", "Hei, her er Kari")

    async def shown() -> str:
        items = await reading.items_after(service, conversation, 0, for_counselor=True)
        return str([item.delivery for item in items if item.author == "counselor"][-1])

    await asyncio.sleep(1.5)  # tried in vain, more than once
    assert await shown() in ("queued", "sending")
    await asyncio.to_thread(kannel.start)
    kannel.send(NUMBER, "Er du der?")
    assert await received(kannel, "Hei, her er Kari") == 1

    async def is_sent() -> bool:
        return await shown() in ("sent", "delivered")

    await until(is_sent)
    await asyncio.sleep(1.5)
    assert kannel.received.count("Hei, her er Kari") == 1
    assert kannel.received.count("svar fra engine") == 1
    assert await rows(service, "SELECT count(*) FROM messages WHERE author = 'relative'") == [(2,)]


@pytest.mark.usefixtures("engine")
async def test_an_sms_that_could_not_be_stored_is_handed_over_again_by_the_gateway(
    service: Service, kannel: Kannel, sqlite_url: str
) -> None:
    other = sqlite3.connect(sqlite_url.split("///")[1], isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")  # the service must be able to end what it is at
    kannel.send(NUMBER, "Hva er avlastning?")
    begun = time.monotonic()
    while time.monotonic() - begun < 3:
        await asyncio.sleep(0.1)
        assert await rows(service, "SELECT count(*) FROM messages") == [(0,)]
    other.close()
    assert await received(kannel, "svar fra engine") == 1
    assert await rows(service, "SELECT count(*) FROM messages WHERE author = 'relative'") == [(1,)]
