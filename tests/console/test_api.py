"""The console's API: who gets in, what it shows, and that two counselors cannot trip each other."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

import bot.console.auth
from bot.console.auth import add_counselor, set_disabled
from bot.conversation.service import Service
from bot.limits import LOGIN_ATTEMPTS
from bot.server import make_app
from tests.script import answer_all, write

PASSWORD = "et langt passord"
Client = TestClient[web.Request, web.Application]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with less work: the tests are about who gets in, not about how long a guess takes."""
    monkeypatch.setattr(bot.console.auth, "_hasher", bot.console.auth.PasswordHasher(1, 64, 1))


@pytest.fixture
async def server(service: Service) -> AsyncIterator[TestServer]:
    async with TestServer(make_app(service)) as server:
        await add_counselor(service, "Kari", "Kari N", PASSWORD)
        await add_counselor(service, "ola", "Ola", PASSWORD)
        yield server


async def logged_in(server: TestServer, username: str = "kari") -> Client:
    client = TestClient(server, cookie_jar=aiohttp.CookieJar(unsafe=True))
    response = await client.post("/console/api/login", json={"username": username, "password": PASSWORD})
    assert response.status == 200
    return client


async def get(client: Client, path: str) -> Any:
    response = await client.get(f"/console/api/{path}")
    assert response.status == 200
    return await response.json()


async def post(client: Client, path: str, **body: Any) -> int:
    return (await client.post(f"/console/api/{path}", json=body)).status


async def waiting(service: Service) -> str:
    service.engine.slots = {"overlevering": "menneske"}  # type: ignore[attr-defined]
    ack = await write(service, "jeg vil snakke med noen om mamma")
    await answer_all(service)
    return ack.conversation_id


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "me"),
        ("GET", "queue"),
        ("POST", "duty"),
        ("GET", "conversations/" + "0" * 32),
        ("POST", "conversations/" + "0" * 32 + "/claim"),
        ("POST", "conversations/" + "0" * 32 + "/messages"),
    ],
)
async def test_nothing_without_a_session(server: TestServer, method: str, path: str) -> None:
    async with TestClient(server) as client:
        response = await client.request(method, f"/console/api/{path}", json={})
        assert response.status == 401
        assert (await response.json())["error"] == "Du må logge inn."
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await client.ws_connect("/console/ws")


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(server: TestServer) -> None:
    client = TestClient(server)
    response = await client.post("/console/api/login", json={"username": "kari", "password": PASSWORD})
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


async def test_another_sites_page_is_refused(server: TestServer) -> None:
    client = await logged_in(server)
    response = await client.post(
        "/console/api/duty", json={"on": True}, headers={"Origin": "https://evil.example"}
    )
    assert response.status == 403
    response = await client.post(
        "/console/api/duty", data='{"on":true}', headers={"Content-Type": "text/plain"}
    )
    assert response.status == 415


async def test_guessing_is_stopped(server: TestServer) -> None:
    client = TestClient(server)
    wrong = {"username": "kari", "password": "feil passord"}
    for _ in range(LOGIN_ATTEMPTS):
        assert await post(client, "login", **wrong) == 401
    assert await post(client, "login", username="kari", password=PASSWORD) == 429
    assert await post(client, "login", username="ola", password=PASSWORD) == 200


async def test_unknown_names_and_wrong_passwords_are_answered_alike(server: TestServer) -> None:
    client = TestClient(server)
    answers = [
        await (await client.post("/console/api/login", json={"username": name, "password": "feil"})).json()
        for name in ("kari", "nobody")
    ]
    assert answers[0] == answers[1]


async def test_a_disabled_account_is_out_at_once(server: TestServer, service: Service) -> None:
    client = await logged_in(server)
    await set_disabled(service, "kari", True)
    assert (await client.get("/console/api/me")).status == 401
    assert await post(client, "login", username="kari", password=PASSWORD) == 401


async def test_a_session_ends_with_log_out_and_with_time(
    server: TestServer, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await logged_in(server)
    assert await post(client, "duty", on=True) == 200
    assert await post(client, "logout") == 200
    assert (await client.get("/console/api/me")).status == 401
    async with service.database.read() as connection:
        assert await service.counselors_on_duty(connection) == 0


async def test_the_whole_conversation_is_there_for_who_claims_it(
    server: TestServer, service: Service
) -> None:
    kari, ola = await logged_in(server), await logged_in(server, "ola")
    await post(kari, "duty", on=True)
    conversation_id = await waiting(service)
    (item,) = (await get(kari, "queue"))["items"]
    assert (item["id"], item["state"], item["reason"]) == (conversation_id, "waiting", "menneske")
    one = f"conversations/{conversation_id}"
    assert await post(kari, f"{one}/claim") == 200
    assert await post(ola, f"{one}/claim") == 409
    assert await post(ola, f"{one}/messages", id="x", text="hei") == 409
    assert await post(kari, f"{one}/messages", id="x", text="hei") == 200
    assert await post(kari, f"{one}/messages", id="x", text="hei") == 200
    texts = [message["text"] for message in (await get(kari, one))["messages"]]
    assert texts[0] == "jeg vil snakke med noen om mamma"
    assert texts.count("hei") == 1
    assert await post(kari, f"{one}/handback") == 200
    assert await post(kari, f"{one}/messages", id="y", text="for sent") == 409


async def test_the_live_socket_tells_of_the_queue_and_of_the_conversation_on_the_screen(
    server: TestServer, service: Service
) -> None:
    kari = await logged_in(server)
    ws = await kari.ws_connect("/console/ws")
    conversation_id = await waiting(service)
    async with asyncio.timeout(5):
        assert json.loads(await ws.receive_str()) == {"type": "queue"}
    await ws.send_json({"watch": conversation_id})
    await asyncio.sleep(0.1)
    await write(service, "er det noen der?")
    async with asyncio.timeout(5):
        while json.loads(await ws.receive_str()) != {"type": "conversation", "id": conversation_id}:
            pass
    await ws.close()


async def test_who_closes_the_console_is_soon_not_on_duty(server: TestServer, service: Service) -> None:
    kari = await logged_in(server)
    await post(kari, "duty", on=True)
    now = service.now()
    async with service.database.read() as connection:
        assert await service.counselors_on_duty(connection) == 1
        service.now = lambda: now.replace(year=now.year + 1)
        assert await service.counselors_on_duty(connection) == 0


@pytest.mark.parametrize("body", ["", "[]", "{", "[" * 20_000, '{"username": 1, "password": []}'])
async def test_a_bad_body_is_a_clear_error(server: TestServer, body: str) -> None:
    client = TestClient(server)
    response = await client.post(
        "/console/api/login", data=body, headers={"Content-Type": "application/json"}
    )
    assert response.status == 400
    assert (await response.json())["code"] == "ugyldig"


@pytest.mark.parametrize("after", ["-1", "99999999999999999999", "x", "1.5"])
async def test_a_number_that_no_page_of_ours_asks_for_is_a_clear_error(
    server: TestServer, service: Service, after: str
) -> None:
    kari = await logged_in(server)
    ack = await write(service, "hei")
    response = await kari.get(f"/console/api/conversations/{ack.conversation_id}?after={after}")
    assert (response.status, (await response.json())["code"]) == (400, "ugyldig")
