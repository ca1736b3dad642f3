"""The counselor's screen when danger waits too long, and when a sender must be blocked: by mouse, keys and ear."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from playwright.async_api import Browser, Page, expect

from bot.alarm import run_alarm
from bot.console.auth import add_counselor
from bot.conversation import blocking
from bot.conversation.service import Service
from bot.limits import CRISIS_UNCLAIMED_SECONDS
from bot.server import make_app
from bot.settings import Settings
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge import load_knowledge
from tests.script import ScriptedEngine, said, write

from .test_accessibility import broken

pytestmark = pytest.mark.asyncio(loop_scope="session")
PASSWORD = "et langt passord 1"
HIGH = "jeg vil ta livet mitt"


@dataclass
class Console:
    """A served console and the service behind it, with the alarm at work."""

    service: Service
    url: str

    def pass_time(self, seconds: float) -> None:
        now = self.service.now
        self.service.now = lambda: now() + timedelta(seconds=seconds)

    async def open(self, browser: Browser, fragment: str = "") -> Page:
        page = await (await browser.new_context(viewport={"width": 1280, "height": 900})).new_page()
        page.set_default_timeout(10_000)
        await page.goto(self.url + fragment)
        await page.get_by_label("Brukernavn").fill("kari")
        await page.get_by_label("Passord").fill(PASSWORD)
        await page.get_by_role("button", name="Logg inn").click()
        await page.get_by_label("På vakt").check()
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    settings = Settings(_env_file=None, data_dir=tmp_path)
    database = Database(settings.database, Cipher([Fernet.generate_key().decode()]))
    await database.migrate()
    service = Service(database, load_knowledge(), ScriptedEngine(), settings)
    await add_counselor(service, "kari", "Kari", PASSWORD)
    async with TestServer(make_app(service)) as server, run_alarm(service):
        yield Console(service, str(server.make_url("/console")))
    await database.close()


async def test_an_alarm_that_was_silenced_sounds_again_when_nobody_has_taken_it_in_time(
    browser: Browser, console: Console
) -> None:
    page = await console.open(browser)
    await write(console.service, HIGH)
    row = page.locator("#queue button").first
    await expect(row).to_contain_text("Fare")
    await expect(page.locator("#alarm-banner")).to_have_text("")
    await page.get_by_role("button", name="Demp varselet").click()
    await expect(page.get_by_role("button", name="Demp varselet")).to_be_hidden()
    console.pass_time(CRISIS_UNCLAIMED_SECONDS)
    await expect(page.get_by_role("button", name="Demp varselet")).to_be_visible()
    await expect(page.get_by_role("alert").filter(has_text="over ett minutt")).to_be_visible()
    await expect(row).to_contain_text("Ingen har tatt den ennå")
    assert (await page.title()).startswith("(!)")
    assert await broken(page) == []
    await row.click()
    await expect(page.locator("#crises")).to_contain_text("sett av Kari etter")
    await expect(page.locator("#crises")).to_contain_text("varslet kl.")
    await page.get_by_role("button", name="Ta samtalen").click()
    await expect(page.locator("#alarm-banner")).to_have_text("")
    await page.get_by_label("Skriv til den pårørende").fill("Hei, jeg er her.")
    await page.keyboard.press("Enter")
    await expect(page.locator("#crises")).to_contain_text("svar fra Kari etter")
    await page.get_by_text("Fare: hvor fort vi så og svarte").click()
    await expect(page.locator("#figures-rows")).to_contain_text("Svar: halvparten innen")
    assert await broken(page) == []
    await page.context.close()


async def test_the_alarms_link_opens_the_conversation(browser: Browser, console: Console) -> None:
    ack = await write(console.service, HIGH)
    page = await console.open(browser, f"#{ack.conversation_id}")
    await expect(page.get_by_role("log")).to_contain_text(HIGH)
    await expect(page.locator(".why")).to_contain_text("sett av en regel")
    await page.context.close()


async def test_blocking_with_keys_alone_and_lifting_it_again(browser: Browser, console: Console) -> None:
    ack = await write(console.service, HIGH)
    page = await console.open(browser, f"#{ack.conversation_id}")
    await page.get_by_role("button", name="Ta samtalen").click()
    await expect(page.locator("#queue button").first).to_contain_text("min samtale")  # drawn anew by then
    block = page.get_by_role("button", name="Avslutt og blokker").first
    await block.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("blokkere avsenderen"))
    await expect(dialog.get_by_label("Grunn")).to_be_focused()
    await expect(dialog.get_by_text("merket med fare")).to_be_visible()
    assert await broken(page) == []
    await dialog.get_by_role("button", name="Avslutt og blokker").click()
    await expect(dialog).to_be_visible()  # no reason chosen yet
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    assert await blocking.listed(console.service) == []
    await expect(block).to_be_focused()

    await page.keyboard.press("Enter")
    await expect(dialog.get_by_label("Grunn")).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "Tab", "ArrowDown", "Tab", "Tab", "Enter"):
        await page.keyboard.press(key)
    await expect(page.locator("#blocked")).to_contain_text("Sjikane. Av Kari.")
    (blocked,) = await blocking.listed(console.service)
    assert (blocked.reason, blocked.until - blocked.at) == ("sjikane", timedelta(hours=24))

    await write(console.service, HIGH)
    await expect(page.locator("#queue button").first).to_contain_text("Blokkert avsender")
    await page.get_by_text("Blokkerte avsendere", exact=True).click()
    assert await broken(page) == []
    await page.locator("#blocks-list button").click()
    await expect(page.get_by_text("Ingen er blokkert nå.")).to_be_visible()
    assert await blocking.listed(console.service) == []
    assert (await said(console.service, ack.conversation_id))[-1].kind == "crisis"
    await page.context.close()
