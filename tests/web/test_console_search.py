"""The counselor looks a subject up while talking, and puts the answer into the draft."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from playwright.async_api import Browser, expect

from bot.console.auth import add_counselor
from bot.conversation.service import Service
from bot.server import make_app
from bot.settings import Settings
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge import load_knowledge
from tests.script import ScriptedEngine, answer_all, write

from .test_accessibility import broken

pytestmark = pytest.mark.asyncio(loop_scope="session")
PASSWORD = "et langt passord 1"


@pytest_asyncio.fixture(loop_scope="session")
async def console(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a served console, with one conversation in the queue."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    database = Database(settings.database, Cipher([Fernet.generate_key().decode()]))
    await database.migrate()
    service = Service(database, load_knowledge(), ScriptedEngine(), settings)
    await add_counselor(service, "kari", "Kari", PASSWORD)
    service.engine.slots = {"overlevering": "menneske"}  # type: ignore[attr-defined]
    await write(service, "Jeg vil snakke med et menneske")
    await answer_all(service)
    async with TestServer(make_app(service)) as server:
        yield str(server.make_url("/console"))
    await database.close()


async def test_a_hit_is_read_and_put_into_the_draft(browser: Browser, console: str) -> None:
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(10_000)
    await page.goto(console)
    await page.get_by_label("Brukernavn").fill("kari")
    await page.get_by_label("Passord").fill(PASSWORD)
    await page.get_by_role("button", name="Logg inn").click()
    await page.locator("#queue button").first.click()
    await page.get_by_role("button", name="Ta samtalen").click()
    await page.locator("#draft").fill("Hei!")
    await page.locator("#library summary").click()
    await page.get_by_role("searchbox").fill("omsorgslønn")
    await page.get_by_role("button", name="Søk", exact=True).click()
    await page.get_by_role("button", name="Sett inn i svaret: Kan jeg få betalt").click()
    short = load_knowledge().topics["omsorgsstonad"].short.nb
    await expect(page.locator("#draft")).to_have_value(f"Hei!\n\n{short}")
    await expect(page.locator("#length")).to_contain_text("tegn")
    assert await broken(page) == []
    await page.get_by_role("searchbox").fill("xqzzw")
    await page.keyboard.press("Enter")
    await expect(page.locator("#search-status")).to_have_text("Ingen emner funnet.")
    await page.close()
