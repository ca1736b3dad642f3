"""The pages for people in a real browser: accessible, readable without JavaScript and on a small screen, printable."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from playwright.async_api import Browser, expect

from bot.conversation.service import Service
from bot.server import make_app
from bot.settings import Settings
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge import load_knowledge
from tests.script import ScriptedEngine

from .test_accessibility import LOOKS, broken

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGES = (
    "/kunnskap/", "/kunnskap/rett_til_informasjon", "/kunnskap/nn/rus", "/kunnskap/kontakter",
    "/kunnskap/tilbud", "/kunnskap/tilbud/1108",
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a served application."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    database = Database(settings.database, Cipher([Fernet.generate_key().decode()]))
    await database.migrate()
    app: web.Application = make_app(Service(database, load_knowledge(), ScriptedEngine(), settings))
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")
    await database.close()


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_wrong(browser: Browser, site: str, look: str) -> None:
    context = await browser.new_context(**LOOKS[look])
    page = await context.new_page()
    for path in PAGES:
        await page.goto(site + path)
        assert await broken(page) == [], path
    await context.close()


@pytest.mark.parametrize("width", [320, 1280])
async def test_nothing_is_wider_than_the_screen(browser: Browser, site: str, width: int) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    for path in PAGES:
        await page.goto(site + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
    await page.close()


async def test_without_javascript_one_finds_reads_and_answers(browser: Browser, site: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{site}/kunnskap/")
    await page.get_by_label("Søk i emnene").fill("omsorgslønn")
    await page.get_by_role("button", name="Søk").click()
    assert "oms" not in page.url.removeprefix(site)
    await page.locator("#treff ~ ul a").first.click()
    await expect(page.locator("h1")).to_have_text("Kan jeg få betalt for omsorgen jeg gir?")
    await page.get_by_role("button", name="Ja").click()
    await expect(page.get_by_text("Takk for svaret.")).to_be_visible()
    await page.get_by_role("link", name="Nynorsk").click()
    await expect(page.locator("html")).to_have_attribute("lang", "nn")
    await context.close()


async def test_the_browser_refuses_nothing_on_the_page(browser: Browser, site: str) -> None:
    page = await browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(f"{site}/kunnskap/klage")
    assert said == []
    await page.close()


async def test_on_paper_there_is_the_entry_and_no_menu(browser: Browser, site: str) -> None:
    page = await browser.new_page()
    await page.goto(f"{site}/kunnskap/klage")
    await page.emulate_media(media="print")
    for gone in ("header", "#nyttig", "#relatert", ".skip"):
        await expect(page.locator(gone).first).to_be_hidden()
    for kept in ("#gjor", "#mer", "#kilder"):
        await expect(page.locator(kept)).to_be_visible()
    await page.close()
