"""Whether a page was of use: a count by topic, answer and day. Nothing about who answered is kept."""

from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import page_votes as table


async def add(connection: AsyncConnection, topic: str, day: date, *, helpful: bool) -> None:
    """Count one answer."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    one = insert(table).values(topic=topic, day=day, helpful=helpful, number=1)
    await connection.execute(
        one.on_conflict_do_update(
            index_elements=[table.c.topic, table.c.day, table.c.helpful],
            set_={"number": table.c.number + 1},
        )
    )


async def totals(connection: AsyncConnection) -> dict[str, tuple[int, int]]:
    """Return yes and no for each topic that has been answered about."""
    rows = await connection.execute(
        select(table.c.topic, table.c.helpful, func.sum(table.c.number)).group_by(
            table.c.topic, table.c.helpful
        )
    )
    found: dict[str, tuple[int, int]] = {}
    for topic, helpful, number in rows:
        yes, no = found.get(topic, (0, 0))
        found[topic] = (yes + int(number), no) if helpful else (yes, no + int(number))
    return found


async def purge(connection: AsyncConnection, before: date) -> int:
    """Delete counts of days before `before`; return how many rows."""
    return (await connection.execute(delete(table).where(table.c.day < before))).rowcount
