"""The widget's socket on the wire: what a browser sends, and what it may count on getting."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

import bot.channels.widget
from bot.conversation.service import Service
from bot.server import make_app
from tests.script import TOKEN, answer_all

Client = TestClient[web.Request, web.Application]
Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture
async def client(service: Service) -> AsyncIterator[Client]:
    async with TestClient(TestServer(make_app(service))) as client:
        yield client


async def hello(client: Client, after: int = 0, **more: Any) -> Socket:
    ws = await client.ws_connect("/widget/ws")
    await ws.send_json({"type": "hello", "token": TOKEN, "after": after} | more)
    assert (await ws.receive_json(timeout=5))["type"] == "welcome"
    return ws


async def until(ws: Socket, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while True:
            frame: dict[str, Any] = await ws.receive_json()
            if frame["type"] == kind:
                return frame


async def send(ws: Socket, text: str, client_id: str = "m1") -> dict[str, Any]:
    await ws.send_json({"type": "send", "id": client_id, "text": text})
    return await until(ws, "ack")


async def test_nothing_is_stored_before_the_first_message(client: Client, service: Service) -> None:
    await hello(client)
    async with service.database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM conversations")).scalar_one() == 0


async def test_a_message_is_acknowledged_answered_and_read_again_after_a_break(
    client: Client, service: Service
) -> None:
    ws = await hello(client)
    ack = await send(ws, "hva er avlastning?")
    await answer_all(service)
    service.bus.publish("nobody")
    own = await until(ws, "messages")
    assert own["items"][0]["id"] == "m1"
    await ws.close()
    again = await hello(client, after=ack["seq"])
    rest = await until(again, "messages")
    assert [item["author"] for item in rest["items"]] == ["bot"]


async def test_a_message_sent_again_after_a_lost_ack_is_one_message(client: Client, service: Service) -> None:
    first = await send(await hello(client), "hei")
    again = await send(await hello(client), "hei")
    assert first == again


async def test_another_token_sees_nothing(client: Client) -> None:
    await send(await hello(client), "hemmelig")
    stranger = await client.ws_connect("/widget/ws")
    await stranger.send_json({"type": "hello", "token": "x" * 43, "after": 0})
    assert (await stranger.receive_json())["last"] == 0
    with pytest.raises(TimeoutError):
        await stranger.receive(timeout=0.3)


@pytest.mark.parametrize("first", ["", "[]", '{"type":"send"}', '{"type":"hello","token":"short"}', "\x00"])
async def test_whoever_does_not_say_hello_is_told_so_and_let_go(client: Client, first: str) -> None:
    ws = await client.ws_connect("/widget/ws")
    await ws.send_str(first)
    assert json.loads((await ws.receive()).data)["type"] == "error"
    assert (await ws.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_silence_after_connecting_ends_the_socket(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.channels.widget, "HELLO_SECONDS", 0.1)
    ws = await client.ws_connect("/widget/ws")
    assert (await ws.receive(timeout=5)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


@pytest.mark.parametrize("frame", ["{", '{"type":"dance"}', '{"type":"send","id":1,"text":"x"}', '"send"'])
async def test_a_bad_frame_gets_a_norwegian_error_and_the_socket_stays(client: Client, frame: str) -> None:
    ws = await hello(client)
    await ws.send_str(frame)
    error = await until(ws, "error")
    assert error["code"] == "ugyldig"
    assert "prøv igjen" in error["text"]
    await send(ws, "hei")


async def test_a_refusal_is_in_the_written_form_of_the_widget(client: Client) -> None:
    ws = await hello(client, malform="nn")
    await ws.send_json({"type": "send", "id": "m1", "text": "x" * 4001})
    error = await until(ws, "error")
    assert (error["id"], error["code"]) == ("m1", "for_langt")
    assert "henne" in error["text"]


async def test_a_message_that_cannot_be_stored_is_not_acknowledged(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full_disk(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    ws = await hello(client)
    monkeypatch.setattr(bot.channels.widget, "receive", full_disk)
    await ws.send_json({"type": "send", "id": "m1", "text": "hei"})
    error = await until(ws, "error")
    assert (error["id"], error["code"]) == ("m1", "uventet_feil")
    assert "113" in error["text"]
    monkeypatch.undo()
    await send(ws, "hei")


async def test_erase_removes_everything_and_says_so(client: Client, service: Service) -> None:
    ws = await hello(client)
    await send(ws, "hei")
    await ws.send_json({"type": "erase"})
    await until(ws, "erased")
    assert (await (await client.get("/health")).json())["database"]
    async with service.database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM messages")).scalar_one() == 0


async def test_a_page_that_is_not_named_may_not_open_a_socket(client: Client, service: Service) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await client.ws_connect("/widget/ws", origin="https://evil.example")
    service.settings.widget_origins = ("https://friend.example",)
    ws = await client.ws_connect("/widget/ws", origin="https://friend.example")
    await ws.close()


async def test_one_address_cannot_take_all_sockets(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = client.app and client.app[bot.channels.widget._SOCKETS]
    assert limit
    monkeypatch.setattr(limit, "_most", 2)
    await hello(client)
    await hello(client)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="429"):
        await client.ws_connect("/widget/ws")
