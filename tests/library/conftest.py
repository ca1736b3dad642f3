"""A served application on an empty database, and a browser without JavaScript."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.conversation.service import Service
from bot.server import make_app
from tests.postgres import Postgres

Client = TestClient[web.Request, web.Application]


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One kind of database is enough where a test is about pages; those about storage ask for both."""
    if request.param != "sqlite":
        server: Postgres = request.getfixturevalue("postgres")
        return server.address
    return f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('library') / 'test.db'}"


@pytest.fixture
async def client(service: Service) -> AsyncIterator[Client]:
    """A browser without JavaScript."""
    async with TestClient(TestServer(make_app(service))) as client:
        yield client
