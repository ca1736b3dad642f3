"""The words that steer the navigator when they are typed, and the messages that are left alone."""

import json

import pytest

from bot.conversation.navigation import typed_step
from bot.conversation.service import Service
from bot.dialogue.understanding import pressed
from knowledge import Knowledge
from tests.script import answer_all, write

OPEN = {"navigator": ["hvem:barn"], "venter": "naviger_alder"}
LEFT = {"navigator": ["hvem:barn"]}


def step(answer: str) -> str:
    """Return the payload of an answer."""
    return f"/naviger{json.dumps({'svar': answer})}"


@pytest.mark.parametrize(
    ("text", "slots", "payload"),
    [
        ("fortsett", LEFT, "/naviger"),
        ("Hald fram.", LEFT, "/naviger"),
        ("fortsett", {}, None),
        ("tilbake", OPEN, step("tilbake")),
        ("Tilbake!", LEFT, None),
        ("vet ikke", OPEN, step("alder:?")),
        ("Veit ikkje", OPEN, step("alder:?")),
        ("vet ikke", {"venter": "kommune"}, None),
        ("vis svar", OPEN, step("svar")),
        ("Hva har jeg rett til?", {}, step("start")),
        ("Hva har jeg rett til å vite?", OPEN, None),
        ("Jeg vil ikke leve lenger", OPEN, None),
        ("han er 14", OPEN, None),
    ],
)
def test_a_whole_message_of_these_words_is_a_step(
    knowledge: Knowledge, text: str, slots: dict[str, object], payload: str | None
) -> None:
    assert typed_step(knowledge, text, slots) == payload


def test_the_buttons_of_the_navigator_are_ours(knowledge: Knowledge) -> None:
    choice = pressed(step("arbeid:ansatt"), frozenset(knowledge.intents))
    assert choice == ("naviger", ({"entity": "svar", "value": "arbeid:ansatt"},))


async def test_a_live_message_takes_the_step_without_being_read_by_the_classifier(service: Service) -> None:
    await write(service, "Hva har jeg rett til?")
    await answer_all(service)
    assert service.engine.turns == ["naviger"]  # type: ignore[attr-defined]
    assert service.engine.parsed == []  # type: ignore[attr-defined]
