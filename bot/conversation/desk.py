"""What a counselor may do with conversations: see the queue, claim, write, hand back, put back, close, block."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.bus import QUEUE
from bot.conversation.intake import check_text
from bot.conversation.model import Author, Move, RefusedError, State
from bot.conversation.service import ImpossibleMoveError, Service, move
from bot.conversation.words import phrase
from bot.conversation.writing import say, write
from bot.dialogue import memory
from bot.limits import BLOCK_HOURS, BLOCK_REASONS
from bot.safety import Level
from bot.store import blocks, conversations, counselors, crises, events, messages
from bot.store.conversations import Conversation
from bot.store.counselors import Counselor
from knowledge.navigator import SKIPPED, answers_in
from knowledge.vocabulary import SAID_FACTS

LISTED = [State.WAITING.value, State.CALLBACK.value, State.COUNSELOR.value]


class TakenError(Exception):
    """Somebody else has the conversation, or it is no longer there to be had."""


@dataclass(frozen=True)
class Listed:
    """A conversation as the queue shows it, without content."""

    id: str
    channel: str
    state: str
    level: str
    intent: str | None
    reason: str | None
    waiting_since: datetime | None
    owner: int | None
    owner_name: str | None
    last_at: datetime
    last_seq: int
    alarmed: bool  # danger that nobody has taken in time
    blocked: bool


async def queue(service: Service) -> list[Listed]:
    """Return what waits or is being talked with: danger first, then the longest wait."""
    async with service.database.read() as connection:
        rows = await conversations.queue(connection, LISTED)
        marks = await _read_marks(connection, service)
    return [_listed(row, marks) for row in rows]


async def look(service: Service, conversation_id: str) -> Listed | None:
    """Return one conversation as the queue shows it, in any state."""
    async with service.database.read() as connection:
        row = await conversations.get(connection, conversation_id)
        marks = await _read_marks(connection, service)
    return _listed(row, marks) if row else None


async def summary(service: Service, conversation_id: str) -> list[tuple[str, str]]:
    """Return what the bot has understood, as label and value in Norwegian; the number to call is part of it."""
    async with service.database.read() as connection:
        row = await conversations.get(connection, conversation_id)
    if row is None:
        return []
    cipher = service.database.cipher
    slots = memory.slots_of(cipher.open(row.dialogue)) if row.dialogue else {}
    facts: list[tuple[str, Any]] = [(name, slots.get(name)) for name in _SUMMARY_SLOTS]
    said = answers_in(slots.get("navigator"))  # what has no slot of its own, as far as the relative knew it
    facts += [(name, said[name]) for name in SAID_FACTS if said.get(name, SKIPPED) != SKIPPED]
    facts.append(("telefon", (cipher.open(row.callback) or {}).get("telefon") if row.callback else None))
    facts.append(("krise", row.intent if row.level else None))
    return [
        (service.knowledge.phrases[f"etikett_{name}"].wording("nb"), _in_words(service, name, value))
        for name, value in facts
        if value not in (None, "")
    ]


_SUMMARY_SLOTS = ("tema", "relasjon", "tilstand", "kommune", "pasient_alder", "skriver_alder")


def _in_words(service: Service, name: str, value: Any) -> str:
    if name == "kommune" and value in service.knowledge.kommuner:
        return service.knowledge.kommuner[value].name
    if name in ("tema", "krise") and value in service.knowledge.intents:
        return service.knowledge.intent_title(value, "nb")
    own = service.knowledge.phrases.get(f"verdi_{name}_{value}")
    if own:
        return own.wording("nb")
    if isinstance(value, float):
        return f"{value:g} år"
    return str(value).replace("_", " ")


async def claim(service: Service, conversation_id: str, counselor: Counselor) -> None:
    """Take a conversation; of two who try, one gets it. Raises TakenError."""

    async def take(connection: AsyncConnection, conversation: Conversation) -> None:
        if conversation.state == State.COUNSELOR and conversation.owner_id == counselor.id:
            return
        await move(connection, service, conversation, Move.CLAIM, counselor_id=counselor.id)
        await crises.claimed(connection, conversation_id, counselor.id, service.now())
        await counselors.change(connection, counselor.id, seen_at=service.now())
        joined = phrase(service, conversation, "radgiver_kom", navn=counselor.name)
        await say(connection, service, conversation, joined, author=Author.SYSTEM)

    await _change(service, conversation_id, take)


async def write_as(
    service: Service, conversation_id: str, counselor: Counselor, client_id: str, text: str
) -> int:
    """Store a counselor's message and return its number; a repeated id changes nothing.

    Raises TakenError unless the counselor has the conversation, RefusedError for a text we cannot take.
    """
    text = check_text(text)
    try:
        seq = await _store(service, conversation_id, counselor, client_id, text)
    except IntegrityError:
        # A twin with the same id came first: its number is ours.
        seq = await _store(service, conversation_id, counselor, client_id, text)
    _news(service, conversation_id)
    return seq


async def _store(
    service: Service, conversation_id: str, counselor: Counselor, client_id: str, text: str
) -> int:
    async with service.database.write() as connection:
        conversation = await _owned(connection, conversation_id, counselor)
        seq = await messages.seq_of(connection, conversation_id, client_id)
        if seq is not None:
            return seq
        await crises.replied(connection, conversation_id, counselor.id, service.now())
        await counselors.change(connection, counselor.id, seen_at=service.now())
        return await write(
            connection,
            service,
            conversation,
            Author.COUNSELOR,
            {"text": text},
            client_id=client_id,
            counselor_id=counselor.id,
        )


async def hand_back(service: Service, conversation_id: str, counselor: Counselor) -> None:
    """Give the conversation back to the bot. The danger level is the counselor's to lower: it is cleared."""

    async def give(connection: AsyncConnection, conversation: Conversation) -> None:
        _check_owner(conversation, counselor)
        await move(connection, service, conversation, Move.HAND_BACK, counselor_id=counselor.id)
        await conversations.change(connection, conversation_id, level=0, intent=None)
        await crises.ended(connection, conversation_id, service.now())
        handed = phrase(service, conversation, "radgiver_gikk", navn=counselor.name)
        await say(connection, service, conversation, handed, author=Author.SYSTEM)

    await _change(service, conversation_id, give)


async def put_back(service: Service, conversation_id: str, counselor: Counselor) -> None:
    """Put the conversation back in the queue, for another counselor."""

    async def put(connection: AsyncConnection, conversation: Conversation) -> None:
        _check_owner(conversation, counselor)
        await move(
            connection, service, conversation, Move.PUT_BACK, reason="overført", counselor_id=counselor.id
        )
        if conversation.level >= int(Level.HIGH):
            await crises.wait_again(connection, conversation_id, service.now())
        waits = phrase(service, conversation, "ko_overfort", navn=counselor.name)
        await say(connection, service, conversation, waits, author=Author.SYSTEM)

    await _change(service, conversation_id, put)


async def close(service: Service, conversation_id: str, counselor: Counselor, *, danger_met: bool) -> None:
    """End the conversation. One with danger needs the counselor's word that it has been met; raises RefusedError."""

    async def end(connection: AsyncConnection, conversation: Conversation) -> None:
        await _end(connection, service, conversation, counselor, danger_met)
        closed = phrase(service, conversation, "avsluttet", navn=counselor.name)
        await say(connection, service, conversation, closed, author=Author.SYSTEM)

    await _change(service, conversation_id, end)


async def block(
    service: Service,
    conversation_id: str,
    counselor: Counselor,
    *,
    reason: str,
    hours: int,
    danger_met: bool,
) -> None:
    """End the conversation, and let its sender reach us with danger only, for so many hours.

    Raises RefusedError for a reason or time that is not among the choices, and as `close` does for danger not met.
    """
    if reason not in BLOCK_REASONS or hours not in BLOCK_HOURS:
        raise RefusedError("konsoll_blokkering_ugyldig")

    async def end(connection: AsyncConnection, conversation: Conversation) -> None:
        await _end(connection, service, conversation, counselor, danger_met)
        now = service.now()
        await blocks.put(
            connection,
            conversation.key,
            channel=conversation.channel,
            conversation_id=conversation_id,
            counselor_id=counselor.id,
            reason=reason,
            at=now,
            until=now + timedelta(hours=hours),
        )
        await events.add(
            connection, conversation_id, now, "blocked", counselor.id, reason=reason, hours=hours
        )
        closed = phrase(service, conversation, "blokkert_avsluttet")
        await say(connection, service, conversation, closed, author=Author.SYSTEM)

    await _change(service, conversation_id, end)


async def _end(
    connection: AsyncConnection,
    service: Service,
    conversation: Conversation,
    counselor: Counselor,
    danger_met: bool,
) -> None:
    if conversation.state in (State.WAITING, State.CALLBACK):
        await move(connection, service, conversation, Move.CLAIM, counselor_id=counselor.id)
        await crises.claimed(connection, conversation.id, counselor.id, service.now())
        conversation = await conversations.get(connection, conversation.id) or conversation
    _check_owner(conversation, counselor)
    if conversation.level >= int(Level.HIGH) and not danger_met:
        raise RefusedError("konsoll_fare_ikke_motte")
    await move(connection, service, conversation, Move.CLOSE, counselor_id=counselor.id)
    await conversations.change(connection, conversation.id, level=0, intent=None, callback=None)
    await crises.ended(connection, conversation.id, service.now())


async def viewed(
    service: Service,
    conversation_id: str,
    counselor: Counselor,
    *,
    upto: datetime | None = None,
    opened: bool = True,
) -> None:
    """Note what a counselor has on the screen: who `opened` what is on record, and how soon danger was seen.

    `upto` is when it was read: danger that came later has not been seen.
    """
    if not opened:
        async with service.database.read() as connection:
            if not await crises.is_unseen(connection, conversation_id):
                return
    async with service.database.write() as connection:
        now = service.now()
        if opened:
            await events.add(connection, conversation_id, now, "viewed", counselor.id)
        await crises.viewed(connection, conversation_id, counselor.id, now, upto or now)


Change = Callable[[AsyncConnection, Conversation], Awaitable[None]]


async def _change(service: Service, conversation_id: str, change: Change) -> None:
    async with service.database.write() as connection:
        conversation = await conversations.get(connection, conversation_id, lock=True)
        if conversation is None:
            raise TakenError
        try:
            await change(connection, conversation)
        except ImpossibleMoveError as error:
            raise TakenError from error
    _news(service, conversation_id)


async def _owned(connection: AsyncConnection, conversation_id: str, counselor: Counselor) -> Conversation:
    conversation = await conversations.get(connection, conversation_id, lock=True)
    if conversation is None:
        raise TakenError
    _check_owner(conversation, counselor)
    return conversation


def _check_owner(conversation: Conversation, counselor: Counselor) -> None:
    if conversation.state != State.COUNSELOR or conversation.owner_id != counselor.id:
        raise TakenError


def _news(service: Service, conversation_id: str) -> None:
    service.bus.publish(conversation_id)
    service.bus.publish(QUEUE)
    service.deliver()


@dataclass(frozen=True)
class _Marks:
    """What a list of conversations is marked with, read once for all of it."""

    names: dict[int, str]
    alarmed: frozenset[str]
    blocked: frozenset[str]


async def _read_marks(connection: AsyncConnection, service: Service) -> _Marks:
    return _Marks(
        names=await counselors.names(connection),
        alarmed=frozenset(crisis.conversation_id for crisis in await crises.alarmed(connection)),
        blocked=frozenset(block.key for block in await blocks.all_active(connection, service.now())),
    )


def _listed(row: Conversation, marks: _Marks) -> Listed:
    return Listed(
        id=row.id,
        channel=row.channel,
        state=row.state,
        level=Level(row.level).label,
        intent=row.intent,
        reason=row.reason,
        waiting_since=row.waiting_since,
        owner=row.owner_id,
        owner_name=marks.names.get(row.owner_id) if row.owner_id else None,
        last_at=row.active_at,
        last_seq=row.last_seq,
        alarmed=row.id in marks.alarmed,
        blocked=row.key in marks.blocked,
    )
