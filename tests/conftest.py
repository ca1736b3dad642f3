"""Fixtures for all tests: a service on a real database, with the engine's part played by a script."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.conversation.service import Service
from bot.settings import Settings
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge import Knowledge, load_knowledge
from tests.postgres import Postgres
from tests.script import ScriptedEngine


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The knowledge base as shipped."""
    return load_knowledge()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of our own, for all tests."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database("t" + "".join(c for c in request.node.name.lower() if c.isalnum())[:50])


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings that touch nothing outside the test's folder."""
    return Settings(_env_file=None, data_dir=tmp_path, database_url=database_url)


@pytest.fixture
async def service(settings: Settings, knowledge: Knowledge) -> AsyncIterator[Service]:
    """The service's parts on an empty, migrated database; nothing runs in the background."""
    database = Database(settings.database, Cipher([Fernet.generate_key().decode()]))
    await database.migrate()
    yield Service(database, knowledge, ScriptedEngine(), settings)
    await database.close()
