"""Stored means answered: once, in order, also after a crash."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

import bot.store.messages
from bot.conversation import desk
from bot.conversation.answering import Answering
from bot.conversation.model import Item
from bot.conversation.service import Service
from bot.limits import LEASE_SECONDS, WORKERS
from bot.store import conversations, counselors
from bot.store.counselors import Counselor
from tests.script import answer_all, said, write


async def make_counselor(service: Service, name: str = "Kari", on_duty: bool = True) -> Counselor:
    async with service.database.write() as connection:
        await counselors.add(
            connection,
            username=name.lower(),
            name=name,
            password_hash="x",
            on_duty=on_duty,
            seen_at=service.now(),
            created_at=service.now(),
        )
        found = await counselors.by_username(connection, name.lower())
    assert found
    return found


def texts(items: list[Item]) -> list[str]:
    return [item.text for item in items]


async def test_each_message_is_answered_once_and_in_order(service: Service) -> None:
    ack = await write(service, "en")
    await write(service, "to")
    await asyncio.gather(answer_all(service), answer_all(service), answer_all(service))
    assert texts(await said(service, ack.conversation_id)) == [
        "en",
        "to",
        "svar om avlastning",
        "svar om avlastning",
    ]
    assert service.engine.parsed == ["en", "to", "en\nto"]  # type: ignore[attr-defined]  # the second in its context


async def test_a_message_left_by_a_dead_worker_is_answered_when_its_lease_ends(service: Service) -> None:
    ack = await write(service, "hei")
    async with service.database.write() as connection:
        await conversations.lease(connection, "a worker that dies", service.now(), LEASE_SECONDS)
    await answer_all(service)
    assert len(await said(service, ack.conversation_id)) == 1
    begun = service.now()
    service.now = lambda: begun + timedelta(seconds=LEASE_SECONDS + 1)
    await answer_all(service)
    assert len(await said(service, ack.conversation_id)) == 2


@pytest.mark.parametrize("one_process", [True, False])
async def test_an_answer_whose_lease_was_lost_is_dropped(
    service: Service, monkeypatch: pytest.MonkeyPatch, one_process: bool
) -> None:
    ack = await write(service, "hei")
    slow = Answering(service)
    fast = slow if one_process else Answering(service)
    turn = service.engine.turn

    async def turn_while_another_takes_over(*args, **kwargs):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(service.engine, "turn", turn)
        begun = service.now()
        service.now = lambda: begun + timedelta(seconds=LEASE_SECONDS + 1)
        assert await fast.answer_next()
        return await turn(*args, **kwargs)

    monkeypatch.setattr(service.engine, "turn", turn_while_another_takes_over)
    await slow.answer_next()
    assert texts(await said(service, ack.conversation_id)) == ["hei", "svar om avlastning"]


async def test_what_failed_is_taken_up_by_one_worker_only(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    ack = await write(service, "hei")
    answering = Answering(service)
    answered = bot.store.messages.answered

    async def locked(*_args: object, **_values: object) -> bool:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(bot.store.messages, "answered", locked)
    with pytest.raises(OperationalError):
        await answering.answer_next()
    monkeypatch.setattr(bot.store.messages, "answered", answered)
    took = await asyncio.gather(*(answering.answer_next() for _ in range(WORKERS)))
    assert took.count(True) == 1
    assert texts(await said(service, ack.conversation_id)) == ["hei", "svar om avlastning"]


async def test_the_bot_is_silent_from_the_moment_a_counselor_has_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    counselor = await make_counselor(service)
    ack = await write(service, "hei")
    turn = service.engine.turn

    async def turn_while_claimed(*args, **kwargs):  # type: ignore[no-untyped-def]
        await desk.claim(service, ack.conversation_id, counselor)
        return await turn(*args, **kwargs)

    monkeypatch.setattr(service.engine, "turn", turn_while_claimed)
    await answer_all(service)
    items = await said(service, ack.conversation_id)
    assert [item.author for item in items] == ["relative", "system"]


async def test_engine_down_gives_crisis_contacts_and_a_place_in_the_queue(service: Service) -> None:
    await make_counselor(service)
    service.engine.broken = True  # type: ignore[attr-defined]
    ack = await write(service, "hva er avlastning")
    await answer_all(service)
    items = await said(service, ack.conversation_id)
    assert {"113", "116117", "116123"} <= {c.dial for item in items for c in item.contacts}
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
    assert row and row.state == "waiting"


async def test_a_message_that_crashes_the_service_each_time_goes_to_a_person(service: Service) -> None:
    ack = await write(service, "hei")
    async with service.database.write() as connection:
        await connection.exec_driver_sql("UPDATE messages SET attempts = 2")
    await answer_all(service)
    assert service.engine.parsed == []  # type: ignore[attr-defined]
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
    assert row and row.state == "callback"


async def test_with_nobody_on_duty_the_relative_is_told_so_and_who_is_open(service: Service) -> None:
    service.engine.slots = {"overlevering": "menneske"}  # type: ignore[attr-defined]
    ack = await write(service, "jeg vil snakke med et menneske")
    await answer_all(service)
    last = (await said(service, ack.conversation_id))[-1]
    assert last.kind == "handover"
    assert any(contact.dial == "116123" for contact in last.contacts)
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
    assert row and row.state == "callback"


async def test_the_number_to_call_is_kept_sealed_only_when_a_call_is_wanted(service: Service) -> None:
    ack = await write(service, "nummeret mitt er 41 23 45 67")
    await answer_all(service)
    service.engine.slots = {"overlevering": "tilbakeringing"}  # type: ignore[attr-defined]
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
        bodies = (await connection.exec_driver_sql("SELECT body FROM messages")).all()
    assert row and row.callback is None
    assert "41234567" not in str([service.database.cipher.open(bytes(b[0])) for b in bodies])
    await write(service, "ring meg på 41 23 45 67")
    await answer_all(service)
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
    assert row and row.callback
    assert service.database.cipher.open(row.callback) == {"telefon": "+4741234567"}
    assert ("Telefon", "+4741234567") in await desk.summary(service, ack.conversation_id)


async def test_a_closed_conversation_opens_again_when_the_relative_writes(service: Service) -> None:
    counselor = await make_counselor(service)
    ack = await write(service, "hei")
    await answer_all(service)
    await desk.claim(service, ack.conversation_id, counselor)
    await desk.close(service, ack.conversation_id, counselor, danger_met=False)
    await write(service, "en ting til")
    await answer_all(service)
    assert texts(await said(service, ack.conversation_id))[-1] == "svar om avlastning"


async def test_by_sms_a_button_is_pressed_by_its_number(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = service.engine.turn

    async def with_buttons(state, intent, entities):  # type: ignore[no-untyped-def]
        answer = await turn(state, intent, entities)
        answer.messages[0]["custom"]["buttons"] = [
            {"title": "Ja", "payload": "/bekreft"},
            {"title": "Klage", "payload": "/klage"},
        ]
        return answer

    monkeypatch.setattr(service.engine, "turn", with_buttons)
    await write(service, "hei", sms=True)
    await answer_all(service)
    await write(service, "2", sms=True)
    await answer_all(service)
    assert service.engine.turns[-1] == "klage"  # type: ignore[attr-defined]


async def test_another_language_is_answered_in_it_with_who_to_call(service: Service) -> None:
    service.engine.intent = "utenfor_tema"  # type: ignore[attr-defined]
    ack = await write(service, "Моя мама хворіє і мені дуже потрібна допомога")
    await answer_all(service)
    last = (await said(service, ack.conversation_id))[-1]
    assert "телефонуйте 113" in last.text
    assert last.buttons[0].payload == "/snakke_med_menneske"


async def test_a_bare_number_is_the_number_we_asked_for(service: Service) -> None:
    service.engine.slots = {"venter": "telefon"}  # type: ignore[attr-defined]
    ack = await write(service, "kan dere ringe meg?")
    await answer_all(service)
    service.engine.slots = {"overlevering": "tilbakeringing"}  # type: ignore[attr-defined]
    service.engine.intent = "kontaktinfo"  # type: ignore[attr-defined]
    await write(service, "41234567")
    await answer_all(service)
    assert service.engine.turns[-1] == "ring_meg_opp"  # type: ignore[attr-defined]
    async with service.database.read() as connection:
        row = await conversations.get(connection, ack.conversation_id)
    assert row
    assert row.state == "callback"
    assert row.callback


async def test_while_waiting_we_say_once_that_it_is_noted(service: Service) -> None:
    await make_counselor(service)
    service.engine.slots = {"overlevering": "menneske"}  # type: ignore[attr-defined]
    ack = await write(service, "snakke med et menneske")
    await answer_all(service)
    service.engine.intent = "hils"  # type: ignore[attr-defined]
    for text in ("hallo", "er det noen der", "jeg venter"):
        await write(service, text)
        await answer_all(service)
    authors = [item.author for item in await said(service, ack.conversation_id)]
    assert authors == ["relative", "bot", "bot", "relative", "relative", "relative"]
