"""What happened to conversations, without content: for counselors' history and statistics."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import events as table


async def add(
    connection: AsyncConnection,
    conversation_id: str,
    at: datetime,
    kind: str,
    counselor_id: int | None = None,
    **detail: Any,
) -> None:
    """Insert an event; detail holds ids and levels only, never what somebody wrote."""
    await connection.execute(
        insert(table).values(
            conversation_id=conversation_id, at=at, kind=kind, counselor_id=counselor_id, detail=detail
        )
    )


async def count(connection: AsyncConnection, conversation_id: str, kind: str) -> int:
    """Return how often something has happened to a conversation."""
    rows = await connection.execute(
        select(func.count())
        .select_from(table)
        .where(table.c.conversation_id == conversation_id, table.c.kind == kind)
    )
    return int(rows.scalar_one())


async def purge(connection: AsyncConnection, before: datetime) -> int:
    """Delete events older than `before`; return how many."""
    return (await connection.execute(delete(table).where(table.c.at < before))).rowcount
