"""What outlives a conversation holds nothing of what people wrote: no name, number or word."""

import logging

import pytest
from sqlalchemy import select

from bot.conversation import desk, reading
from bot.conversation.service import Service
from bot.limits import BLOCK_HOURS, BLOCK_REASONS
from bot.safety import redact
from bot.store.tables import metadata
from tests.conversation.test_answering import make_counselor
from tests.script import NUMBER, TOKEN, answer_all, write

PRIVATE = ("Ragnfrid", "Tveitereid", "41239876", "412 39 876", "Kvernhusveien", "ragnfrid@", "hemmelig")
WRITTEN = (
    "jeg heter Ragnfrid Tveitereid og mannen min Torbjørn Tveitereid drikker",
    "ring meg på 412 39 876, Kvernhusveien 12, ragnfrid@example.no, det er hemmelig",
    "mannen min vil ta livet sitt i kveld, jeg heter Ragnfrid Tveitereid",
)


async def everything(service: Service) -> dict[str, str]:
    """Return all that the database holds, a text for each table with rows."""
    async with service.database.read() as connection:
        rows = {
            table.name: (await connection.execute(select(table))).all() for table in metadata.sorted_tables
        }
    return {name: str(found) for name, found in rows.items() if found}


def leaks(text: str) -> list[str]:
    return [word for word in PRIVATE if word.lower() in text.lower()]


@pytest.mark.parametrize("sms", [False, True])
async def test_nothing_that_was_written_outlives_the_conversation(
    service: Service, caplog: pytest.LogCaptureFixture, sms: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    kari = await make_counselor(service)
    service.engine.slots = {"overlevering": "tilbakeringing"}  # type: ignore[attr-defined]
    conversation_id = ""
    for text in WRITTEN:
        conversation_id = (await write(service, text, sms=sms)).conversation_id
        await answer_all(service)
    await desk.viewed(service, conversation_id, kari)
    await desk.claim(service, conversation_id, kari)
    await desk.write_as(service, conversation_id, kari, "id", "Hei Ragnfrid Tveitereid, dette er hemmelig")
    reason, hours = next(iter(BLOCK_REASONS)), next(iter(BLOCK_HOURS))
    await desk.block(service, conversation_id, kari, reason=reason, hours=hours, danger_met=True)
    while_it_lasts = await everything(service)
    assert await reading.erase(service, "sms" if sms else "widget", NUMBER if sms else TOKEN)
    left = await everything(service)
    assert {"events", "crises", "blocks"} <= set(left)
    assert not {"messages", "conversations", "deliveries"} & set(left)
    assert leaks(str(while_it_lasts)) == []
    assert leaks(str(left)) == []
    assert leaks(caplog.text) == []


async def test_what_the_engine_is_given_holds_no_number_or_address(service: Service) -> None:
    for text in WRITTEN[:2]:
        await write(service, text)
        await answer_all(service)
    first, second = (redact(text).text for text in WRITTEN[:2])
    given = service.engine.parsed  # type: ignore[attr-defined]
    assert set(given) == {first, second, f"{first}\n{second}"}
    given = " ".join((first, second))
    assert leaks(given) == [
        "Ragnfrid",
        "Tveitereid",
        "hemmelig",
    ]  # names and words it needs; it keeps nothing
