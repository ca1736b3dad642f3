"""Counselors and their sessions in the database: all SQL on those tables."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import counselors as table
from bot.store.tables import sessions


@dataclass(frozen=True)
class Counselor:
    """A row."""

    id: int
    username: str
    name: str
    password_hash: str
    on_duty: bool
    seen_at: datetime | None
    disabled: bool


_NAMES = [field.name for field in fields(Counselor)]


def _row(row: RowMapping) -> Counselor:
    return Counselor(**{name: row[name] for name in _NAMES})


async def add(connection: AsyncConnection, **values: Any) -> None:
    """Insert a counselor; raises IntegrityError when the username is taken."""
    await connection.execute(insert(table).values(**values))


async def by_username(connection: AsyncConnection, username: str) -> Counselor | None:
    """Return the counselor with this username."""
    row = (await connection.execute(select(table).where(table.c.username == username))).mappings().first()
    return _row(row) if row else None


async def get(connection: AsyncConnection, counselor_id: int) -> Counselor | None:
    """Return the counselor with this id."""
    row = (await connection.execute(select(table).where(table.c.id == counselor_id))).mappings().first()
    return _row(row) if row else None


async def change(connection: AsyncConnection, counselor_id: int, **values: Any) -> None:
    """Set columns of one counselor."""
    await connection.execute(update(table).where(table.c.id == counselor_id).values(**values))


async def on_duty(connection: AsyncConnection, seen_after: datetime, seen_before: datetime) -> int:
    """Return how many are on duty and have shown a sign of life between two times.

    A sign from later than now is one from before the clock was set back: whoever is there gives a new one soon.
    """
    count = await connection.execute(
        select(func.count())
        .select_from(table)
        .where(table.c.on_duty, table.c.disabled.is_(False), table.c.seen_at.between(seen_after, seen_before))
    )
    return int(count.scalar_one())


async def names(connection: AsyncConnection) -> dict[int, str]:
    """Return every counselor's name by id."""
    return {row.id: row.name for row in await connection.execute(select(table.c.id, table.c.name))}


async def open_session(
    connection: AsyncConnection, key: str, counselor_id: int, expires_at: datetime
) -> None:
    """Insert a session under the keyed hash of its token."""
    await connection.execute(
        insert(sessions).values(key=key, counselor_id=counselor_id, expires_at=expires_at)
    )


async def session_owner(
    connection: AsyncConnection, key: str, now: datetime, longest: timedelta
) -> Counselor | None:
    """Return whose session this is, if it has not expired and the counselor is not disabled.

    One that would last longer than the longest was opened while the clock was wrong, and does not count.
    """
    rows = await connection.execute(
        select(table)
        .join(sessions, sessions.c.counselor_id == table.c.id)
        .where(
            sessions.c.key == key,
            sessions.c.expires_at > now,
            sessions.c.expires_at <= now + longest,
            table.c.disabled.is_(False),
        )
    )
    row = rows.mappings().first()
    return _row(row) if row else None


async def close_session(connection: AsyncConnection, key: str) -> None:
    """Delete a session."""
    await connection.execute(delete(sessions).where(sessions.c.key == key))


async def drop_sessions(connection: AsyncConnection, counselor_id: int) -> None:
    """Delete all sessions of a counselor."""
    await connection.execute(delete(sessions).where(sessions.c.counselor_id == counselor_id))


async def drop_expired(connection: AsyncConnection, now: datetime) -> None:
    """Delete sessions that have run out."""
    await connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
