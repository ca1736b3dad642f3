"""A private number told in parts is gone from all of them once the last part has come."""

import asyncio
from typing import Any

import pytest

from bot.conversation import desk, reading
from bot.conversation.answering import Answering
from bot.conversation.parts import LOOKED_BACK
from bot.conversation.service import Service
from bot.store import messages
from tests.conversation.test_answering import make_counselor
from tests.script import answer_all, said, write

GONE = "[fødselsnummer fjernet]"


async def written(service: Service, *texts: str, answered: bool = False) -> tuple[str, list[str]]:
    """Write messages one after the other; return the conversation and what is then stored of the relative's."""
    conversation_id = ""
    for text in texts:
        conversation_id = (await write(service, text)).conversation_id
        if answered:
            await answer_all(service)
    return conversation_id, await relatives(service, conversation_id)


async def relatives(service: Service, conversation_id: str) -> list[str]:
    return [item.text for item in await said(service, conversation_id) if item.author == "relative"]


@pytest.mark.parametrize("answered", [False, True])
async def test_an_identity_number_in_two_messages_is_taken_out_of_both(
    service: Service, answered: bool
) -> None:
    texts = "fødselsnr hans er 010190", "12345"
    conversation_id, stored = await written(service, *texts, answered=answered)
    assert stored == [f"fødselsnr hans er {GONE}", GONE]
    why = service.knowledge.phrases["sladdet_fodselsnummer"].wording("nb")
    assert [item.text for item in await said(service, conversation_id)].count(why) == 1


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("110380", "333", "03"), [GONE, GONE, GONE]),
        (("far er født 08.01.47", "hva mer?", "personnummeret er 14864"), None),
        (("mor er født 8.1.1947", "14864"), [f"mor er født {GONE}", GONE]),
        (("4571", "0587 7065 8945"), ["[kortnummer fjernet]"] * 2),
        (
            ("kortet er 4571 0587", "7065", "8945"),
            ["kortet er [kortnummer fjernet]", *["[kortnummer fjernet]"] * 2],
        ),
        (("konto 7428", "60", "52294"), ["konto [kontonummer fjernet]", *["[kontonummer fjernet]"] * 2]),
    ],
)
async def test_other_ways_to_tell_a_number_in_parts(
    service: Service, texts: tuple[str, ...], expected: list[str] | None
) -> None:
    _, stored = await written(service, *texts)
    assert stored == (expected or [f"far er født {GONE}", "hva mer?", f"personnummeret er {GONE}"])


@pytest.mark.parametrize(
    "texts",
    [
        ("mor er 84", "12 år siden sist"),
        ("jeg er født i 1961", "12345 kroner fikk jeg"),
        ("vi fikk 450 000", "12 000 i fjor"),
        ("far er 90", "mor 88", "bror 59 og 57"),
        ("møtet er 14.03", "10.30 på kontoret"),
        ("postnummeret er 0184", "2019 flytta vi hit"),
    ],
)
async def test_digits_that_are_no_number_stay(service: Service, texts: tuple[str, ...]) -> None:
    _, stored = await written(service, *texts)
    assert stored == list(texts)


async def test_what_is_stored_anew_is_encrypted_and_nothing_else_of_it_changes(service: Service) -> None:
    first = await write(service, "fnr 010190")
    async with service.database.read() as connection:
        before = (await messages.after(connection, first.conversation_id, 0, 1))[0]
    await write(service, "12345")
    async with service.database.read() as connection:
        after = (await messages.after(connection, first.conversation_id, 0, 1))[0]
    assert service.database.cipher.open(after.body)["text"] == f"fnr {GONE}"
    assert b"fnr" not in bytes(after.body)
    assert (after.seq, after.client_id, after.created_at) == (before.seq, before.client_id, before.created_at)


async def test_an_answer_under_way_does_not_bring_the_first_part_back(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsing, go_on = asyncio.Event(), asyncio.Event()
    parse = service.engine.parse

    async def slowly(text: str) -> Any:
        parsing.set()
        await go_on.wait()
        return await parse(text)

    monkeypatch.setattr(service.engine, "parse", slowly)
    conversation_id = (await write(service, "fnr 010190")).conversation_id
    worker = asyncio.create_task(Answering(service).answer_next())
    await parsing.wait()
    await write(service, "12345")
    go_on.set()
    await worker
    assert await relatives(service, conversation_id) == [f"fnr {GONE}", GONE]


async def test_a_counselor_reads_the_first_part_again_without_its_digits(service: Service) -> None:
    kari = await make_counselor(service)
    conversation_id = (await write(service, "fnr 010190")).conversation_id
    await answer_all(service)
    await desk.claim(service, conversation_id, kari)
    seen = (await said(service, conversation_id))[-1].seq
    with service.bus.listen(conversation_id) as news:
        await write(service, "12345")
        assert not news.empty()
    again = await reading.items_anew(service, conversation_id, seen)
    assert [(item.seq, item.text) for item in again] == [(1, f"fnr {GONE}")]


async def test_parts_are_looked_for_as_far_back_as_a_console_reads_again(service: Service) -> None:
    others = ["hei", "er du der", "vent litt", "jeg leter", "nå"][: LOOKED_BACK - 1]
    _, stored = await written(service, "født 08.01.47", *others, "personnummer 14864")
    assert stored == [f"født {GONE}", *others, f"personnummer {GONE}"]


async def test_earlier_messages_that_cannot_be_read_leave_the_new_one_redacted(service: Service) -> None:
    await write(service, "fnr 010190")
    async with service.database.write() as connection:
        await connection.exec_driver_sql(
            "UPDATE messages SET body = 'spoilt'"
            if service.database.is_sqlite
            else "UPDATE messages SET body = 'spoilt'::bytea"
        )
    ack = await write(service, "fnr 110380 33303")
    assert (await relatives(service, ack.conversation_id))[-1] == f"fnr {GONE}"


@pytest.mark.parametrize(
    ("text", "phrase_id"),
    [
        ("fnr 110380 33303", "sladdet_fodselsnummer"),
        ("konto 7428.60.52294", "sladdet_annet"),
        ("kortet er 4571058770658945", "sladdet_annet"),
        ("vi bor i Storgata 12", "sladdet_annet"),
        ("kari@example.no", "sladdet_annet"),
        ("tlf 912 34 567", None),
        ("hei", None),
    ],
)
async def test_the_relative_is_told_what_was_taken_out(
    service: Service, text: str, phrase_id: str | None
) -> None:
    conversation_id, _ = await written(service, text)
    told = [item.text for item in await said(service, conversation_id) if item.author == "bot"]
    assert told == ([service.knowledge.phrases[phrase_id].wording("nb")] if phrase_id else [])
