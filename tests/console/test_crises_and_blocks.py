"""What counselors are told about danger and blocked senders through the console's API."""

import asyncio
import json

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.alarm.watch import Watch
from bot.conversation.service import Service
from bot.limits import CRISIS_UNCLAIMED_SECONDS
from tests.console.test_api import get, logged_in, post, quick_passwords, server
from tests.conversation.test_crises import later
from tests.script import NUMBER, said, write

__all__ = ["quick_passwords", "server"]  # fixtures
HIGH = "jeg vil ta livet mitt"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "crises"),
        ("GET", "blocks"),
        ("POST", "blocks/1/lift"),
        ("POST", "conversations/" + "0" * 32 + "/block"),
    ],
)
async def test_nothing_without_a_session(server: TestServer, method: str, path: str) -> None:
    async with TestClient(server) as client:
        assert (await client.request(method, f"/console/api/{path}", json={})).status == 401


async def test_a_conversation_tells_when_danger_came_and_was_seen_and_answered(
    server: TestServer, service: Service
) -> None:
    kari = await logged_in(server)
    later(service, 0)
    one = f"conversations/{(await write(service, HIGH)).conversation_id}"
    for _ in range(2):
        later(service, 10)
        (crisis,) = (await get(kari, one))["crises"]
        assert (crisis["level"], crisis["seen_after"], crisis["seen_by"]) == ("high", 10, "Kari N")
    await post(kari, f"{one}/claim")
    await post(kari, f"{one}/messages", id="x", text="Hei, jeg er her.")
    (crisis,) = (await get(kari, one))["crises"]
    assert (crisis["replied_after"], crisis["replied_by"]) == (20, "Kari N")


async def test_danger_that_comes_while_the_conversation_is_open_is_seen_when_the_page_is_visible(
    server: TestServer, service: Service
) -> None:
    kari = await logged_in(server)
    later(service, 0)
    one = f"conversations/{(await write(service, 'hei')).conversation_id}"
    await get(kari, one)
    await write(service, HIGH)
    later(service, 4)
    await get(kari, f"{one}?after=1&visible=0")
    await get(kari, f"{one}?after=1&visible=1")
    await get(kari, f"{one}?after=3&visible=1")
    (crisis,) = (await get(kari, one))["crises"]
    assert crisis["seen_after"] == 4
    async with service.database.read() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM events WHERE kind = 'viewed'")
        assert rows.scalar_one() == 2  # opened twice; reading on is not opening


async def test_the_figures(server: TestServer, service: Service) -> None:
    kari = await logged_in(server)
    later(service, 0)
    await write(service, HIGH)
    later(service, 10)
    data = await get(kari, "crises?days=7")
    assert data["days"] == 7
    assert [(row["level"], row["crises"], row["waiting"]) for row in data["items"]] == [
        (None, 1, 1),
        ("high", 1, 1),
    ]
    assert (await get(kari, "crises?days=0"))["days"] == 1
    assert (await kari.get("/console/api/crises?days=x")).status == 400


async def test_every_open_console_hears_of_a_crisis_that_nobody_takes(
    server: TestServer, service: Service
) -> None:
    kari, ola = await logged_in(server), await logged_in(server, "ola")
    later(service, 0)
    ack = await write(service, HIGH)
    sockets = [await client.ws_connect("/console/ws") for client in (kari, ola)]
    await asyncio.sleep(0.2)
    later(service, CRISIS_UNCLAIMED_SECONDS)
    await Watch(service, [], lambda: None).look()
    for ws in sockets:
        async with asyncio.timeout(5):
            assert json.loads(await ws.receive_str()) == {"type": "queue"}
    for client in (kari, ola):
        (item,) = (await get(client, "queue"))["items"]
        assert (item["id"], item["alarmed"]) == (ack.conversation_id, True)
    for ws in sockets:
        await ws.close()


async def test_blocking_listing_and_lifting(server: TestServer, service: Service) -> None:
    kari, ola = await logged_in(server), await logged_in(server, "ola")
    one = f"conversations/{(await write(service, 'dere er idioter', sms=True)).conversation_id}"
    choice = {"reason": "sjikane", "hours": 24}
    assert await post(ola, f"{one}/block", **choice) == 409
    assert await post(kari, f"{one}/claim") == 200
    assert await post(ola, f"{one}/block", **choice) == 409
    assert await post(kari, f"{one}/block", reason="sjikane", hours=True) == 400
    assert await post(kari, f"{one}/block", **choice) == 200
    assert (await get(kari, one))["block"]["reason"] == "sjikane"
    data = await get(ola, "blocks")
    assert data["hours"] == [1, 24, 168, 720]
    (block,) = data["items"]
    assert (block["by"], block["channel"]) == ("Kari N", "sms")
    assert NUMBER not in str(data)
    assert "key" not in block
    for _ in range(2):
        assert await post(ola, f"blocks/{block['id']}/lift") == 200
    assert (await get(ola, "blocks"))["items"] == []
    assert (await get(kari, one))["block"] is None


async def test_danger_cannot_be_blocked_away_by_mistake(server: TestServer, service: Service) -> None:
    kari = await logged_in(server)
    ack = await write(service, HIGH)
    one = f"conversations/{ack.conversation_id}"
    await post(kari, f"{one}/claim")
    response = await kari.post(f"/console/api/{one}/block", json={"reason": "sjikane", "hours": 1})
    assert (response.status, (await response.json())["code"]) == (400, "konsoll_fare_ikke_motte")
    assert await post(kari, f"{one}/block", reason="sjikane", hours=1, danger_met=True) == 200
    assert (await said(service, ack.conversation_id))[-1].author == "system"


async def test_another_sites_page_cannot_block(server: TestServer, service: Service) -> None:
    kari = await logged_in(server)
    one = f"conversations/{(await write(service, 'hei')).conversation_id}"
    response = await kari.post(
        f"/console/api/{one}/block", json={}, headers={"Origin": "https://evil.example"}
    )
    assert response.status == 403
