"""Fixtures for the actions: a message as the engine hands it over, and what comes back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions import knowledge_base
from knowledge import Knowledge

Json = dict[str, Any]

DOMAIN = Path(__file__).parents[2] / "bot" / "engine" / "domain"
OWN = {
    "tjeneste": "Hjelpelinja",
    "timer": "mandag-fredag 09-15",
    "nummer": "22 22 22 22",
    "epost": "",
    "dager": "30",
}


@dataclass(frozen=True)
class Said:
    """What an action said, and the slots and form it left."""

    replies: list[Json]
    slots: Json
    events: list[Json]

    @property
    def reply(self) -> Json:
        """The only reply."""
        assert len(self.replies) == 1
        return self.replies[0]

    @property
    def text(self) -> str:
        """All texts."""
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def payloads(self) -> list[str]:
        """What the buttons mean."""
        return [button["payload"] for reply in self.replies for button in reply["buttons"]]


Run = Callable[..., Any]


@pytest.fixture(scope="session")
def domain() -> Json:
    """The domain, its files put together."""
    merged: Json = {"slots": {}, "intents": [], "entities": [], "actions": [], "forms": {}}
    for file in sorted(DOMAIN.glob("*.yml")):
        for key, value in yaml.safe_load(file.read_text(encoding="utf-8")).items():
            if isinstance(value, dict):
                merged.setdefault(key, {}).update(value)
            elif isinstance(value, list):
                merged.setdefault(key, []).extend(value)
    return merged


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    """The actions, registered as the service registers them."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture(autouse=True)
def _knowledge_in_use(knowledge: Knowledge) -> None:
    knowledge_base.use(knowledge, lambda malform: OWN)
    return


def entity(name: str, value: Any, role: str | None = None) -> Json:
    """Return an entity as the service hands it over."""
    return {"entity": name, "value": value} | ({"role": role} if role else {})


def tracker_of(
    domain: Json, intent: str, entities: Sequence[Json], before: Mapping[str, Any], form: bool
) -> Tracker:
    """Return the tracker an action gets: slots set before, the message, and the slots the engine filled from it."""
    slots = dict.fromkeys(domain["slots"]) | dict(before)
    events: list[Json] = [{"event": "slot", "name": name, "value": value} for name, value in before.items()]
    message = {
        "intent": {"name": intent, "confidence": 1.0},
        "entities": list(entities),
        "text": f"EXTERNAL: {intent}",
    }
    events.append({"event": "user", "parse_data": message})
    for name, slot in domain["slots"].items():
        for mapping in slot["mappings"]:
            found = [
                e["value"]
                for e in entities
                if mapping["type"] == "from_entity"
                and e["entity"] == mapping["entity"]
                and e.get("role") == mapping.get("role")
            ]
            if found:
                slots[name] = found[0] if len(found) == 1 else found
                events.append({"event": "slot", "name": name, "value": slots[name]})
    if form:
        slots |= {"requested_slot": "kommune"}
    loop = {"name": "kommune_form"} if form else {}
    return Tracker("lane", slots, message, events, False, None, loop, "action_listen")


@pytest.fixture
def run(domain: Json, executor: ActionExecutor) -> Run:
    """Run an action on a message; `before` holds the slots before it."""

    async def run(
        action: str, intent: str, entities: Sequence[Json] = (), form: bool = False, **before: Any
    ) -> Said:
        tracker = tracker_of(domain, intent, entities, before, form)
        dispatcher = CollectingDispatcher()
        events = await executor.actions[action](dispatcher, tracker, domain)
        slots = dict(tracker.slots)
        slots |= {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        return Said([message["custom"] for message in dispatcher.messages], slots, list(events))

    return run
