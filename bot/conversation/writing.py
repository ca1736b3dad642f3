"""The one place where messages are written: number, encryption, and the SMS that carries it if it goes by SMS."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.model import Author, Reply
from bot.conversation.service import Service
from bot.store import conversations, deliveries, messages
from bot.store.conversations import Conversation


async def write(
    connection: AsyncConnection,
    service: Service,
    conversation: Conversation,
    author: Author,
    body: dict[str, Any],
    *,
    kind: str = "text",
    client_id: str | None = None,
    counselor_id: int | None = None,
    level: int = 0,
    pending: bool = False,
) -> int:
    """Store one message and return its number in the conversation."""
    now = service.now()
    seq = await conversations.next_seq(connection, conversation.id, now)
    await messages.add(
        connection,
        conversation_id=conversation.id,
        seq=seq,
        author=author.value,
        counselor_id=counselor_id,
        client_id=client_id,
        kind=kind,
        body=service.database.cipher.seal(body),
        level=level,
        pending=pending,
        created_at=now,
    )
    goes_by_sms = (
        conversation.address is not None and author is not Author.RELATIVE and not conversation.muted
    )
    if goes_by_sms:
        await deliveries.add(
            connection, conversation_id=conversation.id, seq=seq, status="queued", next_at=now, updated_at=now
        )
    return seq


async def say(
    connection: AsyncConnection,
    service: Service,
    conversation: Conversation,
    *replies: Reply,
    author: Author = Author.BOT,
) -> None:
    """Store replies to the relative, in order."""
    for reply in replies:
        await write(connection, service, conversation, author, reply.body(), kind=reply.kind)
