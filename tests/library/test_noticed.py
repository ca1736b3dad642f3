"""What the service notices in a message goes to the actions as answers, and leads to the helpline asked for."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.conversation.noticed import helplines_asked_for, said_facts
from bot.conversation.service import Service
from bot.dialogue.engine import Turn
from knowledge import Knowledge
from tests.script import ScriptedEngine, answer_all, write


class Listening(ScriptedEngine):
    """Also remembers the answers it was handed."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[list[str]] = []

    async def turn(
        self, state: Sequence[dict[str, Any]], intent: str, entities: Sequence[dict[str, Any]]
    ) -> Turn:
        """Note the answers."""
        self.answers.append([entity["value"] for entity in entities if entity["entity"] == "svar"])
        return await super().turn(state, intent, entities)


@pytest.fixture
def engine(service: Service) -> Listening:
    """An engine that listens."""
    service.engine = Listening()
    return service.engine


async def test_a_fact_in_the_text_comes_with_the_topic(service: Service, engine: Listening) -> None:
    engine.intent = "rett_til_informasjon"
    await write(service, "Mamma har sagt ja til at jeg får vite, men de sier ingenting")
    await answer_all(service)
    assert (engine.turns, engine.answers) == (["rett_til_informasjon"], [["samtykke:ja"]])


async def test_not_to_know_is_passed_on(service: Service, engine: Listening) -> None:
    engine.intent = "avkreft"
    await write(service, "vet ikke")
    await answer_all(service)
    assert engine.answers == [["?"]]


@pytest.mark.parametrize(
    ("intent", "confidence", "text", "found"),
    [
        ("kontaktinfo", 0.9, "nummeret til giftinformasjonen", ["kontakt:giftinformasjonen"]),
        ("kontaktinfo", 0.9, "giftinformasjonen", ["kontakt:giftinformasjonen"]),
        ("apningstider", 0.9, "Når er Demenslinjen åpen?", ["kontakt:demenslinjen"]),
        ("kreft", 0.9, "Hva er nummeret til Kreftforeningen?", ["kontakt:kreftforeningen"]),
        ("hils", 0.1, "finnes det nettside for unge?", ["kontakt:ung_no"]),
    ],
)
async def test_a_helpline_is_asked_for_by_name(
    service: Service, engine: Listening, intent: str, confidence: float, text: str, found: list[str]
) -> None:
    engine.intent, engine.confidence = intent, confidence
    await write(service, text)
    await answer_all(service)
    assert (engine.turns, engine.answers) == (["kontaktinfo"], [found])


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("kontaktinfo", "hva er nummeret deres?"),
        ("klage", "Kreftforeningen sier at jeg kan klage"),
        ("samarbeid_med_tjenesten", "Jeg ringer Nav hver uke og kommer ingen vei"),
        ("ring_meg_opp", "Kan dere ringe meg? Nummeret til Demenslinjen svarer ikke"),
    ],
)
async def test_what_is_about_something_else_stays_so(
    service: Service, engine: Listening, intent: str, text: str
) -> None:
    engine.intent = intent
    await write(service, text)
    await answer_all(service)
    assert (engine.turns, engine.answers) == ([intent], [[]])


def test_danger_is_left_to_its_own_answer(knowledge: Knowledge) -> None:
    assert helplines_asked_for(knowledge, "nummeret til giftinformasjonen", "krise_akutt_helse", None) == ()


def test_nothing_of_the_text_is_handed_on(knowledge: Knowledge) -> None:
    text = "Jeg heter Kari Nordmann, jeg er i jobb og vi bor sammen"
    assert {entity["value"] for entity in said_facts(knowledge, text)} == {"arbeid:ansatt", "bor:sammen"}
