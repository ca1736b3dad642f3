"""Private numbers told in parts, over several messages: what is stored of the first parts is written anew.

A first part ("010190") is no number yet. It stands in the database, encrypted, until the next part comes: that
cannot be helped, since until then nobody knows. How far back parts are looked for: `LOOKED_BACK` messages.
"""

import logging

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.model import Author
from bot.conversation.service import Service
from bot.safety import Redacted, redact, redact_after
from bot.store import messages
from bot.store.cipher import UnreadableError
from bot.store.conversations import Conversation

log = logging.getLogger(__name__)

LOOKED_BACK = 6  # of the relative's own messages; a console reads as many again with each new one


async def redact_with_earlier(
    connection: AsyncConnection, service: Service, conversation: Conversation, text: str
) -> Redacted:
    """Redact a new message together with the relative's last ones, and store those anew that hold a part of a number.

    It is to be called in the transaction that stores the new message, so that no part outlives the others.
    Earlier messages that cannot be read stay as they are.
    """
    rows = await messages.last(
        connection, conversation.id, Author.RELATIVE.value, conversation.last_seq + 1, LOOKED_BACK
    )
    cipher = service.database.cipher
    try:
        bodies = [cipher.open(row.body) for row in rows]
    except UnreadableError:
        log.error("earlier messages cannot be searched for parts of numbers with the present keys")
        return redact(text)
    earlier, redacted = redact_after([body["text"] for body in bodies], text)
    for row, body, now in zip(rows, bodies, earlier, strict=True):
        if now != body["text"]:
            await messages.rewrite(connection, row.id, cipher.seal(body | {"text": now}))
    return redacted
