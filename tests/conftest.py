"""Fixtures for all tests: a service on a real database, with the engine's part played by a script."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.conversation.service import Service
from bot.settings import Settings
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge import Knowledge, load_knowledge
from tests.script import ScriptedEngine

POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The knowledge base as shipped."""
    return load_knowledge()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own on a Unix socket; yields the address of its first database."""
    assert POSTGRES, "PostgreSQL is not installed: apt-get install postgresql"
    # Not under pytest's folder: that one is private to the user who runs the tests.
    home = Path(subprocess.check_output(["mktemp", "-d", "/tmp/hjelpelinje-pg.XXXXXX"], text=True).strip())
    as_user = []
    if subprocess.check_output(["id", "-u"], text=True).strip() == "0":
        shutil.chown(home, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd=home)

    data = str(home / "data")
    run(str(POSTGRES / "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
    options = f"-k {home} -c listen_addresses='' -c fsync=off"
    run(str(POSTGRES / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={home}"
    finally:
        run(str(POSTGRES / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
    address: str = request.getfixturevalue("postgres")
    name = "t" + "".join(c for c in request.node.name.lower() if c.isalnum())[:50]
    host = address.rsplit("host=", 1)[1]
    for statement in (f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"'):
        subprocess.run(
            ["psql", "-h", host, "-U", "postgres", "-q", "-c", statement], check=True, capture_output=True
        )
    return address.replace("/postgres?", f"/{name}?")


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
