"""A real browser, a scripted server, and a relative with a page open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright

from .fake_server import FakeServer, serve

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@dataclass
class Relative:
    """A relative at a page with the chat, and the parts of the chat they can see."""

    page: Page
    server: FakeServer

    @property
    def launcher(self) -> Locator:
        return self.page.locator(".launcher")

    @property
    def panel(self) -> Locator:
        return self.page.locator("dialog.panel")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Skriv en melding")

    @property
    def own(self) -> Locator:
        return self.page.locator(".item.relative")

    @property
    def items(self) -> Locator:
        return self.page.locator(".item")

    async def open(self) -> None:
        await self.launcher.click()
        await self.panel.wait_for()
        await self.page.get_by_text("Du skriver med chatroboten").wait_for()

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def storage(self) -> dict[str, Any]:
        """Everything the page has kept in the browser."""
        kept = await self.page.evaluate(
            "async () => ({session: {...sessionStorage}, local: {...localStorage}, cookies: document.cookie,"
            " databases: (await indexedDB.databases()).length})"
        )
        return dict(kept)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.fail("No Chromium: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[FakeServer]:
    fake = FakeServer()
    async with serve(fake.app()) as url:
        fake.url = url
        yield fake


@asynccontextmanager
async def visit(browser: Browser, server: FakeServer, url: str, **options: Any) -> AsyncIterator[Relative]:
    """Open a page in a fresh browser profile; an error on the page fails the test."""
    context: BrowserContext = await browser.new_context(locale="nb-NO", **options)
    page = await context.new_page()
    page.set_default_timeout(15_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    await page.goto(url)
    await page.locator(".launcher").wait_for(state="attached")
    try:
        yield Relative(page, server)
    finally:
        await context.close()
    assert errors == []


@pytest_asyncio.fixture(loop_scope="session")
async def relative(browser: Browser, server: FakeServer) -> AsyncIterator[Relative]:
    async with visit(browser, server, server.url) as someone:
        yield someone


@pytest.fixture(scope="session")
def web_files() -> Path:
    return Path(__file__).resolve().parents[2] / "bot" / "web"
