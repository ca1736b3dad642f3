"""Blocked senders in the database: all SQL on that table. A sender is a keyed hash; a number is never there."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import blocks as table


@dataclass(frozen=True)
class Block:
    """A row."""

    id: int
    key: str
    channel: str
    conversation_id: str
    counselor_id: int
    reason: str
    at: datetime
    until: datetime
    told_at: datetime | None


_NAMES = [field.name for field in fields(Block)]


def _row(row: RowMapping) -> Block:
    return Block(**{name: row[name] for name in _NAMES})


async def put(connection: AsyncConnection, key: str, **values: Any) -> None:
    """Block a sender; a block that is there already gives way to this one."""
    await connection.execute(delete(table).where(table.c.key == key))
    await connection.execute(insert(table).values(key=key, **values))


async def active(connection: AsyncConnection, key: str, now: datetime) -> Block | None:
    """Return the block that a sender is under."""
    rows = await connection.execute(select(table).where(table.c.key == key, table.c.until > now))
    row = rows.mappings().first()
    return _row(row) if row else None


async def all_active(connection: AsyncConnection, now: datetime) -> list[Block]:
    """Return all blocks that hold, newest first."""
    rows = await connection.execute(select(table).where(table.c.until > now).order_by(table.c.id.desc()))
    return [_row(row) for row in rows.mappings()]


async def told(connection: AsyncConnection, block_id: int, now: datetime) -> None:
    """Note that the sender has been told."""
    await connection.execute(update(table).where(table.c.id == block_id).values(told_at=now))


async def lift(connection: AsyncConnection, block_id: int) -> Block | None:
    """Delete a block and return it, or None when it is gone already."""
    rows = await connection.execute(delete(table).where(table.c.id == block_id).returning(table))
    row = rows.mappings().first()
    return _row(row) if row else None


async def purge(connection: AsyncConnection, now: datetime) -> int:
    """Delete blocks whose time is over: no trace of the sender stays. Return how many."""
    return (await connection.execute(delete(table).where(table.c.until <= now))).rowcount
