"""The rights navigator in a real browser: accessible, opened from the chat without telling anybody, and printable."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from playwright.async_api import Browser, Request, expect

from bot.conversation.service import Service
from bot.server import make_app
from bot.settings import Settings
from bot.store.cipher import Cipher
from bot.store.database import Database
from knowledge import load_knowledge
from tests.script import ScriptedEngine

from .conftest import Relative
from .test_accessibility import LOOKS, broken

pytestmark = pytest.mark.asyncio(loop_scope="session")

FRAGMENT = "hvem=forelder&alder=67&tilstand=demens&omsorg=mye&bor=sammen&arbeid=ansatt&kommune=1108&m=nn"


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a served application."""
    settings = Settings(_env_file=None, data_dir=tmp_path)
    database = Database(settings.database, Cipher([Fernet.generate_key().decode()]))
    app: web.Application = make_app(Service(database, load_knowledge(), ScriptedEngine(), settings))
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")
    await database.close()


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_wrong(browser: Browser, site: str, look: str) -> None:
    context = await browser.new_context(**LOOKS[look])
    page = await context.new_page()
    await page.goto(f"{site}/rettigheter")
    assert await broken(page) == []
    await page.goto(f"{site}/rettigheter?#{FRAGMENT}")
    await page.locator(".list").wait_for()
    assert await broken(page) == []
    await context.close()


async def test_the_chats_link_shows_the_list_and_no_address_tells_what_was_answered(
    browser: Browser, site: str
) -> None:
    page = await browser.new_page()
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    await page.goto(f"{site}/rettigheter#{FRAGMENT}")
    await expect(page.locator("h1")).to_have_text("Dette kan gjelde deg")
    await expect(page.locator("html")).to_have_attribute("lang", "nn")
    await expect(page.locator(".told")).to_contain_text("Sandnes")
    assert all("demens" not in request.url and "1108" not in request.url for request in asked)
    assert page.url == f"{site}/rettigheter"
    await page.go_back()
    assert "demens" not in page.url
    await page.close()


async def test_a_fragment_of_somebody_elses_making_does_nothing(browser: Browser, site: str) -> None:
    page = await browser.new_page()
    await page.goto(f"{site}/rettigheter#hvem=tull&action=x&kommune=9999")
    await expect(page.locator("h1")).to_have_text("Finn ut hva du kan ha rett til")
    await page.close()


async def test_without_javascript_the_form_gives_the_list_and_the_pdf(browser: Browser, site: str) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{site}/rettigheter")
    await page.get_by_label("Barnet mitt").check()
    await page.get_by_label("Hvilken kommune bor den syke i?").select_option("1108")
    await page.get_by_role("button", name="Vis hva som kan gjelde meg").click()
    await page.locator(".list").wait_for()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Last ned som PDF").click()
    assert (await download.value).suggested_filename == "dette-kan-gjelde-deg.pdf"
    await context.close()


async def test_on_paper_there_are_no_buttons_and_no_menu(browser: Browser, site: str) -> None:
    page = await browser.new_page()
    await page.goto(f"{site}/rettigheter#{FRAGMENT}")
    await page.locator(".list").wait_for()
    await page.emulate_media(media="print")
    for gone in (".actions", "header", ".skip"):
        await expect(page.locator(gone).first).to_be_hidden()
    await expect(page.locator(".list article").first).to_be_visible()
    await page.close()


@pytest.mark.parametrize("width", [320, 1280])
async def test_nothing_is_wider_than_the_screen(browser: Browser, site: str, width: int) -> None:
    page = await browser.new_page(viewport={"width": width, "height": 800})
    for path in ("/rettigheter", f"/rettigheter?#{FRAGMENT}"):
        await page.goto(site + path)
        await page.locator("h1").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.close()


async def test_a_choice_that_is_an_address_is_a_link_in_the_chat(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    buttons: list[dict[str, Any]] = [
        {"title": "Se hele listen", "payload": "https://chat.example.no/rettigheter#hvem=barn"},
        {"title": "Avlastning", "payload": "/avlastning"},
        {"title": "Ikke en side", "payload": "javascript:alert(1)"},
    ]
    await relative.server.say("Dette kan gjelde deg.", buttons=buttons)
    link = relative.page.locator("a.choice")
    await expect(link).to_have_count(1)
    await expect(link).to_have_attribute("href", buttons[0]["payload"])
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(relative.page.locator("button.choice", has_text="Avlastning")).to_be_enabled()
    assert await broken(relative.page) == []
