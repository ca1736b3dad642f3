"""What holds whenever messages cannot be stored, whatever the reason."""

import time

from bot.conversation.service import Service
from tests.faults.conftest import Client, Widget, by_sms, rows, until

STORE_SECONDS = 2.0  # the limit in these tests: a sender is told so soon
QUESTION, SMS = "hva er avlastning?", "hvordan klager jeg?"


async def assert_told(client: Client, widget: Widget) -> None:
    """Who writes reads soon that it has not come through, and whom to call; the gateway hears no yes."""
    begun = time.monotonic()
    error = await widget.refused(QUESTION, "m1")
    assert time.monotonic() - begun < STORE_SECONDS + 5
    assert (error["id"], error["code"]) == ("m1", "uventet_feil")
    assert "får ikke tatt imot" in error["text"]
    assert "113" in error["text"]
    assert "m1" not in widget.acks
    assert await by_sms(client, SMS, "s1") == 503


async def assert_healed(service: Service, client: Client, widget: Widget) -> None:
    """What is sent again, as widget and gateway do, is there once and answered once."""
    before = len(widget.replies)

    async def is_acknowledged() -> bool:
        errors = len(widget.errors)
        await widget.send(QUESTION, "m1")
        await widget.read_until(lambda it: "m1" in it.acks or len(it.errors) > errors)
        return "m1" in widget.acks

    async def is_taken() -> bool:
        return await by_sms(client, SMS, "s1") == 200

    async def is_answered() -> bool:
        return await rows(service, "SELECT count(*) FROM messages WHERE pending") == [(0,)]

    await until(is_acknowledged)
    await widget.read_until(lambda it: len(it.replies) == before + 1)
    await until(is_taken)
    await until(is_answered)
    assert widget.own.count(QUESTION) == 1
    found = await rows(
        service,
        "SELECT messages.author, count(*) FROM messages JOIN conversations"
        " ON conversations.id = messages.conversation_id WHERE channel = 'sms' GROUP BY author ORDER BY author",
    )
    assert found == [("bot", 2), ("relative", 1)]  # the greeting and the answer
