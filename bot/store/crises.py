"""Crises in the database: when danger came, when a counselor first saw it and replied. Ids and times, no content."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    RowMapping,
    and_,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import conversations, counselors
from bot.store.tables import crises as table

_NINE_OF_TEN = 9  # the ninth of ten equal parts ends where nine of ten are within


@dataclass(frozen=True)
class Crisis:
    """A row."""

    id: int
    conversation_id: str
    at: datetime
    level: int
    intent: str | None
    viewed_at: datetime | None
    viewed_by: int | None
    claimed_at: datetime | None
    replied_at: datetime | None
    replied_by: int | None
    ended_at: datetime | None
    waiting_since: datetime | None
    alarmed_at: datetime | None
    alarmed_for: datetime | None

    @property
    def alarmed(self) -> bool:
        """Whether it waits and this wait has had its alarm."""
        return self.waiting_since is not None and self.waiting_since == self.alarmed_for


@dataclass(frozen=True)
class Times:
    """How long it took, in seconds, for those it has happened to."""

    number: int
    median: float | None
    nine_of_ten: float | None
    longest: float | None


@dataclass(frozen=True)
class Figures:
    """The crises of a time, of one level or (level None) of all."""

    level: int | None
    crises: int
    waiting: int
    alarmed: int
    to_view: Times
    to_reply: Times


_NAMES = [field.name for field in fields(Crisis)]


def _row(row: RowMapping) -> Crisis:
    return Crisis(**{name: row[name] for name in _NAMES})


async def add(connection: AsyncConnection, **values: Any) -> None:
    """Insert a crisis."""
    await connection.execute(insert(table).values(**values))


async def change(connection: AsyncConnection, crisis_id: int, **values: Any) -> None:
    """Set columns of one crisis."""
    await connection.execute(update(table).where(table.c.id == crisis_id).values(**values))


async def newest(connection: AsyncConnection, conversation_id: str) -> Crisis | None:
    """Return the last crisis of a conversation, and hold its row until the transaction ends."""
    rows = await connection.execute(
        select(table)
        .where(table.c.conversation_id == conversation_id)
        .order_by(table.c.id.desc())
        .limit(1)
        .with_for_update()
    )
    row = rows.mappings().first()
    return _row(row) if row else None


async def of(connection: AsyncConnection, conversation_id: str) -> list[Crisis]:
    """Return the crises of a conversation, oldest first."""
    rows = await connection.execute(
        select(table).where(table.c.conversation_id == conversation_id).order_by(table.c.id)
    )
    return [_row(row) for row in rows.mappings()]


async def viewed(
    connection: AsyncConnection, conversation_id: str, counselor_id: int, now: datetime, upto: datetime
) -> None:
    """Note the first view by a counselor, of what had come by `upto`."""
    unseen = and_(table.c.conversation_id == conversation_id, table.c.viewed_at.is_(None), table.c.at <= upto)
    await connection.execute(update(table).where(unseen).values(viewed_at=now, viewed_by=counselor_id))


async def is_unseen(connection: AsyncConnection, conversation_id: str) -> bool:
    """Say whether there is a crisis that no counselor has seen."""
    unseen = select(table.c.id).where(table.c.conversation_id == conversation_id, table.c.viewed_at.is_(None))
    return (await connection.execute(unseen.limit(1))).first() is not None


async def claimed(
    connection: AsyncConnection, conversation_id: str, counselor_id: int, now: datetime
) -> None:
    """Note that a counselor has the conversation: nothing in it waits, and all of it has been seen."""
    await connection.execute(
        update(table)
        .where(table.c.conversation_id == conversation_id, table.c.waiting_since.is_not(None))
        .values(claimed_at=_first(table.c.claimed_at, now), waiting_since=None)
    )
    await viewed(connection, conversation_id, counselor_id, now, now)


async def replied(
    connection: AsyncConnection, conversation_id: str, counselor_id: int, now: datetime
) -> None:
    """Note the first reply by a counselor, who thereby has seen it. One that was ended without a reply has none."""
    await claimed(connection, conversation_id, counselor_id, now)
    open_ = and_(table.c.replied_at.is_(None), table.c.ended_at.is_(None))
    await connection.execute(
        update(table)
        .where(table.c.conversation_id == conversation_id, open_)
        .values(replied_at=now, replied_by=counselor_id)
    )


async def ended(connection: AsyncConnection, conversation_id: str, now: datetime) -> None:
    """Note that a counselor has ended what danger there was."""
    await connection.execute(
        update(table)
        .where(table.c.conversation_id == conversation_id, table.c.ended_at.is_(None))
        .values(ended_at=now, waiting_since=None)
    )


async def wait_again(connection: AsyncConnection, conversation_id: str, now: datetime) -> None:
    """Note that nobody has the conversation any more: its last crisis waits from now, with a new alarm to come."""
    last = await newest(connection, conversation_id)
    if last is not None:
        await change(connection, last.id, waiting_since=now)


async def is_due(connection: AsyncConnection, now: datetime, limit: timedelta) -> bool:
    """Say whether a crisis has waited so long without an alarm."""
    return (await connection.execute(_due(now, limit).limit(1))).first() is not None


async def take_due(connection: AsyncConnection, now: datetime, limit: timedelta) -> Crisis | None:
    """Hold the row of the gravest crisis that has waited so long without an alarm; no two get the same."""
    query = _due(now, limit).limit(1).with_for_update(skip_locked=True, of=table)
    row = (await connection.execute(query)).mappings().first()
    return _row(row) if row else None


async def left_alone(connection: AsyncConnection, seen_since: datetime, level: int) -> list[str]:
    """Return the conversations at this level or above whose counselor has shown no sign of life since then."""
    rows = await connection.execute(
        select(conversations.c.id)
        .outerjoin(counselors, counselors.c.id == conversations.c.owner_id)
        .where(
            conversations.c.state == "counselor",
            conversations.c.level >= level,
            or_(counselors.c.seen_at.is_(None), counselors.c.seen_at < seen_since),
        )
    )
    return [row.id for row in rows]


async def alarmed(connection: AsyncConnection) -> list[Crisis]:
    """Return the crises that wait and have had their alarm."""
    rows = await connection.execute(
        select(table)
        .join(conversations, conversations.c.id == table.c.conversation_id)
        .where(table.c.waiting_since == table.c.alarmed_for)
        .order_by(table.c.id)
    )
    return [_row(row) for row in rows.mappings()]


async def figures(connection: AsyncConnection, since: datetime) -> list[Figures]:
    """Return the figures of the crises since a time: of all, then of each level that occurs, gravest first."""
    rows = await connection.execute(
        select(table, conversations.c.id.label("there"))
        .outerjoin(conversations, conversations.c.id == table.c.conversation_id)
        .where(table.c.at >= since)
    )
    found = [(_row(row), row["there"] is not None) for row in rows.mappings()]
    levels = sorted({crisis.level for crisis, _ in found}, reverse=True)
    return [
        _figures(level, [pair for pair in found if level is None or pair[0].level == level])
        for level in (None, *levels)
    ]


async def purge(connection: AsyncConnection, before: datetime) -> int:
    """Delete crises older than `before`, and by cascade their alarms; return how many."""
    return (await connection.execute(delete(table).where(table.c.at < before))).rowcount


def _due(now: datetime, limit: timedelta) -> Any:
    """Of conversations that are still there: what a relative has erased nobody can take.

    A wait that begins in the future is one from before the clock was set back: its length is not known.
    """
    waited = or_(table.c.waiting_since <= now - limit, table.c.waiting_since > now + limit)
    without = or_(table.c.alarmed_for.is_(None), table.c.alarmed_for != table.c.waiting_since)
    return (
        select(table)
        .join(conversations, conversations.c.id == table.c.conversation_id)
        .where(waited, without)
        .order_by(table.c.level.desc(), table.c.waiting_since)
    )


def _first(column: Column[datetime], now: datetime) -> ColumnElement[datetime]:
    return func.coalesce(column, literal(now, column.type))


def _figures(level: int | None, found: Sequence[tuple[Crisis, bool]]) -> Figures:
    return Figures(
        level=level,
        crises=len(found),
        waiting=sum(1 for crisis, there in found if there and crisis.waiting_since),
        alarmed=sum(1 for crisis, _ in found if crisis.alarmed_at),
        to_view=_times(crisis.viewed_at - crisis.at for crisis, _ in found if crisis.viewed_at),
        to_reply=_times(crisis.replied_at - crisis.at for crisis, _ in found if crisis.replied_at),
    )


def _times(waits: Iterable[timedelta]) -> Times:
    seconds = sorted(max(0.0, wait.total_seconds()) for wait in waits)
    if not seconds:
        return Times(0, None, None, None)
    tenths = statistics.quantiles(seconds, n=10, method="inclusive") if len(seconds) > 1 else seconds * 9
    return Times(len(seconds), statistics.median(seconds), tenths[_NINE_OF_TEN - 1], seconds[-1])
