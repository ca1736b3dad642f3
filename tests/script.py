"""An engine that says what a test has written down, and helpers to play a conversation against the service."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from bot.conversation import reading
from bot.conversation.answering import Answering
from bot.conversation.intake import Ack, Incoming, receive
from bot.conversation.model import Item
from bot.conversation.service import Service
from bot.dialogue.engine import Engine, EngineError, Parse, Turn

TOKEN = "t" * 43
NUMBER = "+4790000001"


class ScriptedEngine(Engine):
    """Stands in for Rasa where a test is about the service: every intent gets one reply with its name."""

    def __init__(self) -> None:
        self.intent = "avlastning"
        self.confidence = 0.95
        self.danger = 0.0
        self.intents: dict[str, str] = {}  # of single texts
        self.dangers: dict[str, float] = {}
        self.slots: dict[str, Any] = {}
        self.broken = False
        self.parsed: list[str] = []
        self.turns: list[str] = []

    async def close(self) -> None:
        """Nothing is open."""

    async def ready(self) -> bool:
        """Say whether the test wants it to work."""
        return not self.broken

    async def parse(self, text: str) -> Parse:
        """Return the intent the test has set."""
        if self.broken:
            raise EngineError("broken by the test")
        self.parsed.append(text)
        intent = self.intents.get(text, self.intent)
        return Parse(((intent, self.confidence), ("hils", 0.01)), (), self.dangers.get(text, self.danger))

    async def turn(
        self, state: Sequence[dict[str, Any]], intent: str, entities: Sequence[dict[str, Any]]
    ) -> Turn:
        """Say the intent's name, and set the slots the test has set."""
        if self.broken:
            raise EngineError("broken by the test")
        self.turns.append(intent)
        slots = [{"event": "slot", "name": name, "value": value} for name, value in self.slots.items()]
        said = {"event": "user", "parse_data": {"intent": {"name": intent}, "entities": list(entities)}}
        message = {"custom": {"text": f"svar om {intent}", "kind": "answer", "entries": [intent]}}
        return Turn((message,), (*state, said, *slots), self.slots)


async def write(service: Service, text: str, client_id: str | None = None, **more: Any) -> Ack:
    """Send a message from the widget, or by SMS with sms=True."""
    client_id = client_id or uuid4().hex
    if more.pop("sms", False):
        return await receive(service, Incoming("sms", NUMBER, client_id, text, address=NUMBER, **more))
    return await receive(service, Incoming("widget", TOKEN, client_id, text, **more))


async def answer_all(service: Service) -> None:
    """Let one worker do what there is to do."""
    worker = Answering(service)
    while await worker.answer_next():
        pass


async def said(service: Service, conversation_id: str) -> list[Item]:
    """Return the whole conversation."""
    return await reading.items_after(service, conversation_id, 0)
