"""What a counselor may count on."""

import asyncio

import pytest

from bot.conversation import desk, reading
from bot.conversation.desk import TakenError
from bot.conversation.model import RefusedError
from bot.conversation.service import Service
from tests.conversation.test_answering import make_counselor
from tests.script import TOKEN, answer_all, said, write


async def waiting(service: Service) -> str:
    service.engine.slots = {"overlevering": "menneske"}  # type: ignore[attr-defined]
    ack = await write(service, "jeg vil snakke med noen")
    await answer_all(service)
    service.engine.slots = {}  # type: ignore[attr-defined]
    return ack.conversation_id


async def test_of_two_who_claim_one_gets_it(service: Service) -> None:
    kari, ola = await make_counselor(service), await make_counselor(service, "Ola")
    conversation_id = await waiting(service)
    results = await asyncio.gather(
        desk.claim(service, conversation_id, kari),
        desk.claim(service, conversation_id, ola),
        return_exceptions=True,
    )
    assert [type(result) for result in results].count(TakenError) == 1
    joined = [item for item in await said(service, conversation_id) if item.author == "system"]
    assert len(joined) == 1


async def test_only_the_one_who_has_it_may_write(service: Service) -> None:
    kari, ola = await make_counselor(service), await make_counselor(service, "Ola")
    conversation_id = await waiting(service)
    await desk.claim(service, conversation_id, kari)
    with pytest.raises(TakenError):
        await desk.write_as(service, conversation_id, ola, "a", "hei")
    await desk.write_as(service, conversation_id, kari, "a", "hei")
    assert (await said(service, conversation_id))[-1].name == "Kari"


async def test_a_counselors_message_sent_twice_is_one(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = await waiting(service)
    await desk.claim(service, conversation_id, kari)
    numbers = await asyncio.gather(
        *(desk.write_as(service, conversation_id, kari, "same", "hei") for _ in range(4))
    )
    assert len(set(numbers)) == 1


async def test_radgiver_gikk_the_bot_answers_again(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = await waiting(service)
    await desk.claim(service, conversation_id, kari)
    await write(service, "til Kari")
    await answer_all(service)
    assert service.engine.turns == ["avlastning"]  # type: ignore[attr-defined]
    await desk.hand_back(service, conversation_id, kari)
    await write(service, "til roboten")
    await answer_all(service)
    assert service.engine.turns == ["avlastning", "avlastning"]  # type: ignore[attr-defined]


async def test_put_back_it_waits_again_with_its_old_rank(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = await waiting(service)
    await desk.claim(service, conversation_id, kari)
    await desk.put_back(service, conversation_id, kari)
    standing = await reading.standing(service, conversation_id)
    assert standing and (standing.state, standing.place, standing.counselor) == ("waiting", 1, None)


async def test_danger_cannot_be_closed_without_a_word_that_it_is_met(service: Service) -> None:
    kari = await make_counselor(service)
    ack = await write(service, "jeg vil ta livet mitt")
    await desk.claim(service, ack.conversation_id, kari)
    with pytest.raises(RefusedError, match="konsoll_fare_ikke_motte"):
        await desk.close(service, ack.conversation_id, kari, danger_met=False)
    await desk.close(service, ack.conversation_id, kari, danger_met=True)


async def test_erased_by_the_relative_nothing_is_left(service: Service) -> None:
    conversation_id = await waiting(service)
    assert await reading.erase(service, "widget", TOKEN)
    async with service.database.read() as connection:
        for table in ("messages", "conversations", "deliveries"):
            rows = (await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one()
            assert rows == 0
    assert await said(service, conversation_id) == []
    assert await desk.look(service, conversation_id) is None


async def test_who_opened_a_conversation_is_on_record(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = await waiting(service)
    await desk.viewed(service, conversation_id, kari)
    async with service.database.read() as connection:
        rows = (
            await connection.exec_driver_sql("SELECT counselor_id FROM events WHERE kind = 'viewed'")
        ).all()
    assert [row[0] for row in rows] == [kari.id]


async def test_the_counselor_sees_what_the_relative_told_of_work_home_and_consent(service: Service) -> None:
    ack = await write(service, "jeg jobber og vi bor hver for oss, han har sagt nei")
    service.engine.slots = {  # type: ignore[attr-defined]
        "tema": "rett_til_informasjon",
        "navigator": ["arbeid:ikke_jobb", "bor:hver", "samtykke:nei", "naermeste:?", "haster:ja"],
    }
    await answer_all(service)
    told = dict(await desk.summary(service, ack.conversation_id))
    assert told["Arbeid"] == "ikke i jobb"
    assert told["Den syke bor"] == "hver for seg"
    assert told["Samtykke fra den syke"] == "nei"
    assert "Er nærmeste pårørende" not in told
