"""The chat and the demo page hold WCAG 2.2 AA where a machine can tell (axe-core and measurements)."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, expect

from .conftest import Relative, visit
from .fake_server import FakeServer
from .test_use import ANSWER, CRISIS

pytestmark = pytest.mark.asyncio(loop_scope="session")

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
LOOKS = {
    "desktop": DESKTOP,
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}


async def broken(page: Page) -> list[str]:
    """Return what axe finds wrong on the page, shadow trees included, as rule and element."""
    await page.wait_for_timeout(300)  # colours in the middle of a transition are nobody's fault
    results = await Axe().run(page, options=RULES)
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


async def fill(relative: Relative) -> None:
    """Have one of everything in the log."""
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    await relative.server.say(**ANSWER)
    await relative.server.say("Kari er her nå.", author="system", kind="info")
    await relative.server.say("Hei, jeg heter Kari.", author="counselor", kind="text", name="Kari")
    await relative.server.say(**CRISIS)
    await relative.server.send({"type": "typing"})
    relative.server.refuse = {"code": "too_fast", "text": "Vent litt."}
    await relative.write("En til")
    await expect(relative.items).to_have_count(6)
    await expect(relative.page.get_by_text("Vent litt.")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS)
async def test_axe_finds_nothing_wrong(browser: Browser, server: FakeServer, look: str) -> None:
    async with visit(browser, server, server.url, **LOOKS[look]) as relative:
        page = relative.page
        assert await broken(page) == []
        await relative.open()
        assert await broken(page) == []
        await fill(relative)
        assert await broken(page) == []
        await page.get_by_role("button", name="Meny").click()
        assert await broken(page) == []
        await page.get_by_role("button", name="Slett samtalen").click()
        assert await broken(page) == []
        await page.get_by_role("button", name="Avbryt").click()
        await relative.server.state("closed")
        relative.server.sockets_down = True
        await relative.server.cut()
        await expect(page.locator(".outage")).to_be_visible()
        assert await broken(page) == []


async def test_axe_finds_nothing_wrong_in_a_total_outage(relative: Relative) -> None:
    relative.server.down = True
    await relative.launcher.click()
    await expect(relative.page.locator(".emergency")).to_be_visible()
    assert await broken(relative.page) == []


async def test_the_log_is_read_aloud_but_not_its_history(relative: Relative) -> None:
    await relative.open()
    log = relative.page.get_by_role("log", name="Samtalen")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_attribute("aria-busy", "false")
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    relative.server.sockets_down = True
    await relative.page.reload()
    await expect(log).to_have_attribute("aria-busy", "true")
    relative.server.sockets_down = False
    await expect(log).to_have_attribute("aria-busy", "false")


@pytest.mark.parametrize("size", [(320, 256), (320, 640), (1280, 320)], ids=["400%", "small", "low"])
async def test_nothing_is_cut_off_or_scrolls_sideways_on_a_small_screen(
    browser: Browser, server: FakeServer, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    async with visit(browser, server, server.url, viewport=viewport) as relative:
        assert await relative.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await relative.open()
        await fill(relative)
        for part in (relative.panel, relative.page.get_by_role("log")):
            assert await part.evaluate("e => e.scrollWidth <= e.clientWidth")
        for button in await relative.panel.get_by_role("button").all():
            if await button.is_visible():
                await button.scroll_into_view_if_needed()
                box = await button.bounding_box()
                assert box
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= size[0]
                assert 0 <= box["y"] < size[1]


async def test_targets_are_large_enough_for_a_thumb(browser: Browser, server: FakeServer) -> None:
    async with visit(browser, server, server.url, **PHONE) as relative:
        await relative.open()
        await fill(relative)
        await relative.page.get_by_role("button", name="Meny").click()
        small = await relative.panel.evaluate(
            """panel => [...panel.querySelectorAll("button, .call, .site, textarea")]
                .map(e => [e.textContent, e.getBoundingClientRect()])
                .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([text]) => text)"""
        )
        assert small == []


async def test_on_a_phone_the_page_behind_cannot_be_reached(browser: Browser, server: FakeServer) -> None:
    async with visit(browser, server, server.url, **PHONE) as relative:
        await relative.open()
        box = await relative.panel.bounding_box()
        assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
        for _ in range(25):
            await relative.page.keyboard.press("Tab")
            inside = "document.activeElement === document.body || document.activeElement.matches('hjelpelinje-chat')"
            assert await relative.page.evaluate(inside)
        await relative.page.set_viewport_size({"width": 1280, "height": 900})
        await expect(relative.panel).to_be_visible()
        box = await relative.panel.bounding_box()
        assert box
        assert box["width"] == 400


async def test_nothing_moves_for_those_who_asked_for_stillness(browser: Browser, server: FakeServer) -> None:
    async with visit(browser, server, server.url, reduced_motion="reduce") as relative:
        await relative.open()
        await relative.server.send({"type": "typing"})
        await expect(relative.page.locator(".typing")).to_be_visible()
        moving = "document.getAnimations().length"
        assert await relative.page.evaluate(moving) == 0


async def test_forced_colours_keep_the_edges(browser: Browser, server: FakeServer) -> None:
    async with visit(browser, server, server.url, forced_colors="active") as relative:
        edge = "e => getComputedStyle(e).borderTopWidth"
        assert await relative.launcher.evaluate(edge) == "2px"
        await relative.open()
        await fill(relative)
        for selector in (".relative .bubble", ".bot .bubble", ".counselor .bubble", ".send", ".panel"):
            assert await relative.page.locator(selector).first.evaluate(edge) != "0px"


async def test_the_focus_can_be_seen(relative: Relative) -> None:
    await relative.launcher.focus()
    await relative.page.keyboard.press("Enter")
    await expect(relative.field).to_be_focused()
    for _ in range(8):
        await relative.page.keyboard.press("Shift+Tab")
        outline = await relative.page.evaluate(
            "(e => (s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(e)))"
            "(document.querySelector('hjelpelinje-chat').shadowRoot.activeElement ?? document.activeElement)"
        )
        assert outline[0] == "solid"
        assert outline[1] >= 2
