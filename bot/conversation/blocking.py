"""Blocked senders: what they get, and that danger is heard all the same. `desk` does the blocking."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.bus import QUEUE
from bot.conversation.model import Reply
from bot.conversation.service import Service
from bot.conversation.words import alternatives, phrase
from bot.conversation.writing import say
from bot.dialogue.understanding import pressed
from bot.limits import BLOCK_TOLD_HOURS
from bot.safety import Level, Verdict
from bot.store import blocks, conversations, counselors, events
from bot.store.blocks import Block
from bot.store.conversations import Conversation
from bot.store.counselors import Counselor
from knowledge.hours import OSLO


@dataclass(frozen=True)
class Blocked:
    """A block as counselors see it; who the sender is it does not say."""

    id: int
    channel: str
    conversation_id: str
    reason: str
    by: str | None
    at: datetime
    until: datetime


def is_heard(
    service: Service, conversation: Conversation, block: Block | None, verdict: Verdict, payload: str | None
) -> bool:
    """Say whether a message is treated as any other: no block, danger in it, or a danger that is not over."""
    if block is None or verdict.level >= Level.HIGH or conversation.level >= int(Level.HIGH):
        return True
    choice = pressed(payload, frozenset(service.knowledge.crisis)) if payload else None
    return choice is not None


async def turn_away(
    connection: AsyncConnection, service: Service, conversation: Conversation, block: Block
) -> None:
    """Tell the sender, once in a while, that they are blocked, until when, and whom they can call."""
    now = service.now()
    if block.told_at is not None and now - block.told_at < timedelta(hours=BLOCK_TOLD_HOURS):
        return
    await say(connection, service, conversation, _calm_text(service, conversation, block.until))
    await blocks.told(connection, block.id, now)


def _calm_text(service: Service, conversation: Conversation, until: datetime) -> Reply:
    local = until.astimezone(OSLO)
    return phrase(
        service,
        conversation,
        "blokkert",
        contacts=[service.knowledge.contacts["amk_113"], *alternatives(service)],
        dato=f"{local.day}.{local.month}.",
        klokke=f"{local:%H.%M}",
    )


async def listed(service: Service) -> list[Blocked]:
    """Return the blocks that hold, newest first."""
    async with service.database.read() as connection:
        found = await blocks.all_active(connection, service.now())
        names = await counselors.names(connection)
    return [_shown(block, names) for block in found]


async def of(service: Service, conversation_id: str) -> Blocked | None:
    """Return the block that the sender of a conversation is under."""
    async with service.database.read() as connection:
        conversation = await conversations.get(connection, conversation_id)
        if conversation is None:
            return None
        block = await blocks.active(connection, conversation.key, service.now())
        names = await counselors.names(connection) if block else {}
    return _shown(block, names) if block else None


async def lift(service: Service, block_id: int, counselor: Counselor) -> bool:
    """Let a sender write again; False when the block is gone already."""
    async with service.database.write() as connection:
        block = await blocks.lift(connection, block_id)
        if block is None:
            return False
        await events.add(connection, block.conversation_id, service.now(), "unblocked", counselor.id)
    service.bus.publish(block.conversation_id)
    service.bus.publish(QUEUE)
    return True


def _shown(block: Block, names: dict[int, str]) -> Blocked:
    return Blocked(
        id=block.id,
        channel=block.channel,
        conversation_id=block.conversation_id,
        reason=block.reason,
        by=names.get(block.counselor_id),
        at=block.at,
        until=block.until,
    )
