"""Counselors use the same search, and nobody else can reach it through the console."""

import pytest

from bot.console.auth import add_counselor
from bot.conversation.service import Service
from tests.library.conftest import Client

PASSWORD = "et langt passord 1"


@pytest.fixture
async def logged_in(service: Service, client: Client) -> Client:
    """A counselor's browser."""
    await add_counselor(service, "kari", "Kari", PASSWORD)
    response = await client.post("/console/api/login", json={"username": "kari", "password": PASSWORD})
    assert response.status == 200
    return client


async def test_a_counselor_finds_title_and_text_to_send(service: Service, logged_in: Client) -> None:
    response = await logged_in.post("/console/api/search", json={"q": "omsorgslønn"})
    items = (await response.json())["items"]
    topic = service.knowledge.topics["omsorgsstonad"]
    first = next(item for item in items if item["topic"] == "omsorgsstonad")
    assert len(items) <= 5
    assert first == {
        "topic": "omsorgsstonad", "title": topic.title.nb, "short": topic.short.nb, "sms": topic.sms.nb,
        "url": "/kunnskap/omsorgsstonad",
    }  # fmt: skip
    assert response.headers["Cache-Control"] == "no-store"


async def test_in_nynorsk_the_text_is_nynorsk(service: Service, logged_in: Client) -> None:
    response = await logged_in.post("/console/api/search", json={"q": "teieplikt", "malform": "nn"})
    first = (await response.json())["items"][0]
    assert first["short"] == service.knowledge.topics[first["topic"]].short.nn
    assert first["url"].startswith("/kunnskap/nn/")


@pytest.mark.parametrize("query", ["", "xqzzw"])
async def test_nothing_found_is_an_empty_list(logged_in: Client, query: str) -> None:
    assert await (await logged_in.post("/console/api/search", json={"q": query})).json() == {"items": []}


async def test_without_a_session_there_is_no_search(client: Client) -> None:
    assert (await client.post("/console/api/search", json={"q": "demens"})).status == 401
