"""What a counselor has on the screen of a number told in parts goes when the last part comes."""

import pytest
from playwright.async_api import Browser, expect

from bot.conversation import desk
from bot.store import counselors
from tests.script import answer_all, write

from .test_console_crisis import Console, console

__all__ = ["console"]
pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_first_part_of_an_identity_number_goes_from_the_counselors_screen(
    browser: Browser, console: Console
) -> None:
    service = console.service
    service.engine.slots = {"overlevering": "menneske"}  # type: ignore[attr-defined]
    page = await console.open(browser)
    await write(service, "jeg vil snakke med noen, fnr er 010190")
    conversation_id = (await write(service, "hei igjen")).conversation_id
    await answer_all(service)
    async with service.database.read() as connection:
        kari = await counselors.by_username(connection, "kari")
    assert kari
    await desk.claim(service, conversation_id, kari)
    await page.locator("#queue button").first.click()
    log = page.get_by_role("log")
    await expect(log).to_contain_text("fnr er 010190")
    shown = await log.locator("article").count()
    await write(service, "12345")
    await expect(log).not_to_contain_text("010190")
    await expect(log).not_to_contain_text("12345")
    await expect(log).to_contain_text("jeg vil snakke med noen, fnr er [fødselsnummer fjernet]")
    await expect(log.locator("article")).to_have_count(shown + 2)  # the last part, and why it was taken out
    await page.context.close()
