"""What a reader gets: all messages after a number, decrypted, and where the conversation stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.model import Author, Item, State
from bot.conversation.parts import LOOKED_BACK
from bot.conversation.service import Service
from bot.limits import ITEMS_PER_READ
from bot.store import conversations, counselors, deliveries, messages
from bot.store.cipher import UnreadableError
from bot.store.conversations import Conversation
from bot.store.messages import Message

_SHOWN = ("text", "sources", "entries", "buttons", "contacts")  # of a stored message


@dataclass(frozen=True)
class Standing:
    """Who has the conversation: its state, the place in the queue while it waits, the counselor's name."""

    state: State
    place: int | None
    counselor: str | None
    last_seq: int


async def find(service: Service, channel: str, key: str) -> Conversation | None:
    """Return the conversation of a token or number, if there is one."""
    async with service.database.read() as connection:
        return await conversations.find(connection, service.database.cipher.lookup(channel, key))


async def items_after(
    service: Service, conversation_id: str, seq: int, *, for_counselor: bool = False
) -> list[Item]:
    """Return the messages after a number, in order, at most ITEMS_PER_READ. A relative sees no delivery notes."""
    async with service.database.read() as connection:
        rows = await messages.after(connection, conversation_id, seq, ITEMS_PER_READ)
        names = await counselors.names(connection)
        sent = await deliveries.statuses(connection, conversation_id) if for_counselor else {}
    return _items(service, rows, names, sent, for_counselor=for_counselor)


async def items_anew(service: Service, conversation_id: str, seq: int) -> list[Item]:
    """Return the relative's last messages up to a number: those that a later one may have redacted further."""
    async with service.database.read() as connection:
        rows = await messages.last(connection, conversation_id, Author.RELATIVE.value, seq + 1, LOOKED_BACK)
    return _items(service, rows, {}, {}, for_counselor=True)


def _items(
    service: Service,
    rows: Sequence[Message],
    names: Mapping[int, str],
    sent: Mapping[int, str],
    *,
    for_counselor: bool,
) -> list[Item]:
    items = []
    shown = (*_SHOWN, "danger") if for_counselor else _SHOWN
    for row in rows:
        try:
            body = service.database.cipher.open(row.body)
        except UnreadableError:
            body = {"text": service.knowledge.phrases["uleselig"].wording("nb")}
        items.append(
            Item(
                seq=row.seq,
                author=Author(row.author),
                kind=row.kind,
                at=row.created_at,
                id=row.client_id,
                name=names.get(row.counselor_id) if row.counselor_id else None,
                delivery=sent.get(row.seq),
                **{key: body[key] for key in shown if key in body},
            )
        )
    return items


async def standing(service: Service, conversation_id: str) -> Standing | None:
    """Return where the conversation stands, or None when it is gone."""
    async with service.database.read() as connection:
        conversation = await conversations.get(connection, conversation_id)
        if conversation is None:
            return None
        place = None
        if conversation.state == State.WAITING:
            place = await conversations.place_in_queue(connection, conversation, State.WAITING.value)
        owner = await counselors.get(connection, conversation.owner_id) if conversation.owner_id else None
    return Standing(State(conversation.state), place, owner.name if owner else None, conversation.last_seq)


async def erase(service: Service, channel: str, key: str) -> bool:
    """Delete everything of a conversation at the relative's wish; False when there was nothing."""
    async with service.database.write() as connection:
        conversation = await conversations.find(
            connection, service.database.cipher.lookup(channel, key), lock=True
        )
        if conversation is None:
            return False
        await conversations.erase(connection, conversation.id)
    service.bus.publish(conversation.id, gone=True)
    service.bus.publish("queue")
    return True
