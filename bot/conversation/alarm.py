"""How soon danger is met by a person, read from what is on record."""

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.model import Author
from bot.conversation.service import Service
from bot.store import events, messages


@dataclass(frozen=True)
class Met:
    """When the latest danger came, and the seconds until a counselor saw it and answered; None: not yet."""

    danger_at: datetime
    viewed: float | None
    replied: float | None


async def met(service: Service, conversation_id: str) -> Met | None:
    """Return how soon the latest danger in a conversation was met; None when there is none."""
    async with service.database.read() as connection:
        happened = await events.of(connection, conversation_id)
        written = await messages.last(connection, conversation_id, Author.COUNSELOR.value, 2**31 - 1, 1_000)
    danger_at = max((at for at, kind, _ in happened if kind == "danger"), default=None)
    if danger_at is None:
        return None
    views = [at for at, kind, _ in happened if kind == "viewed"]
    replies = [row.created_at for row in written]
    return Met(danger_at, _seconds(danger_at, views), _seconds(danger_at, replies))


def _seconds(start: datetime, times: list[datetime]) -> float | None:
    return min(((at - start).total_seconds() for at in times if at >= start), default=None)
