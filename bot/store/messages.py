"""Messages in the database: all SQL on that table."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import messages as table


@dataclass(frozen=True)
class Message:
    """A row; the body is still encrypted."""

    id: int
    conversation_id: str
    seq: int
    author: str
    counselor_id: int | None
    client_id: str | None
    kind: str
    body: bytes
    level: int
    pending: bool
    attempts: int
    created_at: datetime


_NAMES = [field.name for field in fields(Message)]


def _row(row: RowMapping) -> Message:
    return Message(**{name: row[name] for name in _NAMES})


async def add(connection: AsyncConnection, **values: Any) -> None:
    """Insert a message; raises IntegrityError when its seq or client id exists in the conversation."""
    await connection.execute(insert(table).values(**values))


async def seq_of(connection: AsyncConnection, conversation_id: str, client_id: str) -> int | None:
    """Return the number that a sender's own id got, or None when it is new."""
    found = await connection.execute(
        select(table.c.seq).where(table.c.conversation_id == conversation_id, table.c.client_id == client_id)
    )
    return found.scalar()


async def after(connection: AsyncConnection, conversation_id: str, seq: int, limit: int) -> list[Message]:
    """Return messages with a higher number, in order."""
    rows = await connection.execute(
        select(table)
        .where(table.c.conversation_id == conversation_id, table.c.seq > seq)
        .order_by(table.c.seq)
        .limit(limit)
    )
    return [_row(row) for row in rows.mappings()]


async def pending(connection: AsyncConnection, conversation_id: str) -> Message | None:
    """Return the first message of the conversation that is not answered yet."""
    rows = await connection.execute(
        select(table)
        .where(table.c.conversation_id == conversation_id, table.c.pending)
        .order_by(table.c.seq)
        .limit(1)
    )
    row = rows.mappings().first()
    return _row(row) if row else None


async def last(
    connection: AsyncConnection, conversation_id: str, author: str, before: int, limit: int
) -> list[Message]:
    """Return the last messages of an author before a number, oldest first."""
    rows = await connection.execute(
        select(table)
        .where(table.c.conversation_id == conversation_id, table.c.author == author, table.c.seq < before)
        .order_by(table.c.seq.desc())
        .limit(limit)
    )
    return [_row(row) for row in rows.mappings()][::-1]


async def count_between(
    connection: AsyncConnection, conversation_id: str, author: str, since: datetime, until: datetime
) -> int:
    """Return how many messages an author has sent between two times; none from before the clock was set back."""
    count = await connection.execute(
        select(func.count())
        .select_from(table)
        .where(
            table.c.conversation_id == conversation_id,
            table.c.author == author,
            table.c.created_at.between(since, until),
        )
    )
    return int(count.scalar_one())


async def answered(connection: AsyncConnection, message_id: int, **values: Any) -> bool:
    """Mark a message as answered and set other columns with it; False when another has done so already."""
    result = await connection.execute(
        update(table).where(table.c.id == message_id, table.c.pending).values(pending=False, **values)
    )
    return result.rowcount == 1


async def rewrite(connection: AsyncConnection, message_id: int, body: bytes) -> None:
    """Store another body in the place of a message's own."""
    await connection.execute(update(table).where(table.c.id == message_id).values(body=body))


async def tried(connection: AsyncConnection, message_id: int) -> None:
    """Count an attempt to answer, before it is made, so that a message that crashes us is not tried for ever."""
    await connection.execute(
        update(table).where(table.c.id == message_id).values(attempts=table.c.attempts + 1)
    )
