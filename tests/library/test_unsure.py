"""When no intent is sure, the relative is offered what a search finds, if it is good enough."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.conversation.service import Service
from bot.dialogue import memory
from bot.dialogue.engine import Turn
from tests.script import ScriptedEngine, answer_all, write


class Listening(ScriptedEngine):
    """Also remembers the candidates it was handed."""

    def __init__(self) -> None:
        super().__init__()
        self.candidates: list[Any] = []

    async def turn(
        self, state: Sequence[dict[str, Any]], intent: str, entities: Sequence[dict[str, Any]]
    ) -> Turn:
        """Note the candidates."""
        self.candidates.append(memory.slots_of(state).get("kandidater"))
        return await super().turn(state, intent, entities)


@pytest.fixture
def engine(service: Service) -> Listening:
    """An engine that has no idea."""
    service.engine = Listening()
    service.engine.confidence = 0.1
    return service.engine


async def test_a_search_hit_becomes_a_choice(service: Service, engine: Listening) -> None:
    await write(service, "noe om legalfullmakt og framtidsfullmakt for verge")
    await answer_all(service)
    assert engine.turns == ["usikker"]
    assert engine.candidates[0][0] == "fullmakt_vergemal"
    assert len(engine.candidates[0]) <= 3
    assert set(engine.candidates[0]) <= set(service.knowledge.topics)


@pytest.mark.parametrize("text", ["xqzzw blargh", "hmm jaja", "hvordan blir været"])
async def test_a_poor_hit_is_not_offered(service: Service, engine: Listening, text: str) -> None:
    await write(service, text)
    await answer_all(service)
    assert engine.turns == ["nlu_fallback"]


async def test_a_sure_intent_is_not_searched_for(service: Service, engine: Listening) -> None:
    engine.confidence = 0.95
    await write(service, "noe om legalfullmakt og framtidsfullmakt for verge")
    await answer_all(service)
    assert engine.turns == ["avlastning"]
