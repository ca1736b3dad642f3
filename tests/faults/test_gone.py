"""The database gone: the PostgreSQL server is stopped in the middle, and started again."""

import asyncio
from collections.abc import Iterator

import aiohttp
import pytest

import bot.channels.sms
import bot.channels.widget
import bot.conversation.answering
from bot.conversation.lookup import look_up
from bot.conversation.service import Service
from bot.runtime import open_service
from bot.settings import Settings, SettingsError
from knowledge.search import search
from tests.faults.conftest import Client, Widget, rows
from tests.faults.promises import STORE_SECONDS, assert_healed, assert_told
from tests.faults.standin import StandIn
from tests.postgres import Postgres


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server of this test's own."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def database_url(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> str:
    """That server, with short limits."""
    monkeypatch.setattr(bot.channels.widget, "STORE_SECONDS", STORE_SECONDS)
    monkeypatch.setattr(bot.channels.sms, "STORE_SECONDS", STORE_SECONDS)
    monkeypatch.setattr(bot.conversation.answering, "SWEEP_SECONDS", 0.2)
    return server.address


async def test_a_database_that_goes_and_comes_back_costs_nothing(
    service: Service, settings: Settings, client: Client, widget: Widget, engine: StandIn, server: Postgres
) -> None:
    engine.seconds = 0.3
    await widget.say("hva er pleiepenger?")
    await engine.asked.wait()
    await asyncio.to_thread(server.stop)  # while the answer to what is acknowledged is made
    await assert_told(client, widget)
    assert (await client.get("/health")).status == 503
    await assert_a_newcomer_is_told_too(client)
    with pytest.raises(SettingsError, match="Cannot use the database"):
        async with open_service(settings):
            pass
    await asyncio.to_thread(server.start)
    await widget.read_until(lambda it: it.replies == ["svar fra engine"])
    await assert_healed(service, client, widget)
    assert (await client.get("/health")).status == 200
    assert widget.own == ["hva er pleiepenger?", "hva er avlastning?"]
    assert await rows(service, "SELECT count(*) FROM conversations WHERE lease_by IS NOT NULL") == [(0,)]


async def test_without_the_database_the_knowledge_base_is_searched_in_memory(
    service: Service, server: Postgres
) -> None:
    assert await look_up(service, "avlastning") != []
    await asyncio.to_thread(server.stop)
    hits = await look_up(service, "avlastning")
    assert hits == search(service.knowledge, "avlastning")
    await asyncio.to_thread(server.start)


async def assert_a_newcomer_is_told_too(client: Client) -> None:
    ws = await client.ws_connect("/widget/ws")
    await ws.send_json({"type": "hello", "token": "n" * 43, "after": 0, "malform": "nn"})
    error = await ws.receive_json(timeout=STORE_SECONDS + 5)
    assert (error["type"], error["code"]) == ("error", "uventet_feil")
    assert "Orsak, vi får ikkje teke imot" in error["text"]
    assert "113" in error["text"]
    assert (await ws.receive(timeout=5)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
