"""The database: connections, transactions, migrations. SQLite on one machine, PostgreSQL on many.

Nobody waits for it without end: what is locked or gone is an error (SQLAlchemyError) after some seconds.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.limits import IDLE_SECONDS, LOCK_SECONDS, QUEUE_SECONDS, STATEMENT_SECONDS
from bot.store.cipher import Cipher

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"

Result = TypeVar("Result")


class BusyError(SQLAlchemyError):
    """The database has more to do than it can, or somebody holds it."""


class Database:
    """One pool of connections and the cipher for what they carry."""

    def __init__(self, url: str, cipher: Cipher) -> None:
        self.url = url
        self.cipher = cipher
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writing = asyncio.Lock() if self.is_sqlite else None
        self._left_alone: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads."""
        async with self.engine.connect() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes; it is durable when the block ends without an error."""
        if self._writing is None:
            async with self.engine.begin() as connection:
                yield connection
            return
        # SQLite has one writer: queue here, in order, rather than spin on its lock.
        async with self._turn(self._writing), self.engine.connect() as connection:
            await connection.execution_options(hjelpelinje_write=True)
            async with connection.begin():
                yield connection

    async def within(self, seconds: float, work: Coroutine[Any, Any, Result]) -> Result:
        """Wait for work at most so long, and return what it returns; raises BusyError, and what it raises.

        Work that takes longer is not cancelled, which could leave a connection hanging: it goes on by itself.
        """
        task = asyncio.create_task(work)
        self._left_alone.add(task)
        task.add_done_callback(self._left_alone.discard)
        done, _ = await asyncio.wait([task], timeout=seconds)
        if not done:
            task.add_done_callback(_note_failure)
            raise BusyError
        return task.result()

    @asynccontextmanager
    async def _turn(self, writing: asyncio.Lock) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(QUEUE_SECONDS):
                await writing.acquire()
        except TimeoutError:
            raise BusyError from None
        try:
            yield
        finally:
            writing.release()

    async def migrate(self) -> None:
        """Bring the tables to the newest version."""
        async with self.engine.connect() as connection:
            await connection.run_sync(_upgrade)
            await connection.commit()

    async def close(self) -> None:
        """Close all connections, when what is under way has ended."""
        if self._left_alone:
            await asyncio.wait(self._left_alone, timeout=QUEUE_SECONDS + LOCK_SECONDS + STATEMENT_SECONDS)
        await self.engine.dispose()


def _note_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("what took too long at the database has failed: %s", type(error).__name__)


def _engine(url: str) -> AsyncEngine:
    if not url.startswith("sqlite"):
        engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            pool_timeout=LOCK_SECONDS,
            hide_parameters=True,
            connect_args={
                "connect_timeout": int(LOCK_SECONDS),
                "tcp_user_timeout": int(STATEMENT_SECONDS * 1000),  # a server that is cut off is an error too
            },
        )
        event.listen(engine.sync_engine, "connect", _prepare_postgresql)
        return engine
    if ":memory:" not in url:
        Path(url.split("///", 1)[1]).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, connect_args={"isolation_level": None}, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # acknowledged means on disk, also after a power cut
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten
        f"busy_timeout={LOCK_SECONDS * 1000:.0f}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for name, seconds in (
        ("lock_timeout", LOCK_SECONDS),
        ("statement_timeout", STATEMENT_SECONDS),
        # A service that hangs in the middle lets go of what it holds.
        ("idle_in_transaction_session_timeout", IDLE_SECONDS),
    ):
        cursor.execute(f"SET {name} = {seconds * 1000:.0f}")
    cursor.close()
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock first: upgrading a read lock fails when another writer came between.
    writing = connection.get_execution_options().get("hjelpelinje_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for name in ("lock_timeout", "statement_timeout"):  # a migration takes the time it takes
            connection.exec_driver_sql(f"SET LOCAL {name} = 0")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    attributes: dict[str, Any] = config.attributes
    attributes["connection"] = connection
    command.upgrade(config, "head")
