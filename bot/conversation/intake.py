"""What happens when a message comes in: check, screen, redact, store. Only then is it acknowledged.

Danger is answered in the same transaction, without the engine: it may say in time which danger it is, but nobody waits
for it. Everything else is left as pending work.
"""

import logging
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import blocking, crises
from bot.conversation.bus import QUEUE
from bot.conversation.danger import danger_reply, why
from bot.conversation.keywords import Keyword, keyword_of, payload_of
from bot.conversation.model import Author, Move, RefusedError, State
from bot.conversation.parts import redact_with_earlier
from bot.conversation.service import Service, move
from bot.conversation.words import phrase
from bot.conversation.writing import say, write
from bot.dialogue import memory
from bot.dialogue.engine import Parse
from bot.dialogue.language import language_of, malform_of
from bot.dialogue.understanding import second_opinion, with_engine
from bot.limits import CLIENT_ID_CHARACTERS, MESSAGE_CHARACTERS, MESSAGES_PER_MINUTE
from bot.safety import Level, Redacted, Verdict, screen
from bot.store import blocks, conversations, events, messages
from bot.store.cipher import UnreadableError
from bot.store.conversations import Conversation

log = logging.getLogger(__name__)

HISTORY = 6  # earlier messages the screen looks back on
ADULT = 18
_PAYLOAD = re.compile(r"/[a-z_]{2,40}(\{.{0,500}\})?")
# What is not seen: controls, marks that turn the direction of text, tags, halves of characters. Joiners stay: emoji and
# some alphabets need them.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)


_WITH_PEOPLE = (State.WAITING, State.CALLBACK, State.COUNSELOR)
_CONFIRMATIONS = {Keyword.STOP: "sms_stopp", Keyword.START: "sms_start", Keyword.ERASE: "slettet_sms"}


@dataclass(frozen=True)
class Incoming:
    """A message as a channel hands it over. `key` is who: the widget's token, or the number."""

    channel: str
    key: str
    client_id: str
    text: str
    payload: str | None = None
    address: str | None = None
    wordless: bool = False  # a picture or a sound, of which the gateway gives us nothing
    hurried: bool = False  # too much comes from where it comes from: only danger is taken


@dataclass(frozen=True)
class Ack:
    """The message is stored, under this number; `repeated` when it already was."""

    conversation_id: str
    seq: int
    repeated: bool


def check_text(text: str) -> str:
    """Return the text without control characters and outer space; RefusedError when none or too much is left."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise RefusedError("tom_melding")
    if len(text) > MESSAGE_CHARACTERS:
        raise RefusedError("for_langt")
    return text


def check_incoming(incoming: Incoming) -> Incoming:
    """Return the message with control characters removed; raises RefusedError."""
    text = "" if incoming.wordless else check_text(incoming.text)
    check_client_id(incoming.client_id)
    payload = incoming.payload or ""
    pressed = payload.isprintable() and _PAYLOAD.fullmatch(payload)
    return replace(incoming, text=text, payload=payload if pressed else None)


def check_client_id(client_id: str) -> None:
    """Raise RefusedError for an id that no page or gateway of ours would make."""
    if not (client_id.isascii() and client_id.isprintable() and 1 <= len(client_id) <= CLIENT_ID_CHARACTERS):
        raise RefusedError("ugyldig")


async def receive(service: Service, incoming: Incoming) -> Ack:
    """Store a message and answer danger at once; a repeated id changes nothing. Raises RefusedError."""
    incoming = check_incoming(incoming)
    in_danger = screen(incoming.text).level >= Level.HIGH
    opinion = await second_opinion(service.engine, incoming.text) if in_danger else None
    try:
        ack = await _store(service, incoming, opinion)
    except IntegrityError:
        # A twin came first, with the same id or the same new conversation: its result is ours.
        ack = await _store(service, incoming, opinion)
    if not ack.repeated:
        service.bus.publish(ack.conversation_id)
        service.bus.publish(QUEUE)
        service.work()
        service.deliver()
    return ack


async def _store(service: Service, incoming: Incoming, opinion: Parse | None) -> Ack:
    key = service.database.cipher.lookup(incoming.channel, incoming.key)
    async with service.database.write() as connection:
        conversation = await conversations.find(connection, key, lock=True)
        if conversation is None:
            conversation = await _create(connection, service, incoming, key)
        seq = await messages.seq_of(connection, conversation.id, incoming.client_id)
        if seq is not None:
            return Ack(conversation.id, seq, repeated=True)
        keyword = keyword_of(incoming.text) if incoming.channel == "sms" else None
        if keyword is not None:
            return await _obey(connection, service, conversation, incoming, keyword)
        block = await blocks.active(connection, key, service.now())
        verdict = screen(incoming.text, await _history(connection, service, conversation))
        if opinion is not None:
            verdict = with_engine(verdict, opinion, language_of(incoming.text))
        heard = blocking.is_heard(service, conversation, block, verdict, incoming.payload)
        if incoming.wordless and heard:
            return await _ask_for_words(connection, service, conversation, incoming)
        if verdict.level < Level.HIGH:  # whoever is in danger is heard, however fast they write
            await _check_rate(connection, service, conversation, incoming)
        redacted = await redact_with_earlier(connection, service, conversation, incoming.text)
        conversation = await _follow(connection, conversation, incoming.text)
        at_once = verdict.level >= Level.HIGH
        seq = await write(
            connection,
            service,
            conversation,
            Author.RELATIVE,
            _body(incoming, redacted, verdict)
            if heard
            else _unheard_body(service, conversation, incoming, redacted),
            client_id=incoming.client_id,
            level=int(verdict.level),
            pending=heard and not at_once,
        )
        if block is not None and not heard:
            await blocking.turn_away(connection, service, conversation, block)
            return Ack(conversation.id, seq, repeated=False)
        if seq == 1 and incoming.channel == "sms":
            await say(connection, service, conversation, phrase(service, conversation, "sms_velkommen"))
        if at_once:
            await meet_danger(connection, service, conversation, verdict)
        await _note_redaction(connection, service, conversation, redacted)
        return Ack(conversation.id, seq, repeated=False)


async def _create(
    connection: AsyncConnection, service: Service, incoming: Incoming, key: str
) -> Conversation:
    now = service.now()
    conversation_id = uuid4().hex
    await conversations.create(
        connection,
        id=conversation_id,
        channel=incoming.channel,
        key=key,
        address=service.database.cipher.seal(incoming.address) if incoming.address else None,
        state=State.BOT.value,
        malform=malform_of(incoming.text) or "nb",
        created_at=now,
        active_at=now,
    )
    await events.add(connection, conversation_id, now, "opened", channel=incoming.channel)
    conversation = await conversations.get(connection, conversation_id)
    if conversation is None:
        raise LookupError("a conversation vanished inside its transaction")
    return conversation


async def _check_rate(
    connection: AsyncConnection, service: Service, conversation: Conversation, incoming: Incoming
) -> None:
    if incoming.hurried:
        raise RefusedError("for_fort")
    now = service.now()
    since = now - timedelta(minutes=1)
    count = await messages.count_between(connection, conversation.id, Author.RELATIVE.value, since, now)
    if count >= MESSAGES_PER_MINUTE:
        raise RefusedError("for_fort")


async def _history(connection: AsyncConnection, service: Service, conversation: Conversation) -> list[str]:
    rows = await messages.last(
        connection, conversation.id, Author.RELATIVE.value, conversation.last_seq + 1, HISTORY
    )
    try:
        return [service.database.cipher.open(row.body)["text"] for row in rows]
    except UnreadableError:
        log.error("earlier messages cannot be read with the present keys")
        return []


async def _follow(connection: AsyncConnection, conversation: Conversation, text: str) -> Conversation:
    """Answer in the written form the relative uses now, and again by SMS when one who said STOPP writes."""
    malform = malform_of(text) or conversation.malform
    if malform == conversation.malform and not conversation.muted:
        return conversation
    await conversations.change(connection, conversation.id, malform=malform, muted=False)
    return replace(conversation, malform=malform, muted=False)


async def _obey(
    connection: AsyncConnection,
    service: Service,
    conversation: Conversation,
    incoming: Incoming,
    keyword: Keyword,
) -> Ack:
    """Do what a keyword says, and confirm it. The keyword itself is stored, so that a repeat does nothing."""
    if keyword is Keyword.ERASE:
        # A new, empty conversation stays: it carries the confirmation out.
        await conversations.erase(connection, conversation.id)
        conversation = await _create(connection, service, incoming, conversation.key)
    confirmation = phrase(service, conversation, _CONFIRMATIONS[keyword], kind="info")
    body = {"text": incoming.text.strip(), "payload": None, "telefon": None}
    seq = await write(connection, service, conversation, Author.RELATIVE, body, client_id=incoming.client_id)
    await say(connection, service, replace(conversation, muted=False), confirmation)
    await conversations.change(connection, conversation.id, muted=keyword is Keyword.STOP)
    await events.add(connection, conversation.id, service.now(), "keyword", keyword=keyword.value)
    return Ack(conversation.id, seq, repeated=False)


async def _ask_for_words(
    connection: AsyncConnection, service: Service, conversation: Conversation, incoming: Incoming
) -> Ack:
    """Answer what holds no text, so that nobody who sent a picture waits for nothing."""
    placeholder = phrase(service, conversation, "uten_tekst")
    body = {"text": placeholder.text, "payload": None, "telefon": None}
    seq = await write(connection, service, conversation, Author.RELATIVE, body, client_id=incoming.client_id)
    await say(connection, service, conversation, phrase(service, conversation, "ikke_tekst"))
    return Ack(conversation.id, seq, repeated=False)


def _is_under_18(service: Service, conversation: Conversation) -> bool:
    """Say whether the writer has told an age under 18; False when that cannot be known."""
    if conversation.dialogue is None:
        return False
    try:
        slots = memory.slots_of(service.database.cipher.open(conversation.dialogue))
    except UnreadableError:
        return False
    age = slots.get("skriver_alder")
    return age is not None and float(age) < ADULT


def _body(incoming: Incoming, redacted: Redacted, verdict: Verdict) -> dict[str, Any]:
    """Return what is stored of a message. A phone number waits, masked in the text, for whether a call is wanted."""
    phones = [span.value for span in redacted.spans if span.kind == "telefon"]
    return {
        "text": redacted.text,
        "payload": incoming.payload or (payload_of(incoming.text) if incoming.channel == "sms" else None),
        "telefon": phones[-1] if phones else None,
    } | ({"danger": why(verdict, incoming.text)} if verdict.level > Level.NONE else {})


def _unheard_body(
    service: Service, conversation: Conversation, incoming: Incoming, redacted: Redacted
) -> dict[str, Any]:
    """Return what is stored of a blocked sender's message: nobody will call, so no number is kept for that."""
    text = phrase(service, conversation, "uten_tekst").text if incoming.wordless else redacted.text
    return {"text": text, "payload": None, "telefon": None}


async def _note_redaction(
    connection: AsyncConnection, service: Service, conversation: Conversation, redacted: Redacted
) -> None:
    """Tell the relative what was taken out and why. A phone number is not spoken of: it may be wanted for a call."""
    kinds = {span.kind for span in redacted.spans} - {"telefon"}
    if kinds:
        told = "sladdet_fodselsnummer" if "fodselsnummer" in kinds else "sladdet_annet"
        await say(connection, service, conversation, phrase(service, conversation, told))


async def leave(service: Service, channel: str, key: str) -> None:
    """Note that the relative has ended the chat, where a person has it or is asked for. It stays to be answered."""
    async with service.database.write() as connection:
        lookup = service.database.cipher.lookup(channel, key)
        conversation = await conversations.find(connection, lookup, lock=True)
        if conversation is None or conversation.state not in _WITH_PEOPLE:
            return
        left = phrase(service, conversation, "parorende_gikk")
        await say(connection, service, conversation, left, author=Author.SYSTEM)
        await events.add(connection, conversation.id, service.now(), "left")
    service.bus.publish(conversation.id)
    service.bus.publish(QUEUE)


async def meet_danger(
    connection: AsyncConnection, service: Service, conversation: Conversation, verdict: Verdict
) -> None:
    """Answer danger and put the conversation first in the queue, in the transaction that stores the message."""
    intent = verdict.intent or conversation.intent or "krise_akutt_helse"
    conversation = await crises.free_from_who_is_gone(connection, service, conversation)
    await crises.note(connection, service, conversation, verdict)
    on_duty = await service.counselors_on_duty(connection) > 0
    with_counselor = conversation.state == State.COUNSELOR
    rises = int(verdict.level) > conversation.level
    if rises or not with_counselor:
        # Someone who has a counselor is not talked over, unless it has become worse.
        said = await events.count(connection, conversation.id, "danger")
        reply = danger_reply(
            service,
            conversation,
            verdict.level,
            intent,
            who=verdict.who,
            under_18=_is_under_18(service, conversation),
            said_before=said,
            on_duty=on_duty,
        )
        await say(connection, service, conversation, reply)
    await raise_level(connection, service, conversation, verdict)
    await move(connection, service, conversation, Move.DANGER, reason="krise")


async def raise_level(
    connection: AsyncConnection, service: Service, conversation: Conversation, verdict: Verdict
) -> None:
    """Note danger on the conversation. The level never falls here: only a counselor lowers it."""
    await events.add(
        connection,
        conversation.id,
        service.now(),
        "danger",
        level=int(verdict.level),
        intent=verdict.intent,
        who=verdict.who,
        patterns=[evidence.pattern for evidence in verdict.evidence],
    )
    if int(verdict.level) > conversation.level:
        await conversations.change(
            connection, conversation.id, level=int(verdict.level), intent=verdict.intent
        )
