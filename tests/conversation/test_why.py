"""A counselor is told why a message was taken for danger; the relative is not."""

from bot.conversation import reading
from bot.conversation.service import Service
from tests.script import ScriptedEngine, answer_all, write


async def test_the_words_that_a_rule_took_are_told(service: Service) -> None:
    ack = await write(service, "Hei. Jeg vil ta livet mitt. Hva med katten?")
    (first, *_) = await reading.items_after(service, ack.conversation_id, 0, for_counselor=True)
    assert first.danger is not None
    assert any("livet" in word for word in first.danger.words)
    assert first.danger.likelihood is None
    assert all(item.danger is None for item in await reading.items_after(service, ack.conversation_id, 0))


async def test_what_the_language_model_believes_is_told(service: Service) -> None:
    assert isinstance(service.engine, ScriptedEngine)
    service.engine.danger = 0.9
    ack = await write(service, "Det er stille her.")
    await answer_all(service)
    (first, *_) = await reading.items_after(service, ack.conversation_id, 0, for_counselor=True)
    assert first.danger is not None
    assert (first.danger.words, first.danger.likelihood) == ((), 0.9)


async def test_of_a_message_without_danger_nothing_is_told(service: Service) -> None:
    ack = await write(service, "Hvordan får vi avlastning?")
    await answer_all(service)
    items = await reading.items_after(service, ack.conversation_id, 0, for_counselor=True)
    assert all(item.danger is None for item in items)
