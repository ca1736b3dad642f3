"""Conversations in the database: all SQL on that table."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import conversations as table
from bot.store.tables import messages


@dataclass(frozen=True)
class Conversation:
    """A row; sealed columns are still encrypted."""

    id: str
    channel: str
    key: str
    address: bytes | None
    callback: bytes | None
    state: str
    owner_id: int | None
    reason: str | None
    level: int
    intent: str | None
    malform: str
    dialogue: bytes | None
    last_seq: int
    created_at: datetime
    active_at: datetime
    waiting_since: datetime | None
    closed_at: datetime | None
    muted: bool
    lease_by: str | None
    lease_until: datetime | None


_NAMES = [field.name for field in fields(Conversation)]


def _row(row: RowMapping) -> Conversation:
    return Conversation(**{name: row[name] for name in _NAMES})


async def find(connection: AsyncConnection, key: str, *, lock: bool = False) -> Conversation | None:
    """Return the conversation with this look-up key; with lock, hold its row until the transaction ends."""
    query = select(table).where(table.c.key == key)
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    return _row(row) if row else None


async def get(
    connection: AsyncConnection, conversation_id: str, *, lock: bool = False
) -> Conversation | None:
    """Return the conversation with this id; with lock, hold its row until the transaction ends."""
    query = select(table).where(table.c.id == conversation_id)
    row = (await connection.execute(query.with_for_update() if lock else query)).mappings().first()
    return _row(row) if row else None


async def create(connection: AsyncConnection, **values: Any) -> None:
    """Insert a conversation; raises IntegrityError when the key exists."""
    await connection.execute(insert(table).values(**values))


async def change(connection: AsyncConnection, conversation_id: str, **values: Any) -> None:
    """Set columns of one conversation."""
    await connection.execute(update(table).where(table.c.id == conversation_id).values(**values))


async def next_seq(connection: AsyncConnection, conversation_id: str, now: datetime) -> int:
    """Take the next message number of a conversation."""
    result = await connection.execute(
        update(table)
        .where(table.c.id == conversation_id)
        .values(last_seq=table.c.last_seq + 1, active_at=now)
        .returning(table.c.last_seq)
    )
    return int(result.scalar_one())


async def lease(
    connection: AsyncConnection, worker: str, now: datetime, seconds: float
) -> Conversation | None:
    """Take the conversation with the oldest unanswered message that nobody works on; the gravest first.

    A lease that ends much later than one taken now was taken before the clock was set back, and does not count.
    """
    waiting = (
        select(messages.c.conversation_id, func.min(messages.c.id).label("first"))
        .where(messages.c.pending)
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    lease = timedelta(seconds=seconds)
    free = or_(
        table.c.lease_until.is_(None), table.c.lease_until < now, table.c.lease_until > now + 2 * lease
    )
    row = (
        (
            await connection.execute(
                select(table)
                .join(waiting, waiting.c.conversation_id == table.c.id)
                .where(free)
                .order_by(table.c.level.desc(), waiting.c.first)
                .limit(1)
                .with_for_update(skip_locked=True, of=table)
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        return None
    await change(connection, row["id"], lease_by=worker, lease_until=now + lease)
    return _row(row)


async def release(connection: AsyncConnection, conversation_id: str, worker: str) -> None:
    """Give the lease back, if it is still this worker's."""
    await connection.execute(
        update(table)
        .where(table.c.id == conversation_id, table.c.lease_by == worker)
        .values(lease_by=None, lease_until=None)
    )


async def drop_leases(connection: AsyncConnection) -> None:
    """Free every lease: for the start of a service that is alone on its database."""
    await connection.execute(update(table).values(lease_by=None, lease_until=None))


async def queue(connection: AsyncConnection, states: list[str]) -> list[Conversation]:
    """Return conversations in these states: danger first, then the one who has waited longest."""
    rows = await connection.execute(
        select(table)
        .where(table.c.state.in_(states))
        .order_by(
            table.c.level.desc(), case((table.c.waiting_since.is_(None), 1), else_=0), table.c.waiting_since
        )
    )
    return [_row(row) for row in rows.mappings()]


async def place_in_queue(connection: AsyncConnection, conversation: Conversation, state: str) -> int:
    """Return 1 for the first in the queue."""
    ahead = or_(
        table.c.level > conversation.level,
        and_(table.c.level == conversation.level, table.c.waiting_since < conversation.waiting_since),
    )
    count = await connection.execute(
        select(func.count()).select_from(table).where(table.c.state == state, ahead)
    )
    return int(count.scalar_one()) + 1


async def erase(connection: AsyncConnection, conversation_id: str) -> None:
    """Delete the conversation and, by cascade, its messages and deliveries."""
    await connection.execute(delete(table).where(table.c.id == conversation_id))


async def idle_since(connection: AsyncConnection, before: datetime) -> list[str]:
    """Return ids of conversations nobody has written in since `before`."""
    rows = await connection.execute(select(table.c.id).where(table.c.active_at < before))
    return [row[0] for row in rows]


async def queue_length(connection: AsyncConnection, state: str) -> int:
    """Return how many conversations are in a state."""
    count = await connection.execute(select(func.count()).select_from(table).where(table.c.state == state))
    return int(count.scalar_one())
