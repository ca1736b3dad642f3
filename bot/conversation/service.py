"""What every part of a conversation needs, made once at the start and handed round."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.bus import Bus
from bot.conversation.model import MOVES, Move, State
from bot.dialogue.engine import Engine
from bot.limits import PRESENCE_SECONDS
from bot.settings import Settings
from bot.store import conversations, counselors, events
from bot.store.conversations import Conversation
from bot.store.database import Database
from knowledge import Knowledge


def utc_now() -> datetime:
    """Return the time, with its zone."""
    return datetime.now(UTC)


@dataclass
class Service:
    """The database, the knowledge base, the engine and the bus. `work` wakes whoever answers messages."""

    database: Database
    knowledge: Knowledge
    engine: Engine
    settings: Settings
    bus: Bus = field(default_factory=Bus)
    now: Callable[[], datetime] = utc_now
    work: Callable[[], None] = lambda: None
    deliver: Callable[[], None] = lambda: None

    async def counselors_on_duty(self, connection: AsyncConnection) -> int:
        """Return how many counselors are there now."""
        now, presence = self.now(), timedelta(seconds=PRESENCE_SECONDS)
        return await counselors.on_duty(connection, now - presence, now + presence)


class ImpossibleMoveError(Exception):
    """The conversation is in a state from which this cannot happen."""


async def move(
    connection: AsyncConnection,
    service: Service,
    conversation: Conversation,
    what: Move,
    *,
    reason: str | None = None,
    counselor_id: int | None = None,
) -> State:
    """Move a conversation to its next state and note it; raises ImpossibleMoveError."""
    state = MOVES.get((State(conversation.state), what))
    if state is None:
        raise ImpossibleMoveError(f"{conversation.state} has no {what}")
    now = service.now()
    values: dict[str, object] = {"state": state.value}
    queued = state in (State.WAITING, State.CALLBACK)
    if queued:
        values["waiting_since"] = conversation.waiting_since or now
        values["reason"] = reason or conversation.reason
    else:
        values["waiting_since"] = None
    values["owner_id"] = (counselor_id or conversation.owner_id) if state is State.COUNSELOR else None
    values["closed_at"] = now if state is State.CLOSED else None
    if what is Move.HAND_BACK or what is Move.CLOSE:
        values["reason"] = None
    await conversations.change(connection, conversation.id, **values)
    await events.add(
        connection, conversation.id, now, what.value, counselor_id, state=state.value, reason=reason
    )
    return state
