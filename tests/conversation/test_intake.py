"""What a relative may count on when a message has been acknowledged."""

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import reading
from bot.conversation.intake import check_text
from bot.conversation.model import RefusedError
from bot.conversation.service import Service
from bot.dialogue.engine import Parse
from bot.limits import MESSAGE_CHARACTERS, MESSAGES_PER_MINUTE
from bot.safety import Level
from bot.store import conversations
from tests.script import TOKEN, ScriptedEngine, answer_all, said, write


async def test_acknowledged_means_stored(service: Service) -> None:
    ack = await write(service, "Hvordan søker jeg avlastning?")
    items = await said(service, ack.conversation_id)
    assert [(item.seq, item.author, item.text) for item in items] == [
        (ack.seq, "relative", "Hvordan søker jeg avlastning?")
    ]


async def test_a_repeated_id_is_acknowledged_again_and_does_nothing_else(service: Service) -> None:
    first = await write(service, "Hei", "id-1")
    again = await write(service, "Hei", "id-1")
    assert (again.seq, again.repeated) == (first.seq, True)
    assert len(await said(service, first.conversation_id)) == 1


async def test_twins_at_the_same_moment_become_one_message(service: Service) -> None:
    acks = await asyncio.gather(*(write(service, "Hei", "id-1") for _ in range(8)))
    assert {ack.seq for ack in acks} == {acks[0].seq}
    assert len(await said(service, acks[0].conversation_id)) == 1


async def test_messages_sent_at_once_all_get_numbers_of_their_own(service: Service) -> None:
    await write(service, "først")
    acks = await asyncio.gather(*(write(service, f"melding {n}") for n in range(10)))
    assert len({ack.seq for ack in acks}) == 10


async def test_what_is_stored_is_encrypted(service: Service) -> None:
    ack = await write(service, "mamma har fått demens")
    async with service.database.read() as connection:
        rows = (await connection.exec_driver_sql("SELECT body FROM messages")).all()
    assert rows
    assert all(b"demens" not in bytes(row[0]) for row in rows)
    assert ack.seq == 1


async def test_the_token_and_the_number_are_stored_as_hashes_only(service: Service) -> None:
    await write(service, "hei")
    await write(service, "hei", sms=True)
    async with service.database.read() as connection:
        stored = str((await connection.exec_driver_sql("SELECT * FROM conversations")).all())
    assert TOKEN not in stored
    assert "90000001" not in stored


async def test_an_identity_number_is_never_stored_and_the_relative_is_told(service: Service) -> None:
    ack = await write(service, "fødselsnummeret hennes er 13097248022, hjelper det?")
    items = await said(service, ack.conversation_id)
    assert "13097248022" not in str([item.model_dump() for item in items])
    assert [item.author for item in items] == ["relative", "bot"]


async def test_danger_is_answered_in_the_transaction_that_stores_it(service: Service) -> None:
    service.engine.broken = True  # type: ignore[attr-defined]
    ack = await write(service, "hun puster ikke")
    items = await said(service, ack.conversation_id)
    assert [item.kind for item in items] == ["text", "crisis"]
    assert "113" in items[1].text
    assert any(contact.dial == "113" for contact in items[1].contacts)
    standing = await reading.standing(service, ack.conversation_id)
    assert standing and standing.state == "waiting"


@pytest.mark.parametrize("engine_says", ["krise_barn", "late", "nothing", "a defect"])
async def test_the_engine_may_say_in_time_which_danger_it_is_and_nobody_waits_for_it(
    service: Service, monkeypatch: pytest.MonkeyPatch, engine_says: str
) -> None:
    async def late(_text: str) -> Parse:
        await asyncio.sleep(30)
        raise AssertionError("nobody waits that long")

    async def defect(_text: str) -> Parse:
        raise RuntimeError("a defect")

    engine = service.engine
    assert isinstance(engine, ScriptedEngine)
    engine.intent, engine.danger, engine.broken = "krise_barn", 0.9, engine_says == "nothing"
    if engine_says in ("late", "a defect"):
        monkeypatch.setattr(engine, "parse", late if engine_says == "late" else defect)
    ack = await write(service, "Mannen min slår meg akkurat nå")
    crisis = (await said(service, ack.conversation_id))[1]
    assert crisis.kind == "crisis"
    assert crisis.entries[0] == ("krise_barn" if engine_says == "krise_barn" else "krise_vold")
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
    assert row and (row.level, row.intent) == (Level.IMMINENT, crisis.entries[0])


async def test_danger_is_first_in_the_queue(service: Service) -> None:
    service.engine.slots = {"overlevering": "menneske"}  # type: ignore[attr-defined]
    async with service.database.write() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO counselors (username, name, password_hash, on_duty, seen_at, disabled, created_at) "
            "VALUES ('a', 'A', 'x', true, CURRENT_TIMESTAMP, false, CURRENT_TIMESTAMP)"
        )
    first = await write(service, "snakke med noen")
    await answer_all(service)
    danger = await write(service, "jeg vil dø, jeg har en plan", sms=True)
    async with service.database.read() as connection:
        queue = await conversations.queue(connection, ["waiting"])
    assert [row.id for row in queue] == [danger.conversation_id, first.conversation_id]


async def test_the_level_does_not_fall_within_a_conversation(service: Service) -> None:
    ack = await write(service, "jeg vil ta livet mitt")
    await write(service, "takk for svar")
    await answer_all(service)
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
    assert row and row.level >= 2


async def test_danger_said_twice_is_answered_in_other_words(service: Service) -> None:
    ack = await write(service, "jeg vil ta livet mitt")
    await write(service, "jeg vil ta livet mitt, hører du")
    crisis = [item.text for item in await said(service, ack.conversation_id) if item.kind == "crisis"]
    assert len(crisis) == 2
    assert crisis[0] != crisis[1]


@pytest.mark.parametrize(
    ("text", "code"), [("", "tom_melding"), (" \u200b\x00 ", "tom_melding"), ("x" * 4001, "for_langt")]
)
async def test_what_cannot_be_taken_is_refused_with_a_reason(service: Service, text: str, code: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        await write(service, text)
    assert refusal.value.code == code
    assert code in service.knowledge.phrases


async def test_a_flood_is_refused_and_nothing_of_it_is_acknowledged(service: Service) -> None:
    for number in range(MESSAGES_PER_MINUTE):
        await write(service, f"melding {number}")
    with pytest.raises(RefusedError, match="for_fort"):
        await write(service, "en til")


async def test_no_text_or_number_reaches_the_log(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service.engine.broken = True  # type: ignore[attr-defined]
    await write(service, "hemmeligord om mor", sms=True)
    await answer_all(service)
    assert "hemmeligord" not in caplog.text
    assert "90000001" not in caplog.text


@given(st.text(max_size=MESSAGE_CHARACTERS + 50))
def test_any_text_is_taken_clean_or_refused(text: str) -> None:
    try:
        clean = check_text(text)
    except RefusedError:
        return
    assert 0 < len(clean) <= MESSAGE_CHARACTERS
    assert not any(ord(c) < 32 and c not in "\n\t" for c in clean)
    assert check_text(clean) == clean


async def test_whoever_is_in_danger_is_heard_however_fast_they_write(service: Service) -> None:
    for number in range(MESSAGES_PER_MINUTE):
        await write(service, f"melding {number}")
    ack = await write(service, "hun puster ikke")
    assert (await said(service, ack.conversation_id))[-1].kind == "crisis"


async def test_earlier_messages_that_cannot_be_read_do_not_stop_a_new_one(service: Service) -> None:
    await write(service, "hei")
    async with service.database.write() as connection:
        await connection.exec_driver_sql(
            "UPDATE messages SET body = 'spoilt'"
            if service.database.is_sqlite
            else "UPDATE messages SET body = 'spoilt'::bytea"
        )
    ack = await write(service, "jeg vil ta livet mitt")
    assert (await said(service, ack.conversation_id))[-1].kind == "crisis"
