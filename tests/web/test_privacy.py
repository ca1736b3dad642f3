"""Nothing is kept before the relative opens the chat, and nothing is left when they go."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from .conftest import Relative, visit
from .fake_server import FakeServer, other_site, serve

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTHING = {"session": {}, "local": {}, "cookies": "", "databases": 0}


async def test_nothing_is_stored_and_nothing_connects_before_opening(relative: Relative) -> None:
    await relative.page.wait_for_load_state("networkidle")
    await relative.page.keyboard.press("Escape")
    assert await relative.storage() == NOTHING
    assert [path for path in relative.server.requests if path.startswith("/widget")] == ["/widget/widget.js"]
    assert relative.server.frames == []


async def test_no_token_is_kept_before_the_first_message(relative: Relative) -> None:
    await relative.open()
    assert (await relative.storage())["session"] == {"hjelpelinje:open": "yes"}
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    kept = await relative.storage()
    assert set(kept["session"]) == {"hjelpelinje:open", "hjelpelinje:token"}
    assert kept["local"] == {}
    assert kept["cookies"] == ""


async def test_the_token_has_32_random_bytes(relative: Relative) -> None:
    await relative.open()
    token = relative.server.got("hello")[0]["token"]
    assert len(token) == 43
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


async def test_a_new_tab_is_a_new_conversation(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    tab = await relative.page.context.new_page()
    await tab.goto(relative.server.url)
    await tab.locator(".launcher").click()
    await tab.get_by_text("Du skriver med chatroboten").wait_for()
    first, second = relative.server.got("hello")
    assert first["token"] != second["token"]


async def test_a_site_may_let_the_device_remember(browser: Browser, server: FakeServer) -> None:
    async with (
        serve(other_site(server.url, 'data-keep="device"')) as site,
        visit(browser, server, site) as relative,
    ):
        await relative.open()
        await relative.write("Hei")
        await expect(relative.own).to_contain_text("Sendt")
        kept = await relative.storage()
        assert set(kept["local"]) == {"hjelpelinje:token"}
        tab = await relative.page.context.new_page()
        await tab.goto(site)
        await tab.locator(".launcher").click()
        await expect(tab.locator(".item")).to_have_count(1)


@pytest.mark.parametrize("way", ["button", "escape"])
@pytest.mark.parametrize("keep", ["tab", "device"])
async def test_quick_exit_leaves_nothing(browser: Browser, server: FakeServer, way: str, keep: str) -> None:
    attributes = f'data-exit-url="{server.url}/elsewhere" data-keep="{keep}"'
    async with serve(other_site(server.url, attributes)) as site, visit(browser, server, site) as relative:
        await relative.open()
        await relative.write("Noe ingen må se")
        await expect(relative.own).to_contain_text("Sendt")
        await relative.field.press_sequentially("Et utkast")
        if way == "button":
            await relative.page.get_by_role("button", name="Forlat siden raskt").click()
        else:
            for _ in range(3):
                await relative.page.keyboard.press("Escape")
        await relative.page.wait_for_url("**/elsewhere")
        assert await relative.page.evaluate("history.length") == 2  # about:blank and the neutral page
        await asyncio.sleep(0.2)
        assert len(server.got("end")) == 1
        await relative.page.goto(site)
        assert await relative.storage() == NOTHING
        await relative.open()
        await expect(relative.items).to_have_count(0)
        await expect(relative.field).to_have_value("")


async def test_quick_exit_goes_at_once_without_contact(browser: Browser, server: FakeServer) -> None:
    attributes = f'data-exit-url="{server.url}/elsewhere"'
    async with serve(other_site(server.url, attributes)) as site, visit(browser, server, site) as relative:
        await relative.open()
        server.sockets_down = True
        await server.cut()
        await relative.write("Noe ingen må se")
        await relative.page.get_by_role("button", name="Forlat siden raskt").click()
        await relative.page.wait_for_url("**/elsewhere", timeout=2_000)
        await relative.page.goto(site)
        assert await relative.storage() == NOTHING


async def test_escape_before_opening_is_the_pages_own(relative: Relative) -> None:
    for _ in range(4):
        await relative.page.keyboard.press("Escape")
    await asyncio.sleep(0.3)
    assert relative.page.url.startswith(relative.server.url)


async def test_erasing_asks_first_and_then_deletes_here_and_there(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await relative.server.until_stored()
    await relative.server.say("Hei!")
    await expect(relative.items).to_have_count(2)
    menu = relative.page.get_by_role("button", name="Meny")
    await menu.click()
    await relative.page.get_by_role("button", name="Slett samtalen").click()
    await expect(relative.page.get_by_role("button", name="Avbryt")).to_be_focused()
    await relative.page.get_by_role("button", name="Avbryt").click()
    await expect(relative.items).to_have_count(2)
    assert relative.server.got("erase") == []
    await menu.click()
    await relative.page.get_by_role("button", name="Slett samtalen").click()
    await relative.page.get_by_role("button", name="Ja, slett").click()
    await expect(relative.page.get_by_text("Samtalen er slettet.")).to_be_visible()
    await expect(relative.items).to_have_count(0)
    assert relative.server.talks == {}
    assert set((await relative.storage())["session"]) == {"hjelpelinje:open"}
    await relative.write("Ny start")
    await expect(relative.own).to_contain_text("Sendt")
    hellos = relative.server.got("hello")
    assert hellos[0]["token"] != hellos[-1]["token"]


async def test_erasing_without_contact_is_done_when_there_is_contact(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    relative.server.sockets_down = True
    await relative.server.cut()
    await relative.page.get_by_role("button", name="Meny").click()
    await relative.page.get_by_role("button", name="Slett samtalen").click()
    await relative.page.get_by_role("button", name="Ja, slett").click()
    await expect(relative.items).to_have_count(0)
    await expect(
        relative.page.get_by_text("Hos oss blir den slettet så snart vi får kontakt.")
    ).to_be_visible()
    await relative.page.reload()
    await expect(relative.panel).to_be_visible()
    await relative.write("Noe nytt")
    relative.server.sockets_down = False
    await expect(relative.own).to_contain_text("Sendt", timeout=20_000)
    assert relative.server.stored() == ["Noe nytt"]
    await expect(relative.items).to_have_count(1)


async def test_an_erasure_that_is_not_confirmed_is_asked_for_again(relative: Relative) -> None:
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    relative.server.ignore_erase = True
    await relative.page.get_by_role("button", name="Meny").click()
    await relative.page.get_by_role("button", name="Slett samtalen").click()
    await relative.page.get_by_role("button", name="Ja, slett").click()
    await expect(relative.page.get_by_text("Sletter samtalen hos oss")).to_be_visible()
    await relative.page.reload()
    await expect(relative.page.get_by_text("Sletter samtalen hos oss")).to_be_visible()
    await expect(relative.items).to_have_count(0)
    relative.server.ignore_erase = False
    await expect(relative.page.get_by_text("Samtalen er slettet.")).to_be_visible(timeout=20_000)
    assert relative.server.talks == {}


async def test_only_the_chats_own_server_is_spoken_to(relative: Relative) -> None:
    asked: list[str] = []
    relative.page.on("request", lambda request: asked.append(request.url))
    await relative.page.reload()
    await relative.open()
    await relative.write("Hei")
    await expect(relative.own).to_contain_text("Sendt")
    assert asked
    assert [url for url in asked if not url.startswith(relative.server.url)] == []
