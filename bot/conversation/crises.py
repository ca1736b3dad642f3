"""A crisis from the first dangerous message until a counselor ends it, and what counselors are told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.model import Author, Move, State
from bot.conversation.service import Service, move
from bot.conversation.words import phrase
from bot.conversation.writing import say
from bot.limits import PRESENCE_SECONDS
from bot.safety import Level, Verdict
from bot.store import alarms, conversations, counselors, crises
from bot.store.conversations import Conversation
from bot.store.crises import Figures


@dataclass(frozen=True)
class Told:
    """A crisis as counselors see it: times in seconds from the first dangerous message, and names."""

    at: datetime
    level: str
    seen_after: float | None
    seen_by: str | None
    replied_after: float | None
    replied_by: str | None
    waiting_since: datetime | None
    alarmed_at: datetime | None
    alarms: dict[str, str]


async def note(
    connection: AsyncConnection, service: Service, conversation: Conversation, verdict: Verdict
) -> None:
    """Begin a crisis, or go on with the one that is open, in the transaction that stores the dangerous message.

    `conversation` is as it was before the message. A crisis that gets graver keeps its clock; if its alarm has gone
    already it becomes a new one, so that the graver danger has an alarm of its own.
    """
    level, now = int(verdict.level), service.now()
    last = await crises.newest(connection, conversation.id)
    if last is not None and _goes_on(last):
        if level <= last.level:
            return
        if not last.alarmed:
            await crises.change(connection, last.id, level=level, intent=verdict.intent)
            return
    held = conversation.state == State.COUNSELOR
    await crises.add(
        connection,
        conversation_id=conversation.id,
        at=now,
        level=level,
        intent=verdict.intent,
        claimed_at=now if held else None,
        waiting_since=None if held else now,
    )


def _goes_on(last: crises.Crisis) -> bool:
    """Say whether new danger belongs to the last crisis: it has not been ended, and somebody is still to answer it."""
    return last.ended_at is None and (last.replied_at is None or last.waiting_since is not None)


async def free_from_who_is_gone(
    connection: AsyncConnection, service: Service, conversation: Conversation
) -> Conversation:
    """Queue a conversation whose counselor is no longer there, so that others see its danger and can take it.

    The caller holds the conversation's row and has danger to tell; one with a counselor who is there is left alone.
    """
    if conversation.state != State.COUNSELOR or await _owner_is_there(connection, service, conversation):
        return conversation
    await move(connection, service, conversation, Move.PUT_BACK, reason="krise")
    if conversation.level >= int(Level.HIGH):
        await crises.wait_again(connection, conversation.id, service.now())
    lost = phrase(service, conversation, "radgiver_mistet")
    await say(connection, service, conversation, lost, author=Author.SYSTEM)
    return await conversations.get(connection, conversation.id) or conversation


async def _owner_is_there(connection: AsyncConnection, service: Service, conversation: Conversation) -> bool:
    owner = await counselors.get(connection, conversation.owner_id) if conversation.owner_id else None
    seen = owner.seen_at if owner else None
    return seen is not None and seen >= service.now() - timedelta(seconds=PRESENCE_SECONDS)


async def told(service: Service, conversation_id: str) -> list[Told]:
    """Return the crises of a conversation, oldest first."""
    async with service.database.read() as connection:
        found = await crises.of(connection, conversation_id)
        names = await counselors.names(connection) if found else {}
        sent = await alarms.statuses(connection, conversation_id) if found else {}
    return [
        Told(
            at=crisis.at,
            level=Level(crisis.level).label,
            seen_after=_seconds(crisis.at, crisis.viewed_at),
            seen_by=names.get(crisis.viewed_by) if crisis.viewed_by else None,
            replied_after=_seconds(crisis.at, crisis.replied_at),
            replied_by=names.get(crisis.replied_by) if crisis.replied_by else None,
            waiting_since=crisis.waiting_since,
            alarmed_at=crisis.alarmed_at,
            alarms=sent.get(crisis.id, {}),
        )
        for crisis in found
    ]


async def figures(service: Service, days: int) -> list[Figures]:
    """Return how soon crises of the last days were seen and answered: all, then by level."""
    async with service.database.read() as connection:
        return await crises.figures(connection, service.now() - timedelta(days=days))


def _seconds(begun: datetime, ended: datetime | None) -> float | None:
    return max(0.0, (ended - begun).total_seconds()) if ended else None
