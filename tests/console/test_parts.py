"""The console is given the relative's last messages once more when a new one may have redacted them further."""

from aiohttp.test_utils import TestServer

from bot.conversation.service import Service
from tests.console.test_api import get, logged_in, quick_passwords, server
from tests.script import answer_all, write

__all__ = ["quick_passwords", "server"]


async def test_with_a_new_message_come_the_earlier_ones_as_they_now_read(
    server: TestServer, service: Service
) -> None:
    client = await logged_in(server)
    conversation_id = (await write(service, "fnr 010190")).conversation_id
    await answer_all(service)
    path = f"conversations/{conversation_id}?after="
    seen = (await get(client, f"{path}0"))["messages"][-1]["seq"]
    assert (await get(client, f"{path}{seen}"))["messages"] == []
    await write(service, "12345")
    items = (await get(client, f"{path}{seen}"))["messages"]
    assert [(item["seq"], item["text"]) for item in items[:2]] == [
        (1, "fnr [fødselsnummer fjernet]"),
        (seen + 1, "[fødselsnummer fjernet]"),
    ]
    await client.close()
