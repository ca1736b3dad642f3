"""Two questions in one message: the first is answered, and the second next."""

from bot.conversation.service import Service
from tests.script import ScriptedEngine, answer_all, said, write

BOTH = "Hvordan får vi avlastning? Og hvordan klager vi på vedtaket?"
FIRST, SECOND = "Hvordan får vi avlastning?", "Og hvordan klager vi på vedtaket?"


def scripted(service: Service) -> ScriptedEngine:
    engine = service.engine
    assert isinstance(engine, ScriptedEngine)
    engine.intents = {BOTH: "avlastning", FIRST: "avlastning", SECOND: "klage", "Sandnes": "oppgi_opplysning"}
    return engine


async def bot_says(service: Service, conversation_id: str) -> list[str]:
    return [item.text for item in await said(service, conversation_id) if item.author == "bot"]


async def test_the_second_question_is_answered_after_the_first(service: Service) -> None:
    scripted(service)
    ack = await write(service, BOTH)
    await answer_all(service)
    first, also, second = await bot_says(service, ack.conversation_id)
    assert first == "svar om avlastning"
    assert service.knowledge.intent_title("klage", "nb") in also
    assert second == "svar om klage"


async def test_it_waits_while_the_first_answer_asks_for_something(service: Service) -> None:
    engine = scripted(service)
    engine.slots = {"venter": "kommune"}
    ack = await write(service, BOTH)
    await answer_all(service)
    noticed, first = await bot_says(service, ack.conversation_id)
    assert service.knowledge.intent_title("klage", "nb") in noticed
    assert first == "svar om avlastning"
    engine.slots = {"venter": None}
    await write(service, "Sandnes")
    await answer_all(service)
    assert (await bot_says(service, ack.conversation_id))[-1] == "svar om klage"
    await write(service, "takk")
    await answer_all(service)
    assert engine.turns == ["avlastning", "oppgi_opplysning", "klage", "avlastning"]  # and never again


async def test_a_long_story_about_one_thing_is_one_question(service: Service) -> None:
    engine = scripted(service)
    ack = await write(service, "Mamma er syk. Kan vi få avlastning? Når kan det bli? Hun er 82.")
    await answer_all(service)
    assert await bot_says(service, ack.conversation_id) == ["svar om avlastning"]
    assert engine.turns == ["avlastning"]


async def test_a_sentence_that_is_sure_of_nothing_we_answer_is_no_question(service: Service) -> None:
    engine = scripted(service)
    engine.intents[SECOND] = "hils"
    ack = await write(service, BOTH)
    await answer_all(service)
    assert await bot_says(service, ack.conversation_id) == ["svar om avlastning"]
