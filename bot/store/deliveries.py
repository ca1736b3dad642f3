"""Outgoing SMS in the database: all SQL on that table. A row is made in the transaction that makes the message."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import conversations, messages
from bot.store.tables import deliveries as table


@dataclass(frozen=True)
class Delivery:
    """An SMS to send; the message's body and the address are still encrypted."""

    id: int
    conversation_id: str
    body: bytes
    address: bytes
    attempts: int


async def add(connection: AsyncConnection, **values: Any) -> None:
    """Insert a delivery."""
    await connection.execute(insert(table).values(**values))


async def take(connection: AsyncConnection, now: datetime, lease_seconds: float) -> Delivery | None:
    """Take the next SMS that is due, in order within its conversation; it is ours until the lease ends.

    One that was queued or taken later than now was so before the clock was set back: it is due too.
    """
    lease, earlier = timedelta(seconds=lease_seconds), table.alias("earlier")
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.conversation_id == table.c.conversation_id,
            earlier.c.id < table.c.id,
            earlier.c.status.in_(["queued", "sending"]),
        )
        .exists()
    )
    rows = await connection.execute(
        select(
            table.c.id, table.c.conversation_id, messages.c.body, conversations.c.address, table.c.attempts
        )
        .join(conversations, conversations.c.id == table.c.conversation_id)
        .join(
            messages,
            and_(messages.c.conversation_id == table.c.conversation_id, messages.c.seq == table.c.seq),
        )
        .where(
            table.c.status.in_(["queued", "sending"]),
            or_(
                table.c.next_at <= now,
                and_(table.c.status == "queued", table.c.updated_at > now + lease),
                and_(table.c.status == "sending", table.c.next_at > now + 2 * lease),
            ),
            conversations.c.address.is_not(None),
            ~blocked,
        )
        .order_by(table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=table)
    )
    row = rows.first()
    if row is None:
        return None
    await change(
        connection,
        row.id,
        status="sending",
        attempts=row.attempts + 1,
        next_at=now + lease,
        updated_at=now,
    )
    return Delivery(row.id, row.conversation_id, row.body, row.address, row.attempts + 1)


async def change(connection: AsyncConnection, delivery_id: int, **values: Any) -> None:
    """Set columns of one delivery."""
    await connection.execute(update(table).where(table.c.id == delivery_id).values(**values))


async def receipt(connection: AsyncConnection, provider_ref: str, status: str, now: datetime) -> str | None:
    """Note a provider's receipt; return the conversation's id, or None when the reference is unknown."""
    rows = await connection.execute(
        update(table)
        .where(table.c.provider_ref == provider_ref)
        .values(status=status, updated_at=now)
        .returning(table.c.conversation_id)
    )
    found: str | None = rows.scalar()
    return found


async def statuses(connection: AsyncConnection, conversation_id: str) -> dict[int, str]:
    """Return the delivery status of each message number that went out by SMS."""
    rows = await connection.execute(
        select(table.c.seq, table.c.status).where(table.c.conversation_id == conversation_id)
    )
    return {row.seq: row.status for row in rows}
