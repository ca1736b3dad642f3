"""Answer stored messages: each once, in order, also after a crash.

A worker takes a conversation for the length of a lease, plans the answer outside the database, and writes
replies, memory and the mark "answered" in one transaction. If the lease was lost or a counselor came in
between, the plan is dropped.
"""

import asyncio
import logging
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.background import pause
from bot.conversation.bus import QUEUE
from bot.conversation.danger import why
from bot.conversation.intake import HISTORY, meet_danger, raise_level
from bot.conversation.model import Author, Button, Move, State
from bot.conversation.plan import Asked, Plan, engine_down_plan, make_plan
from bot.conversation.service import Service, move
from bot.conversation.writing import say
from bot.dialogue.engine import EngineError
from bot.limits import ANSWER_SECONDS, ENGINE_ATTEMPTS, LEASE_SECONDS, SWEEP_SECONDS, WORKERS
from bot.safety import Level
from bot.store import conversations, messages
from bot.store.cipher import UnreadableError
from bot.store.conversations import Conversation
from bot.store.messages import Message

log = logging.getLogger(__name__)


class Answering:
    """The workers. `start` and `stop` them; `wake` when there is work."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._to_give_back: dict[str, str] = {}  # conversation by lease, where work ended in an error
        self._work = asyncio.Event()
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the workers; on a database of our own, take up what a crash left behind."""
        if self._service.database.is_sqlite:
            async with self._service.database.write() as connection:
                await conversations.drop_leases(connection)
        self._service.work = self.wake
        self._tasks = [asyncio.create_task(self._run()) for _ in range(WORKERS)]

    async def stop(self) -> None:
        """Let the workers finish the message they are at, and stop; what is left stays pending."""
        self._stopping = True
        self._work.set()
        await asyncio.gather(*self._tasks)

    def wake(self) -> None:
        """Say that there is work."""
        self._work.set()

    async def _run(self) -> None:
        while not self._stopping:
            self._work.clear()
            try:
                while not self._stopping and await self.answer_next():
                    pass
            except (SQLAlchemyError, OSError) as error:
                log.error("cannot answer now: the database says %s", type(error).__name__)
                await asyncio.sleep(SWEEP_SECONDS)
            except Exception:
                log.exception("a worker stumbled")  # the formatter keeps what people wrote out of it
                await asyncio.sleep(SWEEP_SECONDS)
            await pause(self._work, SWEEP_SECONDS)

    async def answer_next(self) -> bool:
        """Take one conversation and answer what is pending in it; False when there is none."""
        service = self._service
        lease = (
            uuid4().hex
        )  # of this piece of work, not of the process: one that was lost is never taken for our own
        conversation = await self._take(lease)
        if conversation is None:
            return False
        try:
            while not self._stopping and await self._answer_one(conversation.id, lease):
                pass
            async with service.database.write() as connection:
                await conversations.release(connection, conversation.id, lease)
        except Exception:
            # Where the database fails, giving back fails too: it is done when there is a database again.
            self._to_give_back[lease] = conversation.id
            raise
        return True

    async def _take(self, lease: str) -> Conversation | None:
        """Give back what could not be given back before, and take the conversation whose turn it is."""
        service = self._service
        giving_back, self._to_give_back = self._to_give_back, {}
        try:
            async with service.database.write() as connection:
                for lost, conversation_id in giving_back.items():
                    await conversations.release(connection, conversation_id, lost)
                return await conversations.lease(connection, lease, service.now(), LEASE_SECONDS)
        except Exception:
            self._to_give_back |= giving_back
            raise

    async def _answer_one(self, conversation_id: str, lease: str) -> bool:
        service = self._service
        async with service.database.write() as connection:
            message = await messages.pending(connection, conversation_id)
            conversation = await conversations.get(connection, conversation_id)
            if message is None or conversation is None:
                return False
            await messages.tried(connection, message.id)
            asked, body = await _asked(connection, service, conversation, message)
            on_duty = await service.counselors_on_duty(connection) > 0
            place = await conversations.queue_length(connection, State.WAITING.value) + 1
        plan = await self._plan(conversation, message, asked, on_duty, place)
        done = await self._carry_out(lease, conversation, message, plan, body)
        if done:
            service.bus.publish(conversation_id)
            service.bus.publish(QUEUE)
            service.deliver()
        return done

    async def _plan(
        self, conversation: Conversation, message: Message, asked: Asked, on_duty: bool, place: int
    ) -> Plan:
        plan = None
        if message.attempts < ENGINE_ATTEMPTS:
            plan = await self._try_to_plan(conversation, asked, on_duty, place)
        else:
            # It was being answered when we went down, more than once: leave it to a person.
            log.error("a message could not be answered in %d attempts", message.attempts)
        return plan or engine_down_plan(self._service, conversation, on_duty=on_duty, place=place)

    async def _try_to_plan(
        self, conversation: Conversation, asked: Asked, on_duty: bool, place: int
    ) -> Plan | None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):  # a plan changes nothing: it may be cut short
                for attempt in range(ENGINE_ATTEMPTS):
                    try:
                        return await make_plan(
                            self._service, conversation, asked, on_duty=on_duty, place=place
                        )
                    except EngineError as error:
                        log.warning("no answer from the engine (attempt %d): %s", attempt + 1, error)
        except TimeoutError:
            log.warning("no answer from the engine within %.0f s", ANSWER_SECONDS)
        except Exception:
            log.exception("no plan for a message")  # the formatter keeps what people wrote out of it
        return None

    async def _carry_out(
        self, lease: str, before: Conversation, message: Message, plan: Plan, body: dict[str, Any]
    ) -> bool:
        service = self._service
        async with service.database.write() as connection:
            now = await conversations.get(connection, before.id, lock=True)
            if now is None or now.lease_by != lease:
                return False
            slim = await _slim(connection, service, message, body, plan)
            if not await messages.answered(connection, message.id, body=slim):
                return False
            if now.state == State.COUNSELOR:
                return True  # a counselor has it now, and the bot is silent from that moment
            if plan.danger is not None and plan.danger.level >= Level.HIGH:
                await meet_danger(connection, service, now, plan.danger)
                return True
            if plan.danger is not None:
                await raise_level(connection, service, now, plan.danger)
            if now.state == State.CLOSED:
                await move(connection, service, now, Move.REOPEN)
                now = await conversations.get(connection, before.id) or now
            await say(connection, service, now, *plan.replies)
            if plan.move is not None:
                await move(connection, service, now, plan.move, reason=plan.reason)
            values: dict[str, Any] = {}
            if plan.dialogue is not None:
                values["dialogue"] = service.database.cipher.seal(list(plan.dialogue))
            if plan.callback is not None:
                values["callback"] = service.database.cipher.seal(plan.callback)
            if values:
                await conversations.change(connection, before.id, **values)
        return True


async def _slim(
    connection: AsyncConnection, service: Service, message: Message, body: dict[str, Any], plan: Plan
) -> bytes:
    """Return the message as it is kept: without the number to call, and as redacted by what has come after it.

    One that the engine could not read is marked: it must not be read again with those that follow. Of danger that the
    engine has seen, a counselor is told why.
    """
    now = await messages.pending(connection, message.conversation_id)
    if now is not None and now.id == message.id and now.body != message.body:
        body = service.database.cipher.open(now.body)
    danger = {"danger": why(plan.danger, body["text"])} if plan.danger is not None else {}
    return service.database.cipher.seal(body | {"telefon": None, "unread": plan.unread} | danger)


async def _asked(
    connection: Any, service: Service, conversation: Conversation, message: Message
) -> tuple[Asked, dict[str, Any]]:
    """Return the message decrypted with what came before; an unreadable one goes to a person as it is."""
    cipher = service.database.cipher
    try:
        body = cipher.open(message.body)
        earlier = await messages.last(
            connection, conversation.id, Author.RELATIVE.value, message.seq, HISTORY
        )
        said = await messages.last(connection, conversation.id, Author.BOT.value, message.seq, 1)
        last = cipher.open(said[-1].body) if said else {}
        buttons = tuple(Button(**button) for button in last.get("buttons", ()))
        before = [cipher.open(row.body) for row in earlier]
    except UnreadableError:
        log.error("a stored message cannot be read with the present keys")
        return Asked(text="", payload=None, phone=None), {"text": "", "payload": None}
    asked = Asked(
        body["text"],
        body.get("payload"),
        body.get("telefon"),
        tuple(row["text"] for row in before if not row.get("unread")),
        buttons,
        tuple(last.get("entries", ())),
    )
    return asked, body
