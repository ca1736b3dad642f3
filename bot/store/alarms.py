"""Alarms that leave the house, in the database: all SQL on that table. A row is made in the transaction that marks
the crisis as alarmed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import alarms as table
from bot.store.tables import conversations, crises


@dataclass(frozen=True)
class Alarm:
    """An alarm to send. `needed` is False when the wait it is about is over."""

    id: int
    conversation_id: str
    level: int
    since: datetime
    attempts: int
    needed: bool


async def add(connection: AsyncConnection, **values: Any) -> None:
    """Insert an alarm; raises IntegrityError when this wait has one by this way."""
    await connection.execute(insert(table).values(**values))


async def take(connection: AsyncConnection, way: str, now: datetime, lease_seconds: float) -> Alarm | None:
    """Take the next alarm by a way that is due, the gravest first; it is ours until the lease ends."""
    rows = await connection.execute(
        select(
            table.c.id,
            table.c.since,
            table.c.attempts,
            crises.c.conversation_id,
            crises.c.level,
            crises.c.waiting_since,
            conversations.c.id.label("there"),
        )
        .join(crises, crises.c.id == table.c.crisis_id)
        .outerjoin(conversations, conversations.c.id == crises.c.conversation_id)
        .where(
            table.c.way == way,
            table.c.status.in_(["queued", "sending"]),
            # Noted later than now: that was before the clock was set back.
            or_(table.c.next_at <= now, table.c.updated_at > now + timedelta(seconds=lease_seconds)),
        )
        .order_by(crises.c.level.desc(), table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=table)
    )
    row = rows.first()
    if row is None:
        return None
    until = now + timedelta(seconds=lease_seconds)
    await change(
        connection, row.id, status="sending", attempts=row.attempts + 1, next_at=until, updated_at=now
    )
    needed = row.there is not None and row.waiting_since == row.since
    return Alarm(row.id, row.conversation_id, row.level, row.since, row.attempts + 1, needed)


async def change(connection: AsyncConnection, alarm_id: int, **values: Any) -> None:
    """Set columns of one alarm."""
    await connection.execute(update(table).where(table.c.id == alarm_id).values(**values))


async def statuses(connection: AsyncConnection, conversation_id: str) -> dict[int, dict[str, str]]:
    """Return, by crisis of a conversation, the status of the last alarm by each way."""
    rows = await connection.execute(
        select(table.c.crisis_id, table.c.way, table.c.status)
        .join(crises, crises.c.id == table.c.crisis_id)
        .where(crises.c.conversation_id == conversation_id)
        .order_by(table.c.id)
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.crisis_id, {})[row.way] = row.status
    return found
