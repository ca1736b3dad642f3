"""Floods and broken frames at the door: the one who sends them is slowed, danger is heard, and others are answered."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

import bot.channels.guard
import bot.channels.widget
from bot.channels.guard import RateLimit, neighbourhood
from bot.conversation.service import Service
from bot.limits import FRAMES_PER_MINUTE, ORDERS_PER_NUMBER, SOCKET_FRAME_BYTES
from bot.server import make_app
from tests.channels.test_sms import signed, twilio
from tests.channels.test_widget import Client, hello, send, until
from tests.script import NUMBER

__all__ = ["twilio"]  # a fixture
HIGH = "jeg vil ta livet mitt"


@pytest.fixture
async def client(service: Service, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    monkeypatch.setattr(bot.channels.widget, "HURRIED_SECONDS", 0.0)
    monkeypatch.setattr(bot.channels.widget, "MESSAGES_PER_ADDRESS", 3)
    async with TestClient(TestServer(make_app(service))) as client:
        yield client


async def count(service: Service, table: str) -> int:
    async with service.database.read() as connection:
        return int((await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_an_address_is_counted_by_what_one_sender_cannot_change(address: str, counted: str) -> None:
    assert neighbourhood(address) == counted


def test_the_count_begins_anew_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(bot.channels.guard.time, "monotonic", lambda: clock[0])
    limit = RateLimit(2)
    assert [limit.allows("a") for _ in range(3)] == [True, True, False]
    assert limit.allows("b")
    clock[0] = 60.0
    assert limit.allows("a")


async def test_an_address_that_floods_under_many_names_is_told_to_wait_and_danger_is_heard(
    client: Client, service: Service
) -> None:
    async def write(text: str, number: int) -> dict[str, Any]:
        ws = await client.ws_connect("/widget/ws")
        await ws.send_json({"type": "hello", "token": f"{number:043}", "after": 0})
        assert (await ws.receive_json(timeout=5))["type"] == "welcome"
        await ws.send_json({"type": "send", "id": "m1", "text": text})
        frame: dict[str, Any] = await ws.receive_json(timeout=5)
        await ws.close()
        return frame

    frames = [await write("hei", number) for number in range(4)]
    assert [frame["type"] for frame in frames] == ["ack", "ack", "ack", "error"]
    assert frames[-1]["code"] == "for_fort"
    assert "113" in frames[-1]["text"]
    assert await count(service, "conversations") == 3
    assert (await write(HIGH, 9))["type"] == "ack"


async def test_frames_without_number_are_left_alone_and_messages_still_heard(
    client: Client, service: Service
) -> None:
    ws = await hello(client)
    for _ in range(FRAMES_PER_MINUTE + 50):
        await ws.send_str("{")
    await ws.send_json({"type": "erase"})  # one too many too: nothing is erased
    await send(ws, "hei")
    ws = await hello(client)
    assert (await until(ws, "messages"))["items"][0]["text"] == "hei"


async def test_a_frame_that_is_too_large_ends_that_socket_and_nothing_else(client: Client) -> None:
    ws, other = await hello(client), await hello(client)
    await ws.send_json({"type": "send", "id": "m1", "text": "x" * SOCKET_FRAME_BYTES})
    assert (await ws.receive(timeout=5)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert ws.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    await send(other, "hei")


async def test_half_a_character_costs_neither_the_message_nor_the_answer(client: Client) -> None:
    ws = await hello(client)
    await ws.send_str('{"type": "send", "id": "m1", "text": "jeg vil ta livet mitt \\ud83d"}')
    await until(ws, "ack")
    items: list[dict[str, Any]] = []
    while not any(item["kind"] == "crisis" for item in items):
        items += (await until(ws, "messages"))["items"]


@pytest.mark.parametrize(
    "frame",
    [
        '{"type": "hello", "token": "%s", "after": 0}' % ("\\ud800" * 43),
        '{"type": "hello", "token": "%s", "after": 1e400}' % ("t" * 43),
        '{"type": "hello", "token": "%s", "after": 99999999999999999999}' % ("t" * 43),
        "[" * 30_000,
    ],
)
async def test_a_hello_made_to_break_is_refused(client: Client, frame: str) -> None:
    ws = await client.ws_connect("/widget/ws")
    await ws.send_str(frame)
    assert json.loads((await ws.receive(timeout=5)).data)["type"] in ("error", "welcome")
    await ws.close()
    await send(await hello(client), "hei")


async def test_a_number_that_floods_with_keywords_is_answered_a_few_times_only(
    twilio: TestClient[web.Request, web.Application], service: Service
) -> None:
    statuses = []
    for number in range(ORDERS_PER_NUMBER + 3):
        form = {"From": NUMBER, "Body": "SLETT", "MessageSid": f"SM{number}"}
        response = await twilio.post("/sms/inbound", data=form, headers=signed("/sms/inbound", form))
        statuses.append(response.status)
    assert statuses == [200] * ORDERS_PER_NUMBER + [503] * 3
    form = {"From": NUMBER, "Body": HIGH, "MessageSid": "SM-danger"}
    response = await twilio.post("/sms/inbound", data=form, headers=signed("/sms/inbound", form))
    assert response.status == 200
    assert await count(service, "crises") == 1


async def test_a_body_that_is_too_large_is_refused(
    twilio: TestClient[web.Request, web.Application], service: Service
) -> None:
    form = {"From": NUMBER, "Body": "x" * 100_000, "MessageSid": "SM1"}
    response = await twilio.post("/sms/inbound", data=form, headers=signed("/sms/inbound", form))
    assert response.status == 413
    assert await count(service, "messages") == 0
