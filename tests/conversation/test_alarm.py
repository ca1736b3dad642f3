"""How soon danger is met is on record."""

from bot.conversation import desk
from bot.conversation.alarm import met
from bot.conversation.service import Service
from tests.conversation.test_answering import make_counselor
from tests.script import write


async def test_the_time_to_first_view_and_reply_is_on_record(service: Service) -> None:
    kari = await make_counselor(service)
    ack = await write(service, "jeg vil ta livet mitt i kveld")
    before = await met(service, ack.conversation_id)
    assert before is not None and before.viewed is None and before.replied is None
    await desk.viewed(service, ack.conversation_id, kari)
    await desk.claim(service, ack.conversation_id, kari)
    await desk.write_as(service, ack.conversation_id, kari, "k1", "Hei, jeg er her.")
    after = await met(service, ack.conversation_id)
    assert after is not None and after.viewed is not None and after.replied is not None
    assert 0 <= after.viewed <= after.replied


async def test_without_danger_there_is_nothing_to_meet(service: Service) -> None:
    ack = await write(service, "hva er pleiepenger")
    assert await met(service, ack.conversation_id) is None
