"""Answers about pages are counted by day on both databases, also when many come at once, and go with time."""

import asyncio
from datetime import date

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.conversation.service import Service
from bot.store import votes
from bot.store.tables import metadata

DAY = date(2026, 11, 25)


async def vote(service: Service, topic: str, day: date, helpful: bool) -> None:
    async with service.database.write() as connection:
        await votes.add(connection, topic, day, helpful=helpful)


async def test_answers_are_added_up(service: Service) -> None:
    await asyncio.gather(*(vote(service, "klage", DAY, True) for _ in range(10)))
    await vote(service, "klage", date(2026, 11, 24), False)
    await vote(service, "rus", DAY, False)
    async with service.database.read() as connection:
        assert await votes.totals(connection) == {"klage": (10, 1), "rus": (0, 1)}


async def test_old_counts_are_deleted(service: Service) -> None:
    await vote(service, "klage", date(2025, 1, 1), True)
    await vote(service, "klage", DAY, True)
    async with service.database.write() as connection:
        assert await votes.purge(connection, DAY) == 1
        assert await votes.totals(connection) == {"klage": (1, 0)}


async def test_the_migrations_make_the_tables_we_use(service: Service) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with service.database.read() as connection:
        assert await connection.run_sync(differences) == []
